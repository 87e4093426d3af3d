import os
from pathlib import Path

import pytest
from support.serving import TOKEN

from loopcutter_serving import Misconfigured
from loopcutter_serving.token import read_token


def test_without_a_file_and_a_variable_there_is_no_token() -> None:
    assert read_token("vcs", None, {"LOOPCUTTER_SANDBOX_TOKEN": "for another server"}) is None


def test_the_token_is_the_line_in_the_file(token_file: Path) -> None:
    assert read_token("vcs", token_file, {"LOOPCUTTER_TOKEN": "less specific"}) == TOKEN


def test_the_variable_of_the_server_wins_over_the_one_for_all() -> None:
    assert read_token("vcs", None, {"LOOPCUTTER_TOKEN": "all", "LOOPCUTTER_VCS_TOKEN": "vcs"}) == "vcs"
    assert read_token("vcs", None, {"LOOPCUTTER_TOKEN": "all"}) == "all"


def test_tokens_do_not_stay_in_the_environment_that_children_inherit(token_file: Path) -> None:
    environment = {"LOOPCUTTER_TOKEN": "all", "LOOPCUTTER_VCS_TOKEN": "vcs", "HOME": "/"}
    read_token("vcs", token_file, environment)
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize("content", ["", "\n", " \n\t"])
def test_an_empty_token_file_is_refused(token_file: Path, content: str) -> None:
    token_file.write_text(content)
    with pytest.raises(Misconfigured, match=r"token file .* is empty: "):
        read_token("vcs", token_file, {})


def test_an_empty_variable_is_refused_and_not_taken_for_no_token() -> None:
    with pytest.raises(Misconfigured, match="the variable LOOPCUTTER_VCS_TOKEN is empty: "):
        read_token("vcs", None, {"LOOPCUTTER_VCS_TOKEN": ""})


@pytest.mark.parametrize("content", [b"two words", b"two\nlines", "sch\u00f6n".encode(), b"\0", b"x" * 5000])
def test_what_no_header_can_carry_is_refused_without_showing_it(token_file: Path, content: bytes) -> None:
    token_file.write_bytes(content)
    with pytest.raises(Misconfigured, match="holds no usable token: ") as refusal:
        read_token("vcs", token_file, {})
    assert content.decode("ascii", "replace") not in str(refusal.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o601])
def test_a_token_file_open_to_others_is_refused(token_file: Path, mode: int) -> None:
    token_file.chmod(mode)
    with pytest.raises(Misconfigured, match=r"can be read by other users: run `chmod 600 .*`"):
        read_token("vcs", token_file, {})


def test_a_missing_token_file_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"does not exist: create it with `.*secrets.*chmod 600"):
        read_token("vcs", tmp_path / "missing", {})


def test_the_suggested_command_makes_a_token_file_that_is_taken(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(Misconfigured) as refusal:
        read_token("vcs", missing, {})
    assert os.system(str(refusal.value).split("`")[1]) == 0
    assert len(read_token("vcs", missing, {}) or "") >= 32


def test_a_folder_is_no_token_file(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"token file .* can't be read"):
        read_token("vcs", tmp_path, {})
