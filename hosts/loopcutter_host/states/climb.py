"""Another approach: takes the next rung of the ladder and prepares what it needs, until one can be taken."""

from loopcutter_host import ladder
from loopcutter_host.case import Case
from loopcutter_host.locating import locate, untouched
from loopcutter_host.model import Place, Plan, Tester
from loopcutter_host.states.reproduce import observe
from loopcutter_host.table import Signal


async def climb(case: Case, wanted: str = "", said: str = "") -> Signal:
    """Take the rung `wanted`, else the next one; `said` is the guard's word on it. `GIVE_UP` when none is left."""
    while rung := ladder.next_rung(case.ladder, case.climbed, wanted):
        case.climbed.append(rung)
        case.rung, case.focus, case.observation = rung, None, ""
        case.directive = said if rung == wanted or not wanted else _what_failed(said)
        wanted = ""
        if await _prepared(case):
            place = f"`{case.focus.symbol or 'the module'}` in {case.focus.path}" if case.focus else ""
            case.directive = "\n".join(filter(None, [case.directive, ladder.words(rung, case.model.name, place)]))
            case.log.write("thought", model=case.model.name, text=f"another approach: {rung}", rung=rung)
            return Signal.REPLAN
    case.rung = ""
    case.ended_because = "every approach of the ladder was tried"
    return Signal.GIVE_UP


def _what_failed(said: str) -> str:
    """The guard's account of what was tried, without its demand for a rung that was taken already."""
    return "\n".join(line for line in said.splitlines() if line.startswith(("Stop:", "Tried:", "Result:")))


async def _prepared(case: Case) -> bool:
    """Whether the rung can be taken here; what it needs is made."""
    speaks = isinstance(case.model, Tester)
    match case.rung:
        case ladder.NEXT if speaks:
            case.focus = await _next_place(case)
            if case.focus is not None:
                where = f"{case.focus.symbol or 'the module'} in {case.focus.path}"
                case.plan = Plan(f"The fault may be in {where}: {case.focus.why}", (case.focus,))
            return case.focus is not None
        case ladder.REPRODUCE:
            case.observation = await observe(case)
            return bool(case.observation)
        case ladder.OTHER if case.second is not None and case.second is not case.model:
            case.log.write("thought", model=case.model.name, text=f"hands over to {case.second.name}")
            case.model = case.second
            return True
        case ladder.REPAIR:
            return hand_over(case) is Signal.REPLAN
    return True


async def _next_place(case: Case) -> Place | None:
    """The most suspicious place that nobody has touched; retrieval is asked for more when all known ones were."""
    known = untouched(case.places, case.attempts)
    if not known:
        await case.show_code()
        tried = {symbol for attempt in case.attempts for symbol in attempt.symbols}
        failures = case.briefing().failures
        further = await locate(case.tools, case.here.tree, case.issue, failures, tried=sorted(tried))
        known = untouched(further.places, case.attempts)
        case.places = (*case.places, *known)
    return next(iter(known), None)


def hand_over(case: Case) -> Signal:
    """Let the fallback try, if there is one that has not tried yet."""
    if case.fallback is None or case.fallback is case.model:
        return Signal.GIVE_UP
    case.log.write("thought", model=case.model.name, text=f"hands over to {case.fallback.name}")
    case.model, case.fallback = case.fallback, None
    return Signal.REPLAN
