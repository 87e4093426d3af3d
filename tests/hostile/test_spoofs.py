"""Projects that forge what their tests came to: their one bad test must not be reported as passed.

Four are believed, and stay so: an object that equals everything, a module in place of one of the standard library's, a
debugger that moves the test on, and an event loop that keeps what is raised in it. No test run could tell them from
honest code, but a review of the change does.
"""

import py_compile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

import pytest
from hostile.behaviour import Behaviour, read
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

UNCHECKED = PycInvalidationMode.UNCHECKED_HASH
SPOOFS = [read(file) for file in sorted((Path(__file__).parent / "spoofs").glob("*.txt"))]
HONEST = {"test_it.py": "import shop\ndef test_bad(): assert shop.price() == 2\n", "shop.py": "def price(): return 1\n"}


@pytest.fixture
def bed(testbeds: Any) -> Testbed:
    """What forges is in the same process as what reports: the backend makes no difference, so the quickest is used."""
    return testbeds("bubblewrap")  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "spoof",
    [pytest.param(each, id=each.name, marks=[pytest.mark.long] if "race" in each.keys else []) for each in SPOOFS],
)
async def test_a_forged_pass_is_not_believed(bed: Testbed, spoof: Behaviour) -> None:
    test = spoof.keys.get("test", "test_it.py::test_bad")
    base = bed.tree(HONEST) if "base" in spoof.keys else ""
    if planted := spoof.keys.get("planted", "").split():
        base = bed.tree({path: text for path, text in spoof.files.items() if path not in planted})
    command = spoof.keys.get("run", "")
    for tests in ([test], []) if "also" in spoof.keys else ([test],):
        report = await bed.test(spoof.files, tests=tests, base=base, command=command, timeout_s=30)
        believed = report["status"] == "passed" and test in report["passed"]
        assert believed is ("believed" in spoof.keys), (tests, report["status"], report["stderr"][-800:])


async def test_compiled_code_that_was_put_beside_a_test_is_not_believed(bed: Testbed, tmp_path: Path) -> None:
    bad, good = "assertEqual(1, 2)", "assertEqual(1, 1)"
    text = "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): self.{}\n"
    (tmp_path / "test_a.py").write_text(text.format(good))
    kept = Path(py_compile.compile(str(tmp_path / "test_a.py"), invalidation_mode=UNCHECKED) or "")
    planted = {"test_a.py": text.format(bad).encode(), f"__pycache__/{kept.name}": kept.read_bytes()}
    for tests in (["test_a.py::A::test_a"], []):
        report = await bed.test(planted, tests=tests, command="python -m unittest")
        assert (report["status"], report["passed"]) == ("error", [])


async def test_honest_results_are_not_called_forged(bed: Testbed) -> None:
    files = {"test_it.py": "import pytest\n@pytest.mark.parametrize('n', range(5))\ndef test_it(n): assert n != 3\n"}
    report = await bed.test(files)
    assert (report["status"], len(report["passed"]), report["failed"]) == ("failed", 4, ["test_it.py::test_it[3]"])


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_five_hundred_honest_runs_are_not_called_forged(bed: Testbed) -> None:
    seen = {}
    for number in range(500):
        files, arguments, expected = HONEST_PROJECTS[number % len(HONEST_PROJECTS)]
        report = await bed.test({**files, "number.txt": str(number)}, **arguments)
        forged = any(failure["exception"] == "Tampered" for failure in report["failures"])
        if (report["status"], forged) != (expected, False) or "has to fail" in report["stderr"]:
            seen[number] = report
    assert seen == {}


HONEST_PROJECTS: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"test_a.py": "def test_a(): pass\n"}, {}, "passed"),
    ({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, {}, "failed"),
    ({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, {"stop_at_first": True}, "failed"),
    ({"test_a.py": "def test_b(): pass\ndef test_a(): assert 0\n"}, {"stop_at_first": True}, "failed"),
    ({"test_a.py": "import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_a(n): pass\n"}, {}, "passed"),
    ({"test_a.py": "import pytest\npytest.skip('no', allow_module_level=True)\n"}, {}, "no-tests"),
    (
        {
            "conftest.py": "import pytest\n@pytest.fixture(autouse=True, scope='module')\ndef f(request):\n"
            "    assert request.module.X\n    yield\n",
            "test_a.py": "X = 1\nimport unittest\nclass A(unittest.TestCase):\n"
            "    def test_a(self): self.assertEqual(1, 1)\n",
        },
        {},
        "passed",
    ),
    (
        {
            "conftest.py": "import pytest\ndef pytest_runtest_setup(item):\n    if not item.get_closest_marker('on'):\n"
            "        pytest.skip('off')\ndef pytest_configure(config): config.addinivalue_line('markers', 'on: run')\n",
            "test_a.py": "import pytest\n@pytest.mark.on\ndef test_a(): pass\n",
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "from unittest import mock\nimport os\n@mock.patch('os.getcwd', lambda: '/x')\ndef test_a():\n"
            "    assert os.getcwd() == '/x'\ndef test_b(monkeypatch):\n    monkeypatch.setattr(os, 'write', None)\n",
        },
        {},
        "passed",
    ),
    (
        {"test_a.py": "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n"},
        {"command": "python -m unittest"},
        "passed",
    ),
    (
        {
            "test_a.py": "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def g():\n        f(); f()\n"
            "    return g\n@twice\ndef test_a(): pass\nclass TestB:\n    @staticmethod\n    def test_c(): pass\n"
            "    @classmethod\n    def test_d(cls): pass\n",
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "import sys\nX = 1\nY = 2\nZ = None\ndef setup_module(module): module.Z = 3\n"
            "def test_a(monkeypatch):\n    monkeypatch.setattr(sys.modules[__name__], 'X', 5)\n"
            "    assert (X, Z) == (5, 3)\n"
            "def test_b():\n    global Y\n    Y += 1\n    assert (X, Y) == (1, 3)\n",
        },
        {},
        "passed",
    ),
    (
        {
            "conftest.py": "import asyncio, inspect\nclass Steps:\n    def pytest_runtest_setup(self, item): pass\n"
            "def pytest_configure(config): config.pluginmanager.register(Steps())\n"
            "def pytest_pyfunc_call(pyfuncitem):\n    if inspect.iscoroutinefunction(pyfuncitem.obj):\n"
            "        asyncio.run(pyfuncitem.obj())\n        return True\n",
            "tests/conftest.py": "def pytest_runtest_makereport(item, call): pass\n",
            "tests/test_a.py": "async def test_a(): pass\ndef test_b(): pass\n",
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "import unittest, ctypes\nclass A(unittest.TestCase):\n"
            "    def test_a(self):\n        with self.assertRaises(KeyError): {}[1]\n"
            "        with self.subTest(n=1): self.assertTrue(1)\n    def test_b(self): self.skipTest('no')\n"
            "    @unittest.expectedFailure\n    def test_c(self): self.fail()\n"
            "class B(unittest.IsolatedAsyncioTestCase):\n    async def test_d(self): self.assertEqual(1, 1)\n"
            "def test_e():\n    assert ctypes.pythonapi.Py_IsInitialized() == 1\n"
        },
        {},
        "passed",
    ),
    (
        {
            "test_a.py": "import sys, pytest\ndef test_a():\n    old = sys.gettrace()\n"
            "    sys.settrace(lambda *_: None)\n    sys.settrace(old)\n    with pytest.raises(ValueError): int('x')\n"
            "@pytest.mark.xfail\ndef test_b(): assert 0\ndef test_c(): pytest.xfail('not yet')\n"
        },
        {},
        "passed",
    ),
    (
        {
            "tests/__init__.py": "",
            "tests/newer.py": "def test_a(): pass\n",
            "tests/test_a.py": "def test_a(): assert 0\nfrom .newer import test_a\n",
        },
        {},
        "passed",
    ),
    ({"m.py": '"""\n>>> 1 + 1\n2\n"""\n'}, {"command": "pytest --doctest-modules m.py"}, "passed"),
]


@pytest.mark.parametrize(("files", "arguments", "expected"), HONEST_PROJECTS)
async def test_an_honest_project_is_not_called_forged(
    bed: Testbed, files: dict[str, str], arguments: dict[str, Any], expected: str
) -> None:
    report = await bed.test(files, **arguments)
    assert (report["status"], "has to fail" in report["stderr"]) == (expected, False), report["stderr"]
