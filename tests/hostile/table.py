"""The table of hostile behaviours and backends, as docs/sandbox.md shows it: ``python -m hostile.table`` in tests."""

from hostile.behaviour import BEHAVIOURS

NO_COUNT = "the number of processes is not limited"
USERS = "a run can make user name spaces"
SEEN = "command lines of other processes can be read"
UDP = "UDP is not blocked"
SOCKETS = "sockets in folders of the host"

GAPS: dict[str, frozenset[str]] = {
    "docker": frozenset(),
    "bubblewrap": frozenset({NO_COUNT, USERS}),
    "landlock": frozenset(
        {
            NO_COUNT,
            USERS,
            SEEN,
            UDP,
            SOCKETS,
            "TCP is not blocked",
            "signals to other processes of this user are not blocked",
        }
    ),
}
"""The words by which a backend may declare, on some machine, that something is not held."""


def table() -> str:
    """In Markdown."""
    lines = [f"| It tries | {' | '.join(GAPS)} |", f"|---|{'---|' * len(GAPS)}"]
    for behaviour in BEHAVIOURS:
        gap = behaviour.keys.get("gap")
        cells = [f"gap where declared: {gap}" if gap in gaps else "held" for gaps in GAPS.values()]
        lines.append(f"| {behaviour.keys['tries']} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
