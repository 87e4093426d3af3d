"""Runs of models of five temperaments at one bug: with the real vcs, the real guard, and the host's own loop.

Their scripts are in `temperaments`. A model may speak from its script, behind Ollama's protocol, or in a real engine.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from loopcutter_host.agent import work
from loopcutter_host.case import Case
from loopcutter_host.chat.ollama import Ollama, OllamaSettings
from loopcutter_host.chat.openai import OpenAI, OpenAISettings
from loopcutter_host.chat.protocol import Chat
from loopcutter_host.chat.scripted import Script, Scripted, Turn
from loopcutter_host.chat.wire import Waits
from loopcutter_host.config import Limits
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.dialogue.editing import EditFormat
from loopcutter_host.table import End
from support import parking
from support.bench import Bench, bench
from support.case import open_case
from support.ollama_server import OllamaServer, Reply

SCRIPTS = Path(__file__).parent / "temperaments"
LADDER = ("fresh-context", "next-place", "reproduce-first", "other-granularity")
TEMPERAMENTS = ("good", "sloppy", "stubborn", "wandering", "hostile")
Way = Literal["script", "ollama", "engine"]


@dataclass
class Ended:
    """How a run went."""

    end: End
    case: Case
    heard: list[Exchange]
    bench: Bench

    @property
    def flaws(self) -> Counter[str]:
        return Counter(exchange.flaw for exchange in self.heard if exchange.flaw)

    def files(self) -> dict[str, str]:
        return self.bench.files(self.case.here.tree)


@asynccontextmanager
async def speaking(folder: Path, temperament: str | Mapping[str, Any], way: Way, window: int) -> AsyncIterator[Chat]:
    """A model of that temperament, or with that script: in this process, behind Ollama's protocol, or in an engine."""
    if isinstance(temperament, str):
        script = yaml.safe_load((SCRIPTS / f"{temperament}.yaml").read_text("utf-8"))
    else:
        script, temperament = dict(temperament), "scripted"
    turns = {step: [Turn.model_validate(turn) for turn in script[step]] for step in script}
    if way == "script":
        yield Scripted(Script.model_validate({"name": temperament, "window": window, **script}))
    elif way == "ollama":
        replies = {
            step: [Reply(turn.text, turn.thinking, [call.model_dump() for call in turn.calls]) for turn in said]
            for step, said in turns.items()
        }
        settings = {"num_ctx": window, "num_predict": window // 4, "waits": Waits(connect_s=10, retries=0)}
        with OllamaServer(replies) as server:
            async with aclosing(Ollama("coder", OllamaSettings(url=server.url, **settings))) as chat:
                yield chat
    else:
        for module in ("xllamacpp", "gguf"):
            pytest.importorskip(module, reason="no llama.cpp engine here: pip install xllamacpp gguf numpy")
        from support import tiny_gguf
        from support.llama_engine import LlamaEngine

        path = folder / f"{temperament}.gguf"
        tiny_gguf.scripted(path, {f"step: {step}": [turn.text or "…" for turn in turns[step]] for step in turns})
        with LlamaEngine(path, window=window) as engine:
            async with aclosing(OpenAI("default", OpenAISettings(url=engine.url, num_ctx=window))) as chat:
                yield chat


def run(
    folder: Path,
    temperament: str | Mapping[str, Any],
    *,
    way: Way = "script",
    window: int = 32_768,
    attempts: int = 8,
    files: Mapping[str, str] = parking.FILES,
    issue: str = parking.ISSUE,
    edit_format: EditFormat | None = None,
) -> Ended:
    """How a run of at most so many attempts goes, from a fresh repository in `folder`."""

    async def play() -> Ended:
        heard: list[Exchange] = []
        async with bench(folder, files) as servers, speaking(folder, temperament, way, window) as chat:
            case = await open_case(
                servers,
                Dialogue(chat, edit_format, listen=heard.append),
                folder,
                guard=await servers.guard(LADDER),
                issue=issue,
                limits=Limits(attempts=attempts),
                wanted=LADDER,
            )
            return Ended(await work(case), case, heard, servers)

    return asyncio.run(play())
