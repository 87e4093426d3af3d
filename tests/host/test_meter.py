"""Limits: each ends a run with a sentence, and time that a run is held does not count."""

import asyncio

import pytest

from loopcutter_host.config import Limits
from loopcutter_host.errors import NotSolved
from loopcutter_host.meter import Meter, Spent


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_last_test_run_is_made_and_none_after_it() -> None:
    meter = Meter(Limits(test_runs=2))
    meter.count_test_run()
    meter.count_test_run()

    with pytest.raises(NotSolved, match="the limit of 2 test runs is reached"):
        meter.count_test_run()
    assert meter.spent.test_runs == 2


def test_an_answer_is_cut_where_the_tokens_end() -> None:
    meter = Meter(Limits(tokens=30))
    meter.begin_answer("why?")
    meter.hear("because ")

    with pytest.raises(NotSolved, match="the limit of 30 tokens is reached"):
        meter.hear("because " * 20)


def test_the_count_of_the_server_takes_the_place_of_the_estimate() -> None:
    meter = Meter(Limits(tokens=1000))
    meter.begin_answer("why?" * 100)
    meter.hear("because " * 10)
    meter.end_answer(17)

    assert meter.spent.tokens == 17


def test_what_an_earlier_host_spent_counts() -> None:
    meter = Meter(Limits(tokens=100, test_runs=3), Spent(60, 100, 3))

    with pytest.raises(NotSolved, match="100 tokens"):
        meter.begin_answer("more?")
    with pytest.raises(NotSolved, match="3 test runs"):
        meter.count_test_run()
    assert meter.spent.seconds >= 60


def test_the_time_of_a_pause_does_not_count() -> None:
    clock = Clock()
    meter = Meter(Limits(), clock=clock)
    clock.now = 5
    with meter.standing_still():
        clock.now = 500
    clock.now = 502

    assert meter.spent.seconds == 7


def test_what_is_under_way_is_cancelled_when_the_minutes_are_over() -> None:
    async def think_for_ever() -> None:
        meter = Meter(Limits(minutes=0.001))
        async with meter.limited_time():
            await asyncio.Event().wait()

    with pytest.raises(NotSolved, match=r"the limit of 0\.001 minutes is reached"):
        asyncio.run(think_for_ever())


def test_a_pause_outlasts_the_limit_and_what_is_left_counts_again_afterwards() -> None:
    async def pause_and_go_on() -> str:
        meter = Meter(Limits(minutes=0.002))
        async with meter.limited_time():
            with meter.standing_still():
                await asyncio.sleep(0.3)
            return "alive"

    assert asyncio.run(pause_and_go_on()) == "alive"


def test_a_timeout_of_something_else_is_not_taken_for_the_limit() -> None:
    async def fail() -> None:
        async with Meter(Limits()).limited_time():
            raise TimeoutError("a server")

    with pytest.raises(TimeoutError, match="a server"):
        asyncio.run(fail())
