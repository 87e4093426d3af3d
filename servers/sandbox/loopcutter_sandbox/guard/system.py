"""Rules on the machine: no other rights than the run has, no change to the system, no attack on other processes."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_PRIVILEGE = {
    "sudo", "su", "doas", "pkexec", "runuser", "chroot", "nsenter", "unshare", "setpriv", "pivot_root", "setcap",
    "visudo",
    "sudoedit", "systemd-run", "newuidmap", "newgidmap", "kexec", "insmod", "modprobe", "rmmod", "capsh", "gosu",
    "su-exec",
    "newgrp", "run0", "sudo-rs", "dzdo", "pfexec", "ksu", "setuidgid", "chpst", "bwrap",
    "firejail", "systemd-nspawn", "schroot", "arch-chroot", "rootlesskit", "runcon", "lxc-attach", "lxc-execute",
    "lxc-start",
    "pkttyagent", "gksu", "gksudo", "kdesu", "kdesudo", "beesu", "bpftrace", "bpftool", "suexec", "fusermount",
    "fusermount3",
}  # fmt: skip
_SYSTEM = {
    "useradd", "adduser", "usermod", "userdel", "deluser", "groupadd", "groupdel", "chpasswd", "chsh",
    "shutdown", "reboot", "halt", "poweroff", "telinit", 
    "setenforce", "swapoff", "umount", "batch", "killall5", 
    "grub-install", "update-grub", "grub-mkconfig", "flashrom", "fwupdmgr", "fwupdtool", "nvramtool", "ectool",
    "ipmitool", "setpci", "sbkeysync", "mei-amt-check", "afulnx", "esptool", "dfu-util", "avrdude", "openocd",
}  # fmt: skip
_PACKAGES = {"apt", "apt-get", "dpkg", "yum", "dnf", "apk", "pacman", "zypper", "rpm", "brew", "snap"}
_PACKAGES_GO = {"remove", "purge", "autoremove", "erase", "--purge", "-r", "-P", "-e", "del"}
_PRIORITIES = {"renice", "chrt", "ionice", "taskset", "prlimit"}
_SERVICES = re.compile(
    r"systemd.*|init|sshd|dockerd|containerd.*|crond?|dbus.*|login|getty|postgres|postmaster|mysqld|mariadbd|mongod"
    r"|nginx|apache2|httpd|Xorg|Xwayland|gnome-\w+|kwin\w*|NetworkManager|rsyslogd|auditd|udevd|polkitd"
)
_TRACERS = {"gdb", "strace", "ltrace", "gcore", "py-spy"}


def system_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of rights and of the machine."""
    program, arguments = simple.program, simple.arguments
    if program in _PRIVILEGE and not simple.has("--version", "--help", "--print", "-V"):
        yield block(
            "privilege", f"{program} asks for other rights, and a run has only its own; do it without {program}"
        )
    elif program == "sg" and arguments[1:2] == ("-c",) and arguments[0] not in ("scan", "run", "test"):
        yield block("privilege", "sg takes the rights of another group; a run has only its own, do it without")
    elif program in _SYSTEM and not simple.has("--version", "--help"):
        yield _changes(program)
    elif program in ("mount", "sysctl", "crontab", "hostname", "date", "systemctl", "service", "ip", "init"):
        if _writes(simple):
            yield _changes(program)
    elif program in _PACKAGES and (_PACKAGES_GO & set(arguments) or any(re.match(r"-R[a-z]*$", a) for a in arguments)):
        yield _changes(program)
    elif program in ("kill", "pkill", "killall", "skill", "slay", "xkill"):
        yield from _kills(simple)
    elif program in _PRIORITIES and simple.has("-p", "--pid", "-n") and "1" in simple.operands:
        yield block(
            "process", f"{program} would change a process that doesn't belong to the run; start your own with it"
        )
    elif program == "chmod" and any(
        re.fullmatch(r"[ugoa,=+rwxXt]*\+[rwxXt]*s[rwxXt]*|0?[2-7]\d{3}", a) for a in arguments
    ):
        if not any(re.fullmatch(r"0?0\d{3}|1\d{3}", a) for a in arguments):
            yield block("privilege", "this makes a program run as its owner; plain permissions (chmod +x) are enough")
    elif program == "install" and re.fullmatch(r"0?[2467]\d{3}|.*\+.*s.*", simple.value("-m", "--mode") or ""):
        yield block("privilege", "this makes a program run as its owner; plain permissions (755) are enough")
    elif program == "gcore" and simple.operands:
        yield block("process", "gcore would take over a running process; start the program under a debugger instead")
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
            return (
                simple.has("--set")
                or any(re.match(r"-[uR]*s$", word) for word in arguments)
                or any(re.fullmatch(r"\d{8}(\d\d){0,2}(\.\d\d)?", word) for word in simple.operands)
            )
        case "ip":
            return bool({"add", "del", "delete", "set", "flush", "replace"} & set(arguments))
        case _:
            shows = {"status", "is-active", "is-enabled", "list-units", "show", "cat", "--version", "list-unit-files"}
            return bool(simple.operands) and not shows & set(arguments)


def _kills(simple: Simple) -> Iterator[Finding]:
    words = list(simple.arguments)
    if simple.program != "kill":
        if simple.has("-u", "--user", "--uid", "--euid", "-U") or simple.program in ("slay", "xkill"):
            yield block("process", "this would end all processes of a user; name the process you started")
        elif any(re.fullmatch(r"[.^$*?+]*", word) for word in simple.operands):
            yield block("process", "this would end every process there is; name the process you started")
        elif any(map(_SERVICES.fullmatch, simple.operands)):
            yield block("process", "this would end a service of the machine; name the process you started")
        return
    if words[:1] in (["-0"], ["-l"], ["-L"]):  # asks, ends nothing
        return
    if len(words) > 1 and words[0].startswith("-"):
        del words[: 2 if words[0] in ("-s", "-n") else 1]
    if {"-1", "1"} & set(words):
        yield block("process", "this would end processes that don't belong to the run; name the process you started")
