"""Which languages are read. Apart from the library, since processes that only parse must be ready soon."""

from collections.abc import Mapping

from loopcutter_retrieval.javascript import JavaScript
from loopcutter_retrieval.language import Language
from loopcutter_retrieval.python import Python
from loopcutter_retrieval.text import Text


def languages() -> Mapping[str, Language]:
    """By the suffix of the files they read."""
    script: Language = JavaScript("javascript", "tree_sitter_javascript", "language")
    typed: Language = JavaScript("javascript/ts", "tree_sitter_typescript", "language_typescript")
    markup: Language = JavaScript("javascript/tsx", "tree_sitter_typescript", "language_tsx")
    suffixes: tuple[tuple[Language, tuple[str, ...]], ...] = (
        (Text(), Text.suffixes),
        (Python(), (".py", ".pyi")),
        (script, (".js", ".jsx", ".mjs", ".cjs")),
        (typed, (".ts", ".mts", ".cts")),
        (markup, (".tsx",)),
    )
    return {suffix: language for language, read in suffixes for suffix in read}
