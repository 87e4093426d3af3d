"""What a project needs is read and never run; an image that has it is made once, or the reason why not is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.testbed import Testbed

from loopcutter_sandbox.backends.docker.dependencies import Needs, find, relevant
from loopcutter_sandbox.backends.docker.image import Image
from loopcutter_sandbox.errors import ImageFailed


def needs(**files: str) -> Needs:
    """What the files say, `__` in a name standing for its dot."""
    return find({name.replace("__", "."): text.encode() for name, text in files.items()})


def test_a_pyproject_names_its_python_and_what_its_tests_need() -> None:
    text = """
[project]
requires-python = ">=3.9"
dependencies = ["attrs>=23", "tomli; python_version < '3.11'"]
[project.optional-dependencies]
test = ["pytest-mock"]
docs = ["sphinx"]
[dependency-groups]
dev = ["hypothesis", {include-group = "lint"}]
lint = ["ruff"]
"""
    assert needs(pyproject__toml=text) == Needs(
        ">=3.9", ("attrs>=23", 'tomli; python_version < "3.11"', "pytest-mock", "hypothesis", "ruff")
    )


def test_poetry_spells_ranges_in_its_own_way() -> None:
    text = """
[tool.poetry.dependencies]
python = "^3.9"
attrs = "^23.1"
old = "^0.4.2"
near = "~1.4"
any = "*"
extra = {version = "1.0", optional = true}
[tool.poetry.group.test.dependencies]
exact = {version = "2.5"}
"""
    wanted = ("attrs<24,>=23.1", "old<0.5,>=0.4.2", "near<1.5,>=1.4", "any", "exact==2.5")
    assert needs(pyproject__toml=text) == Needs(">=3.9,<4", wanted)


def test_a_setup_cfg_and_a_tox_ini_are_read() -> None:
    setup = "[options]\npython_requires = >=3.8\ninstall_requires =\n    attrs>=1\n    six\n"
    setup += "[options.extras_require]\ntest = mock\n"
    tox = "[testenv]\ndeps =\n    pytest-mock\n    py27: old-thing\n    -rrequirements.txt\n    {[base]deps}\n"
    found = needs(setup__cfg=setup, tox__ini=tox, requirements__txt="wcwidth==0.2\n")
    assert found == Needs(">=3.8", ("attrs>=1", "six", "mock", "pytest-mock", "old-thing", "wcwidth==0.2"))


def test_a_setup_py_is_read_and_not_run(tmp_path: Path) -> None:
    text = f"""
import pathlib, setuptools
pathlib.Path({str(tmp_path / "ran")!r}).write_text("ran")
NEEDED = ["attrs", "six>=1.10"]
setuptools.setup(name="shop", install_requires=NEEDED, tests_require=computed(), extras_require={{"test": ["mock"]}})
"""
    assert needs(setup__py=text) == Needs("", ("attrs", "six>=1.10", "mock"))
    assert not (tmp_path / "ran").exists()


def test_lists_for_pip_are_followed_and_their_options_are_not() -> None:
    files = {
        "requirements.txt": b"-r requirements/base.txt\n--index-url https://x.invalid\n-e .\n# note\nsix==1.16 # why\n",
        "requirements/base.txt": b"attrs==23.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n",
        "requirements/docs.txt": b"sphinx\n",
        "README.txt": b"not a list",
    }
    assert relevant(files) == ["README.txt", "requirements.txt", "requirements/base.txt", "requirements/docs.txt"]
    assert find(files) == Needs("", ("attrs==23.1 --hash=sha256:aa --hash=sha256:bb", "six==1.16"))


@pytest.mark.parametrize("line", ["shop @ https://example.invalid/shop.whl", "git+https://example.invalid/shop.git"])
def test_what_comes_from_an_address_of_its_own_is_refused_by_name(line: str) -> None:
    with pytest.raises(ImageFailed, match=r"requirements\.txt asks for .*; prepare an image"):
        needs(requirements__txt=line)


def test_unreadable_files_say_nothing() -> None:
    broken = needs(pyproject__toml="[[[", setup__cfg="no section", setup__py="def", tox__ini="\0", setup__in="x")
    assert not broken


def test_what_is_there_already_is_not_asked_for_again() -> None:
    image = Image("id", "/bin/python3", (3, 9, 1), {"attrs": "23.1"}, (), "", "", "x86_64", ("glibc", "2.36"))
    lines = ["attrs>=23", "attrs>=24", 'six; python_version >= "3.10"', 'mock; python_version < "3.10"']
    assert image.lacks(lines) == ["attrs>=24", 'mock; python_version < "3.10"']


@pytest.fixture
def docker(testbeds: Callable[[str], Testbed]) -> Testbed:
    return testbeds("docker")


def wheel(folder: Path, name: str, source: str) -> None:
    """A wheel that pip can install, made without building anything."""
    import zipfile

    folder.mkdir(exist_ok=True)
    facts = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", source)
        archive.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{facts}/entry_points.txt", f"[console_scripts]\n{name}-says = {name}:main\n")
        archive.writestr(f"{facts}/RECORD", "")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that stands for the package index."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shelf"))
    return tmp_path / "shelf"


@pytest.mark.anyio
async def test_a_project_gets_an_image_with_its_dependencies_once(docker: Testbed, shelf: Path) -> None:
    wheel(shelf, "shelved", "WORD = 'from the shelf'\ndef main(): print(WORD)\n")
    test = (
        "import shelved, subprocess\ndef test_it():\n    assert subprocess.getoutput('shelved-says') == shelved.WORD\n"
    )
    files = {"requirements.txt": "shelved==1.0\n", "test_it.py": test}
    report = await docker.test(files)
    assert (report["status"], report["passed"]) == ("passed", ["test_it.py::test_it"]), report["stdout"]
    for left in shelf.iterdir():
        left.unlink()
    again = await docker.test({**files, "other.py": "changed = True\n"})
    assert again["status"] == "passed"


@pytest.mark.anyio
async def test_dependencies_that_cannot_be_had_are_an_error_and_no_run_without_them(
    docker: Testbed, shelf: Path
) -> None:
    shelf.mkdir()
    tree = docker.tree({"requirements.txt": "nowhere-to-be-found==9\n", "test_it.py": "def test_it(): pass\n"})
    well, words, _ = await docker.say("run_tests", tree=tree)
    assert not well
    assert "nowhere-to-be-found==9" in words
    assert "name it with --image" in words


@pytest.mark.anyio
async def test_a_project_for_another_python_is_told_so(docker: Testbed) -> None:
    tree = docker.tree({"pyproject.toml": '[project]\nname = "x"\nrequires-python = "<3.5"\n', "test_it.py": ""})
    well, words, _ = await docker.say("run_tests", tree=tree)
    assert (well, "needs Python <3.5" in words) == (False, True)
