from pathlib import Path

import pytest
from support.repository import make_repository

from loopcutter_vcs.errors import Unknown, UnusableStore
from loopcutter_vcs.workshop import Workshop


@pytest.mark.parametrize("where", [".", "inside", ".git/loopcutter"])
def test_a_store_inside_a_repository_is_refused(shop: Path, where: str) -> None:
    with pytest.raises(UnusableStore, match="lies inside the repository"):
        Workshop(shop / where, {"shop": shop})


def test_one_server_keeps_several_repositories_apart(shop: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"a.py": "a = 1\n"})
    workshop = Workshop(tmp_path / "store", {"shop": shop, "other": other})
    opened = workshop.open("other")
    assert (opened.repository, len(list((tmp_path / "store").glob("*/git")))) == ("other", 1)
    with pytest.raises(Unknown, match="name one of the repositories of this server: other, shop"):
        workshop.open()
    with pytest.raises(Unknown, match="there is no repository 'third': this server has other, shop"):
        workshop.open("third")
    workshop.close()


def test_nobody_else_can_look_into_the_store(shop: Path, tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "a" / "store", {"shop": shop})
    workshop.open()
    assert (tmp_path / "a" / "store").stat().st_mode & 0o077 == 0
    workshop.close()


def test_work_that_is_stopped_leaves_no_workspace_and_can_be_done_again(shop: Path, tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "store", {"shop": shop})

    def stop(done: float, total: float, what: str) -> None:
        if what == "reading the working tree":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        workshop.open(progress=stop)
    assert workshop.open().base.parent is None
    workshop.close()
