"""A recording as a picture: one mark a step, where the loop began, when it was flagged, what was wasted."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from loopcutter_loopguard.replay import STRICTNESS, Judged, Summary
from loopcutter_loopguard.scrub import readable

_LANES = ("edit", "test", "run", "search", "read", "other", "prose")
_LANE_OF = {"switch": "edit", "list": "read", "wait": "run", "user": "prose", "condense": "prose"}
_COLOURS = {"allow": "#4c8c6b", "warn": "#d9a21b", "block": "#c2452d", "rollback": "#9b2c6f", "stop": "#2b2b2b"}
_WIDTH, _LEFT, _TOP, _LANE = 1000, 70, 46, 20
_STYLE = "font-family:system-ui,sans-serif;font-size:11px;fill:#333"


def timeline(steps: Sequence[Judged], summary: Summary, title: str) -> str:
    """The picture as SVG."""
    cell = min(16.0, (_WIDTH - _LEFT - 20) / max(1, len(steps)))
    bottom = _TOP + _LANE * len(_LANES)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {bottom + 58}" role="img" style="{_STYLE}">',
        f"<title>{_plain(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{_LEFT}" y="18" style="font-size:13px;font-weight:600">{_plain(title)}</text>',
        *_story(summary, cell, bottom),
        *(_lane(number, name) for number, name in enumerate(_LANES)),
        *(_mark(step, cell) for step in steps),
        *_legend(bottom),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return escape(readable(text[:500]))


def _x(step: float, cell: float) -> float:
    return _LEFT + step * cell


def _story(summary: Summary, cell: float, bottom: int) -> list[str]:
    """The stretch in which the loop built up, and the one after the flag."""
    if summary.first_flag < 0:
        return [f'<text x="{_LEFT}" y="36">{summary.steps} steps, nothing flagged</text>']
    begin, flag, end = (_x(step, cell) for step in (summary.begins, summary.first_flag, summary.steps))
    height = bottom - _TOP
    words = (
        f"{summary.kind}: begins at step {summary.begins}, flagged at step {summary.first_flag} ({summary.decision}), "
        f"{summary.wasted_steps} of {summary.steps} steps wasted"
    )
    return [
        f'<rect x="{begin:.1f}" y="{_TOP}" width="{max(1.0, flag - begin):.1f}" height="{height}" fill="#fbeec4"/>',
        f'<rect x="{flag:.1f}" y="{_TOP}" width="{max(1.0, end - flag):.1f}" height="{height}" fill="#f6dcd6"/>',
        f'<line x1="{flag:.1f}" y1="{_TOP - 4}" x2="{flag:.1f}" y2="{bottom + 4}" stroke="#c2452d" '
        f'stroke-width="1.5"/>',
        f'<text x="{_LEFT}" y="36">{escape(words)}</text>',
    ]


def _lane(number: int, name: str) -> str:
    y = _TOP + number * _LANE + _LANE / 2
    line = f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - 20}" y2="{y}" stroke="#ddd"/>'
    return f'{line}<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{name}</text>'


def _mark(step: Judged, cell: float) -> str:
    lane = _LANES.index(_LANE_OF.get(step.does, step.does if step.does in _LANES else "other"))
    size = max(0.8, min(cell - 1, 11.0))
    x, y = _x(step.step, cell), _TOP + lane * _LANE + (_LANE - 11) / 2
    colour = _COLOURS[step.verdict.decision]
    # A hollow mark is a step that failed.
    paint = f'fill="{colour}"' if step.ok else f'fill="#fff" stroke="{colour}" stroke-width="1.6"'
    words = f"step {step.step}: {step.tool or 'prose'}, {step.verdict.decision}"
    if STRICTNESS[step.verdict.decision]:
        words += f", {step.verdict.reason}"
    box = f'x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="11" rx="2"'
    return f"<rect {box} {paint}><title>{_plain(words)}</title></rect>"


def _legend(bottom: int) -> list[str]:
    parts = []
    for number, (decision, colour) in enumerate(_COLOURS.items()):
        x = _LEFT + number * 90
        parts.append(f'<rect x="{x}" y="{bottom + 18}" width="11" height="11" rx="2" fill="{colour}"/>')
        parts.append(f'<text x="{x + 16}" y="{bottom + 28}">{decision}</text>')
    parts.append(
        f'<text x="{_LEFT + 470}" y="{bottom + 28}">hollow: the step failed · yellow: building up · '
        f"red: after the flag</text>"
    )
    return parts
