"""Opening again looks only at what changed, and still misses nothing: each test takes, changes, and takes again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.desk import SHOP, Desk
from support.repository import make_repository, run_git

pytestmark = pytest.mark.anyio

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n"


async def taken(vcs: Desk) -> set[str]:
    return set(vcs.entries((await vcs.call("open"))["base"]["tree"])) - set(SHOP)


def written(shop: Path) -> None:
    """What the first look takes: tracked and untracked files."""
    for name in ("tracked/one.txt", "tracked/two.txt", "loose/one.txt", "loose/two.txt", "cert.pem"):
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text("x\n")
    run_git(shop, "add", "tracked")


ALL = {"tracked/one.txt", "tracked/two.txt", "loose/one.txt", "loose/two.txt", "cert.pem"}


def ignored_by_the_repository(shop: Path) -> set[str]:
    (shop / ".gitignore").write_text("loose/\ntracked/\n")
    return {".gitignore", "tracked/one.txt", "tracked/two.txt", "cert.pem"}


def ignored_by_a_list_that_ignores_itself(shop: Path) -> set[str]:
    (shop / "loose" / ".gitignore").write_text("*\n")
    return ALL - {"loose/one.txt", "loose/two.txt"}


def ignored_by_the_private_list(shop: Path) -> set[str]:
    (shop / ".git" / "info" / "exclude").write_text("two.txt\n")
    return ALL - {"loose/two.txt"}


def a_repository_inside_by_now(shop: Path) -> set[str]:
    run_git(shop / "loose", "init", "--quiet")
    return ALL - {"loose/one.txt", "loose/two.txt"}


def no_longer_tracked(shop: Path) -> set[str]:
    run_git(shop, "rm", "--quiet", "--cached", "tracked/one.txt")
    (shop / ".git" / "info" / "exclude").write_text("one.txt\n")
    return ALL - {"tracked/one.txt", "loose/one.txt"}


def tracked_by_now_and_ignored(shop: Path) -> set[str]:
    run_git(shop, "add", "loose/one.txt")
    (shop / ".git" / "info" / "exclude").write_text("loose\n")
    return ALL - {"loose/two.txt"}


def a_submodule_by_now(shop: Path) -> set[str]:
    library = make_repository(shop.parent / "library", {"lib.py": "x = 1\n"})
    run_git(shop, "rm", "--quiet", "--cached", "-r", "tracked")
    for path in (shop / "tracked").iterdir():
        path.unlink()
    (shop / "tracked").rmdir()
    run_git(shop, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "tracked")
    return {".gitmodules", *ALL} - {"tracked/one.txt", "tracked/two.txt"}


def a_certificate_that_holds_a_key_by_now(shop: Path) -> set[str]:
    (shop / "cert.pem").write_text(KEY)
    return ALL - {"cert.pem"}


def a_file_renamed_to_a_secret(shop: Path) -> set[str]:
    (shop / "loose" / "one.txt").rename(shop / "loose" / ".env")
    return ALL - {"loose/one.txt"}


def named_in_our_own_list(shop: Path) -> set[str]:
    (shop / ".loopcutterignore").write_text("one.txt\n")
    return {".loopcutterignore", *ALL} - {"tracked/one.txt", "loose/one.txt"}


def named_in_our_own_list_which_is_ignored(shop: Path) -> set[str]:
    (shop / ".git" / "info" / "exclude").write_text(".loopcutterignore\n")
    (shop / ".loopcutterignore").write_text("one.txt\n")
    return ALL - {"tracked/one.txt", "loose/one.txt"}


def a_link_in_place_of_a_folder(shop: Path) -> set[str]:
    (shop / "tracked").rename(shop / "elsewhere")
    (shop / "tracked").symlink_to("elsewhere")
    return {"tracked", "elsewhere/one.txt", "elsewhere/two.txt", *ALL} - {"tracked/one.txt", "tracked/two.txt"}


def an_ignored_link_in_place_of_a_folder(shop: Path) -> set[str]:
    (shop / ".git" / "info" / "exclude").write_text("/tracked\n")
    return a_link_in_place_of_a_folder(shop) - {"tracked"}


def a_file_in_place_of_a_folder(shop: Path) -> set[str]:
    for path in (shop / "loose").iterdir():
        path.unlink()
    (shop / "loose").rmdir()
    (shop / "loose").write_text("x\n")
    return {"loose", *ALL} - {"loose/one.txt", "loose/two.txt"}


def too_large_by_now(shop: Path) -> set[str]:
    os.truncate(shop / "tracked" / "one.txt", (50 << 20) + 1)
    return ALL - {"tracked/one.txt"}


@pytest.mark.parametrize(
    "change",
    [
        ignored_by_the_repository,
        ignored_by_a_list_that_ignores_itself,
        ignored_by_the_private_list,
        a_repository_inside_by_now,
        no_longer_tracked,
        tracked_by_now_and_ignored,
        a_submodule_by_now,
        a_certificate_that_holds_a_key_by_now,
        a_file_renamed_to_a_secret,
        named_in_our_own_list,
        named_in_our_own_list_which_is_ignored,
        a_link_in_place_of_a_folder,
        an_ignored_link_in_place_of_a_folder,
        a_file_in_place_of_a_folder,
        too_large_by_now,
    ],
)
async def test_what_is_to_be_left_out_by_now_is_left_out(
    shop: Path, vcs: Desk, change: Callable[[Path], set[str]]
) -> None:
    written(shop)
    first = await taken(vcs)
    expected = change(shop)
    second, third = await taken(vcs), await taken(vcs)
    assert (first, second, third) == (ALL, expected, expected)


async def test_what_may_be_taken_again_is_taken_again(shop: Path, vcs: Desk) -> None:
    written(shop)
    changes = [ignored_by_the_private_list, named_in_our_own_list, a_certificate_that_holds_a_key_by_now]
    for change in changes:
        change(shop)
    await vcs.call("open")
    (shop / ".git" / "info" / "exclude").write_text("")
    (shop / ".loopcutterignore").unlink()
    (shop / "cert.pem").write_text("no key\n")
    assert await taken(vcs) == ALL


async def test_the_same_size_and_time_do_not_hide_a_change(shop: Path, vcs: Desk) -> None:
    written(shop)
    await vcs.call("open")
    file = shop / "loose" / "one.txt"
    status = file.stat()
    file.write_text("y\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert vcs.content((await vcs.call("open"))["base"]["tree"], "loose/one.txt") == b"y\n"


async def test_warnings_are_given_every_time(shop: Path, vcs: Desk) -> None:
    written(shop)
    (shop / ".env").write_text("TOKEN=1\n")
    make_repository(shop / "nested", {"own.py": "x = 1\n"})
    first, second = [await vcs.call("open") for _ in range(2)]
    assert (len(first["warnings"]), first["warnings"]) == (2, second["warnings"])


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"rules": 1}'])
async def test_a_damaged_memory_costs_time_and_nothing_else(shop: Path, vcs: Desk, broken: str) -> None:
    written(shop)
    await vcs.call("open")
    [memory] = vcs.store.glob("*/survey.json")
    memory.write_text(broken)
    ignored_by_the_private_list(shop)
    assert await taken(vcs) == ALL - {"loose/two.txt"}


async def test_a_survey_that_was_killed_between_index_and_memory_is_noticed(shop: Path, vcs: Desk) -> None:
    await vcs.call("open")
    [memory] = vcs.store.glob("*/survey.json")
    before = memory.read_bytes()
    written(shop)
    await vcs.call("open")
    memory.write_bytes(before)  # as if the second server had died before it wrote
    (shop / ".git" / "info" / "exclude").write_text("loose/\n")
    assert await taken(vcs) == ALL - {"loose/one.txt", "loose/two.txt"}


async def test_what_is_remembered_outlives_a_collection(shop: Path, vcs: Desk) -> None:
    (shop / "empty").mkdir()
    first = await vcs.call("open")
    await vcs.call("finish", workspace=first["workspace"])
    await vcs.call("gc", older_than_days=0, larger_than_mb=0)
    opened = await vcs.call("open", files=True)
    assert opened["base"]["tree"] == first["base"]["tree"]
    assert run_git(vcs.objects.path, "fsck", "--no-dangling") == ""
    assert (Path(opened["folder"]) / "empty").is_dir()


async def test_an_index_without_a_checksum_is_no_obstacle(shop: Path, vcs: Desk) -> None:
    """Newer gits can be told to leave it out; then both indexes are compared in full."""
    written(shop)
    index = shop / ".git" / "index"
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))
    first = await taken(vcs)
    a_repository_inside_by_now(shop)
    assert (first, await taken(vcs)) == (ALL, ALL - {"loose/one.txt", "loose/two.txt"})
