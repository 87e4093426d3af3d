"""A veto holds until something really changes; the ladder is climbed; the end is bounded."""

from dataclasses import replace

from loopcutter_loopguard import events
from loopcutter_loopguard.events import Call, Outcome
from loopcutter_loopguard.judge import Judge
from loopcutter_loopguard.policy import default

LS = Call("", "shell", {"command": "cat tax.py"})
MISSING = Outcome(LS, False, "cat: tax.py: No such file or directory")


def attempt(judge: Judge, source: str, message: str = "assert 190 == 180") -> str:
    """One edit and one test run, unless the judge says no."""
    wanted = Call("vcs", "edit", {"edits": [{"path": "cart.py", "search": "return a - b", "replace": source}]})
    decision = judge.review(wanted).decision
    if decision in ("allow", "warn"):
        judge.record(Outcome(wanted, True, "edited", tree=f"tree of {source}", checkpoint=f"c {source}"))
        judge.record(Outcome(Call("sandbox", "run_tests"), False, message, tests=events.Tests(("a",), ("b",))))
    else:
        judge.record(Outcome(Call("vcs", "rollback"), True, "restored", tree="base"))
    return decision


def started(**changes: object) -> Judge:
    judge = Judge(replace(default(), **changes), ("fresh-context",))
    judge.record(Outcome(Call("vcs", "open"), True, "opened", tree="base", checkpoint="c0"))
    judge.record(Outcome(Call("sandbox", "run_tests"), False, "assert 190 == 180", tests=events.Tests(("a",), ("b",))))
    return judge


def test_a_stubborn_agent_is_stopped() -> None:
    judge = started()
    decisions = [attempt(judge, f"return a - b * {n}") for n in range(8)]
    assert decisions == ["allow", "warn", "rollback", "block", "stop", "stop", "stop", "stop"]


def test_more_patience_means_more_vetoes_before_the_next_rung() -> None:
    judge = started(patience=3)
    decisions = [attempt(judge, f"return a - b * {n}") for n in range(7)]
    assert decisions == ["allow", "warn", "rollback", "block", "block", "block", "stop"]


def test_another_idea_is_let_through_and_the_old_one_stays_vetoed() -> None:
    judge = started()
    for number in range(3):
        attempt(judge, f"return a - b * {number}")
    assert attempt(judge, "return max(a, b)") == "allow"
    judge.record(Outcome(Call("vcs", "rollback"), True, "restored", tree="base"))
    assert attempt(judge, "return a - b * 9") == "block"


def test_a_veto_is_lifted_when_the_failure_changes() -> None:
    judge = started()
    for number in range(3):
        attempt(judge, f"return a - b * {number}")
    judge.record(Outcome(Call("sandbox", "run_tests"), False, "KeyError: 'rate'", tests=events.Tests(("a",), ("b",))))
    assert attempt(judge, "return a - b * 9") in ("allow", "warn")


def test_the_greenest_checkpoint_is_the_one_to_go_back_to() -> None:
    judge = started()
    judge.record(Outcome(Call("vcs", "edit"), True, "edited", tree="better", checkpoint="c1"))
    judge.record(
        Outcome(Call("sandbox", "run_tests"), False, "x", tests=events.Tests(("a", "c"), ("b",)), tree="better")
    )
    judge.record(Outcome(Call("vcs", "edit"), True, "edited", tree="worse", checkpoint="c2"))
    judge.record(Outcome(Call("sandbox", "run_tests"), False, "x", tests=events.Tests((), ("a", "b")), tree="worse"))
    assert judge.history.checkpoints.best == "c1"


def test_a_vetoed_call_stays_vetoed_until_the_workspace_changes() -> None:
    judge = Judge(default())
    for _ in range(3):
        judge.review(LS)
        judge.record(MISSING)
    assert judge.review(LS).decision == "block"
    judge.record(Outcome(Call("", "write_file", {"path": "tax.py", "content": "RATE = 1"}), True, "written"))
    assert judge.review(LS).decision == "allow"


def test_one_reason_overrules_one_veto() -> None:
    judge = Judge(default())
    for _ in range(3):
        judge.record(MISSING)
    assert judge.review(LS, force="it is being made").decision == "allow"
    assert judge.review(LS, force="really").decision != "allow"


def test_a_loop_found_out_afterwards_is_answered_at_the_next_edit_of_that_place() -> None:
    judge = started()
    ideas = ("abs(a)", "max(a, b)", "sum([a, b])", "round(a)", "min(a, b)", "pow(a, b)")
    decisions = [attempt(judge, f"return {idea}") for idea in ideas]
    assert decisions == ["allow", "allow", "allow", "allow", "rollback", "allow"]


def test_after_a_change_of_approach_everything_may_be_looked_at_again() -> None:
    judge = started()
    look = Call("retrieval", "search", {"tree": "base", "query": "total"})
    for _ in range(2):
        judge.record(Outcome(look, True, "cart.py: total"))
    for number in range(3):
        attempt(judge, f"return a - b * {number}")
    assert judge.review(look).decision == "allow"
