"""Makes text of strangers safe to print: a repository, an issue or a model could steer the terminal by it."""


def visible(text: str) -> str:
    """The text with every character that does not show written out, but for line ends and tabs.

    Escape sequences could clear the screen or forge what was printed before; marks that turn the direction of writing
    could make code read otherwise than it runs (Boucher and Anderson, "Trojan Source", 2021).
    """
    return "".join(character if _shows(character) else _written_out(character) for character in text)


def _shows(character: str) -> bool:
    return character.isprintable() or character in "\n\t\u00a0"


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
