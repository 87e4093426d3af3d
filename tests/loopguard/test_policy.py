"""The policy file: defaults that work, errors that help."""

from pathlib import Path

import pytest

from loopcutter_loopguard.errors import PolicyError
from loopcutter_loopguard.policy import default, load


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_key_overrules_its_default_and_leaves_the_others(tmp_path: Path) -> None:
    policy = load(written(tmp_path, "threshold: 4\nladder: [next-place]\n"))
    assert (policy.threshold, policy.ladder, policy.repeats) == (4, ("next-place",), default().repeats)


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == default()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("treshold: 3", "Did you mean 'threshold'"),
        ("threshold: three", "threshold must be a whole number, at least 2"),
        ("threshold: 1", "at least 2"),
        ("threshold: true", "whole number"),
        ("similarity: 2", "similarity must be a number"),
        ("ladder: next-place", "ladder must be a list of names"),
        ("- 1", "must hold keys and values"),
        ("a: [", "no valid YAML"),
    ],
)
def test_errors_say_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        load(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="can't be read"):
        load(tmp_path / "none.yaml")
