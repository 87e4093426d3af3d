"""A language model in the role of `Model`: over real HTTP, with a server that answers from a script."""

import asyncio
from dataclasses import replace

from support.cart import BRIEFING, EDIT, FAILED, PLAN, PLANNED, SYMBOL_EDIT, ask_reflection, library
from support.ollama_server import OllamaServer

from loopcutter_host.chat.scripted import Script, Scripted
from loopcutter_host.dialogue import Dialogue
from loopcutter_host.model import Model, Proposal, Reflection


def test_reflection_is_read_from_json() -> None:
    server = OllamaServer(['```json\n{"lesson": "one is not enough", "next": "plan"}\n```'])
    assert ask_reflection(server, replace(PLANNED, attempts=(FAILED,))) == Reflection("one is not enough", "plan")
    assert server.chats[0]["format"]["properties"]["next"]["enum"] == ["edit", "plan", "stop"]


def test_scripted_agent_repeats_itself_for_ever() -> None:
    stubborn: Model = Dialogue(Scripted(Script.model_validate({"name": "stubborn", "plan": [PLAN], "edit": [EDIT]})))

    async def thrice() -> list[Proposal]:
        planned = replace(BRIEFING, plan=await stubborn.plan(BRIEFING, library()))
        return [await stubborn.edit(planned, library()) for _ in range(3)]

    assert asyncio.run(thrice()) == [Proposal((SYMBOL_EDIT,), "I multiply by the quantity.")] * 3
    assert (stubborn.name, stubborn.needs_coverage) == ("scripted:stubborn", False)
