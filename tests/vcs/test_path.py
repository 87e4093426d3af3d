import pytest

from loopcutter_vcs.errors import PathRefused
from loopcutter_vcs.path import inside, under


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("a", "a"),
        ("./a/b.py", "a/b.py"),
        ("a//b/./c", "a/b/c"),
        ("a/b/", "a/b"),
        (".gitignore", ".gitignore"),
        ("...", "..."),
    ],
)
def test_a_path_gets_its_one_spelling(path: str, canonical: str) -> None:
    assert inside(path) == canonical


@pytest.mark.parametrize("path", ["/etc/passwd", "//x", "..", "a/../../b", "a/..", "", ".", "./", "a\0b"])
def test_a_path_that_could_lead_out_is_refused(path: str) -> None:
    with pytest.raises(PathRefused):
        inside(path)


@pytest.mark.parametrize(
    "path",
    [
        ".git",
        ".git/config",
        "sub/.GIT/hooks/x",
        "a/.git. ./b",
        ".git::$INDEX_ALLOCATION/x",
        "git~1/x",
        ".g\u200cit/x",
        "\uff0egit",
    ],
)
def test_whatever_a_file_system_may_take_for_git_is_refused(path: str) -> None:
    with pytest.raises(PathRefused, match=r"lies in a '\.git'"):
        inside(path)


def test_a_path_lies_under_a_folder_but_not_under_one_whose_name_it_continues() -> None:
    assert [under(path, ("lib", "x")) for path in ("lib", "lib/a/b", "libx/a", "a/lib")] == ["lib", "lib", None, None]
