import contextlib
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from loopcutter_snapshots import (
    Entry,
    GitFailed,
    NotEmpty,
    ObjectStore,
    UnknownBlob,
    UnknownPath,
    UnknownTree,
    git,
)


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "deep" / "store")


def blob(store: ObjectStore, content: bytes) -> str:
    return git("hash-object", "-w", "--stdin", git_dir=store.path, stdin=content).decode().strip()


def tree(store: ObjectStore, *entries: tuple[str, str, str]) -> str:
    """A tree of (mode, name, object) as they are, however wrong."""
    raw = b"".join(f"{mode} ".encode() + os.fsencode(name) + b"\0" + bytes.fromhex(id) for mode, name, id in entries)
    write = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
    return git(*write, git_dir=store.path, stdin=raw).decode().strip()


def found(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Everything below `folder`: its kind, and its bytes or its target."""
    kinds: dict[int, Callable[[Path], tuple[str, bytes]]] = {
        stat.S_IFREG: lambda path: ("program" if path.stat().st_mode & 0o111 else "file", path.read_bytes()),
        stat.S_IFLNK: lambda path: ("link", os.fsencode(path.readlink())),
        stat.S_IFDIR: lambda path: ("folder", b""),
    }
    return {str(path.relative_to(folder)): kinds[stat.S_IFMT(path.lstat().st_mode)](path) for path in folder.rglob("*")}


def test_the_repository_is_made_on_first_use_for_its_owner_alone_and_kept(store: ObjectStore) -> None:
    one = tree(store, ("100644", "a", blob(store, b"a")))
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o700
    assert ObjectStore(store.path).read(one, "a") == b"a"


def test_many_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    made: list[ObjectStore] = []
    threads = [threading.Thread(target=lambda: made.append(ObjectStore(tmp_path / "store"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [ObjectStore(tmp_path / "store")] * 8


def test_a_tree_and_a_commit_of_it_resolve_to_the_tree(store: ObjectStore) -> None:
    one = tree(store, ("100644", "a", blob(store, b"a")))
    commit = git("commit-tree", one, "-m", "one", git_dir=store.path).decode().strip()
    assert [store.resolve(one), store.resolve(commit)] == [one, one]


@pytest.mark.parametrize(
    "name", ["", "HEAD", "0" * 40, "1" * 39, "1" * 41, "-" * 40, "--all", "A" * 40, "1" * 40 + "\n"]
)
def test_what_was_never_received_is_said_to_be_unknown(store: ObjectStore, name: str) -> None:
    with pytest.raises(UnknownTree, match="was never received; publish it from vcs first"):
        store.resolve(name)


def test_a_blob_is_no_tree(store: ObjectStore) -> None:
    with pytest.raises(UnknownTree):
        store.files(blob(store, b"a"))


def test_files_are_listed_with_mode_and_size_and_submodules_are_left_out(store: ObjectStore) -> None:
    small, script, target = blob(store, b"a"), blob(store, b"#!/bin/sh\n"), blob(store, b"../elsewhere")
    below = tree(store, ("100755", "run me.sh", script), ("100644", "tab\tand\nline", small))
    one = tree(store, ("40000", "below", below), ("120000", "link", target), ("160000", "module", "1" * 40))
    assert store.files(one) == [
        Entry("below/run me.sh", "100755", 10, script),
        Entry("below/tab\tand\nline", "100644", 1, small),
        Entry("link", "120000", 12, target),
    ]


@pytest.mark.parametrize("name", ["b\u00fccher.txt", os.fsdecode(b"caf\xe9.txt"), "-rf", ":(top)x", "*", "a\nb"])
def test_every_name_is_listed_read_and_exported(store: ObjectStore, tmp_path: Path, name: str) -> None:
    one = tree(store, ("100644", name, blob(store, b"a")))
    store.export(one, tmp_path / "out")
    assert [entry.path for entry in store.files(one)] == [name]
    assert store.read(one, name) == b"a"
    assert found(tmp_path / "out") == {name: ("file", b"a")}


@pytest.mark.parametrize("path", ["missing", "below", "", "..", "../a", "/a", "./a", "a/", "a\0b", "link/a"])
def test_a_path_without_a_file_is_said_to_be_unknown(store: ObjectStore, path: str) -> None:
    a = blob(store, b"a")
    below = tree(store, ("100644", "a", a))
    one = tree(store, ("100644", "a", a), ("40000", "below", below), ("120000", "link", blob(store, b"below")))
    with pytest.raises(UnknownPath, match=r"has no file .*; list its files"):
        store.read(one, path)


def test_of_a_link_its_target_is_read_and_not_followed(store: ObjectStore) -> None:
    assert store.read(tree(store, ("120000", "link", blob(store, b"/etc/passwd"))), "link") == b"/etc/passwd"


def test_many_blobs_are_read_in_order_and_as_often_as_asked(store: ObjectStore) -> None:
    contents = [b"", b"one\n", b"\0\xff" * 100_000, b"x missing\n", b"one\n"]
    blobs = [blob(store, content) for content in contents]
    assert list(store.read_blobs(blobs)) == list(zip(blobs, contents, strict=True))


def test_more_blobs_than_any_pipe_holds_are_read(store: ObjectStore) -> None:
    large = blob(store, b"x" * 100_000)
    assert sum(len(content) for _, content in store.read_blobs([large] * 5000)) == 500_000_000


def test_a_reader_may_stop_early(store: ObjectStore) -> None:
    large = blob(store, b"x" * 1_000_000)
    blobs = store.read_blobs([large] * 100)
    assert next(blobs)[0] == large
    blobs.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("id", ["0" * 40, "HEAD", "", "1" * 40 + "\n" + "2" * 40])
def test_a_blob_that_was_never_received_is_said_to_be_unknown(store: ObjectStore, id: str) -> None:
    with pytest.raises(UnknownBlob, match="was never received"):
        list(store.read_blobs([id]))


def test_a_tree_is_no_blob(store: ObjectStore) -> None:
    with pytest.raises(UnknownBlob):
        list(store.read_blobs([tree(store)]))


def test_an_export_is_the_tree_byte_for_byte(store: ObjectStore, tmp_path: Path) -> None:
    attributes = (
        b"* text eol=lf ident filter=evil working-tree-encoding=UTF-16\n[attr]binary text\n*.bin export-ignore\n"
    )
    contents = {"a.txt": b"one\r\ntwo\n$Id$\r", "b.bin": bytes(range(256)), ".gitattributes": attributes, "empty": b""}
    entries = [("100644", name, blob(store, content)) for name, content in sorted(contents.items())]
    script, below = blob(store, b"#!/bin/sh\r\n"), tree(store, *entries)
    one = tree(
        store, *entries[:1], ("100755", "run", script), ("120000", "to", blob(store, b"run")), ("40000", "x", below)
    )
    store.export(one, tmp_path / "new" / "out")
    assert found(tmp_path / "new" / "out") == {
        ".gitattributes": ("file", attributes),
        "run": ("program", b"#!/bin/sh\r\n"),
        "to": ("link", b"run"),
        "x": ("folder", b""),
        **{f"x/{name}": ("file", content) for name, content in contents.items()},
    }


def test_an_empty_tree_is_exported_as_an_empty_folder(store: ObjectStore, tmp_path: Path) -> None:
    store.export(tree(store), tmp_path / "out")
    assert found(tmp_path / "out") == {}


def test_an_export_never_mixes_with_what_is_there(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(NotEmpty, match="is not an empty folder; export into a new one"):
        store.export(tree(store, ("100644", "a", blob(store, b"a"))), tmp_path / "out")
    assert list(found(tmp_path / "out")) == ["mine"]


def test_exports_do_not_disturb_each_other(store: ObjectStore, tmp_path: Path) -> None:
    trees = [tree(store, ("100644", "a", blob(store, b"%d" % number))) for number in range(4)]
    threads = [
        threading.Thread(target=store.export, args=(one, tmp_path / str(number))) for number, one in enumerate(trees)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(tmp_path / str(number) / "a").read_bytes() for number in range(4)] == [b"0", b"1", b"2", b"3"]


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT", "git~1", "/tmp/x", "../outside", "a/../../outside", ""])
def test_a_tree_that_leads_outside_is_not_exported(store: ObjectStore, tmp_path: Path, name: str) -> None:
    evil = blob(store, b"evil")
    (tmp_path / "outside").mkdir()
    for hostile in (("100644", name, evil), ("40000", name, tree(store, ("100644", "file", evil)))):
        with pytest.raises(GitFailed):
            store.export(tree(store, hostile), tmp_path / "out")
        assert found(tmp_path / "outside") == found(tmp_path / "out") == {}


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 2), (2, 0)])
def test_nothing_is_written_through_a_link(store: ObjectStore, tmp_path: Path, order: tuple[int, int]) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    evil = blob(store, b"evil")
    entries = [
        ("120000", "link", blob(store, os.fsencode(outside))),
        ("40000", "link", tree(store, ("100644", "file", evil))),
        ("100644", "link/file", evil),
    ]
    with contextlib.suppress(GitFailed):  # refused or laid out: both are well
        store.export(tree(store, *(entries[number] for number in order)), tmp_path / "out")
    assert found(outside) == {}


def test_what_broken_off_pushes_left_is_swept_away_once_it_is_old(store: ObjectStore) -> None:
    old, fresh = (store.path / "objects" / f"tmp_objdir-incoming-{name}" for name in ("old", "fresh"))
    for folder in (old, fresh):
        (folder / "pack").mkdir(parents=True)
    os.utime(old, (0, 0))
    store.sweep(older_than=600)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_empty_folders_are_laid_out_as_well(store: ObjectStore, tmp_path: Path) -> None:
    nothing = tree(store)
    data = tree(store, ("40000", "deep", tree(store, ("40000", "er", nothing))), ("100644", "file", blob(store, b"x")))
    root = tree(store, ("40000", "data", data), ("40000", "tmp", nothing))
    store.export(root, tmp_path / "out")
    assert found(tmp_path / "out") == {
        "data": ("folder", b""),
        "data/deep": ("folder", b""),
        "data/deep/er": ("folder", b""),
        "data/file": ("file", b"x"),
        "tmp": ("folder", b""),
    }


def test_an_empty_folder_is_never_made_outside_or_through_a_link(store: ObjectStore, tmp_path: Path) -> None:
    nothing = tree(store)
    inner = tree(store, ("40000", "made", nothing))
    outside = tmp_path / "outside"
    outside.mkdir()
    hostile = tree(
        store,
        ("40000", "..", inner),
        ("40000", ".GIT", inner),
        ("120000", "link", blob(store, os.fsencode(outside))),
        ("40000", "link", inner),
    )
    with contextlib.suppress(GitFailed):
        store.export(hostile, tmp_path / "out" / "folder")
    assert list(outside.iterdir()) == []
    assert [path.name for path in (tmp_path / "out").rglob("made")] == []
