"""Every fact of a case survives the death of its host."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

from support.case import ListedModel, open_case
from support.workshop import Workshop

from loopcutter_host.agent import work
from loopcutter_host.facts import facts, restore

WRONG = "def answer():\n    return 41\n"


def test_a_case_is_the_same_after_it_was_written_down_and_read_back(tmp_path: Path) -> None:
    shop = Workshop(WRONG, {"test_is_42": lambda x: x == 42})
    model, fallback = ListedModel([("41", "40")], name="first"), ListedModel([("41", "42")], name="second")
    case = asyncio.run(open_case(shop, model, tmp_path, fallback=fallback))
    asyncio.run(work(case))
    told = facts(case)
    other = replace(case, model=model, fallback=fallback, attempts=[], evidence={}, targets=())

    restore(other, {name: json.loads(text) for name, text in told.items()})

    assert facts(other) == told
    assert (other.model, other.fallback) == (case.model, case.fallback)
    assert (other.attempts, other.evidence, other.targets) == (case.attempts, case.evidence, case.targets)
