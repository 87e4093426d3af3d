import asyncio
from pathlib import Path

import pytest

from loopcutter_host.model import Attempt, Briefing, Failure, Proposal
from loopcutter_host.repair import Builtin
from loopcutter_loopguard.events import Call, Outcome

from .borrowing_programs import BORROWING
from .local_toolbox import LocalToolbox
from .programs import PROGRAMS, Program

SHIPPING = PROGRAMS[0]


def repair(tools: LocalToolbox) -> Proposal:
    return asyncio.run(Builtin(seconds=100).edit(tools.briefing(), tools))


@pytest.mark.parametrize("program", PROGRAMS + BORROWING, ids=lambda each: each.name)
def test_a_seeded_bug_gets_a_patch_that_passes_all_tests(program: Program, tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, program.files)
    assert tools.briefing().failures
    proposal = repair(tools)
    assert len(proposal.edits) == 1, proposal.why
    tools.apply(proposal.edits[0])
    assert tools.briefing().failures == ()
    assert tools.tried <= 400


def test_the_proposal_says_what_it_knows_and_no_more(tmp_path: Path) -> None:
    proposal = repair(LocalToolbox(tmp_path, SHIPPING.files))
    assert proposal.why.startswith("Line 2 of program.py: `>=` instead of `>` (comparison): passes the failing test (")
    assert proposal.edits == (
        {
            "kind": "replace",
            "path": "program.py",
            "search": "    if total > threshold:\n",
            "replace": "    if total >= threshold:\n",
            "near_line": 2,
        },
    )
    assert "line 2 of program.py: `threshold - 1` instead of `threshold` (off-by-one)" in proposal.alternatives


def test_the_plan_names_the_most_suspicious_function(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, PROGRAMS[5].files)
    plan = asyncio.run(Builtin().plan(tools.briefing(), tools))
    assert plan.hypothesis == "The fault is most likely in `Account.withdraw` in program.py, around line 9."
    assert plan.targets[0].symbol == "Account.withdraw"


def test_without_a_failing_test_nothing_is_proposed(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, {"program.py": "x = 1\n"})
    model, briefing = Builtin(), tools.briefing()
    plan, proposal = asyncio.run(model.plan(briefing, tools)), asyncio.run(model.edit(briefing, tools))
    words = "No test fails, and without a failing test there is nothing to repair by: give one."
    assert (plan.hypothesis, proposal) == (words, Proposal((), words))
    assert tools.calls == []


def test_a_bug_no_small_change_repairs_is_reported_with_the_number_tried(tmp_path: Path) -> None:
    files = {"program.py": "def answer():\n    pass\n"}
    files["tests/test_program.py"] = "from program import answer\ndef test_it(): assert answer() == 'xyzzy-4711'\n"
    tools = LocalToolbox(tmp_path, files)
    model, briefing = Builtin(), tools.briefing()
    proposal = asyncio.run(model.edit(briefing, tools))
    assert proposal.edits == ()
    words = f"None of {tools.tried} small changes made the failing tests pass; no more are left."
    assert proposal.why == words
    assert asyncio.run(model.reflect(briefing, tools)).next == "stop"


def test_a_patch_that_breaks_another_test_is_not_proposed(tmp_path: Path) -> None:
    code = "def sign(n):\n    if n > 0:\n        return 1\n    return 1\n"
    tests = "from program import sign\ndef test_minus(): assert sign(-2) == -1\ndef test_plus(): assert sign(2) == 1\n"
    tools = LocalToolbox(tmp_path, {"program.py": code, "tests/test_program.py": tests})
    proposal = repair(tools)
    tools.apply(proposal.edits[0])
    assert tools.briefing().failures == ()


def test_a_passing_test_that_needs_another_judges_no_patch(tmp_path: Path) -> None:
    tests = "from program import double\n\nSEEN = []\n\ndef test_first():\n    SEEN.append(1)\n\n"
    tests += "def test_second():\n    assert SEEN and double(0) == 0\n\ndef test_third():\n    assert double(2) == 4\n"
    files = {"program.py": "def double(n):\n    return n * 3\n", "tests/test_program.py": tests}
    tools = LocalToolbox(tmp_path, files)
    assert [each.test for each in tools.briefing().failures] == ["tests/test_program.py::test_third"]
    tools.apply(repair(tools).edits[0])
    assert tools.briefing().failures == ()


def test_a_passing_test_that_the_failing_one_spoils_judges_no_patch(tmp_path: Path) -> None:
    tests = "from program import double\n\nSEEN = []\n\ndef test_first():\n    assert not SEEN and double(0) == 0\n\n"
    tests += "def test_second():\n    SEEN.append(1)\n    assert double(2) == 4\n\ndef test_third():\n    pass\n"
    files = {"program.py": "def double(n):\n    return n * 3\n", "tests/test_program.py": tests}
    tools = LocalToolbox(tmp_path, files)
    assert [each.test for each in tools.briefing().failures] == ["tests/test_program.py::test_second"]
    tools.apply(repair(tools).edits[0])
    assert tools.briefing().failures == ()


def test_no_patch_is_proposed_twice(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    model, briefing = Builtin(seconds=100), tools.briefing()

    async def several() -> list[str]:
        return [(await model.edit(briefing, tools)).edits[0]["replace"] for _ in range(4)]

    patches = asyncio.run(several())
    assert len(set(patches)) == 4


def test_a_patch_on_record_is_not_proposed_again(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    diff = "--- a/program.py\n+++ b/program.py\n@@ -2 +2 @@\n-    if total > threshold:\n+    if total >= threshold:\n"
    attempt = Attempt(1, "builtin", "", "", diff, "1 of 9 tests fails")
    proposal = asyncio.run(Builtin(seconds=100).edit(tools.briefing(attempts=(attempt,)), tools))
    assert proposal.edits[0]["replace"] == "    if total + 1 > threshold:\n"


def test_another_place_is_another_function_than_those_that_were_changed(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    tried = Attempt(1, "builtin", "", "", "", "red", symbols=("program.py::free_shipping",))
    briefing = tools.briefing(attempts=(tried,), rung="next-place")
    model = Builtin(seconds=100)
    assert asyncio.run(model.plan(briefing, tools)).targets == ()
    assert asyncio.run(model.edit(briefing, tools)).edits == ()
    assert tools.tried == 0


def test_a_bound_on_candidates_ends_the_search_on_any_machine(tmp_path: Path) -> None:
    files = {"program.py": "def answer():\n    pass\n"}
    files["tests/test_program.py"] = "from program import answer\ndef test_it(): assert answer() == 'xyzzy-4711'\n"
    tools = LocalToolbox(tmp_path, files)
    proposal = asyncio.run(Builtin(seconds=100, most=7).edit(tools.briefing(), tools))
    assert proposal.why == "None of 7 small changes made the failing tests pass; the time for trying is over."


def test_an_endless_loop_is_mended(tmp_path: Path) -> None:
    code = "def half(n):\n    steps = 0\n    while n > 1:\n        n = n // 2\n        steps += 1\n    return steps\n"
    files = {"program.py": code.replace("n // 2", "n // 1")}
    files["tests/test_program.py"] = "from program import half\ndef test_it(): assert half(9) == 3\n"
    tools = LocalToolbox(tmp_path, files)
    failure = Failure("tests/test_program.py::test_it", "Timeout", "was still running when its time was over")
    briefing = Briefing("", "now", "now", (failure,), (), {failure.test: {"program.py": [2, 3, 4, 5]}})
    proposal = asyncio.run(Builtin(seconds=100).edit(briefing, tools))
    tools.apply(proposal.edits[0])
    assert tools.briefing().failures == ()


def test_after_a_failed_patch_there_is_more_to_try(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    model, briefing = Builtin(seconds=100), tools.briefing()

    async def steps() -> str:
        await model.edit(briefing, tools)
        return (await model.reflect(briefing, tools)).next

    assert asyncio.run(steps()) == "edit"


def test_the_same_briefing_gives_the_same_patch(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    assert repair(tools) == repair(tools)


def test_tests_are_never_changed(tmp_path: Path) -> None:
    files = {"test_alone.py": "def limit(): return 3\ndef test_it(): assert limit() == 4\n"}
    proposal = repair(LocalToolbox(tmp_path, files))
    assert proposal.edits == ()


def test_a_file_longer_than_a_page_is_repaired_where_it_is_wrong(tmp_path: Path) -> None:
    files = SHIPPING.files
    padding = "".join(f"NUMBER_{number} = {number}\n" for number in range(250))
    tools = LocalToolbox(tmp_path, {**files, "program.py": padding + "\n" + files["program.py"]})
    proposal = repair(tools)
    assert proposal.edits[0]["near_line"] == 253
    tools.apply(proposal.edits[0])
    assert tools.briefing().failures == ()


def test_windows_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    files = {path: text.replace("\n", "\r\n") for path, text in SHIPPING.files.items()}
    tools = LocalToolbox(tmp_path, files)
    tools.apply(repair(tools).edits[0])
    assert (tmp_path / "program.py").read_bytes() == files["program.py"].replace("total > ", "total >= ").encode()


def test_line_numbers_of_the_base_tree_are_carried_over_to_the_tree_of_now(tmp_path: Path) -> None:
    tools = LocalToolbox(tmp_path, SHIPPING.files)
    before = tools.briefing()
    moved = "# one\n# two\n# three\n" + SHIPPING.files["program.py"]

    class TwoTrees(LocalToolbox):
        async def call(self, call: Call) -> Outcome:
            (tmp_path / "program.py").write_text(
                SHIPPING.files["program.py"] if call.arguments["tree"] == "base" else moved
            )
            return await super().call(call)

    briefing = Briefing("", "now", "base", before.failures, before.passing, before.coverage)
    proposal = asyncio.run(Builtin(seconds=100).edit(briefing, TwoTrees(tmp_path, {})))
    assert (proposal.edits[0]["search"], proposal.edits[0]["near_line"]) == ("    if total > threshold:\n", 5)


def test_a_sandbox_that_cannot_judge_is_not_taken_for_a_bug_that_cannot_be_repaired(tmp_path: Path) -> None:
    class Broken(LocalToolbox):
        async def call(self, call: Call) -> Outcome:
            if call.tool != "try_edits":
                return await super().call(call)
            results = [
                {"id": each["id"], "status": "error", "detail": "no such plugin"}
                for each in call.arguments["candidates"]
            ]
            return Outcome(call, True, "", {"results": results, "passing": [], "tried": len(results)})

    proposal = repair(Broken(tmp_path, SHIPPING.files))
    assert proposal.why == "The sandbox could not judge any change, so none is proposed: no such plugin"
