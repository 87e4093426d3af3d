"""Takes a query apart: its title, what it says in sentences, the code it quotes, and what is only form.

Issues are written into forms and end in lists of versions; `numpy: 1.17.3` is no hint at numpy. Sentences and quoted
code use words differently, so that each is worth a number of its own.
"""

import re
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(```|~~~)")
_CODE = re.compile(r"    |\t|>>> |\.\.\. |In \[\d+\]")
_TRACE = re.compile(r"\s{0,20}(File \"[^\"]{1,400}\", line \d|[>\w./\\@+-]{1,300}\.py:\d+:|Traceback \(most recent)")
"""Lines of a stack trace are no sentences: that a path holds a word says nothing about what is wrong there."""
_TICKED = re.compile(r"`([^`\n]{1,300})`")
_LINK = re.compile(r"https?://\S+")
_VERSION = re.compile(
    r"[\s*#-]*[\w .()/-]{1,40}?\s*[:=]{1,2}\s*['\"v]?\d+(\.\d+)+\S*.*$"
    r"|[\s*#-]*(python|numpy|scipy|pandas|matplotlib|os|linux|windows|macos|platform|machine|processor|system|bits"
    r"|byteorder|lc_all|lang|locale|pip|setuptools|cython|conda)\b[^.]{0,60}(\d+\.\d+|none|unknown|utf-8)",
    re.IGNORECASE,
)
_LONGEST_VERSION = 200
"""Characters of a line that tells a version."""


@dataclass(frozen=True)
class Sections:
    """The parts of a query. What is ticked within a sentence is both said and quoted."""

    title: str
    said: str
    """Sentences, the title among them."""
    quoted: str
    """Code: fenced, indented, ticked."""

    whole: str
    """All but forms and versions."""


def sections(text: str) -> Sections:
    """The parts of any text; costs no more than a few looks at each character."""
    said: list[str] = []
    quoted: list[str] = []
    fence = ""
    for line in _LINK.sub(" ", _without_comments(text)).split("\n"):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        elif len(line) < _LONGEST_VERSION and _VERSION.match(line):
            continue
        elif fence or _CODE.match(line) or _TRACE.match(line):
            quoted.append(line)
        else:
            said.append(line)
    sentences, code = "\n".join(said), "\n".join(quoted)
    title = text.strip().partition("\n")[0][:300]
    if _TRACE.match(title):
        title = ""
    ticked = "\n".join(_TICKED.findall(sentences))
    return Sections(title, sentences, f"{code}\n{ticked}", f"{sentences}\n{code}")


def _without_comments(text: str) -> str:
    """Without `<!-- … -->`, in which forms tell what to write."""
    first, *others = text.split("<!--")
    return " ".join([first, *(other.partition("-->")[2] for other in others)])
