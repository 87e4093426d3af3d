"""What comes only as source is built in a container that can reach the package index, and nothing else."""

import io
import tarfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.testbed import Testbed

from loopcutter_sandbox.backends.docker.source_build import Index, public_index, wheel_name
from loopcutter_sandbox.errors import ImageFailed

BACKEND = '''\
"""A build backend of the project's own: it makes a wheel by hand, and notes where it ran."""
import os, socket, zipfile

def reach(host, port):
    try:
        socket.create_connection((host, port), 2).close()
    except OSError as error:
        return type(error).__name__
    return "reached"

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    FAIL
    name = "{name}-1.0-py3-none-any.whl"
    facts = "{name}-1.0.dist-info"
    seen = {"user": os.getuid(), "secret": os.environ.get("SECRET_OF_THE_HOST"), "direct": reach("127.0.0.1", PORT)}
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        archive.writestr("{name}.py", f"SEEN = {seen!r}\\n")
        archive.writestr(f"{facts}/METADATA", "Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        archive.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{facts}/RECORD", "")
    return name
'''


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and prints nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, int]]:
    """A folder that is served as a package index on loopback, and is the one that pip is configured to use."""
    folder = tmp_path / "simple"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
        yield folder, server.server_port
        server.shutdown()
        thread.join()


def source(folder: Path, port: int, name: str, fail: str = "pass") -> None:
    """A source distribution on the index, with a build backend inside it."""
    backend = BACKEND.replace("{name}", name).replace("PORT", str(port)).replace("FAIL", fail)
    files = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        f'[project]\nname = "{name}"\nversion = "1.0"\n',
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        "backend.py": backend,
    }
    (folder / name).mkdir()
    with tarfile.open(folder / name / f"{name}-1.0.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            facts = tarfile.TarInfo(f"{name}-1.0/{path}")
            facts.size = len(text)
            archive.addfile(facts, io.BytesIO(text.encode()))
    (folder / name / "index.html").write_text(f'<a href="{name}-1.0.tar.gz">{name}-1.0.tar.gz</a>')


@pytest.fixture
def docker(testbeds: Callable[[str], Testbed]) -> Testbed:
    return testbeds("docker")


@pytest.mark.anyio
async def test_a_source_distribution_is_built_without_rights_secrets_or_another_way_out(
    docker: Testbed, index: tuple[Path, int]
) -> None:
    folder, port = index
    source(folder, port, "onlysource")
    seen = {"user": 10001, "secret": None, "direct": "ConnectionRefusedError"}
    test = f"import onlysource\ndef test_it():\n    assert onlysource.SEEN == {seen}\n"
    report = await docker.test({"requirements.txt": "onlysource\n", "test_it.py": test})
    assert report["status"] == "passed", report


@pytest.mark.anyio
async def test_a_build_that_fails_says_why(docker: Testbed, index: tuple[Path, int]) -> None:
    source(*index, "brokensource", "raise SystemExit('no compiler here')")
    tree = docker.tree({"requirements.txt": "brokensource\n", "test_it.py": "def test_it(): pass\n"})
    well, words, _ = await docker.say("run_tests", tree=tree)
    assert not well
    assert "could not be built from source either: exit code 1" in words
    assert "no compiler here" in words


def test_an_index_with_a_password_is_not_told_to_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:secret@index.example/simple")
    with pytest.raises(ImageFailed, match="asks for a password") as raised:
        Index.configured()
    assert "secret" not in str(raised.value)


def test_a_build_reaches_the_index_and_where_it_keeps_its_files() -> None:
    public, files = public_index()
    found = Index((public,)).places()
    assert (len(found), files in found) == (2, True)
    assert public in {f"https://{place.host}/simple" for place in found}
    assert sorted(map(str, Index(("http://[::1]:8080/x",)).places())) == ["[::1]:8080"]


@pytest.mark.parametrize("path", ["x.whl", "loopcutter-wheels/x.txt", "loopcutter-wheels/../x.whl", "other/x.whl"])
def test_nothing_else_comes_out_of_a_build(path: str) -> None:
    assert wheel_name(path) == ""
