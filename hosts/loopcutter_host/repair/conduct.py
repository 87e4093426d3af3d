"""How a passing patch behaves on inputs that no test has, beside the code as it was.

A repair changes little where the code was right: on inputs like those of tests that passed it mostly gives the answers
that the code gave before, while a patch that just lets the tests pass breaks more there. (As PATCH-SIM: Xiong et al.,
ICSE 2018, who compare traces; here answers are compared.) What is like the failing tests counts too, but less: there,
most changes are wanted. The exponents were set by eye on 22 wrong patches; half or twice of each changes little.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SEEN = re.compile(r"seen: ([-=!~\w. ]+)")
_MARK = re.compile(r"[-=!]|~[\w.]{2}")
_SURE = 14.0
"""Exponent of the share of answers kept where the tests passed before."""
_UNSURE = 2.0
"""The same where the test failed before."""
_DOUBT = 20
"""Answers that count as kept before any was seen: a few made inputs say little."""
_NEAR = 15
"""Inputs of a call that are so like the real one that to refuse them says something."""
_HASHED = 0.2
"""Factor for a patch whose answers may depend on the order of a set: the sandbox fixes the seed of hashes, so that no
test sees it."""
_ORDERED, _UNORDERED = re.compile(r"\b(sorted|reversed)\b"), re.compile(r"\b(frozen)?set\b")


@dataclass(frozen=True)
class Conduct:
    """What a patch did: for each call that a test made, a mark for each input made of it, the real one first."""

    calls: tuple[tuple[str, ...], ...]

    @property
    def answers(self) -> int:
        """To how many inputs anything was answered."""
        return sum(mark != "-" for marks in self.calls for mark in marks)

    @property
    def cures(self) -> bool:
        """Whether any call that a test made is answered otherwise than before."""
        return any(marks[0] not in "=-" for marks in self.calls)

    def credit(self, *, wanted: bool = True) -> float:
        """A factor for the patch, 1 for one that changes no answer; `wanted`: changes where it cures count too."""
        sure = [mark for marks in self.calls for mark in marks if marks[0] in "=-"]
        unsure = [mark for marks in self.calls for mark in marks if marks[0] not in "=-"]
        return float(_kept(sure) ** _SURE * (_kept(unsure) ** _UNSURE if wanted else 1))

    def agrees(self, other: "Conduct") -> bool:
        """Whether both gave the same answers to all inputs; what one of them refuses counts only near a real input."""
        if not self.answers or not other.answers:
            return False
        for mine, its in zip(self.calls, other.calls, strict=False):
            for step, (one, two) in enumerate(zip(mine, its, strict=False)):
                if one != two and (step <= _NEAR or not {one, two} & {"-", "!"}):
                    return False
        return True


def conduct(detail: str) -> Conduct | None:
    """What was told by `duel.record`; None when it was something else."""
    match = _SEEN.search(detail)
    if match is None:
        return None
    calls = tuple(tuple(_MARK.findall(word)) for word in match.group(1).split())
    return Conduct(tuple(marks for marks in calls if marks))


def order_kept(old: str, new: str) -> float:
    """A factor for a patch that puts `new` in the place of `old`: less than 1 where an order is given up for a set."""
    return _HASHED if _ORDERED.search(old) and not _ORDERED.search(new) and _UNORDERED.search(new) else 1.0


def agreeing(seen: Mapping[int, Conduct]) -> set[tuple[int, int]]:
    """The pairs of numbers whose conduct is the same."""
    return {(one, other) for one in seen for other in seen if one < other and seen[one].agrees(seen[other])}


def _kept(marks: list[str]) -> float:
    told = [mark for mark in marks if mark != "-"]
    return (sum(mark == "=" for mark in told) + _DOUBT) / (len(told) + _DOUBT)
