"""Quotes what others wrote, so that it stays data: issue, code, test output, earlier answers.

Two things could break out: our own closing mark, and the marks by which a model's chat template begins a turn, which
the server does not escape. Both are bent; code that comes back from the model is bent back.
"""

import re

from loopcutter_host.chat.cleaning import clean

_DOT = "·"
"""What bends a mark. It stands nowhere in code at these places, so bending can be undone."""
_OURS = re.compile(r"</(·?)data\b")
_TURN = re.compile(r"<([|\uff5c])(·?)(\w[\w ▁-]{0,40}?)(·?)([|\uff5c])>")
_MARKS = re.compile(r"<(/?)(·?)(start_of_turn|end_of_turn)>|\[(/?)(·?)INST\]")


def quoted(title: str, text: str) -> str:
    """`text` between marks that it can't close itself."""
    about = " ".join(bent(clean(title)).replace('"', "'").replace(">", "").split())  # paths stand in titles
    # Clean first: a character that is not seen could split one of the marks.
    return f'<data about="{about}">\n{bent(clean(text)).strip(chr(10))}\n</data>'


def bent(text: str) -> str:
    """`text` with every mark in it made harmless."""
    return _marked(text, _DOT)


def straight(text: str) -> str:
    """Undoes `bent`."""
    return _marked(text, "")


def _marked(text: str, dot: str) -> str:
    text = _OURS.sub(f"</{dot}data", text)
    text = _TURN.sub(rf"<\g<1>{dot}\g<3>{dot}\g<5>>", text)
    return _MARKS.sub(
        lambda mark: f"<{mark[1]}{dot}{mark[3]}>" if mark[3] else f"[{mark[4]}{dot}INST]",
        text,
    )
