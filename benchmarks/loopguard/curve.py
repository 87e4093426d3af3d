"""Draws precision and recall against the threshold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 360, 60, 40, 610, 300
_LOWEST = 0.5


@dataclass(frozen=True)
class Point:
    """What one threshold gives."""

    threshold: int
    precision: float
    recall: float


def curve(points: Sequence[Point], chosen: int) -> str:
    """The picture as SVG."""
    x = {point.threshold: _LEFT + n * (_RIGHT - _LEFT) / (len(points) - 1) for n, point in enumerate(points)}

    def y(share: float) -> float:
        return _BOTTOM - (max(share, _LOWEST) - _LOWEST) / (1 - _LOWEST) * (_BOTTOM - _TOP)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'style="font-family:system-ui,sans-serif;font-size:12px;fill:#333">',
        "<title>Precision and recall against the threshold</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" style="font-size:14px;font-weight:600">Attempts before a veto: what '
        f"is caught, what is right</text>",
    ]
    for tenth in range(5, 11):
        level = y(tenth / 10)
        lines.append(f'<line x1="{_LEFT}" y1="{level:.1f}" x2="{_RIGHT}" y2="{level:.1f}" stroke="#e2e2e2"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{level + 4:.1f}" text-anchor="end">{tenth / 10:.1f}</text>')
    lines.append(
        f'<line x1="{x[chosen]:.1f}" y1="{_TOP}" x2="{x[chosen]:.1f}" y2="{_BOTTOM}" stroke="#999" '
        f'stroke-dasharray="4 4"/>'
    )
    lines.append(f'<text x="{x[chosen] + 6:.1f}" y="{_BOTTOM - 8}">default</text>')
    lines += [
        f'<text x="{at:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{threshold}</text>' for threshold, at in x.items()
    ]
    lines.append(f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 42}" text-anchor="middle">threshold</text>')
    lines += _series(points, x, y, "precision", "#31688e", lambda point: point.precision)
    lines += _series(points, x, y, "recall", "#c2452d", lambda point: point.recall)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _series(
    points: Sequence[Point],
    x: dict[int, float],
    y: Callable[[float], float],
    name: str,
    colour: str,
    share: Callable[[Point], float],
) -> list[str]:
    path = " ".join(f"{x[point.threshold]:.1f},{y(share(point)):.1f}" for point in points)
    last = points[-1]
    dots = [
        f'<circle cx="{x[p.threshold]:.1f}" cy="{y(share(p)):.1f}" r="3.5" fill="{colour}">'
        f"<title>{share(p):.3f}</title></circle>"
        for p in points
    ]
    place = f'x="{x[last.threshold] - 4:.1f}" y="{y(share(last)) - 8:.1f}" text-anchor="end"'
    label = f'<text {place} style="fill:{colour}">{name}</text>'
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots, label]
