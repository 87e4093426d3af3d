"""Rules on the machine: no other rights than the run has, no change to the system, no attack on other processes."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_PRIVILEGE = {
    "sudo", "su", "doas", "pkexec", "runuser", "chroot", "nsenter", "unshare", "setpriv", "pivot_root", "setcap",
    "visudo", "sudoedit", "systemd-run", "newuidmap", "kexec", "insmod", "modprobe", "rmmod",
}  # fmt: skip
_SYSTEM = {
    "useradd", "adduser", "usermod", "userdel", "deluser", "groupadd", "groupdel", "passwd", "chpasswd", "chsh",
    "shutdown", "reboot", "halt", "poweroff", "telinit", "iptables", "ip6tables", "nft", "ufw", "firewall-cmd",
    "setenforce", "swapoff", "swapon", "umount", "at", "batch", "killall5", "update-rc.d", "chkconfig",
    "update-alternatives", "grub-install", "update-grub", "auditctl", "rkhunter", "xmrig", "minerd",
}  # fmt: skip
_PACKAGES = {"apt", "apt-get", "dpkg", "yum", "dnf", "apk", "pacman", "zypper", "rpm", "brew", "snap"}
_PACKAGES_GO = {"remove", "purge", "autoremove", "erase", "--purge", "-r", "-P", "-e", "del"}
_ENGINES = {"docker", "podman", "nerdctl", "ctr", "crictl"}
_TRACERS = {"gdb", "strace", "ltrace", "gcore", "py-spy"}


def system_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of rights and of the machine."""
    program, arguments = simple.program, simple.arguments
    if program in _PRIVILEGE and not simple.has("--version", "--help"):
        yield block(
            "privilege", f"{program} asks for other rights, and a run has only its own; do it without {program}"
        )
    elif program in _SYSTEM and not simple.has("--version", "--help"):
        yield _changes(program)
    elif program in ("mount", "sysctl", "crontab", "hostname", "date", "systemctl", "service", "ip", "init"):
        if _writes(simple):
            yield _changes(program)
    elif program in _PACKAGES and (_PACKAGES_GO & set(arguments) or any(re.match(r"-R[a-z]*$", a) for a in arguments)):
        yield _changes(program)
    elif program in _ENGINES:
        yield from _container(simple, places)
    elif program in ("kill", "pkill", "killall"):
        yield from _kills(simple)
    elif program == "chmod" and any(
        re.fullmatch(r"[ugoa,=+rwxXt]*\+[rwxXt]*s[rwxXt]*|0?[2-7]\d{3}", a) for a in arguments
    ):
        if not any(re.fullmatch(r"0?0\d{3}|1\d{3}", a) for a in arguments):
            yield block("privilege", "this makes a program run as its owner; plain permissions (chmod +x) are enough")
    elif program in _TRACERS and any(re.match(r"-p\d*$|--pid|--attach", word) for word in arguments):
        yield block("process", f"{program} would take over a running process; start the program under it instead")


def _changes(program: str) -> Finding:
    return block("system", f"{program} changes the machine, not the project; do what you need inside of the workspace")


def _writes(simple: Simple) -> bool:
    """Whether a program that can also just show things is told to change some."""
    program, arguments = simple.program, simple.arguments
    match program:
        case "mount":
            return bool(simple.operands)
        case "sysctl":
            return simple.has("-w", "-p", "--system", "--write") or any("=" in word for word in arguments)
        case "crontab":
            return not simple.has("-l")
        case "hostname" | "init":
            return bool(simple.operands)
        case "date":
            return simple.has("--set") or any(re.match(r"-[uR]*s$", word) for word in arguments)
        case "ip":
            return bool({"add", "del", "delete", "set", "flush", "replace"} & set(arguments))
        case _:
            shows = {"status", "is-active", "is-enabled", "list-units", "show", "cat", "--version", "list-unit-files"}
            return bool(simple.operands) and not shows & set(arguments)


def _container(simple: Simple, places: Places) -> Iterator[Finding]:
    words = simple.arguments
    joined = " ".join(words)
    mounts = [words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-v", "--volume", "--mount")]
    mounts += [word.partition("=")[2] for word in words if word.startswith(("--volume=", "--mount=", "-v="))]
    host = re.search(r"--privileged|--(pid|net|network|ipc|userns|uts)[= ]host|--cap-add|--device|docker\.sock", joined)
    sources = [re.search(r"(?:source|src)=([^,]+)", mount) for mount in mounts]
    paths = [match[1] if match else mount.partition(":")[0] for match, mount in zip(sources, mounts, strict=True)]
    outside = any(path.startswith(("/", "~")) and places.kind(path, simple.folder) == "outside" for path in paths)
    if host or outside:
        yield block(
            "privilege", f"this {simple.program} run would reach the host; leave out host access and host mounts"
        )
    elif "prune" in words[:2] or (
        words[:1] in (("rm",), ("rmi",), ("kill",), ("stop",)) and (UNKNOWN in joined or simple.has("-a", "--all"))
    ):
        yield block("system", f"this removes {simple.program} objects that others use; name what was made here")


def _kills(simple: Simple) -> Iterator[Finding]:
    words = list(simple.arguments)
    if simple.program != "kill":
        if simple.has("-u", "--user", "--uid", "--euid"):
            yield block("process", "this would end all processes of a user; name the process you started")
        return
    if words[:1] in (["-0"], ["-l"], ["-L"]):  # asks, ends nothing
        return
    if len(words) > 1 and words[0].startswith("-"):
        del words[: 2 if words[0] in ("-s", "-n") else 1]
    if {"-1", "1"} & set(words):
        yield block("process", "this would end processes that don't belong to the run; name the process you started")
