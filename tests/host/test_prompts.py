"""The words said to models: each with a version, some in other words for a family of models."""

from importlib.resources import files

import pytest

from loopcutter_host.prompts import Prompts

FILES = sorted(
    str(path.relative_to(str(files("loopcutter_host.prompts"))))  # type: ignore[attr-defined]
    for path in files("loopcutter_host.prompts").rglob("*.md")  # type: ignore[attr-defined]
)
VALUES = {
    "tests": "Tests stand.",
    "lookups": "",
    "count": "3",
    "problem": "it was empty",
    "place": "`total` in shop/cart.py",
}


@pytest.mark.parametrize("name", [file.removesuffix(".md") for file in FILES])
def test_every_prompt_has_a_version_and_is_small(name: str) -> None:
    family, _, plain = name.rpartition("/")
    prompt = Prompts(f"ollama:{family}").get(plain, **VALUES)
    assert (prompt.name, prompt.version.isdecimal()) == (name, True)
    assert 0 < len(prompt.text.split()) < 220
    assert "$" not in prompt.text
    assert not prompt.text.startswith("version")


def test_family_is_told_in_its_own_words_and_others_as_usual() -> None:
    coder = Prompts("ollama:Qwen2.5-Coder:7b").get("lookups", count="3")
    other = Prompts("ollama:llama3.1:8b").get("lookups", count="3")
    assert (coder.name, "<tools>" in coder.text) == ("qwen2.5-coder/lookups", True)
    assert (other.name, "<tools>" in other.text) == ("lookups", False)


def test_what_a_family_has_no_words_of_its_own_for_is_said_as_usual() -> None:
    assert Prompts("ollama:qwen2.5-coder:7b").get("reflect").name == "reflect"
