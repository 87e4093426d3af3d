"""The doctor: what it finds, what it fails, and the command it names."""

from pathlib import Path

import pytest
from support.ollama_server import OllamaServer
from support.openai_server import OpenAIServer

from loopcutter_host import doctor
from loopcutter_host.doctor import Check
from loopcutter_host.folders import Folders


def test_git_is_found_and_its_absence_is_a_failure_with_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_git().status == "PASS"
    monkeypatch.setenv("PATH", "/nonexistent")

    check = doctor.check_git()

    assert (check.status, check.remedy) == ("FAIL", "apt install git  (macOS: xcode-select --install)")


def test_the_sandbox_is_asked_for_its_backends() -> None:
    checks = {check.name: check for check in doctor.check_sandbox()}

    assert {"bubblewrap", "landlock", "isolation"} <= checks.keys()
    assert all(check.remedy for check in checks.values() if check.status != "PASS")


def test_a_model_that_is_there_passes_and_one_that_is_not_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with OllamaServer([]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        known = next(check for check in doctor.check_ollama("") if check.name == "models").found.split(", ")[0]
        present = list(doctor.check_ollama(f"ollama:{known}"))
        absent = list(doctor.check_ollama("ollama:nobody/knows"))

    assert [check.status for check in present] == ["PASS", "PASS"]
    assert (absent[1].status, absent[1].remedy) == ("FAIL", "ollama pull nobody/knows")


def test_openai_server_is_asked_for_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer([]) as server:
        monkeypatch.setenv("LOOPCUTTER_OPENAI_URL", server.url)
        (present,) = doctor.check_openai("openai:default")
        (absent,) = doctor.check_openai("openai:nobody-knows")
    (gone,) = doctor.check_openai("openai:default")

    assert (present.status, absent.status, gone.status) == ("PASS", "FAIL", "FAIL")
    assert "nobody-knows" in absent.found
    assert all(check.remedy for check in (absent, gone))
    assert list(doctor.check_openai("builtin")) == []


def test_without_ollama_a_run_that_does_not_need_it_is_only_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")

    assert [check.status for check in doctor.check_ollama("")] == ["WARN"]
    assert [check.status for check in doctor.check_ollama("ollama:any")] == ["FAIL"]


def test_a_damaged_run_log_is_a_failure_that_says_how_to_move_it_away(tmp_path: Path) -> None:
    folders = Folders(tmp_path, tmp_path / "config")
    assert doctor.check_log(folders) == Check("run log", "PASS", "no runs yet")
    folders.run_log.write_bytes(b"this is no database, however long it may be" * 100)

    check = doctor.check_log(folders)

    assert (check.status, check.remedy.startswith("mv ")) == ("FAIL", True)


def test_every_check_that_does_not_pass_names_a_remedy(tmp_path: Path) -> None:
    checks = list(doctor.examine(Folders(tmp_path, tmp_path / "config")))

    assert {"python", "git", "disk", "ports", "docker", "ollama", "gpu", "run log"} <= {check.name for check in checks}
    assert [check.name for check in checks if check.status != "PASS" and not check.remedy] == []


def test_the_servers_of_a_manifest_are_asked_each(tmp_path: Path) -> None:
    servers = "".join(
        f"  {name}: {{url: http://127.0.0.1:9/mcp}}\n" for name in ("loopguard", "retrieval", "sandbox", "vcs")
    )
    (tmp_path / "m.yaml").write_text(f"servers:\n{servers}")

    checks = list(doctor.check_servers(tmp_path / "m.yaml"))

    assert [(check.name, check.status) for check in checks] == [
        (name, "FAIL") for name in ("loopguard", "retrieval", "sandbox", "vcs")
    ]
    assert all("can't be reached" in check.found and check.remedy for check in checks)


def test_a_manifest_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    (check,) = doctor.check_servers(tmp_path / "none.yaml")

    assert (check.name, check.status, "none.yaml" in check.found) == ("manifest", "FAIL", True)
