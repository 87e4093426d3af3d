"""What the host promises of any model, in figures.

Good fixes land, stubborn models are cut, prompts fit, no answer ends a run. No model and no network: the answers are
scripts; all else (the host's loop, vcs, the guard, retrieval's look-ups) is real. The models, shapes and answers are
those of the tests, only more of them.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from support import parking, wild
from support.landing import FORMS, failed_landings
from support.promise import Kept, put_to_the_test
from support.shapes import DRESSES, SHAPES
from support.temperament import Ended, run

SAME = (
    "    if minutes < FREE + {n}:\n",
    "    if minutes < {n} + FREE:\n",
    "    if minutes < (FREE + {n}):\n",
    "    # strictly less\n    if (minutes < FREE + {n}):\n",
    "    if FREE + {n} > minutes:\n",
    "    if minutes < FREE + int({n}):\n",
)
"""One idea in other words."""
OTHER = (
    "    if minutes <= FREE + {n}:\n",
    "    if minutes < FREE + 2 * {n}:\n",
    "    if not minutes > FREE + {n}:\n",
    "    if minutes - {n} < FREE:\n",
    "    if minutes <= FREE or minutes == FREE + {n}:\n",
    "    if 0 <= minutes <= FREE + {n}:\n",
)
"""Ideas that differ a little, all at one place and all in vain."""
_PRESENT = "    if minutes <= FREE:\n"
_FORCED, _DIFF = "a different approach is required now", "the last attempt as a diff"
REFUSALS = ("vetoed", "refused", "no usable answer")


def landing() -> None:
    """Good fixes: every shape of code, in every form, in every dress."""
    print(f"| form | good fixes that land, of {len(SHAPES)} shapes of code in {len(DRESSES)} dresses |\n|---|---|")
    for form in FORMS:
        failed = []
        for shape in SHAPES:
            with tempfile.TemporaryDirectory() as folder:
                failed += asyncio.run(failed_landings(Path(folder), shape, [form]))
        total = len(SHAPES) * len(DRESSES)
        print(f"| {form} | {total - len(failed)} of {total} |", *(f"\n  {case[:3]}" for case in failed))


def stubborn(count: int) -> None:
    """Models that try one thing in other words for ever, or one place with small changes."""
    print("\n| form | says | cut at attempt 3 / 4 / 5 / later | next prompt differs as it must | tested after that |")
    print("|---|---|---|---|---|")
    for form in FORMS:
        for name, wordings in (("the same in other words", SAME), ("something a little different", OTHER)):
            ended = []
            for seed in range(count):
                with tempfile.TemporaryDirectory() as folder:
                    ended.append(run(Path(folder), _stubborn(seed, form, wordings), edit_format=form, attempts=10))
            cuts = Counter(min(_cut_at(one), 6) for one in ended)
            told = " / ".join(str(cuts[attempt]) for attempt in (3, 4, 5, 6))
            differs = sum(map(_next_prompt_differs, ended))
            print(f"| {form} | {name} | {told} | {differs} of {count} | {sum(map(_tested_again, ended))} |", flush=True)


def _stubborn(seed: int, form: str, wordings: Sequence[str]) -> dict[str, object]:
    chance = random.Random(seed)
    number = chance.randint(1, 9)
    plan = {"json": {"hypothesis": "free minutes", "targets": [{"path": "parking.py", "symbol": "price"}]}}
    return {
        "plan": [plan],
        "edit": [_edit(form, wording.format(n=number)) for wording in chance.sample(wordings, len(wordings))],
        "reflect": [{"json": {"lesson": "still", "rules_out": "", "instead": "", "next": "edit"}}],
    }


def _edit(form: str, condition: str) -> str:
    if form == "file":
        return f"Sure.\n```python\n{parking.PARKING.replace(_PRESENT, condition)}```"
    # Asked for blocks too: what a block would have to search for depends on how the attempts before ended.
    docstring = '    """Cents for parking so long; a day is the most it can cost."""\n'
    rest = "        return 0\n    return min(hours(minutes) * HOUR, DAY)\n"
    return f"Sure.\n```python\ndef price(minutes):\n{docstring}{condition}{rest}```"


def _cut_at(ended: Ended) -> int:
    """The attempt that the guard stopped first; 99 when it stopped none."""
    return next((one.number for one in ended.case.attempts if one.result.startswith("vetoed")), 99)


def _next_prompt_differs(ended: Ended) -> bool:
    """Whether the first edit's prompt after the cut has the guard's word in it, and the failed code no more."""
    edits = [exchange.messages[1].text for exchange in ended.heard if exchange.step == "edit"]
    at = next((at for at, text in enumerate(edits) if _FORCED in text), 0)
    before, after = edits[at - 1], edits[at]
    return at > 0 and (_FORCED in before, _FORCED in after, _DIFF in before, _DIFF in after) == (
        False,
        True,
        True,
        False,
    )


def _tested_again(ended: Ended) -> int:
    """Attempts that tests were run on after the cut."""
    return sum(not one.result.startswith(REFUSALS) for one in ended.case.attempts[_cut_at(ended) :])


def chance(rounds: int, runs: int) -> None:
    """Prompts of any state of a run, any answers; then whole runs with such models."""
    kept = Kept()
    for seed in range(1000, 1000 + rounds):
        asyncio.run(put_to_the_test(seed, kept))
    ended_by_answer = {name: n for name, n in kept.outcomes.items() if name not in ("used", "refused")}
    ends: Counter[str] = Counter()
    for seed in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            script = wild.script(random.Random(seed))
            try:
                ends[str(run(Path(folder), {k: v for k, v in script.items() if k != "window"}, attempts=4).end)] += 1
            except Exception as error:
                ends[f"{type(error).__name__}: {error}"[:100]] += 1
    questions = kept.outcomes.total()
    print("\n| drawn by chance | |\n|---|---|")
    print(f"| prompts, of any issue, code, history and window | {kept.prompts} |")
    print(f"| larger than the budget | {kept.too_long} |")
    print(f"| largest share of a budget | {kept.fullest:.3f} |")
    print(f"| questions answered with anything | {questions} |")
    print(f"| answer used / refused, and the run goes on | {kept.outcomes['used']} / {kept.outcomes['refused']} |")
    print(f"| ended by an answer | {sum(ended_by_answer.values())} {ended_by_answer or ''} |")
    print(f"| unusable answers, by kind | {', '.join(f'{kind} {n}' for kind, n in kept.flaws.most_common())} |")
    told = ", ".join(f"{end} {n}" for end, n in ends.most_common())
    print(f"| whole runs with such models, and how they ended | {told} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stubborn", type=int, default=10, help="stubborn models for each form")
    parser.add_argument("--rounds", type=int, default=400, help="rounds of five questions")
    parser.add_argument("--runs", type=int, default=40, help="whole runs")
    options = parser.parse_args()
    landing()
    stubborn(options.stubborn)
    chance(options.rounds, options.runs)
