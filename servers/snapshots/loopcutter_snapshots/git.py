"""Runs git so that nothing a repository brings along is ever executed.

Repositories are hostile: their config, attributes and hooks can name programs. Every command here starts from an
environment without the user's and the system's configuration, without prompts, pagers, hooks, maintenance, file
system monitors and lazy fetches, and never through a shell.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from loopcutter_snapshots.errors import GitFailed

_HARDENED = {
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.sshCommand": "false",
    "core.editor": "false",
    "core.pager": "cat",
    "core.untrackedCache": "false",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "gpg.program": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
    "submodule.recurse": "false",
    "commit.gpgSign": "false",
    "core.quotePath": "false",
}

_IDENTITY = {"NAME": "Loopcutter", "EMAIL": "loopcutter@localhost"}


def environment(extra: Mapping[str, str] | None = None, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment of a git process: hardened settings first, then `settings`, then the variables of `extra`.

    Settings travel as ``GIT_CONFIG_*`` variables, so that secrets among them never show on a command line.
    """
    config = {**_HARDENED, **(settings or {})}
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_CONFIG_COUNT": str(len(config)),
    }
    for role in ("AUTHOR", "COMMITTER"):
        variables |= {f"GIT_{role}_{field}": value for field, value in _IDENTITY.items()}
    for position, (key, value) in enumerate(config.items()):
        variables |= {f"GIT_CONFIG_KEY_{position}": key, f"GIT_CONFIG_VALUE_{position}": value}
    return variables | dict(extra or {})


def git(
    *arguments: str,
    directory: Path | None = None,
    git_dir: Path | None = None,
    work_tree: Path | None = None,
    index: Path | None = None,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
    accept: Iterable[int] = (0,),
    timeout: float | None = 300.0,
) -> bytes:
    """Run one git command and return its standard output.

    `git_dir`, `work_tree` and `index` are passed as ``GIT_DIR``, ``GIT_WORK_TREE`` and ``GIT_INDEX_FILE``; `timeout`
    is in seconds. Raises `GitFailed` for an exit code outside `accept`.
    """
    places = {"GIT_DIR": git_dir, "GIT_WORK_TREE": work_tree, "GIT_INDEX_FILE": index}
    completed = subprocess.run(
        ["git", "--no-pager", *arguments],
        cwd=directory,
        env=environment({name: str(path) for name, path in places.items() if path is not None}, settings),
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    if completed.returncode not in accept:
        raise GitFailed(arguments[0], completed.returncode, completed.stderr.decode("utf-8", "replace"))
    return completed.stdout
