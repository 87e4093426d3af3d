"""Rules on container engines, and what a command does inside of a container or a machine that already runs.

What is started anew goes when it ends,
so only ways to the host matter. What runs already belongs to somebody: a command
in there is judged as one outside of the workspace.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block

ELSEWHERE = "/in-another-container"
"""Stands for the workspace while what is done inside of another container is judged: nothing there is inside of it."""

ENGINES = {"docker", "podman", "nerdctl", "docker-compose", "podman-compose", "finch"}
_HOST = re.compile(
    r"--privileged|--(pid|net|network|ipc|userns|uts|cgroupns)[= ]host|--cap-add|--device|docker\.sock|containerd\.sock"
    r"|(seccomp|apparmor)[=:]unconfined|label[=:]disable|systempaths=unconfined|--oom-score-adj"
)
_OTHERS = re.compile(
    r"(system|volume|image|container|network|builder|buildx)? ?prune.*|(system|machine) (reset|rm).*|volume rm.*"
    r"|(stack|service) (rm|deploy|update|scale|rollback|create).*|swarm .*|node (rm|update|demote|promote).*"
    r"|(secret|config) (rm|create).*|context (use|rm|create|update).*|plugin (install|rm|enable|disable|set).*"
    r"|(compose )?down .*(-v|--volumes|--rmi)\b.*|(compose )?rm .*(-\w*v\w*|--volumes)\b.*|update .*|trust .*"
)
"""What others use as well: volumes, stacks, the swarm, the engine itself."""
_INSIDE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"docker|podman|nerdctl|docker-compose|podman-compose|finch"), ("exec",)),
    (re.compile(r"kubectl|oc|k3s|microk8s"), ("exec", "rsh")),
    (re.compile(r"lxc|incus|multipass|limactl|crictl|ctr"), ("exec", "shell")),
    (re.compile(r"adb"), ("shell",)),
    (re.compile(r"vagrant|fly|flyctl"), ("ssh", "console")),
    (re.compile(r"distrobox|toolbox"), ("enter", "run")),
)
_VALUED = re.compile(
    r"-[euwncfpl]|--(env|user|workdir|namespace|container|context|file|project-name|index|env-file|detach-keys"
    r"|kubeconfig|name)"
)
_COMMAND = ("-c", "--command", "-C")
"""The option of those that take the command as one word."""


def container_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of an engine's objects and of ways to the host."""
    if simple.program not in ENGINES:
        return
    words = simple.arguments
    joined = " ".join(words)
    if _HOST.search(joined) or any(_outside(mount, simple, places) for mount in _mounts(simple)):
        yield block(
            "privilege", f"this {simple.program} run would reach the host; leave out host access and host mounts"
        )
    elif _OTHERS.fullmatch(" ".join(_plain(words))) or (
        words[:1] in (("rm",), ("rmi",), ("kill",), ("stop",)) and (UNKNOWN in joined or simple.has("-a", "--all"))
    ):
        yield block("system", f"this removes {simple.program} objects that others use; name what was made here")
    elif words[:1] == ("cp",) and any(
        places.kind(word, simple.folder) == "outside" for word in simple.operands[2:] if ":" not in word
    ):
        yield block("write-outside", f"{simple.program} cp would write outside of the workspace; copy into it")


def _plain(words: tuple[str, ...]) -> list[str]:
    """The words without the engine's own options in front."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if _VALUED.fullmatch(rest[0]) or rest[0] in ("-f", "-H", "--host") else 1]
    if rest[:1] == ["compose"]:
        del rest[0]
        while rest and rest[0].startswith("-"):
            del rest[: 2 if _VALUED.fullmatch(rest[0]) else 1]
    return rest


def _mounts(simple: Simple) -> Iterator[str]:
    for at, word in enumerate(simple.arguments):
        if word in ("-v", "--volume", "--mount"):
            yield from simple.arguments[at + 1 : at + 2]
        elif word.startswith(("--volume=", "--mount=", "-v=")):
            yield word.partition("=")[2]


def _outside(mount: str, simple: Simple, places: Places) -> bool:
    source = re.search(r"(?:source|src)=([^,]+)", mount)
    path = source[1] if source else mount.partition(":")[0]
    return path.startswith(("/", "~")) and places.kind(path, simple.folder) == "outside"


def done_inside(simple: Simple) -> Simple | None:
    """The command that is run inside of something that runs already, if `simple` does that."""
    words = list(simple.arguments)
    for names, verbs in _INSIDE:
        if not names.fullmatch(simple.program):
            continue
        at = next((at for at, word in enumerate(words[:8]) if word in verbs), None)
        if at is None:
            return None
        whole = simple.value(*_COMMAND) if simple.program not in ("kubectl", "oc") and "ssh" in verbs else None
        inner = ["sh", "-c", whole] if whole else _after(words[at + 1 :], named=simple.program != "adb")
        if not inner:
            return None
        return replace(simple, words=tuple(inner), folder="/")
    return None


def _after(words: list[str], named: bool) -> list[str]:
    """What follows the options and the name of what it runs in."""
    if "--" in words:
        return words[words.index("--") + 1 :]
    while words and words[0].startswith("-"):
        del words[: 2 if _VALUED.fullmatch(words[0]) else 1]
    return words[1:] if named else words
