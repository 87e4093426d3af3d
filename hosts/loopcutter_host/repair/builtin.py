"""The model `builtin`: repairs by template, needs no weights and no network, and says what it knows and no more."""

from dataclasses import dataclass, field

from loopcutter_host.model import Briefing, Plan, Proposal, Reflection
from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.patch import Lines, as_edit, changed_lines, in_words, lines_of_diff
from loopcutter_host.repair.search import Search
from loopcutter_host.repair.suspects import closed, suspects
from loopcutter_host.toolbox import Toolbox

_NO_FAILING_TEST = "No test fails, and without a failing test there is nothing to repair by: give one."
_NAMED = 3
"""Deciding tests that are named."""


@dataclass
class _Memory:
    """What was searched and proposed since a run began at its base tree."""

    searches: dict[str, Search] = field(default_factory=dict)
    proposed: set[Lines] = field(default_factory=set)


class Builtin:
    """Looks for a small change of one place that makes the failing tests pass."""

    name = "builtin"

    def __init__(self, seconds: float = 60, most: int = 100_000) -> None:
        self._seconds = seconds
        self._most = most
        """Candidates tried in one tree: the bound to use where results must not depend on how busy a machine is."""
        self._memories: dict[str, _Memory] = {}

    @property
    def needs_coverage(self) -> bool:
        """Suspicion comes from which lines the failing tests execute."""
        return True

    async def plan(self, briefing: Briefing, tools: Toolbox) -> Plan:
        """The most suspicious function and its hottest line."""
        if not briefing.failures:
            return Plan(_NO_FAILING_TEST)
        places = (await self._search(briefing, tools)).suspects.places(shut=closed(briefing))
        if not places:
            return Plan("The failing tests run through no Python code outside of tests, as far as coverage tells.")
        first = places[0]
        where = f"`{first.symbol}` in {first.path}" if first.symbol else first.path
        return Plan(f"The fault is most likely in {where}, around {first.why}.", places)

    async def edit(self, briefing: Briefing, tools: Toolbox) -> Proposal:
        """The best patch that passes and was not proposed before."""
        if not briefing.failures:
            return Proposal((), _NO_FAILING_TEST)
        search = await self._search(briefing, tools)
        fresh = self._fresh(briefing, search)
        if not fresh:
            search.passing.clear()
            await search.go_on(tools, self._seconds)
            fresh = self._fresh(briefing, search)
        if not fresh:
            return Proposal((), _nothing(search))
        best, *others = fresh
        source = search.suspects.sources[best.path]
        self._memory(briefing).proposed.add(changed_lines(best, source))
        words = in_words(best, source)
        tests = "the failing test" if len(briefing.failures) == 1 else f"all {len(briefing.failures)} failing tests"
        why = f"{words[0].upper()}{words[1:]}: passes {tests} ({_count(search.tried, 'candidate')} tried)."
        why += _decided(best, search, briefing)
        if told := search.differences.get(best):
            why += f" The tests do not decide between it and another: {told}."
        alternatives = tuple(_told(each, search) for each in others)
        return Proposal((as_edit(best, source),), why, alternatives)

    async def reflect(self, briefing: Briefing, tools: Toolbox) -> Reflection:
        """Whether there is anything left to try."""
        if not briefing.failures:
            return Reflection(_NO_FAILING_TEST, "stop")
        search = await self._search(briefing, tools)
        if self._fresh(briefing, search):
            return Reflection("The patch passed the failing tests but not the whole suite; others passed too.", "edit")
        if search.exhausted or (search.tried and not search.passing):
            return Reflection(_nothing(search), "stop")
        return Reflection("The patch passed the failing tests but not the whole suite; candidates are left.", "edit")

    def _memory(self, briefing: Briefing) -> _Memory:
        return self._memories.setdefault(briefing.base_tree, _Memory())

    async def _search(self, briefing: Briefing, tools: Toolbox) -> Search:
        searches = self._memory(briefing).searches
        # A word of the user changes what is suspected, a closed place what may be changed.
        looked_at = "\n".join((briefing.tree, *briefing.words, *sorted(closed(briefing))))
        if looked_at not in searches:
            searches[looked_at] = Search(briefing, await suspects(briefing, tools), self._most)
        return searches[looked_at]

    def _fresh(self, briefing: Briefing, search: Search) -> list[Candidate]:
        """What passed and was not proposed yet, be it in this process or in an attempt on record."""
        old = self._memory(briefing).proposed | {
            lines for attempt in briefing.attempts for lines in lines_of_diff(attempt.diff)
        }
        return [each for each in search.passing if changed_lines(each, search.suspects.sources[each.path]) not in old]


def _decided(candidate: Candidate, search: Search, briefing: Briefing) -> str:
    """Which tests decide: those that run through the changed line. All others say nothing about it."""
    line = search.suspects.sources[candidate.path].line_at(candidate.start)
    failing = list(dict.fromkeys(each.test for each in briefing.failures))
    known = [*failing, *(test for test in briefing.passing if test in briefing.coverage)]
    through = [test for test in known if line in briefing.coverage.get(test, {}).get(candidate.path, ())]
    if briefing.tree != briefing.base_tree or not through:
        return ""
    names = ", ".join(f"`{test.rpartition('::')[2]}`" for test in through[:_NAMED])
    more = f" and {len(through) - _NAMED} more" if len(through) > _NAMED else ""
    return f" Only what runs through that line decides: {names}{more}."


def _told(candidate: Candidate, search: Search) -> str:
    """A patch in words, with an input that tells it from another."""
    words = in_words(candidate, search.suspects.sources[candidate.path])
    told = search.differences.get(candidate)
    return f"{words}; {told}" if told else words


def _nothing(search: Search) -> str:
    if search.trouble:
        return f"The sandbox could not judge any change, so none is proposed: {search.trouble}"
    what = f"None of {_count(search.tried, 'small change')} made the failing tests pass"
    if search.regressions:
        tried = _count(search.tried, "small change")
        what = f"Of {tried} only {search.regressions} made the failing tests pass, and broke others"
    return f"{what}; {'no more are left' if search.exhausted else 'the time for trying is over'}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
