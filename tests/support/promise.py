"""What the host promises of any model, put to the test by chance: prompts that fit, answers that end no run."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from loopcutter_host.chat.scripted import Script, Scripted
from loopcutter_host.dialogue import Dialogue, Exchange
from loopcutter_host.errors import ModelFailed
from loopcutter_host.model import Briefing
from support import wild
from support.library import Library

WINDOWS = (2048, 3072, 4096, 8192, 16_384, 32_768)
Step = Callable[[Briefing, Library], Awaitable[object]]


@dataclass
class Kept:
    """What became of many questions."""

    prompts: int = 0
    too_long: int = 0
    """Prompts with more tokens than the budget."""
    fullest: float = 0.0
    """The largest share of a budget that a prompt took."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """`used`, `refused` (the model failed, and the run goes on), or the name of an error that ended it."""
    flaws: Counter[str] = field(default_factory=Counter)

    def hear(self, exchange: Exchange, budget: int) -> None:
        self.prompts += 1
        self.too_long += exchange.estimate > budget
        self.fullest = max(self.fullest, exchange.estimate / budget)
        if exchange.flaw:
            self.flaws[exchange.flaw] += 1


async def put_to_the_test(seed: int, kept: Kept) -> None:
    """One round of all questions: any project, any state of a run, any window, and any answers."""
    chance = random.Random(seed)
    tools = wild.project(chance)
    briefing, window = wild.briefing(chance, tools), chance.choice(WINDOWS)
    budget = window - window // 4
    chat = Scripted(Script.model_validate(wild.script(chance, window)))
    dialogue = Dialogue(chat, listen=lambda exchange: kept.hear(exchange, budget))
    steps: tuple[Step, ...] = (
        dialogue.read_test, dialogue.plan, dialogue.edit, dialogue.reflect, dialogue.write_test
    )  # fmt: skip
    for ask in steps:
        try:
            await ask(briefing, tools)
            kept.outcomes["used"] += 1
        except ModelFailed:
            kept.outcomes["refused"] += 1
        except Exception as error:  # what no model may bring about
            kept.outcomes[f"{type(error).__name__}: {error}"[:200]] += 1
