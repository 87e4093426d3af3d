"""How many runs there are at once, who waits, and who is told that it is full."""

import anyio
import pytest

from loopcutter_sandbox.admission import Admission, room
from loopcutter_sandbox.errors import Full

GIBIBYTE = 1 << 30


def test_as_many_runs_as_cores_and_memory_bear() -> None:
    assert room(2 * GIBIBYTE, cores=8, machine_bytes=64 * GIBIBYTE) == 8
    assert room(2 * GIBIBYTE, cores=8, machine_bytes=8 * GIBIBYTE) == 3
    assert room(2 * GIBIBYTE, cores=8, machine_bytes=1 * GIBIBYTE) == 1
    assert room(2 * GIBIBYTE) >= 1


@pytest.mark.anyio
async def test_those_who_wait_get_their_turn_in_the_order_they_came() -> None:
    admission, order = Admission(at_once=1), []

    async def come(number: int) -> None:
        async with admission:
            order.append(number)

    async with anyio.create_task_group() as tasks, admission:
        for number in range(5):
            tasks.start_soon(come, number)
            await anyio.wait_all_tasks_blocked()
        assert order == []
    assert order == [0, 1, 2, 3, 4]


@pytest.mark.anyio
async def test_who_would_wait_too_long_is_told_at_once() -> None:
    admission, ended = Admission(at_once=1, waiting_room=2), []

    async def come() -> None:
        async with admission:
            ended.append("ran")

    async with anyio.create_task_group() as tasks, admission:
        tasks.start_soon(come)
        tasks.start_soon(come)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(Full, match="1 runs are going on and 2 wait; ask again"):
            async with admission:
                ended.append("never")
    assert ended == ["ran", "ran"]


@pytest.mark.anyio
async def test_who_gives_up_waiting_leaves_its_place_to_others() -> None:
    admission = Admission(at_once=1, waiting_room=1)
    async with anyio.create_task_group() as tasks, admission:
        tasks.start_soon(admission.__aenter__)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    with anyio.fail_after(5):
        async with admission:
            assert admission.at_once == 1
