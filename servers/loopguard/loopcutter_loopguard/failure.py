"""The signature of a failure: what went wrong, told apart from how it was said this time."""

import re

from loopcutter_loopguard.events import Tests
from loopcutter_loopguard.scrub import clip, scrub

_TELLING = re.compile(
    r"^(?:E\s{2,}\S.*|\w*[\w.]*(?:Error|Exception|Warning|Exit|Interrupt)\b.*|.*\berror(?:\[\w+\])?: "
    r".*|.*\bERROR\b.*|.*\bFAIL(?:ED|URE)?\b.*"
    r"|.*\b(?:not found|No such file|cannot find|can't find|does not exist|Permission denied|is not "
    r"recognized|unexpected|undefined"
    r"|Unauthorized|Forbidden|refused|timed out|[Nn]o match\w*|[Uu]nknown|[Ii]nvalid|[Ff]ailed|[Cc]annot)\b.*)$",
    re.M,
)
_BOOKKEEPING = re.compile(r"=+ .*(?:passed|failed|error).*=+|\d+ (?:passed|failed)|^Ran \d+ tests?|short test summary")
_TRANSIENT = re.compile(
    r"timed? ?out|temporar(?:y|ily)|\b(?:429|502|503|504)\b|rate limit|too many requests|connection "
    r"(?:reset|aborted|refused)"
    r"|try again later|unavailable|EAGAIN|ETIMEDOUT|ECONNRESET|deadlock|could not get lock|resource busy",
    re.I,
)
_PERMANENT = re.compile(
    r"Name or service not known|No matching distribution|ENOTFOUND|could not resolve|nodename nor servname", re.I
)
_CAUSE = re.compile(
    r"command not found|permission denied|unauthorized|forbidden|\b40[134]\b|No module named"
    r"|ImportError|cannot import|No such file"
    r"|not found|does not exist|syntax ?error|incomplete input|unterminated|not recognized|quota"
    r"|credential|could not resolve"
    r"|Name or service|refused|read-only|not installed|not permitted|Invalid|missing|unable to locate"
    r"|installation candidate|unmet dependenc",
    re.I,
)
_GOING_ON = re.compile(
    r"\b(?:running|pending|queued|in[_ -]?progress|waiting|starting|started|building|deploying"
    r"|provisioning|processing|creating"
    r"|initiali[sz]ing|scheduled|not ready|still|active|ongoing|loading|updating|downloading|training|syncing)\b",
    re.I,
)
_ENDS = (
    r"(?:failed|failure|done|completed?|succeeded|success(?:ful)?|cancell?ed|finished|exited|error(?:ed)?|aborted"
    r"|terminated|dead|crashed|stopped|killed)"
)
_OVER = re.compile(rf"\b{_ENDS}\b", re.I)
_STATE_OVER = re.compile(rf"\b(?:state|status|phase|conclusion|result)\b\W{{1,4}}{_ENDS}\b", re.I)
_SHORT = 600
"""Characters of an answer that may be the state of something."""


def signature(text: str, tests: Tests | None) -> str:
    """What went wrong, the same however long it took and wherever things lay in memory; empty when nothing did."""
    lines = list(dict.fromkeys(line for line in _TELLING.findall(clip(text, 5_000)) if not _BOOKKEEPING.search(line)))
    said = scrub("\n".join(lines[-6:])) if lines else scrub(text[-400:])
    if tests is None:
        return said
    # Which tests fail is known by name; how many were run beside them is chance.
    said = _COUNTS.sub("", said)
    return "\n".join([*sorted({*tests.failed, *tests.errors})[:200], said])


_COUNTS = re.compile(
    r"\b\d+ (?:of \d+ )?(?:tests? )?(?:pass(?:ed|es)?|fail(?:ed|s)?|errors?|skipped|deselected)\b[,:]? ?"
)


def is_transient(text: str) -> bool:
    """Whether the failure may pass by itself."""
    tail = text[:1000] + text[-1000:]
    return bool(_TRANSIENT.search(tail)) and not _PERMANENT.search(tail)


def names_a_cause(complaint: str) -> bool:
    """Whether a refusal says what stands in the way whatever is asked for: then other arguments are in vain."""
    return bool(_CAUSE.search(complaint))


def is_going_on(text: str) -> bool:
    """Whether a short answer says that something is still under way."""
    return len(text) <= _SHORT and bool(_GOING_ON.search(text)) and not _OVER.search(text)


def is_over(text: str) -> bool:
    """Whether an answer gives a state, and the state is an end, a good or a bad one."""
    if _STATE_OVER.search(text[-_SHORT:]):
        return True
    return len(text.split()) <= 3 and bool(_OVER.search(text)) and not _GOING_ON.search(text)


_RUN = re.compile(r"Failing tests|Tests run:|running (?:the )?tests|result of running|\b\d+ (?:failed|passed)\b", re.I)


def shows_a_run(text: str) -> bool:
    """Whether the text shows what a program did, rather than why nothing was done."""
    return bool(_RUN.search(text[:2000] + text[-2000:]))


_FAILED_ALL_THE_SAME = re.compile(
    r"^E: |^Error[: ]|^fatal: |command not found|has no installation candidate|unmet dependencies"
    r"|Permission denied|^Usage: ",
    re.M,
)


def reads_as_failure(text: str) -> bool:
    """Whether a text tells of a failure that no exit code told of."""
    return bool(_FAILED_ALL_THE_SAME.search(text[-1500:]))
