"""Runs git so that nothing a repository brings along is ever executed.

Repositories are hostile: their config, attributes and hooks can name programs. Every command here starts from an
environment without the user's and the system's configuration, without prompts, pagers, hooks, maintenance, file
system monitors and lazy fetches, and never through a shell. What remains are filters and merge drivers: who works
with a foreign repository's own GIT_DIR must see to those.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from loopcutter_snapshots.errors import GitFailed, GitMissing, GitTimeout

_HARDENED = {
    "commit.gpgSign": "false",
    "core.editor": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.pager": "cat",
    "core.quotePath": "false",
    "core.sshCommand": "false",
    "core.untrackedCache": "false",
    "credential.helper": "",
    "gc.auto": "0",
    "gpg.openpgp.program": "false",
    "gpg.program": "false",
    "gpg.ssh.defaultKeyCommand": "false",
    "gpg.ssh.program": "false",
    "gpg.x509.program": "false",
    "http.followRedirects": "false",  # a token in http.extraHeader would follow as well
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "sequence.editor": "false",
    "submodule.recurse": "false",
}

_DIFFING = frozenset({"diff", "diff-files", "diff-index", "diff-tree", "log", "show"})
"""Commands that may run programs to show a change. Setting diff.external to nothing makes them fail, so they are told
not to."""

Settings = Mapping[str, str | tuple[str, ...]]
"""Git's configuration by key; a key with several values has a tuple of them."""

_IDENTITY = {"NAME": "Loopcutter", "EMAIL": "loopcutter@localhost"}


def environment(extra: Mapping[str, str] | None = None, settings: Settings | None = None) -> dict[str, str]:
    """The whole environment of a git process: hardened settings first, then `settings`, then the variables of `extra`.

    Settings travel as ``GIT_CONFIG_*`` variables, so that secrets among them never show on a command line.
    """
    config = [
        (key, value)
        for key, values in {**_HARDENED, **(settings or {})}.items()
        for value in ((values,) if isinstance(values, str) else values)
    ]
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(Path(__file__).with_name("gitconfig")),
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ASKPASS": "",  # set but empty: the program that core.askPass names is not asked either
        "GIT_TERMINAL_PROMPT": "0",
        # Not the setting protocol.allow: a repository's own protocol.ext.allow would win, and a missing object then
        # starts a program of its choice. Gits before 2.45 do not know GIT_NO_LAZY_FETCH.
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_CONFIG_COUNT": str(len(config)),
    }
    for role in ("AUTHOR", "COMMITTER"):
        variables |= {f"GIT_{role}_{field}": value for field, value in _IDENTITY.items()}
    for position, (key, value) in enumerate(config):
        variables |= {f"GIT_CONFIG_KEY_{position}": key, f"GIT_CONFIG_VALUE_{position}": value}
    return variables | dict(extra or {})


@cache
def version() -> tuple[int, ...]:
    """Which git this is: (2, 39) for 2.39.5."""
    return tuple(int(part) for part in git("version").split()[2].split(b".")[:2])


def git(
    *arguments: str,
    directory: Path | None = None,
    git_dir: Path | None = None,
    work_tree: Path | None = None,
    index: Path | None = None,
    stdin: bytes = b"",
    settings: Settings | None = None,
    accept: Iterable[int] = (0,),
    timeout: float | None = 300.0,
) -> bytes:
    """Run one git command, the first of `arguments`, and return its standard output.

    `git_dir`, `work_tree` and `index` are passed as ``GIT_DIR``, ``GIT_WORK_TREE`` and ``GIT_INDEX_FILE``; `timeout`
    is in seconds. Only `push` may use the network, and only HTTP. Raises `GitFailed` for an exit code outside `accept`
    or when the time is over.
    """
    places = {"GIT_DIR": git_dir, "GIT_WORK_TREE": work_tree, "GIT_INDEX_FILE": index}
    variables = {name: str(path) for name, path in places.items() if path is not None}
    command, *rest = arguments
    if command == "push":
        variables["GIT_ALLOW_PROTOCOL"] = "http:https"
    if command in _DIFFING:
        rest = ["--no-ext-diff", "--no-textconv", *rest]
    try:
        completed = subprocess.run(
            ["git", "--no-pager", command, *rest],
            cwd=directory,
            env=environment(variables, settings),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
            # Python's descriptors are closed all the same, but for locks that are to hold as long as this git lives.
            close_fds=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GitTimeout(command, error.timeout) from None
    except FileNotFoundError:
        if directory is not None and not directory.is_dir():
            raise GitFailed(command, 128, f"there is no folder {directory}") from None
        raise GitMissing from None
    if completed.returncode not in accept:
        raise GitFailed(command, completed.returncode, completed.stderr.decode("utf-8", "replace"))
    return completed.stdout
