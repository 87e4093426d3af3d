"""Trees changed object by object are those that git would make."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopcutter_snapshots import ObjectStore
from loopcutter_vcs.folder import FILE, LINK, PROGRAM, File
from loopcutter_vcs.store import Store
from loopcutter_vcs.tree import TreeFiles, reading

NAMES = st.sampled_from(["a", "a-", "a.b", "a0", "b", "ab", "\udce9", "ü"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.builds(File, st.sampled_from([b"", b"x", b"a\0b\n"]), st.sampled_from([FILE, PROGRAM, LINK]))
CHANGES = st.dictionaries(PATHS, FILES | st.none(), max_size=8)


def fits(files: dict[str, File]) -> bool:
    """Whether no path leads through a file."""
    return not any(other.startswith(f"{path}/") for path in files for other in files)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=CHANGES, second=CHANGES)
def test_a_changed_tree_holds_the_files_it_should_and_git_agrees(
    tmp_path: Path, first: dict[str, File | None], second: dict[str, File | None]
) -> None:
    store = Store(tmp_path)
    store.prepare()
    before = {path: file for path, file in first.items() if file is not None}
    after = {path: file for path, file in (before | second).items() if file is not None}
    if not fits(before) or not fits(after):
        return
    with reading(store.git_dir) as trees:
        tree = trees.changed(trees.changed(trees.write("tree", b""), before), second)
        files = TreeFiles(trees, tree)
        assert {path: files.read(path) for path in after} == after
    entries = ObjectStore(store.git_dir).files(tree)
    assert {entry.path: entry.mode for entry in entries} == {path: file.mode for path, file in after.items()}
    listed = store.git("ls-tree", "-r", "-t", "-z", tree)
    index = tmp_path / "index"
    index.unlink(missing_ok=True)
    store.git("read-tree", tree, index=index)
    assert (store.write_tree(index), listed.count(b"\0") >= len(after)) == (tree, True)
