"""The checks of `doctor`: what this machine has, and the command that mends what it lacks."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from loopcutter_host.errors import HostError, ModelFailed
from loopcutter_host.folders import Folders
from loopcutter_host.runlog import open_log

Status = Literal["PASS", "WARN", "FAIL"]

MIN_GIT = (2, 34)
"""The first git that takes its settings from `GIT_CONFIG_COUNT`."""
MIN_FREE_BYTES = 1 << 30
ANSWER_S = 10.0
"""How long a server of a manifest may take to answer."""


@dataclass(frozen=True)
class Check:
    """One line of the doctor's answer."""

    name: str
    status: Status
    found: str
    remedy: str = ""
    """The command that mends it; empty when nothing is wrong."""


def examine(folders: Folders, model: str = "", manifest: str = "") -> Iterator[Check]:
    """All checks, in the order a person would mend them."""
    yield check_python()
    yield check_git()
    yield check_disk(folders.state)
    yield check_ports()
    yield from check_sandbox()
    yield check_docker()
    yield from check_ollama(model)
    yield from check_openai(model)
    yield check_gpu()
    yield check_log(folders)
    if manifest:
        yield from check_servers(Path(manifest).expanduser())


def check_python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", "PASS", f"{found} at {sys.executable}")


def check_git() -> Check:
    if shutil.which("git") is None:
        return Check("git", "FAIL", "not found", "apt install git  (macOS: xcode-select --install)")
    said = _output("git", "--version").split()
    version = said[2] if len(said) > 2 else "0"
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < MIN_GIT:
        return Check("git", "FAIL", f"{version} is too old", "install git 2.34 or newer")
    return Check("git", "PASS", version)


def check_disk(folder: Path) -> Check:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Check("disk", "FAIL", f"{existing} can't be written", "set LOOPCUTTER_STATE to a folder of yours")
    free = shutil.disk_usage(existing).free
    if free < MIN_FREE_BYTES:
        return Check("disk", "WARN", f"{free >> 20} MiB free at {existing}", f"free some space, or remove {folder}")
    return Check("disk", "PASS", f"{free >> 30} GiB free at {existing}")


def check_ports() -> Check:
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
    except OSError as error:
        return Check(
            "ports", "FAIL", f"no loopback port can be opened: {error}", "check the loopback interface: ip addr"
        )
    return Check("ports", "PASS", "loopback ports can be opened")


def check_sandbox() -> Iterator[Check]:
    """Ask the sandbox itself: it knows its backends, and each is judged by running something in it."""
    said = _output(sys.executable, "-P", "-m", "loopcutter_sandbox", "status", "--json", timeout=60)
    try:
        status: dict[str, Any] = json.loads(said)
        backends = list(status["backends"])
        isolation = str(status["isolation"])
    except (ValueError, KeyError, TypeError):
        yield Check("sandbox", "FAIL", "the sandbox gave no answer", "pip install 'loopcutter[sandbox]'")
        return
    for backend in backends:
        works = bool(backend["works"])
        name = str(backend["name"])
        if name in _SANDBOX_REMEDIES:
            remedy = "" if works else _SANDBOX_REMEDIES[name]
            yield Check(name, "PASS" if works else "WARN", str(backend["why"]) or "works", remedy)
    weak = isolation in {"none", ""}
    remedy = "apt install bubblewrap" if weak else ""
    yield Check("isolation", "FAIL" if weak else "PASS", isolation or "none works here", remedy)


_SANDBOX_REMEDIES = {
    "bubblewrap": "apt install bubblewrap",
    "docker": "name an image that is on this machine: sandbox.image in loopcutter.yaml",
    "landlock": "pip install 'loopcutter[sandbox]' and use Linux 5.13 or newer",
}


def check_docker() -> Check:
    if shutil.which("docker") is None:
        return Check("docker", "WARN", "not found; optional", "apt install docker.io")
    version = _output("docker", "version", "--format", "{{.Server.Version}}").strip()
    if not version:
        return Check(
            "docker",
            "WARN",
            "no engine answers; optional",
            "systemctl start docker  (or: add yourself to group docker)",
        )
    return Check("docker", "PASS", f"engine {version}")


def check_ollama(model: str) -> Iterator[Check]:
    """Whether Ollama answers, and whether the model a run would ask for is there."""
    import httpx
    import ollama

    wanted = model.removeprefix("ollama:") if model.startswith("ollama:") else ""
    try:
        with ollama.Client(timeout=3) as client:
            names = [str(found.model) for found in client.list().models]
    except (ConnectionError, ollama.ResponseError, httpx.HTTPError, ValueError):
        status: Status = "FAIL" if wanted else "WARN"
        where = os.environ.get("OLLAMA_HOST") or "its usual address"
        yield Check("ollama", status, f"does not answer at {where}; optional", "ollama serve  (get it from ollama.com)")
        return
    yield Check("ollama", "PASS", f"answers, {len(names)} models")
    if wanted:
        present = wanted in names or f"{wanted}:latest" in names
        remedy = "" if present else f"ollama pull {wanted}"
        yield Check("model", "PASS" if present else "FAIL", wanted if present else f"{wanted} is not there", remedy)
    elif names:
        yield Check("models", "PASS", ", ".join(names[:8]))
    else:
        yield Check("models", "WARN", "none pulled", "ollama pull qwen2.5-coder:7b")


def check_openai(model: str) -> Iterator[Check]:
    """Whether the OpenAI-compatible server of a model `openai:NAME` answers and has it; nothing for other models."""
    kind, _, name = model.partition(":")
    if kind != "openai" or not name:
        return
    from loopcutter_host.chat.openai import OpenAI, OpenAISettings
    from loopcutter_host.chat.wire import Waits

    url = os.environ.get("LOOPCUTTER_OPENAI_URL", "")
    ca = os.environ.get("LOOPCUTTER_OPENAI_CA", "")

    async def ask() -> int:
        waits = Waits(connect_s=3, gap_s=5, retries=0)
        async with aclosing(OpenAI(name, OpenAISettings(url=url, ca=ca, waits=waits))) as chat:
            return (await chat.capacity()).window

    try:
        window = asyncio.run(ask())
    except HostError as error:
        yield Check("model", "FAIL", error.happened, error.remedy)
    except ModelFailed as error:
        yield Check("model", "FAIL", str(error), "see the log of that server")
    else:
        yield Check("model", "PASS", f"{name} is there, with a window of {window} tokens")


def check_gpu() -> Check:
    if shutil.which("nvidia-smi"):
        query = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader")
        found = _output("nvidia-smi", *query).strip().splitlines()
        if found:
            return Check("gpu", "PASS", "; ".join(found))
    amd = sorted(Path("/sys/class/drm").glob("card*/device/mem_info_vram_total"))
    if amd:
        return Check("gpu", "PASS", f"AMD, {int(amd[0].read_text()) >> 30} GiB")
    if sys.platform == "darwin":
        return Check("gpu", "PASS", "Apple, memory shared with the system")
    return Check("gpu", "WARN", "none found; models run on the CPU, builtin needs none", "nvidia-smi  (to see why)")


def check_log(folders: Folders) -> Check:
    if not folders.run_log.exists():
        return Check("run log", "PASS", "no runs yet")
    try:
        with closing(open_log(folders.run_log)) as connection:
            (sound,) = connection.execute("PRAGMA quick_check").fetchone()
    except HostError as error:
        sound = error.happened
    if sound != "ok":
        return Check("run log", "FAIL", f"{folders.run_log}: {sound}", f"mv {folders.run_log} {folders.run_log}.broken")
    return Check("run log", "PASS", str(folders.run_log))


def check_servers(manifest: Path) -> Iterator[Check]:
    """Whether each server of a manifest answers, lets us in, and offers its tools."""
    from loopcutter_host import topology
    from loopcutter_host.connections import Address, Connections

    async def reach(name: str, address: Address) -> Check:
        try:
            async with asyncio.timeout(ANSWER_S), Connections({name: address}):
                return Check(name, "PASS", f"answers at {address.url}")
        except TimeoutError:
            return Check(name, "FAIL", f"gives no answer at {address.url}", f"check the network, and loopcutter-{name}")
        except HostError as error:
            return Check(name, "FAIL", error.happened, error.remedy or f"start it: loopcutter-{name} serve")

    async def reach_all(known: topology.Topology) -> list[Check]:
        return list(await asyncio.gather(*(reach(name, address) for name, address in known.addresses.items())))

    try:
        known = topology.read(manifest)
    except HostError as error:
        yield Check("manifest", "FAIL", error.happened, error.remedy)
        return
    yield from asyncio.run(reach_all(known))


def _output(*command: str, timeout: float = 10) -> str:
    """What a command prints; empty when it can't be run, fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
