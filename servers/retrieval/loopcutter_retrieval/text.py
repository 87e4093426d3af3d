"""Reads files that are not code: documents, settings, templates. They are cut into pieces that fit a screen."""

from loopcutter_retrieval.language import Outline, Symbol

_PIECE = 60


class Text:
    """Any text, in pieces of sixty lines."""

    name = "text"
    unavailable = ""
    suffixes = (
        *(".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".xml", ".html", ".css"),
        *(".sh", ".sql", ".c", ".h", ".cpp", ".pyx", ".pxd"),
    )

    def outline(self, source: bytes) -> Outline:
        lines = source.decode("utf-8", "replace").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        pieces = [
            Symbol(
                "", "text", first + 1, min(first + _PIECE, len(lines)), prose="\n".join(lines[first : first + _PIECE])
            )
            for first in range(0, len(lines), _PIECE)
        ]
        return Outline((Symbol("", "module", 1, max(len(lines), 1)), *pieces))
