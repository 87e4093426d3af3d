"""What a run remembers, and that it stays bounded."""

from loopcutter_loopguard.events import Call, Outcome
from loopcutter_loopguard.judge import Judge
from loopcutter_loopguard.policy import default
from loopcutter_loopguard.workspace import REMEMBERED, Bounded


def test_memory_is_bounded_in_an_endless_run() -> None:
    judge = Judge(default())
    for number in range(3000):
        call = Call("", "shell", {"command": f"cat file{number}.py"})
        judge.review(call)
        judge.record(Outcome(call, True, f"line {number}", tree=f"t{number}", checkpoint=f"c{number}"))
    history = judge.history
    assert history.total == 3000
    assert len(history.steps) == default().memory
    assert len(history.attempts) <= 128


def test_a_bounded_dictionary_forgets_its_oldest_entries() -> None:
    kept: Bounded[int, int] = Bounded()
    for number in range(REMEMBERED + 10):
        kept[number] = number
    assert (len(kept), next(iter(kept))) == (REMEMBERED, 10)


def test_a_tree_that_was_there_before_is_the_state_it_was_then() -> None:
    judge = Judge(default())
    states = []
    for tree in ("a", "b", "a", "c", "b"):
        edit = Call("", "write_file", {"path": "x.py", "content": f"{tree} {len(states)}"})
        judge.record(Outcome(edit, True, "written", tree=tree))
        states.append(judge.history.workspace.state)
    assert states[0] == states[2]
    assert states[1] == states[4]
    assert len(set(states)) == 3


def test_huge_outputs_and_arguments_are_taken_in_pieces() -> None:
    judge = Judge(default())
    call = Call("", "write_file", {"path": "x.py", "content": "x = 1\n" * 300_000})
    assert judge.review(call).decision == "allow"
    assert judge.record(Outcome(call, True, "y" * 5_000_000)).verdict.decision == "allow"
