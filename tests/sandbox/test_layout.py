"""Trees laid out as layers: what leads from one to the next, and what is kept."""

import stat
from pathlib import Path

import pytest
from support.testbed import make_tree

from loopcutter_sandbox.layout import Delta, Layouts, Node, delta
from loopcutter_snapshots import ObjectStore


def node(blob: str, mode: str = "100644", permissions: int = 0o644) -> Node:
    return Node(mode, permissions, blob, 1)


def folder(permissions: int = 0o755) -> Node:
    return Node("040000", permissions)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": node("1"), "b": node("2")}, {"a": node("3"), "b": node("2")}, Delta({"a": node("3")}, [])),
        ({"a/b/c": node("1"), "d": node("2")}, {"d": node("2")}, Delta({}, ["a"])),
        ({"a/b/c": node("1"), "a/d": node("2")}, {"a/d": node("2")}, Delta({}, ["a/b"])),
        ({"a/b": node("1")}, {"a": node("1")}, Delta({"a": node("1")}, [])),
        ({"a": node("1")}, {"a/b": node("1")}, Delta({"a/b": node("1")}, [])),
        ({"a": folder(0o700), "a/b": node("1")}, {"a/b": node("1")}, Delta({"a": folder()}, [])),
        ({"a": folder()}, {}, Delta({}, ["a"])),
    ],
    ids=["changed", "folder gone", "folder within gone", "folder to file", "file to folder", "usual again", "empty"],
)
def test_a_delta_says_what_to_write_and_the_topmost_that_is_gone(
    old: dict[str, Node], new: dict[str, Node], expected: Delta
) -> None:
    assert delta(old, new) == expected


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "store")


def many(**changed: str) -> dict[str, str | bytes]:
    return {**{f"f{number}": f"{number}" for number in range(100)}, **changed}


def test_a_tree_that_is_much_like_another_is_a_thin_layer_over_it(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    layouts = Layouts(store, tmp_path / "layers")
    first = layouts.take(make_tree(store, many(gone="x")), {})
    second = layouts.take(make_tree(store, many(f1="new")), {"f2": 0o600, "empty/": 0o700})
    assert [layer.name for layer in second.layers] == ["layer-1", "layer-0"]
    found = {path.name: path.lstat().st_mode for path in second.path.iterdir()}
    assert {name: stat.filemode(mode) for name, mode in found.items()} == {
        "f1": "-rw-r--r--",
        "f2": "-rw-------",
        "empty": "drwx------",
        "gone": "c---------",
    }
    assert first.path.is_dir()


def test_what_nobody_stands_on_goes_when_there_is_too_much(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    layouts = Layouts(store, tmp_path / "layers", most=2)
    trees = [make_tree(store, {f"file{number}": "x" * 100}) for number in range(4)]
    kept = layouts.take(trees[0], {})
    for tree in trees[1:]:
        layouts.give_back(layouts.take(tree, {}))
    assert kept.path.is_dir()
    assert len(list((tmp_path / "layers").iterdir())) == 2
    layouts.give_back(kept)
    assert layouts.take(trees[0], {}).path == kept.path
