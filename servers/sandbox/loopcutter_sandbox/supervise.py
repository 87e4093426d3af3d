"""Watches over a run that has no process name space: when it ends, or its starter does, nothing it started survives.

Run as a script by the server's own interpreter: ``python -I -S supervise.py SPECIFICATION``. It restricts its child by
Landlock when the specification says so, and stays unrestricted itself, so that nothing inside can stop it.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import signal
import sys
import time
from typing import Any

_PDEATHSIG = 1
_CHILD_SUBREAPER = 36
_CAPBSET_DROP = 24
_LAST_CAPABILITY = 63


def main() -> None:
    """Start what the specification names, wait for its end, clear up."""
    specification = json.loads(sys.argv[1])
    signals = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    if sys.platform == "linux":
        _prctl(_PDEATHSIG, signal.SIGTERM)
        _prctl(_CHILD_SUBREAPER, 1)
    if os.getppid() != specification["parent"]:
        sys.exit(1)  # whoever started this died before it could ask to be told
    child = os.fork()
    if child == 0:
        _become(specification, signals)
    _let_go()
    os._exit(_watch(child, signals))


def _become(specification: dict[str, Any], signals: set[signal.Signals]) -> None:
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        os.setsid()
        if sys.platform == "linux":
            _prctl(_PDEATHSIG, signal.SIGKILL)
        if specification["landlock"] is not None:
            _landlock(specification["landlock"])
        os.execv(specification["arguments"][0], specification["arguments"])
    except BaseException as error:
        os.write(2, f"the sandbox could not be entered: {error}\n".encode())
    finally:
        os._exit(126)


def _landlock(rules: dict[str, Any]) -> None:
    sys.path.append(rules["library"])
    from landlockpy import AccessFS, Ruleset, Scope, fs_for_abi

    everything = fs_for_abi(11)
    folder = AccessFS.EXECUTE | AccessFS.READ_FILE | AccessFS.READ_DIR
    file = AccessFS.EXECUTE | AccessFS.READ_FILE
    device = AccessFS.READ_FILE | AccessFS.WRITE_FILE | AccessFS.IOCTL_DEV
    if os.geteuid() == 0:
        for capability in range(_LAST_CAPABILITY + 1):
            with contextlib.suppress(OSError):
                _prctl(_CAPBSET_DROP, capability)  # the rest are lost with the next program: no file gives them back
    with Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as ruleset:
        for path in rules["readable"]:
            ruleset.allow_path(path, folder if pathlib.Path(path).is_dir() else file)
        for path in rules["writable"]:
            ruleset.allow_path(path, everything)
        for path in rules["devices"]:
            ruleset.allow_path(path, device)
        ruleset.restrict()


def _let_go() -> None:
    """Hold on to no pipe: whoever reads them waits for their end."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.closerange(3, 4096)


def _watch(child: int, signals: set[signal.Signals]) -> int:
    while True:
        number = signal.sigwait(signals)
        ended = None
        if number == signal.SIGCHLD:
            ended = _reap(child)
            if ended is None:
                continue
        _kill_all(child)
        if ended is None:
            return 128 + signal.SIGTERM
        return 128 + os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)


def _reap(child: int) -> int | None:
    """Collect the dead; the wait status of `child` when it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == child:
            found = status


def _kill_all(child: int) -> None:
    """Kill every descendant. Each is stopped first, so that none forks on while others are being killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    while _has_children():
        stopped: set[int] = set()
        while fresh := _descendants() - stopped:
            _signal(fresh, signal.SIGSTOP)
            stopped |= fresh
        _signal(stopped, signal.SIGKILL)
        if not stopped:
            time.sleep(0.001)  # one was looked for just when its parent died; orphans come to this process


def _has_children() -> bool:
    """Whether anything is left: the orphans of all descendants become children of this process. Reaps the dead."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _descendants() -> set[int]:
    parents: dict[int, int] = {}
    if not pathlib.Path("/proc/self").is_dir():
        return set()  # macOS: the process group has to do
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
                if fields[0] != b"Z":
                    parents[int(process.name)] = int(fields[1])
    found = {os.getpid()}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found - {os.getpid()}
        found |= more


def _prctl(option: int, value: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    main()
