"""Secrets stay where they are: not in the workspace, not in the store, not on another machine."""

from pathlib import Path

import pytest
from support.desk import SHOP, Desk
from support.repository import run_git

pytestmark = pytest.mark.anyio

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIDdz\n"


async def taken(vcs: Desk) -> set[str]:
    return set(vcs.entries((await vcs.call("open"))["base"]["tree"])) - set(SHOP)


async def test_secrets_are_left_out_by_name_wherever_they_are(shop: Path, vcs: Desk) -> None:
    secrets = [".env", "deploy/.env.production", "id_rsa", "deploy/id_ed25519", "key.p12", ".netrc", ".pypirc"]
    harmless = [".env.example", ".env.template", "environment.py", "id_rsa.pub", "env"]
    (shop / "deploy").mkdir()
    for name in secrets + harmless:
        (shop / name).write_text("x\n")
    assert await taken(vcs) == set(harmless)


async def test_private_keys_are_told_from_certificates_by_what_they_hold(shop: Path, vcs: Desk) -> None:
    for name, content in {"a.pem": KEY, "b.pem": CERTIFICATE, "c.key": KEY, "d.key": "C minor\n"}.items():
        (shop / name).write_text(content)
    (shop / "e.key").write_bytes(b"\x30\x82\x04\x00\x02\x01\x00")
    (shop / "f.key").symlink_to("/etc/ssl/private/f.key")
    assert await taken(vcs) == {"b.pem", "d.key", "f.key"}


async def test_left_out_secrets_are_named_in_a_warning_and_can_not_be_edited(shop: Path, vcs: Desk) -> None:
    (shop / ".env").write_text("TOKEN=1\n")
    opened = await vcs.call("open")
    assert opened["warnings"] == ["left out as secrets (`!name` in .loopcutterignore lets a tracked file in): .env"]
    for edit in (
        {"kind": "create", "path": ".env", "content": ""},
        {"kind": "rename", "path": "README.md", "to": ".env"},
    ):
        assert "'.env' was left out of the workspace" in await vcs.refused_edit(opened["workspace"], edit)


async def test_a_secret_does_not_even_reach_the_store(shop: Path, vcs: Desk) -> None:
    (shop / ".env").write_text("TOKEN=1\n")
    await vcs.call("open")
    blob = run_git(shop, "hash-object", ".env").strip()
    assert not (vcs.objects.path / "objects" / blob[:2] / blob[2:]).exists()


async def test_loopcutterignore_adds_names_and_releases_tracked_files_only(shop: Path, vcs: Desk) -> None:
    for name in ("tests.pem", "untracked.pem"):
        (shop / name).write_text(KEY)
    for name in (".env", "customers.csv", "prices.csv"):
        (shop / name).write_text("x\n")
    run_git(shop, "add", "tests.pem", "prices.csv")
    (shop / ".loopcutterignore").write_text("*.csv\n!prices.csv\n!*.pem\n!.env\n")

    assert await taken(vcs) == {".loopcutterignore", "tests.pem", "prices.csv"}


async def test_a_loopcutterignore_that_is_a_link_is_not_followed(shop: Path, vcs: Desk, tmp_path: Path) -> None:
    (tmp_path / "rules").write_text("README.md\n")
    (shop / ".loopcutterignore").symlink_to(tmp_path / "rules")
    assert "README.md" in vcs.entries((await vcs.call("open"))["base"]["tree"])
