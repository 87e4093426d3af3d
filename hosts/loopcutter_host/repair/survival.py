"""How likely a passing test that runs through a change still passes: a change that breaks it can't be the repair.

The shares were counted on 12,500 candidates for the 62 small programs of `benchmarks/repair`, each run against up to
three tests that passed before and ran through the changed line. They say how drastic a kind of change is, not which
one was right. Where no test passes, nothing speaks against a drastic change.
"""

from loopcutter_host.repair.candidate import Candidate

_MEAN = 0.37
_WEIGHT = 0.7
"""Exponent for each passing test."""
_MOST = 2
"""Passing tests that count: what the first two let through, the others mostly do as well."""
_SHARES = {
    "argument": 0.32,
    "arithmetic": 0.41,
    "attribute": 0.17,
    "boolean": 0.48,
    "call": 0.24,
    "comparison": 0.63,
    "condition": 0.63,
    "constant": 0.54,
    "expression": 0.3,
    "flow": 0.67,
    "guard": 0.52,
    "initial-value": 0.24,
    "name": 0.25,
    "off-by-one": 0.44,
    "return": 0.25,
    "slice": 0.37,
    "statement": 0.38,
}
_INSERTED = _SHARES | {"guard": 0.86}
_REMOVED = _SHARES | {"statement": 0.16}
_TURNED = _SHARES | {"comparison": 0.32, "boolean": 0.22}
_OPPOSITES = [{"==", "!="}, {"<", ">="}, {"<=", ">"}, {"<", ">"}, {"<=", ">="}, {"in", "not in"}, {"is", "is not"}]


def survival(candidate: Candidate, old: str, passing: int) -> float:
    """A factor for a candidate that replaces `old`, where `passing` tests run through its line; 1 for the mean."""
    old, new = old.strip(), candidate.text.strip()
    shares = _SHARES
    if not old:
        shares = _INSERTED
    elif new in ("", "pass"):
        shares = _REMOVED
    elif {old, new} in _OPPOSITES or old == f"not {new}" or new in (f"not {old}", f"not ({old})"):
        shares = _TURNED
    return float((shares.get(candidate.template, _MEAN) / _MEAN) ** (_WEIGHT * min(passing, _MOST)))
