"""Settings: where they come from, and what happens to wrong ones."""

from pathlib import Path

import pytest

from loopcutter_host.config import load
from loopcutter_host.errors import BadConfiguration


def test_the_command_line_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "loopcutter.yaml").write_text("limits: {attempts: 3, minutes: 4, repair_s: 5}\n")
    environment = {"LOOPCUTTER_LIMITS_ATTEMPTS": "6", "LOOPCUTTER_LIMITS_MINUTES": "7"}

    loaded = load({"limits.attempts": 8}, repository=tmp_path, user_folder=tmp_path / "none", environment=environment)

    limits = loaded.config.limits
    assert (limits.attempts, limits.minutes, limits.repair_s, limits.test_timeout_s) == (8, 7, 5, 120)
    origins = {key: origin for key, _, origin in loaded.rows() if key.startswith("limits.") and origin != "default"}
    assert origins == {
        "limits.attempts": "command line",
        "limits.minutes": "$LOOPCUTTER_LIMITS_MINUTES",
        "limits.repair_s": str(tmp_path / "loopcutter.yaml"),
    }


def test_the_users_file_is_read_when_the_repository_has_none(tmp_path: Path) -> None:
    (tmp_path / "loopcutter.yaml").write_text("model: ollama:qwen2.5-coder:7b\n")

    loaded = load({}, repository=tmp_path / "repository", user_folder=tmp_path, environment={})

    assert loaded.config.model == "ollama:qwen2.5-coder:7b"


def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "loopcutter.yaml").write_text("limits: {atempts: 3}\n")

    with pytest.raises(BadConfiguration, match=r"unknown setting 'limits.atempts' .* mean 'limits.attempts'"):
        load({}, repository=tmp_path, user_folder=tmp_path, environment={})


@pytest.mark.parametrize(
    "content", ["limits: {attempts: none}", "limits: {attempts: 0}", "limits: 5", "- a list", "a: [1"]
)
def test_a_value_that_can_not_be_is_an_error_and_no_traceback(tmp_path: Path, content: str) -> None:
    (tmp_path / "loopcutter.yaml").write_text(content)

    with pytest.raises(BadConfiguration):
        load({}, repository=tmp_path, user_folder=tmp_path, environment={})


def test_thresholds_of_the_guard_pass_through(tmp_path: Path) -> None:
    (tmp_path / "loopcutter.yaml").write_text("guard: {policy: {threshold: 4}, ladder: [template-repair]}\n")

    guard = load({}, repository=tmp_path, user_folder=tmp_path, environment={}).config.guard

    assert (guard.policy, guard.ladder) == ({"threshold": 4}, ("template-repair",))


def test_a_ladder_from_the_environment_is_a_list_with_commas(tmp_path: Path) -> None:
    environment = {"LOOPCUTTER_GUARD_LADDER": "next-place,template-repair"}

    loaded = load({}, repository=None, user_folder=tmp_path, environment=environment)

    assert loaded.config.guard.ladder == ("next-place", "template-repair")
