"""Event logs of OpenHands, old (`action` and `observation`) and new (`kind`: `ActionEvent`, `ObservationEvent`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from loopcutter_loopguard.recordings.swe_agent import looks_well

_TOOLS = {
    "run": "bash",
    "run_ipython": "python",
    "read": "read_file",
    "write": "write_file",
    "edit": "edit_file",
    "browse": "browse",
}
_SILENT = {"agent_state_changed", "change_agent_state", "recall", "system", "null", "task_tracking"}


def recognises(document: Any) -> bool:
    """Whether a JSON document is such a log."""
    found = _list(document)
    first = next((event for event in found if isinstance(event, Mapping)), None)
    if first is None:
        return False
    if str(first.get("kind", "")).endswith("Event"):
        return True
    return "source" in first and ("action" in first or "observation" in first)


def events(document: Any) -> Iterator[Mapping[str, Any]]:
    """Its actions as events, each with its observation."""
    found = [event for event in _list(document) if isinstance(event, Mapping)]
    new = any("kind" in event for event in found)
    for step, event in enumerate(_new(found) if new else _old(found)):
        yield {"step": step, **event}


def _list(document: Any) -> list[Any]:
    if isinstance(document, Mapping):
        document = document.get("history") or document.get("events") or document.get("trajectory")
    if isinstance(document, list) and document and isinstance(document[0], list):
        document = [event for pair in document for event in pair]
    return document if isinstance(document, list) else []


def _old(found: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    answers = {event.get("cause"): event for event in found if "observation" in event}
    for event in found:
        action = event.get("action")
        if not isinstance(action, str) or action in _SILENT:
            continue
        args = event.get("args")
        args = dict(args) if isinstance(args, Mapping) else {}
        text = str(args.pop("thought", "") or "")
        if action in ("message", "think", "finish"):
            said = str(args.get("content") or args.get("thought") or text or event.get("message") or "")
            yield _plain("@user" if event.get("source") == "user" else "", {}, said, "", True, None)
            continue
        answer = answers.get(event.get("id"), {})
        extras = _mapping(answer.get("extras"))
        meta = _mapping(extras.get("metadata"))
        code = extras.get("exit_code", meta.get("exit_code"))
        output = str(answer.get("content") or "")
        ok = answer.get("observation") != "error" and (code == 0 if isinstance(code, int) else looks_well(output))
        kept = {
            name: value
            for name, value in args.items()
            if name not in ("is_input", "blocking", "confirmation_state", "hidden")
        }
        yield _plain(_TOOLS.get(action, action), kept, text, output, ok, code)


def _new(found: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    answers = {
        event.get("tool_call_id"): event
        for event in found
        if event.get("kind") in ("ObservationEvent", "AgentErrorEvent")
    }
    for event in found:
        kind = event.get("kind")
        if kind == "MessageEvent":
            message = event.get("llm_message")
            said = _text(message.get("content")) if isinstance(message, Mapping) else ""
            yield _plain("@user" if event.get("source") == "user" else "", {}, said, "", True, None)
        elif kind == "Condensation":
            yield _plain("@condense", {}, "", "", True, None)
        elif kind == "ActionEvent":
            action = event.get("action")
            args = (
                {name: value for name, value in action.items() if name != "kind"} if isinstance(action, Mapping) else {}
            )
            answer = answers.get(event.get("tool_call_id"), {})
            seen = _mapping(answer.get("observation"))
            output = _text(seen.get("content") or seen.get("output") or answer.get("error") or "")
            code = seen.get("exit_code")
            wrong = answer.get("kind") == "AgentErrorEvent" or bool(seen.get("is_error"))
            ok = not wrong and (code == 0 if isinstance(code, int) else looks_well(output))
            yield _plain(str(event.get("tool_name") or ""), args, _text(event.get("thought")), output, ok, code)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _plain(tool: str, args: Mapping[str, Any], text: str, output: str, ok: bool, code: Any) -> Mapping[str, Any]:
    return {"tool": tool, "args": args, "text": text, "result": {"ok": ok, "output": output, "exit_code": code}}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(_text(part) for part in content)
    if isinstance(content, Mapping):
        return str(content.get("text") or "")
    return str(content or "")
