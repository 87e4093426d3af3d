"""Manifests: where the servers are, and what happens to wrong ones."""

from pathlib import Path

import pytest

from loopcutter_host.connections import Address
from loopcutter_host.errors import BadConfiguration
from loopcutter_host.topology import read

SERVERS = "\n".join(
    f"  {name}: {{url: http://127.0.0.1:1/mcp}}" for name in ("loopguard", "retrieval", "sandbox", "vcs")
)


def manifest(folder: Path, text: str) -> Path:
    path = folder / "manifest.yaml"
    path.write_text(text)
    return path


def test_the_manifest_we_ship_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOPGUARD", "VCS", "RETRIEVAL", "SANDBOX"):
        monkeypatch.setenv(f"LOOPCUTTER_{name}_TOKEN", f"token of {name}")

    topology = read(Path(__file__).parents[2] / "manifests" / "three-laptops.yaml")

    assert topology.addresses["vcs"] == Address("http://127.0.0.1:8762/mcp", "token of VCS")
    assert topology.addresses["sandbox"].ca.endswith("/.config/loopcutter/ca.pem")


def test_a_token_is_never_part_of_what_is_printed() -> None:
    assert "secret" not in repr(Address("http://127.0.0.1:1/mcp", "secret"))


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    path = manifest(tmp_path, f"servers:\n{SERVERS}".replace("vcs: {", f"vcs: {{token_file: {token}, "))

    token.chmod(0o644)
    with pytest.raises(BadConfiguration, match="chmod 600"):
        read(path)
    token.chmod(0o600)
    assert read(path).addresses["vcs"].token == "secret"


@pytest.mark.parametrize(
    "text",
    ["servers: {vcs: {url: http://127.0.0.1:1/mcp}}", "servers: 5", "", "servers: {vcs: {port: 1}}", "a: [1", "\0"],
)
def test_a_wrong_manifest_is_an_error_and_no_traceback(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConfiguration):
        read(manifest(tmp_path, text))


def test_a_token_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    path = manifest(tmp_path, f"servers:\n{SERVERS}".replace("vcs: {", "vcs: {token_env: LOOPCUTTER_NOT_SET, "))

    with pytest.raises(BadConfiguration, match="LOOPCUTTER_NOT_SET"):
        read(path)
