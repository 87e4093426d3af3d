"""`--model` names a model, and the settings of its server reach it."""

import asyncio
from pathlib import Path

import pytest
from support.library import Library
from support.ollama_server import OllamaServer
from support.openai_server import OpenAIServer

from loopcutter_host.chat.errors import ModelMissing
from loopcutter_host.config import Config
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.errors import BadUsage
from loopcutter_host.model import Briefing, Model
from loopcutter_host.models import models

BRIEFING = Briefing("It is wrong.", "tree-1", "tree-1", (), ())
REFLECTION = '{"lesson": "none", "next": "stop"}'


def reflect(config: Config) -> tuple[list[Exchange], list[str]]:
    """One question to the model; what was said, and what was heard while it came."""
    said: list[Exchange] = []
    heard: list[str] = []

    async def ask() -> None:
        async with models(config, said.append, heard.append) as lineup:
            await lineup.first.reflect(BRIEFING, Library({}))

    asyncio.run(ask())
    return said, heard


def test_ollama_gets_its_settings_and_is_heard_live() -> None:
    with OllamaServer([REFLECTION], capabilities=["thinking"]) as server:
        settings = {"url": server.url, "num_ctx": 4096, "keep_alive": "5m", "think": False}
        said, heard = reflect(Config.model_validate({"model": "ollama:coder", "ollama": settings}))
    (chat,) = server.chats
    assert (chat["options"]["num_ctx"], chat["keep_alive"], chat["think"]) == (4096, "5m", False)
    assert ("".join(heard), len(heard) > 3) == (REFLECTION, True)
    assert said[0].prompt.startswith("reflect ")


def test_openai_gets_its_settings() -> None:
    with OpenAIServer([REFLECTION]) as server:
        settings = {"url": server.url, "max_tokens": 300, "temperature": 0.5}
        reflect(Config.model_validate({"model": "openai:default", "openai": settings}))
    assert (server.chats[0]["max_tokens"], server.chats[0]["temperature"]) == (300, 0.5)


def test_edit_format_is_as_set() -> None:
    async def form(name: str) -> str | None:
        with OllamaServer([REFLECTION]) as server:
            settings = {"edit_format": name, "url": server.url}
            config = Config.model_validate({"model": "ollama:coder", "ollama": settings})
            async with models(config, lambda exchange: None) as lineup:
                assert isinstance(lineup.first, Dialogue)
                return lineup.first.edit_format

    assert [asyncio.run(form(name)) for name in ("auto", "blocks")] == [None, "blocks"]


@pytest.mark.parametrize("repair", [True, False])
def test_template_repair_is_the_last_resort_unless_switched_off(repair: bool) -> None:
    async def last() -> Model | None:
        with OllamaServer([REFLECTION]) as server:
            config = Config.model_validate({"model": "ollama:coder", "repair": repair, "ollama": {"url": server.url}})
            async with models(config, lambda exchange: None) as lineup:
                return lineup.fallback

    assert (asyncio.run(last()) is not None) == repair


@pytest.mark.parametrize("wanted", [True, False])
def test_template_repair_is_also_the_first_to_try_unless_switched_off(wanted: bool) -> None:
    async def first() -> Model | None:
        with OllamaServer([REFLECTION]) as server:
            config = Config.model_validate(
                {"model": "ollama:coder", "repair_prepass": wanted, "ollama": {"url": server.url}}
            )
            async with models(config, lambda exchange: None) as lineup:
                return lineup.prepass

    assert (asyncio.run(first()) is not None) == wanted


def test_a_script_is_played_without_it(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("edit: [one]")

    async def first() -> Model | None:
        async with models(Config(model=f"scripted:{script}"), lambda exchange: None) as lineup:
            return lineup.prepass

    assert asyncio.run(first()) is None


@pytest.mark.parametrize("setting", ["model", "second_model"])
def test_a_model_that_is_missing_is_told_of_before_anything_is_done(setting: str) -> None:
    async def choose() -> None:
        with OllamaServer([REFLECTION]) as server:
            config = {"model": "ollama:coder", "ollama": {"url": server.url}, setting: "ollama:missing"}
            async with models(Config.model_validate(config), lambda exchange: None):
                pass

    with pytest.raises(ModelMissing, match="ollama pull missing"):
        asyncio.run(choose())


@pytest.mark.parametrize("name", ["gpt-4", "ollama:", "openai:", "builtin:x", "scripted:"])
def test_model_of_no_known_kind_is_refused_with_the_known_ones(name: str) -> None:
    async def choose() -> None:
        async with models(Config(model=name), lambda exchange: None):
            pass

    with pytest.raises(BadUsage, match="openai:NAME"):
        asyncio.run(choose())
