"""Recordings of mini-swe-agent: `.traj.json`, a chat whose answers each hold one command."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BLOCK = re.compile(r"```(?:bash|sh|mswea_bash_command)?\s*\n(.*?)\n```", re.S)
_CODE = re.compile(r"<returncode>(-?\d+)</returncode>")
_TAGS = re.compile(r"</?(?:output|output_head|output_tail|warning)>|<returncode>-?\d+</returncode>")


def recognises(document: Any) -> bool:
    """Whether a JSON document is such a recording."""
    if not isinstance(document, Mapping) or "steps" in document or not isinstance(document.get("messages"), list):
        return False
    return "mini-swe" in str(document.get("trajectory_format", "mini-swe")) and all(
        isinstance(message, Mapping) for message in document["messages"]
    )


def events(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Its answers as events, each with the observation that followed."""
    messages = document["messages"]
    step = 0
    for position, message in enumerate(messages):
        if message.get("role") != "assistant":
            continue
        said = _text(message.get("content"))
        answers = _answers(messages, position)
        commands = _commands(message, said) or [None]
        for number, command in enumerate(commands):
            answer = answers[number] if number < len(answers) else ""
            yield _event(step, command, said if number == 0 else "", answer)
            step += 1


def _answers(messages: list[Mapping[str, Any]], position: int) -> list[str]:
    answers = []
    for message in messages[position + 1 :]:
        if message.get("role") == "assistant":
            break
        answers.append(_text(message.get("content")))
    return answers


def _commands(message: Mapping[str, Any], said: str) -> list[str | None]:
    found: list[str | None] = []
    for call in message.get("tool_calls") or ():
        arguments = call.get("function", {}).get("arguments") if isinstance(call, Mapping) else None
        try:
            parsed = json.loads(arguments) if isinstance(arguments, str) else arguments
        except ValueError:
            parsed = arguments
        found.append(str(parsed.get("command", "")) if isinstance(parsed, Mapping) else str(parsed))
    blocks = _BLOCK.findall(said)
    return found or ([blocks[0]] if len(blocks) == 1 else [])


def _event(step: int, command: str | None, said: str, answer: str) -> Mapping[str, Any]:
    code = _CODE.search(answer)
    exit_code = int(code.group(1)) if code else None
    result = {
        "ok": command is not None and exit_code in (0, None),
        "output": _TAGS.sub("", answer).strip("\n"),
        "exit_code": exit_code,
    }
    if command is None:
        return {"step": step, "tool": "none", "args": {}, "text": said, "result": result}
    return {"step": step, "tool": "bash", "args": {"command": command}, "text": said, "result": result}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""
