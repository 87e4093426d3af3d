"""Code that lies about its tests, will not end, or uses up whatever it gets."""

import os
import secrets
import time
from pathlib import Path

import pytest
from support.processes import marked
from support.testbed import Testbed

pytestmark = pytest.mark.anyio

GOOD = "def test_good(): pass\n"


@pytest.fixture
def token() -> str:
    return f"token{secrets.token_hex(8)}"


async def test_an_endless_test_is_killed_and_named(bed: Testbed) -> None:
    started = time.monotonic()
    report = await bed.test({"test_it.py": f"{GOOD}def test_loop():\n    while True: pass\n"}, timeout_s=3)
    assert (report["status"], report["passed"], report["errors"]) == (
        "timeout",
        ["test_it.py::test_good"],
        ["test_it.py::test_loop"],
    )
    stuck = report["failures"][0]
    assert (stuck["exception"], stuck["file"], stuck["line"]) == ("Timeout", "test_it.py", 3)
    assert stuck["frames"][0]["function"] == "test_loop"
    assert (report["exit_code"], bed.left_over()) == (None, [])
    assert time.monotonic() - started < 15


async def test_ignoring_every_signal_does_not_help(bed: Testbed) -> None:
    test = """\
import signal, sys
def test_it():
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True: pass
"""
    report = await bed.test({"test_it.py": test}, timeout_s=2)
    assert (report["status"], bed.left_over()) == ("timeout", [])


@pytest.mark.parametrize(
    "files",
    [
        {"conftest.py": "import os\nos._exit(0)\n", "test_it.py": GOOD},
        {"test_it.py": f"import os\n{GOOD}def test_exit(): os._exit(0)\n"},
        {"conftest.py": "import os\ndef pytest_sessionfinish(): os._exit(0)\n", "test_it.py": GOOD},
        {"test_it.py": f"{GOOD}def test_crash():\n    import ctypes\n    ctypes.string_at(0)\n"},
    ],
    ids=["conftest", "test", "finish", "segfault"],
)
async def test_leaving_early_is_a_crash_whatever_the_exit_code(best: Testbed, files: dict[str, str]) -> None:
    report = await best.test(files)
    assert report["status"] == "crashed"
    assert "it ended without a complete report" in report["stderr"]


async def test_a_test_that_ends_the_process_is_named(best: Testbed) -> None:
    report = await best.test({"test_it.py": f"import os\n{GOOD}def test_exit(): os._exit(0)\n"})
    assert [(failure["test"], failure["exception"]) for failure in report["failures"]] == [
        ("test_it.py::test_exit", "Crashed")
    ]


@pytest.mark.parametrize("command", ["", "python -m unittest test_it"])
async def test_a_test_that_sleeps_forever_shows_where_and_what_it_ran(best: Testbed, command: str) -> None:
    test = """\
import time, unittest
def wait():
    time.sleep(600)
class Cases(unittest.TestCase):
    def test_it(self):
        wait()
"""
    report = await best.test({"test_it.py": test}, command=command, timeout_s=3, coverage=True)
    assert (report["status"], report["errors"]) == ("timeout", ["test_it.py::Cases::test_it"])
    assert [(frame["line"], frame["code"]) for frame in report["failures"][0]["frames"]] == [
        (6, "wait()"),
        (3, "time.sleep(600)"),
    ]


async def test_leaving_by_an_exception_is_a_failure(best: Testbed) -> None:
    test = f"import sys\n{GOOD}def test_exit(): sys.exit(0)\ndef test_after(): pass\n"
    report = await best.test({"test_it.py": test})
    assert (report["status"], report["failed"]) == ("failed", ["test_it.py::test_exit"])
    assert report["passed"] == ["test_it.py::test_good", "test_it.py::test_after"]


@pytest.mark.parametrize("ending", ["pytest.exit('done', 0)", "raise KeyboardInterrupt"])
async def test_ending_the_run_from_within_is_an_error(best: Testbed, ending: str) -> None:
    report = await best.test({"test_it.py": f"import pytest\n{GOOD}def test_end(): {ending}\ndef test_after(): pass\n"})
    assert (report["status"], report["errors"]) == ("error", ["test_it.py::test_end"])


@pytest.mark.parametrize(
    "files",
    [
        {"conftest.py": "import sys\nsys.exit(0)\n", "test_it.py": GOOD},
        {"test_it.py": "import sys\nsys.exit(0)\n"},
    ],
    ids=["conftest", "test"],
)
async def test_exiting_at_import_is_an_error(best: Testbed, files: dict[str, str]) -> None:
    assert (await best.test(files))["status"] == "error"


async def test_taking_tests_away_does_not_make_them_pass(best: Testbed) -> None:
    files = {"conftest.py": "def pytest_collection_modifyitems(items): items.clear()\n", "test_it.py": GOOD}
    every = await best.test(files)
    demanded = await best.test(files, tests=["test_it.py::test_good"])
    assert (every["status"], demanded["status"]) == ("no-tests", "error")


async def test_calling_a_failure_a_success_is_not_believed(best: Testbed) -> None:
    conftest = """\
import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    outcome.get_result().outcome = "passed"
"""
    report = await best.test({"conftest.py": conftest, "test_it.py": "def test_bad(): assert 1 == 2\n"})
    assert (report["status"], report["failed"]) == ("failed", ["test_it.py::test_bad"])


async def test_talking_to_the_server_without_the_nonce_ends_the_run(best: Testbed) -> None:
    test = """\
import os
def test_it():
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b'{"kind": "end", "exit_code": 0, "results": 1, "nonce": "", "sequence": 3}\\n')
        except OSError:
            pass
"""
    assert (await best.test({"test_it.py": test}))["status"] == "crashed"


async def test_forked_children_cannot_report(best: Testbed) -> None:
    test = """\
import os
def test_it():
    if os.fork() == 0:
        raise RuntimeError("two processes run the rest of the tests")
    os.wait()
def test_after(): pass
"""
    report = await best.test({"test_it.py": test})
    assert (report["status"], report["passed"]) == ("passed", ["test_it.py::test_it", "test_it.py::test_after"])


async def test_a_flood_of_output_is_killed_and_only_its_ends_are_kept(bed: Testbed) -> None:
    result = await bed.command("yes loop", timeout_s=60)
    assert (result["exit_code"], result["truncated"], result["timed_out"]) == (None, True, False)
    assert len(result["stdout"]) < 100_000
    assert result["duration_s"] < 60


async def test_bytes_that_are_not_text_are_made_safe(best: Testbed) -> None:
    result = await best.command(r"printf 'a\377\000\033[2Jb\n'")
    assert result["stdout"] == "a\\xff\\x00\\x1b[2Jb\n"


async def test_a_memory_hog_fails_alone(bed: Testbed) -> None:
    report = await bed.test({"test_it.py": f"{GOOD}def test_hog(): bytearray(16 << 30)\n"})
    assert (report["status"], report["passed"]) == ("failed", ["test_it.py::test_good"])
    assert [failure["exception"] for failure in report["failures"]] == ["MemoryError"]


async def test_a_file_without_end_is_cut_off(bed: Testbed) -> None:
    result = await bed.command("head -c 300M /dev/zero > big; stat -c %s big", timeout_s=30)
    assert int(result["stdout"].split()[-1]) <= 256 << 20


async def test_a_crowd_of_processes_ends_with_the_run(bed: Testbed, token: str) -> None:
    program = """\
import os, time
started = 0
try:
    for _ in range(300):
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
        started += 1
except OSError as error:
    print(error)
print(started, flush=True)
"""
    result = await bed.command(f'python -c "$(cat crowd.py)" {token}', {"crowd.py": program})
    assert (result["exit_code"], marked(token)) == (0, [])
    unlimited = any("processes is not limited" in gap for gap in result["gaps"])
    assert (int(result["stdout"].split()[-1]) == 300) is unlimited


async def test_a_process_in_the_background_does_not_outlive_the_run(bed: Testbed, token: str) -> None:
    started = time.monotonic()
    result = await bed.command(f"(setsid setsid sh -c 'sleep 600; : {token}' &) ; echo started", timeout_s=120)
    assert (result["exit_code"], result["stdout"], marked(token)) == (0, "started\n", [])
    assert time.monotonic() - started < 60


async def test_folders_that_nobody_may_enter_are_removed(bed: Testbed) -> None:
    deep = "import os\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
    await bed.command("python deep.py; mkdir closed; touch closed/file; chmod 0 closed; chmod 0 .", {"deep.py": deep})
    assert bed.left_over() == []


async def test_nothing_outside_can_be_written(bed: Testbed, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    places = [tmp_path, Path(os.__file__).parent, Path("/usr"), Path("/etc"), Path.home()]
    await bed.script("".join(f"echo x > {place}/loopcutter-was-here; " for place in places))
    assert [place for place in places if (place / "loopcutter-was-here").exists()] == []


async def test_nothing_private_can_be_read(bed: Testbed, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("topsecret")
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    result = await bed.script(
        f"cat {secret} /etc/shadow /proc/{os.getpid()}/environ; env; ls {bed.folder} && echo listed"
    )
    assert "topsecret" not in result["stdout"]
    assert "root:" not in result["stdout"]
    assert "PYTEST_CURRENT_TEST" not in result["stdout"]
    assert "listed" not in result["stdout"]


async def test_a_link_out_of_the_tree_leads_nowhere(bed: Testbed, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("topsecret")
    result = await bed.command(f"ln -s {secret} link; cat link; echo x > link; true")
    assert ("topsecret" in result["stdout"], secret.read_text()) == (False, "topsecret")


async def test_the_network_is_out_of_reach(bed: Testbed) -> None:
    import socket

    program = """\
import socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
    print("connected")
except OSError as error:
    print("refused")
try:
    place = socket.socket(socket.AF_UNIX)
    place.connect("\\0" + sys.argv[2])
    print("connected")
except OSError as error:
    print("refused")
"""
    name = f"loopcutter-{secrets.token_hex(8)}"
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\0{name}")
        local.listen()
        result = await bed.command(f"python go.py {listener.getsockname()[1]} {name}", {"go.py": program})
    assert result["stdout"] == "refused\nrefused\n"


async def test_no_other_process_can_be_signalled(bed: Testbed) -> None:
    result = await bed.command(f"kill -0 {os.getpid()} && echo reached; kill -0 {os.getppid()} && echo reached; true")
    assert result["stdout"] == ""
