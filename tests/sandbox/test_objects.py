"""The store that keeps git running says the same as one that starts git for every question."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from loopcutter_sandbox.objects import Objects
from loopcutter_snapshots import ObjectStore, UnknownTree, git
from loopcutter_snapshots.errors import UnknownBlob

Files = dict[str, bytes]
PROJECT: Files = {
    "shop.py": b"x = 1\n",
    "src/a/one.py": b"1\n",
    "src/a/two.py": b"2\n",
    "src/b/three.py": b"",
    "z": b"z",
}


@pytest.fixture
def plain(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "store")


@pytest.fixture
def store(plain: ObjectStore) -> Iterator[Objects]:
    objects = Objects(plain.path)
    yield objects
    objects.close()


def tree(store: ObjectStore, files: Files, modes: dict[str, str] | None = None) -> str:
    stream = b"commit refs/heads/it\ncommitter t <t@t> 0 +0000\ndata 0\ndeleteall\n"
    for path, data in files.items():
        mode = (modes or {}).get(path, "100644")
        stream += f"M {mode} inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
    git("fast-import", "--quiet", "--force", git_dir=store.path, stdin=stream)
    return git("rev-parse", "refs/heads/it^{tree}", git_dir=store.path).decode().strip()


def contents(store: ObjectStore, name: str) -> dict[str, tuple[str, bytes]]:
    files = store.files(name)
    return {
        entry.path: (entry.mode, data)
        for entry, (_, data) in zip(files, store.read_blobs(entry.blob for entry in files), strict=True)
    }


def test_it_lists_what_git_lists_also_for_trees_that_are_nearly_known(plain: ObjectStore, store: Objects) -> None:
    odd = {os.fsdecode("ä\n\xff".encode("latin-1")): b"odd"}
    first = tree(plain, PROJECT, {"z": "120000", "shop.py": "100755"})
    assert store.files(first) == plain.files(first)
    for number in range(3):
        next_one = tree(plain, {**PROJECT, f"src/a/new{number}.py": b"new", "a.b": b"", "a/b": b""})
        assert store.files(next_one) == plain.files(next_one)
    assert odd.keys() == {entry.path for entry in store.files(_with_raw_name(plain, *odd))}


def _with_raw_name(store: ObjectStore, name: str) -> str:
    blob = git("hash-object", "-w", "--stdin", git_dir=store.path, stdin=b"odd").decode().strip()
    listing = b"100644 blob %s\t%s\0" % (blob.encode(), os.fsencode(name))
    return git("mktree", "-z", git_dir=store.path, stdin=listing).decode().strip()


def test_a_difference_leads_from_one_tree_to_the_other(plain: ObjectStore, store: Objects) -> None:
    trees = [
        tree(plain, PROJECT),
        tree(plain, {**PROJECT, "shop.py": b"x = 2\n", "src/c/d/e.py": b"deep"}),
        tree(plain, {"shop.py/now/a": b"folder", "src": b"a file now", "z": b"target"}, {"z": "120000"}),
        tree(plain, {"z": b"z"}, {"z": "100755"}),
    ]
    for old in trees:
        for new in trees:
            gone, written = store.difference(old, new)
            there = contents(plain, old)
            for path in gone:
                del there[path]
            reached = contents(plain, new)
            there |= {entry.path: reached[entry.path] for entry in written}
            assert there == reached
            assert store.differ(old, new, 1000) == len(gone) + len(written)
            assert (store.differ(old, new, 1) > 1) is (len(gone) + len(written) > 1)
            assert all(contents(plain, old).get(entry.path) != reached[entry.path] for entry in written)


def test_what_is_pushed_later_is_found(plain: ObjectStore, store: Objects) -> None:
    with pytest.raises(UnknownTree):
        store.resolve("1" * 40)
    name = tree(plain, PROJECT)
    assert store.resolve(git("rev-parse", "refs/heads/it", git_dir=plain.path).decode().strip()) == name
    git("repack", "-adq", git_dir=plain.path)
    assert contents(store, name) == contents(plain, name)


@pytest.mark.parametrize("name", ["HEAD", "refs/heads/it", "1" * 39, "--help", "1" * 40 + "\n", "", "0" * 40])
def test_what_is_no_tree_is_refused(plain: ObjectStore, store: Objects, name: str) -> None:
    tree(plain, PROJECT)
    with pytest.raises(UnknownTree):
        store.resolve(name)


def test_a_blob_is_no_tree_and_a_tree_no_blob(plain: ObjectStore, store: Objects) -> None:
    name = tree(plain, PROJECT)
    blob = plain.files(name)[0].blob
    with pytest.raises(UnknownTree):
        store.files(blob)
    with pytest.raises(UnknownBlob):
        list(store.read_blobs([name]))
    assert list(store.read_blobs([blob])) == [(blob, b"x = 1\n")]


def test_hundreds_of_files_and_a_hundred_levels_are_no_trouble(plain: ObjectStore, store: Objects) -> None:
    wide = {f"p{n % 7}/f{n}": b"%d" % n for n in range(900)}
    deep = {"/".join("d" * 1200): b"down here"}
    first = tree(plain, wide)
    assert contents(store, first) == contents(plain, first)
    second = tree(plain, {**wide, **deep})
    assert store.files(second) == plain.files(second)
    assert [entry.path for entry in store.difference(first, second)[1]] == list(deep)


def test_only_the_top_is_looked_at_when_only_that_is_asked_for(plain: ObjectStore, store: Objects) -> None:
    found = dict(store.near_the_top(tree(plain, {**PROJECT, "docs/requirements.txt": b"sphinx"})))
    assert found.keys() == {"shop.py", "z", "docs/requirements.txt"}


def gits_on(repository: Path) -> list[str]:
    """The processes that have this repository in their environment, where the system tells."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"GIT_DIR={repository.resolve()}\0".encode() in environment.read_bytes() + b"\0":
                found.append(environment.parent.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_git_is_left_after_closing_and_asking_again_starts_one(plain: ObjectStore, store: Objects) -> None:
    name = tree(plain, PROJECT)
    store.files(name)
    assert gits_on(plain.path)
    store.close()
    fresh = Objects(plain.path)
    assert fresh.files(name) == plain.files(name)
    fresh.close()
    assert fresh.files(tree(plain, {"other": b"1"})) != []
    fresh.close()
    gc.collect()
    assert not gits_on(plain.path)
