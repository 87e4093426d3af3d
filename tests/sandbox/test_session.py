"""Workspaces that stay: what runs leave in them is kept, named, compared and put back exactly."""

import subprocess
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.testbed import Testbed

from loopcutter_sandbox import session

pytestmark = pytest.mark.anyio

FILES = {"a.py": "A = 1\n", "pack/b.py": "B = 1\n", "pack/data": b"\xff\x00", "test_a.py": "def test_a(): pass\n"}
MESS = """\
echo more >> a.py; rm -r pack; mkdir -p pack/new empty; printf 'x\\377' > pack/new/bytes; chmod 600 pack/new/bytes
ln -s /nowhere link; chmod 700 empty; touch run.sh; chmod 755 run.sh; touch 'odd name'; rm test_a.py
python -c 'import os; os.mkfifo("pipe")'
mkdir test_a.py; touch test_a.py/inside; chmod 640 a.py
"""
LOOK = "find . -printf '%p %M %l\\n' | sort; find . -type f -exec sha1sum {} + | sort"


async def opened(bed: Testbed, files: dict[str, Any] = FILES, **more: Any) -> str:
    return str((await bed.call("restore", state=bed.tree(files), **more))["workspace"])


async def test_what_a_run_changes_is_kept_named_and_put_back_exactly(bed: Testbed) -> None:
    workspace = await opened(bed)
    before = (await bed.call("run_command", workspace=workspace, command=LOOK))["stdout"]
    changed = await bed.call("run_command", workspace=workspace, command=MESS)
    after = (await bed.call("run_command", workspace=workspace, command=LOOK))["stdout"]
    kept = await bed.call("checkpoint", workspace=workspace, label="mess")
    assert (kept["state"], kept["label"], changed["left_out"]) == (changed["state"], "mess", ["pipe"])
    assert "./pack/new/bytes -rw-------" in after
    assert "./empty drwx------" in after
    assert before != after
    await bed.call("restore", workspace=workspace, state=bed.tree(FILES))
    assert (await bed.call("run_command", workspace=workspace, command=LOOK))["stdout"] == before
    await bed.call("restore", workspace=workspace, state=kept["state"])
    assert (await bed.call("run_command", workspace=workspace, command=LOOK))["stdout"] == after
    assert (await bed.call("run_command", tree=kept["state"], command=LOOK))["stdout"] == after


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git itself says in `folder`."""
    done = subprocess.run(["git", *arguments], cwd=folder, input=stdin, capture_output=True, check=True)
    return done.stdout.decode().strip()


async def test_a_state_has_the_name_that_git_gives_it_under_every_backend(bed: Testbed, tmp_path: Path) -> None:
    for path, text in {"a": "3\n", "b/c": "2", "d/e": "4\n"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    tree = git(tmp_path, "write-tree")
    workspace = await opened(bed, {"a": "1", "b/c": "2", "gone/f": ""})
    usual = await bed.call("run_command", workspace=workspace, command="echo 3 > a; mkdir d; echo 4 > d/e; rm -r gone")
    assert usual["state"] == tree

    modes = git(tmp_path, "hash-object", "-w", "--stdin", stdin=b'[["b/c", 384], ["f/", 493]]')
    listing = f"100644 blob {modes}\tmodes\n040000 tree {tree}\ttree\n"
    unusual = await bed.call("run_command", workspace=workspace, command="chmod 600 b/c; mkdir f")
    assert unusual["state"] == git(tmp_path, "mktree", stdin=listing.encode())


async def test_a_diff_names_what_is_different_and_shows_text(best: Testbed) -> None:
    workspace = await opened(best)
    await best.call("run_command", workspace=workspace, command="echo 'A = 2' > a.py; rm pack/data; chmod +x test_a.py")
    found = await best.call("diff", workspace=workspace)
    assert [(each["path"], each["change"], each["permissions"]) for each in found["files"]] == [
        ("a.py", "modified", "0644"),
        ("pack/data", "removed", ""),
        ("test_a.py", "permissions", "0755"),
    ]
    assert found["patch"] == "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+A = 2\n"
    assert (await best.call("diff", workspace=workspace, since=found["state"]))["files"] == []


async def test_tests_can_run_in_a_workspace_and_what_they_write_stays(best: Testbed) -> None:
    workspace = await opened(best, {"test_a.py": "def test_a(): open('made', 'a').write('x')\n"})
    reports = [await best.call("run_tests", workspace=workspace) for _ in range(2)]
    assert [report["status"] for report in reports] == ["passed", "passed"]
    found = await best.call("run_command", workspace=workspace, command="cat made")
    assert (found["stdout"], found["workspace"]) == ("xx", workspace)


async def test_only_the_scope_that_is_asked_for_is_there(best: Testbed) -> None:
    workspace = await opened(best, scope=["pack"])
    found = await best.call("run_command", workspace=workspace, command="find . -type f | sort")
    assert found["stdout"] == "./pack/b.py\n./pack/data\n"
    well, words, _ = await best.say("restore", state=best.tree(FILES), scope=["nothing/here"])
    assert (well, "has no file 'nothing/here'" in words) == (False, True), words


async def test_a_workspace_that_was_given_up_is_gone(best: Testbed) -> None:
    workspace = await opened(best)
    await best.call("checkpoint", workspace=workspace)
    given = await best.call("cleanup", workspace=workspace)
    assert (given["workspaces"], given["checkpoints"]) == ([workspace], 1)
    well, words, _ = await best.say("run_command", workspace=workspace, command="true")
    assert (well, f"there is no workspace '{workspace}'; open one with restore" in words) == (False, True), words


@pytest.mark.parametrize("place", [{}, {"tree": "0" * 40, "workspace": "w-1"}])
async def test_a_run_needs_one_place(best: Testbed, place: dict[str, str]) -> None:
    well, words, _ = await best.say("run_command", command="true", **place)
    assert (well, "give either a tree or a workspace" in words) == (False, True), words


async def test_there_is_a_bound_on_workspaces(best: Testbed) -> None:
    tree = best.tree(FILES)
    there = 0
    while (await best.say("restore", state=tree))[0]:
        there += 1
    assert 0 < there <= session.MOST_WORKSPACES
    given = await best.call("cleanup")
    assert len(given["workspaces"]) == session.MOST_WORKSPACES


async def test_too_many_changes_are_refused_and_the_workspace_is_as_it_was(best: Testbed) -> None:
    workspace = await opened(best)
    many = "seq 20100 | xargs touch; true"
    well, words, _ = await best.say("run_command", workspace=workspace, command=many, timeout_s=60)
    assert (well, "changed more than can be kept" in words) == (False, True), words
    assert (await best.call("diff", workspace=workspace))["files"] == []


async def test_runs_in_one_workspace_take_turns(best: Testbed) -> None:
    workspace = await opened(best, {"n": ""})

    async def add() -> None:
        await best.call("run_command", workspace=workspace, command="echo x >> n")

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(add)
    assert (await best.call("run_command", workspace=workspace, command="wc -l < n"))["stdout"].strip() == "4"


async def test_changed_tests_and_settings_are_put_back_and_named(best: Testbed) -> None:
    base = best.tree({"shop.py": "X = 1\n", "test_shop.py": "import shop\ndef test_it(): assert shop.X == 2\n"})
    tree = best.tree(
        {
            "shop.py": "X = 3\n",
            "test_shop.py": "def test_it(): pass\n",
            "conftest.py": "import os\nos._exit(0)\n",
            "pytest.ini": "[pytest]\naddopts = --collect-only\n",
        }
    )
    report = await best.call("run_tests", tree=tree, base=base)
    assert (report["status"], report["failed"]) == ("failed", ["test_shop.py::test_it"])
    assert report["restored"] == ["conftest.py", "pytest.ini", "test_shop.py"]
