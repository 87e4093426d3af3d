"""Draws the figures of an evaluation as SVG: for each method a line of hits over depths, with its interval."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT, _LEFT, _TOP = 420, 300, 60, 40
_COLOURS = ("#888888", "#3b74b8", "#c0392b", "#2e8b57")


def svg(summary: Mapping[str, Any]) -> str:
    """The figures of `evaluation.summary`: files at the left, functions at the right. Needs nothing but a browser."""
    panels = [
        "".join(_panel(summary, what, at * (_WIDTH + 2 * _LEFT) + _LEFT))
        for at, what in enumerate(("files", "functions"))
    ]
    size = f'width="{2 * _WIDTH + 4 * _LEFT}" height="{_HEIGHT + 2 * _TOP}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    paper = '<rect width="100%" height="100%" fill="white"/>'
    return "".join([opening, paper, *panels, "</svg>\n"])


def _panel(summary: Mapping[str, Any], what: str, left: float) -> Iterator[str]:
    methods = summary["methods"]
    accuracy = next(iter(methods.values()))[what].accuracy
    depths, issues = list(accuracy), max((share.of for share in accuracy.values()), default=0)
    across = {depth: left + _WIDTH * (at + 0.5) / len(depths) for at, depth in enumerate(depths)}
    yield _text(left, _TOP / 2, f"{what}: all that is right is among the first …, percent of {issues} issues")
    for percent in range(0, 101, 20):
        y = _y(percent)
        yield f'<path d="M{left} {y}h{_WIDTH}" stroke="#ddd"/>' + _text(left - 30, y + 4, str(percent))
    for depth, x in across.items():
        yield _text(x - 8, _TOP + _HEIGHT + 16, depth)
    for number, (method, found) in enumerate(methods.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        shares = [(across[depth] + 6 * (number - 1), share) for depth, share in found[what].accuracy.items()]
        line = " ".join(f"{x:.1f},{_y(share.percent):.1f}" for x, share in shares)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, share in shares:
            yield f'<path d="M{x:.1f} {_y(share.low):.1f}V{_y(share.high):.1f}" stroke="{colour}"/>'
        yield _text(left + _WIDTH - 70, _TOP + _HEIGHT - 12 - 16 * number, method, colour)


def _y(percent: float) -> float:
    return _TOP + _HEIGHT * (1 - percent / 100)


def _text(x: float, y: float, words: str, colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(words)}</text>'
