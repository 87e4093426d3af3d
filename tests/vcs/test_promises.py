"""Whatever the user does in between and wherever an operation is killed: the user's work stays, checkpoints stay."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test as run
from support.mortal import Death, mortals
from support.ordeal import Ordeal
from support.serving import TOKEN, launch

from loopcutter_snapshots import ObjectStore

QUICK = settings(
    max_examples=4,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a kill by time does not come at the same place again, so nothing can be shrunk
    suppress_health_check=list(HealthCheck),
)


OPERATIONS: dict[str, Callable[[Ordeal, Death], None]] = {
    "open": lambda ordeal, death: ordeal.open(True, death, death.alone),
    "edit": lambda ordeal, death: ordeal.edit(death, death.alone, ordeal.number, 0),
    "checkpoint": lambda ordeal, death: ordeal.checkpoint(death, death.alone, {"hand.txt": str(death)}, 0),
    "rollback": lambda ordeal, death: ordeal.roll_back(death, death.alone, {"hand.txt": str(death)}, 0, 0),
    "finish": lambda ordeal, death: ordeal.keep_house("finish", death, 0),
    "gc": lambda ordeal, death: ordeal.keep_house("gc", death, 0),
    "publish": lambda ordeal, death: ordeal.keep_house("publish", death, 0),
    "apply": lambda ordeal, death: ordeal.apply(death, None, None, 0),
    "branch": lambda ordeal, death: ordeal.apply_to_a_branch(death, None, 0),
}


@pytest.fixture
def ordeal(tmp_path: Path) -> Iterator[type[Ordeal]]:
    """The state machine, with a program to fork servers from and a server that snapshots are sent to."""
    received = tmp_path / "received.git"
    receiver = launch("--store", str(received), LOOPCUTTER_SERVED_TOKEN=TOKEN)
    with receiver.process as process, mortals() as program:
        Ordeal.program = program
        Ordeal.receiver = receiver.url, ObjectStore(received)
        yield Ordeal
        process.kill()


@pytest.mark.timeout(300)
def test_nothing_is_lost_whatever_is_killed(ordeal: type[Ordeal]) -> None:
    run(ordeal, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.timeout(300)
def test_every_operation_may_die_early_and_late(ordeal: type[Ordeal]) -> None:
    machine = ordeal()
    machine.begin(files=True)
    for operation in ("checkpoint", "open", "publish", "apply", "branch", "edit", "rollback", "gc"):
        for share in (0.3, 0.6, 0.9):
            machine.edit(None, False, machine.number, 0)
            OPERATIONS[operation](machine, Death("call", share))
    machine.teardown()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(6))
def test_nothing_is_lost_whatever_is_killed_many_times_over(ordeal: type[Ordeal], part: int) -> None:
    many = settings(QUICK, max_examples=40, stateful_step_count=25, derandomize=False, print_blob=True)
    run(ordeal, settings=many)  # type: ignore[no-untyped-call]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_may_die_at_any_of_its_steps(ordeal: type[Ordeal], operation: str) -> None:
    moments = 40
    for moment in range(moments + 1):
        machine = ordeal()
        machine.begin(files=moment % 2 == 0)
        machine.edit(None, False, moment, 0)
        OPERATIONS[operation](machine, Death("call", moment / moments, alone=moment % 3 == 0))
        machine.no_lock_is_left_with_the_user()
        machine.teardown()
