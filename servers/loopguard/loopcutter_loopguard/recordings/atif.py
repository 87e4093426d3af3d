"""Trajectories in ATIF, the Agent Trajectory Interchange Format: steps with tool calls and observations."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from loopcutter_loopguard.recordings.swe_agent import looks_well


def recognises(document: Any) -> bool:
    """Whether a JSON document is such a trajectory."""
    if not isinstance(document, Mapping) or not isinstance(document.get("steps"), list):
        return False
    return str(document.get("schema_version", "")).upper().startswith("ATIF") or "agent" in document


def events(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Its tool calls as events; a step without one is prose."""
    number = 0
    for step in document["steps"]:
        if not isinstance(step, Mapping):
            continue
        for event in _step(step):
            yield {"step": number, **event}
            number += 1


def _step(step: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    said = _text(step.get("message")) or _text(step.get("reasoning_content"))
    calls = [call for call in step.get("tool_calls") or () if isinstance(call, Mapping)]
    if step.get("source") == "system":
        return
    if not calls:
        yield _plain("@user" if step.get("source") == "user" else "", {}, said, "", True)
        return
    answers = _answers(step.get("observation"))
    for position, call in enumerate(calls):
        arguments = call.get("arguments")
        if isinstance(arguments, str):
            try:
                arguments = json.loads(arguments)
            except ValueError:
                arguments = {"": arguments}
        output = answers.get(call.get("tool_call_id"), answers.get(position, ""))
        yield _plain(
            str(call.get("function_name") or ""), arguments, said if position == 0 else "", output, looks_well(output)
        )


def _answers(observation: Any) -> dict[Any, str]:
    results = observation.get("results") if isinstance(observation, Mapping) else None
    answers: dict[Any, str] = {}
    for position, result in enumerate(results if isinstance(results, list) else ()):
        if isinstance(result, Mapping):
            answers[result.get("source_call_id") or position] = _text(result.get("content"))
    return answers


def _plain(tool: str, args: Any, text: str, output: str, ok: bool) -> Mapping[str, Any]:
    return {"tool": tool, "args": args, "text": text, "result": {"ok": ok, "output": output, "exit_code": None}}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(_text(part) for part in content)
    if isinstance(content, Mapping):
        return str(content.get("text") or "")
    return str(content or "")
