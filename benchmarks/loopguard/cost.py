"""What one review and one record cost, and whether that stays so in a long run."""

import time
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

from score import Row, quantile

from loopcutter_loopguard.judge import Judge
from loopcutter_loopguard.policy import default
from loopcutter_loopguard.replay import outcome_of

STEPS = 10_000


def cost(recordings: Sequence[list[dict[str, Any]]]) -> list[Row]:
    """Milliseconds of `review` and `record` together over one run of ten thousand steps."""
    events = [event for recording in recordings for event in recording]
    judge = Judge(default())
    took: list[float] = []
    for number, event in enumerate(islice(cycle(events), STEPS)):
        # Another folder each time round, so that nothing is answered from memory.
        outcome, text = outcome_of({**event, "args": {**_arguments(event), "round": number // len(events)}})
        begin = time.thread_time()  # the processor's time: what else the machine does must not count
        judge.review(outcome.call, text)
        judge.record(outcome, text)
        took.append(1000 * (time.thread_time() - begin))
    first, last = sorted(took[: STEPS // 10]), sorted(took[-STEPS // 10 :])
    every = sorted(took)
    return [
        Row.figure("one review and one record, processor time, median", quantile(every, 0.5), 1, "ms"),
        Row.figure("one review and one record, processor time, p99", quantile(every, 0.99), 5, "ms"),
        Row.figure(
            "last tenth of 10,000 steps against the first, medians",
            quantile(last, 0.5) / quantile(first, 0.5),
            1.5,
            "times",
        ),
    ]


def _arguments(event: dict[str, Any]) -> dict[str, Any]:
    arguments = event.get("args")
    return arguments if isinstance(arguments, dict) else {}
