"""Many candidate edits against a few tests."""

from typing import Any

import pytest
from support.shop import CART, FILES, TOTAL, attempt, edit, statuses, total
from support.testbed import Testbed

pytestmark = pytest.mark.anyio


async def test_the_fix_is_found_among_others_and_the_order_is_kept(bed: Testbed) -> None:
    trial = await attempt(
        bed,
        TOTAL,
        total("nothing", "result -= price"),
        total("syntax", "result -= = price"),
        total("raises", "result += self.price"),
        total("loops", "while True: pass"),
        total("fix", "result += price"),
        total("same", "result = result + price"),
    )
    assert list(statuses(trial).items()) == [
        ("nothing", "failed"),
        ("syntax", "invalid"),
        ("raises", "failed"),
        ("loops", "timeout"),
        ("fix", "passed"),
        ("same", "passed"),
    ]
    assert (trial["passing"], trial["tried"], bed.left_over()) == (["fix", "same"], 6, [])
    details = {each["id"]: each["detail"] for each in trial["results"]}
    assert details["raises"] == "test_shop.py::test_total: AttributeError: 'Cart' object has no attribute 'price'"
    assert details["fix"] == ""


async def test_it_stops_when_enough_have_passed(best: Testbed) -> None:
    candidates = [total(f"fix{number}", f"result += price + {number} * 0") for number in range(200)]
    trial = await attempt(best, TOTAL, *candidates, stop_after=2)
    assert (len(trial["passing"]), trial["tried"] < 200) == (2, True)


async def test_what_passes_only_when_warm_does_not_end_the_trial(best: Testbed) -> None:
    cheat = "import sys; result = result + price if '_loopcutter_runner.warm' in sys.modules else 0"
    wrong = [total(f"wrong{number}", f"result -= price + {number}") for number in range(30)]
    trial = await attempt(best, TOTAL, total("cheat", cheat), *wrong, total("fix", "result += price"), stop_after=1)
    assert trial["passing"] == ["fix"]
    assert {name for name, status in statuses(trial).items() if status == "failed"} == {
        "cheat", *(f"wrong{number}" for number in range(30)),
    }  # fmt: skip


async def test_a_slow_repair_gets_the_time_it_needs(best: Testbed) -> None:
    slow = "result += price; import time; start = time.process_time()\n"
    slow += "            while time.process_time() - start < 0.15: pass"
    trial = await attempt(best, TOTAL, total("wrong", "result *= price"), total("slow", slow))
    assert statuses(trial) == {"wrong": "failed", "slow": "passed"}


async def test_what_never_ends_costs_no_more_than_all_the_others(best: Testbed) -> None:
    endless = [total(f"endless{number}", f"while True: result += {number}") for number in range(40)]
    trial = await attempt(best, TOTAL, *endless, total("fix", "result += price"))
    assert trial["passing"] == ["fix"]
    assert list(statuses(trial).values()) == ["timeout"] * 40 + ["passed"]
    early = [result for result in trial["results"] if result["detail"].startswith("stopped early")]
    assert 30 < len(early) <= 40


@pytest.mark.parametrize(
    ("tests", "candidate"),
    [
        (["test_shop.py::test_rate"], edit("import", '"b": 3', '"b": 2')),
        (["test_shop.py::test_rate"], edit("module", 'for kind in "ab"}', 'for kind in "ab"} | {"b": 2}')),
        (TOTAL, edit("closure", "+ 0", "* -1")),
        (TOTAL, edit("class", "    @logged\n", "    @logged\n    @staticmethod_ or logged\n")),
        (TOTAL, edit("after", "        return result\n", "        return -result\n\n\nEXTRA = 1\n")),
        (TOTAL, edit("lines", "result -= price\n", "pass\n        result = sum(self.prices)\n\n")),
    ],
    ids=lambda value: value["id"] if isinstance(value, dict) else "",
)
async def test_edits_beyond_one_body_are_judged_as_well(
    best: Testbed, tests: list[str], candidate: dict[str, Any]
) -> None:
    trial = await attempt(best, tests, candidate)
    expected = "error" if candidate["id"] == "class" else "passed"
    assert statuses(trial) == {candidate["id"]: expected}, trial


async def test_a_file_that_is_imported_late_gets_its_edit(best: Testbed) -> None:
    files = {
        "late.py": "def f():\n    return 1\n",
        "test_it.py": "def test_it():\n    import late\n    assert late.f() == 2\n",
    }
    candidate = edit("fix", "return 1", "return 2", "late.py", files)
    assert (await attempt(best, ["test_it.py"], candidate, files=files))["passing"] == ["fix"]


async def test_a_project_that_can_not_be_imported_can_be_mended(best: Testbed) -> None:
    files = {**FILES, "shop.py": CART.replace("import functools", "import functool")}
    trial = await attempt(
        best,
        ["test_shop.py::test_empty"],
        edit("fix", "functool\n", "functools\n", files=files),
        edit("wrong", "functool\n", "functoolz\n", files=files),
        files=files,
    )
    assert (statuses(trial), trial["passing"]) == ({"fix": "passed", "wrong": "error"}, ["fix"])
    assert [note for note in trial["notes"] if note.startswith("every candidate is tried in a new process")]


async def test_files_that_are_no_modules_are_judged_from_disk(best: Testbed) -> None:
    files = {**FILES, "test_it.py": "def test_it():\n    assert open('rates.txt').read() == 'b 2\\n'\n"}
    trial = await attempt(
        best,
        ["test_it.py"],
        edit("fix", "3", "2", "rates.txt", files),
        edit("test", "b 2", "b 3", "test_it.py", files),
        edit("wrong", "3", "4", "rates.txt", files),
        files=files,
    )
    assert statuses(trial) == {"fix": "passed", "test": "passed", "wrong": "failed"}


@pytest.mark.parametrize(
    "end",
    ["os._exit(0)", "os.kill(os.getppid(), 9)", "os.kill(-1, 9)", "os.abort()", "bytearray(6 << 30)", "os.fork()"],
)
async def test_a_hostile_candidate_hurts_itself_alone(bed: Testbed, end: str) -> None:
    trial = await attempt(
        bed,
        TOTAL,
        total("wrong", "result *= price"),
        total("hostile", f"import os; {end}"),
        total("fix", "result += price"),
        timeout_s=60,
    )
    found = statuses(trial)
    assert found.pop("hostile") in ("error", "failed")
    assert (found, trial["passing"]) == ({"wrong": "failed", "fix": "passed"}, ["fix"])


async def test_passing_only_when_warm_is_not_passing(best: Testbed) -> None:
    cheat = "import sys; result = result + price if '_loopcutter_runner.warm' in sys.modules else 0"
    trial = await attempt(best, TOTAL, total("cheat", cheat))
    assert (statuses(trial), trial["passing"]) == ({"cheat": "failed"}, [])


async def test_skipping_is_not_passing(best: Testbed) -> None:
    trial = await attempt(best, TOTAL, total("skip", "import unittest; raise unittest.SkipTest"))
    assert (statuses(trial), trial["passing"]) == ({"skip": "failed"}, [])


async def test_candidates_that_wait_forever_end_the_trial_in_time(best: Testbed) -> None:
    candidates = [total(f"wait{number}", "import time; time.sleep(600)") for number in range(6)]
    trial = await attempt(best, TOTAL, *candidates, timeout_s=4)
    assert set(statuses(trial).values()) <= {"timeout"}
    assert trial["duration_s"] < 20
    assert "the time was over before all candidates were tried" in trial["notes"]


async def test_a_test_that_does_not_exist_is_an_error_for_every_candidate(best: Testbed) -> None:
    trial = await attempt(best, ["test_shop.py::test_gone"], total("fix", "result += price"))
    assert statuses(trial) == {"fix": "error"}


async def test_tests_that_are_numbered_by_a_set_are_found_again_in_every_process(bed: Testbed) -> None:
    # Types are hashed by their addresses; pytest names a tuple after its position.
    parameters = "{(kind, (2, 4)) for kind in (int, str, list, dict, set, type, bytes)}"
    files = {
        "shop.py": "def double(x): return x\n",
        "test_shop.py": f"import pytest, shop\n@pytest.mark.parametrize('kind, pair', {parameters})\n"
        "def test_it(kind, pair): assert shop.double(pair[0]) == pair[1]\n",
    }
    tests = (await bed.test(files))["failed"]
    assert len(tests) == 7
    again = await bed.test(files, tests=tests[:2])
    trial = await attempt(bed, tests, edit("fix", "return x", "return 2 * x", files=files), files=files)
    assert (sorted(again["failed"]), trial["passing"], trial["notes"]) == (sorted(tests[:2]), ["fix"], [])


async def test_a_test_that_may_be_any_of_several_is_not_found_again(best: Testbed) -> None:
    files = {"test_it.py": "import pytest\n@pytest.mark.parametrize('x', [(1,), (2,)])\ndef test_it(x): pass\n"}
    report = await best.test(files, tests=["test_it.py::test_it[x7]"])
    assert (report["status"], report["passed"], report["errors"]) == ("error", [], ["test_it.py::test_it[x7]"])


@pytest.mark.parametrize(
    ("candidates", "words"),
    [
        ([{"id": "a", "path": "gone.py", "start": 0, "end": 0, "text": ""}], "has no file 'gone.py'"),
        ([{"id": "a", "path": "shop.py", "start": 0, "end": 10**6, "text": ""}], "count the bytes of the file"),
        ([{"id": "a", "path": "shop.py", "start": 5, "end": 4, "text": ""}], "count the bytes of the file"),
        ([total("a", "x"), total("a", "y")], "two candidates have the same id"),
    ],
)
async def test_candidates_that_fit_no_file_are_refused(
    best: Testbed, candidates: list[dict[str, Any]], words: str
) -> None:
    well, said, _ = await best.say("try_edits", tree=best.tree(FILES), tests=TOTAL, candidates=candidates)
    assert (well, words in said) == (False, True), said


@pytest.mark.parametrize("at_import", ["", "THREAD = threading.Thread(target=threading.Event().wait, daemon=True)\n"])
async def test_options_of_a_missing_plugin_are_left_out(best: Testbed, at_import: str) -> None:
    start = f"import threading\n{at_import}{'THREAD.start()' if at_import else ''}\n"
    files = {
        "pytest.ini": "[pytest]\naddopts = --no-such-option --cov=shop\n",
        "shop.py": f"{start}def double(x): return x\n",
        "test_shop.py": "import shop\ndef test_it(): assert shop.double(2) == 4\n",
    }
    trial = await attempt(
        best,
        ["test_shop.py::test_it"],
        edit("right", "return x", "return 2 * x", files=files),
        edit("wrong", "return x", "return 3 * x", files=files),
        files=files,
    )
    assert (trial["passing"], [result["status"] for result in trial["results"]]) == (["right"], ["passed", "failed"])
    assert at_import or "pytest refused the project's own addopts; they were left out" in trial["notes"]
