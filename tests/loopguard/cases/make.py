"""Writes `cases.jsonl` and `pairs.json`: loops of every kind, and innocent runs that look like them.

    python tests/loopguard/cases/make.py [FOLDER]

Every function stages one recording and returns the step at which its loop begins; the name says whether it is one.
"""

import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path

import innocent
import looping
from world import World

HERE = Path(__file__).parent
NEED_DIFF = ("batch_one_by_one",)
"""Cases that can't be told apart from a loop by calls and answers alone."""


def main() -> None:
    """Stage everything and write it down."""
    cases = []
    for module, loop in ((looping, True), (innocent, False)):
        for name, stage in inspect.getmembers(module, inspect.isfunction):
            if stage.__module__ == module.__name__ and not name.startswith("_"):
                cases.append(_case(name, stage, loop))
    lines = [json.dumps(case, sort_keys=True) for case in cases]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = {case["id"] for case in cases}
    pairs = [pair for pair in innocent.TWINS if set(pair) <= known]
    if len(pairs) != len(innocent.TWINS):
        sys.exit("a pair names a case that is not there")
    (folder / "pairs.json").write_text(json.dumps(pairs, indent=1) + "\n", encoding="utf-8")


def _case(name: str, stage: Callable[[World], int | None], loop: bool) -> dict[str, object]:
    world = World()
    start = stage(world)
    note, tier = (stage.__doc__ or "").strip().rsplit(" ", 1)
    return {
        "id": name.replace("_", "-"),
        "class": stage.__name__.split("_")[0],
        "loop": loop,
        "loop_start": start if loop else None,
        "tier": tier.strip("()."),
        "note": note,
        "source": "own",
        **({"needs": "diff"} if name in NEED_DIFF else {}),
        "events": world.events,
    }


if __name__ == "__main__":
    main()
