"""Sending a snapshot to another machine: a push over HTTP that only carries what is not there yet."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopcutter_snapshots.git import environment
from loopcutter_vcs.errors import PublishFailed, Unknown
from loopcutter_vcs.progress import Progress, unobserved
from loopcutter_vcs.store import Store

_GLANCE = 0.2
"""Seconds between two looks whether anybody still wants the push."""
_TRIES = 5
"""How often a push is made while another one writes the same snapshot; when that is done, there is nothing to send."""

_SEARCHES = "retrieval"
"""The remote that is told of the past as well. The sandbox runs code of strangers and needs none of it."""


@dataclass(frozen=True)
class Published:
    """A tree that another machine holds now."""

    remote: str
    tree: str


@dataclass(frozen=True)
class Remotes:
    """The servers that snapshots can be sent to."""

    urls: Mapping[str, str]
    """MCP addresses by name: `{"sandbox": "http://127.0.0.1:9401/mcp"}`; git is served beside it, at /git."""
    token: str | None = None
    certificates: Path | None = None
    """Who is trusted besides the system's authorities: the CA of the user's own machines."""

    def publish(
        self,
        store: Store,
        remote: str,
        tree: str,
        progress: Progress = unobserved,
        history: Callable[[], str] = str,
    ) -> Published:
        """Push `tree` to `remote`, where it is then known by its hash.

        `history` gives the id of a digest of the past, empty if there is none. It goes along where it is of use, and
        nowhere else: to the remote that is called `retrieval`.
        """
        if remote not in self.urls:
            known = ", ".join(sorted(self.urls)) or "none"
            raise Unknown(f"there is no remote {remote!r}: this server was started with {known}; add --remote NAME=URL")
        url = f"{self.urls[remote].rstrip('/').removesuffix('/mcp')}/git"
        references = [f"{store.snapshot(tree)}:refs/snapshots/{tree}"]
        if remote == _SEARCHES and (digest := history()):
            references.append(f"+{digest}:refs/snapshots/history/{tree}")
        # On the command line anybody on the machine could read the token.
        settings = {f"http.{url}.extraHeader": f"Authorization: Bearer {self.token}"} if self.token else {}
        if self.certificates:
            settings["http.sslCAInfo"] = str(self.certificates)
        places = {"GIT_DIR": str(store.git_dir), "GIT_ALLOW_PROTOCOL": "http:https"}
        for attempt in range(_TRIES):
            exit_code, said = _push(url, references, environment(places, settings), remote, progress)
            if exit_code == 0:
                break
            if attempt == _TRIES - 1 or "cannot lock ref" not in said:
                raise PublishFailed(
                    f"snapshot {tree[:12]} did not reach {remote} at {url} ({said.strip()[-500:]}): "
                    "check that the server is running and that its token is the one given to this server"
                )
        return Published(remote, tree)


def _push(
    url: str, references: Sequence[str], variables: dict[str, str], remote: str, progress: Progress
) -> tuple[int, str]:
    """Exit code and words of one `git push`."""
    with subprocess.Popen(
        ["git", "push", "--quiet", "--no-verify", "--end-of-options", url, *references],
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as push:
        said = _watched(push, remote, progress)
    return push.returncode, said


def _watched(push: "subprocess.Popen[bytes]", remote: str, progress: Progress) -> str:
    """What the push says, unless `progress` stops it."""
    try:
        while True:
            progress(0, 1, f"sending the snapshot to {remote}")
            try:
                return push.communicate(timeout=_GLANCE)[1].decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                continue
    except BaseException:
        os.killpg(push.pid, 9)  # git and the helper that does the talking
        raise
