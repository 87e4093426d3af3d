import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from loopcutter_host.config import Config
from loopcutter_host.model import Attempt, Briefing, Plan, Proposal, Reflection
from loopcutter_host.models import models
from loopcutter_host.repair import Builtin, Prepass
from loopcutter_host.toolbox import Toolbox

from .local_toolbox import LocalToolbox
from .programs import PROGRAMS

HOPELESS = {
    "program.py": "def answer():\n    pass\n",
    "tests/test_program.py": "from program import answer\ndef test_it(): assert answer() == 'xyzzy-4711'\n",
}


class Thinker:
    """A model that says what it was asked."""

    name = "thinker"
    needs_coverage = False

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        return Plan("thought")

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        assert briefing.plan == Plan("thought")
        return Proposal(({"kind": "file", "path": "a.py", "content": ""},), "thought")

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        return Reflection("thought", "plan")


def made(tools: LocalToolbox, **more: object) -> tuple[str, list[str]]:
    """Who was asked for two attempts, and the reasons they gave."""
    model, briefing = Prepass(Builtin(seconds=20), Thinker()), replace(tools.briefing(), **more)  # type: ignore[arg-type]

    async def attempts() -> tuple[str, list[str]]:
        names, reasons = [], []
        for _ in range(2):
            plan = await model.plan(briefing, tools)
            reasons.append((await model.edit(replace(briefing, plan=plan), tools)).why)
            names.append(model.name)
            await model.reflect(briefing, tools)
        return "; ".join(names), reasons

    return asyncio.run(attempts())


def test_what_is_quickly_found_is_proposed_once_and_then_the_model_thinks(tmp_path: Path) -> None:
    names, reasons = made(LocalToolbox(tmp_path, PROGRAMS[0].files))
    assert names == "builtin, pre-pass; thinker"
    assert "passes the failing test" in reasons[0]


def test_when_nothing_is_found_the_model_answers_the_same_question(tmp_path: Path) -> None:
    assert made(LocalToolbox(tmp_path, HOPELESS)) == ("thinker; thinker", ["thought", "thought"])


def test_a_forced_approach_and_a_run_under_way_are_for_the_model(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, PROGRAMS[0].files)
    assert made(tools, rung="fresh-context")[0] == "thinker; thinker"
    assert made(tools, attempts=(Attempt(1, "thinker", "", "", "", "red"),))[0] == "thinker; thinker"
    assert tools.calls == []


@pytest.mark.parametrize("wanted", [True, False])
def test_the_settings_say_whether_there_is_a_pre_pass(wanted: bool) -> None:
    async def first() -> bool:
        config = Config.model_validate({"model": "ollama:coder", "repair_prepass": wanted})
        async with models(config, lambda exchange: None) as lineup:
            return isinstance(lineup.first, Prepass)

    assert asyncio.run(first()) is wanted
