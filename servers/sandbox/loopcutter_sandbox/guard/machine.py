"""Rules on tools that both show and change a machine: whatever is not one of their ways of showing changes it."""

import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_SHOWS: Mapping[str, str] = {
    "systemctl": r"status|is-.*|list-.*|show.*|cat|help|get-default",
    "service": r"--status-all|status",
    "loginctl": r"list-.*|show-.*|.*-status",
    "timedatectl": r"status|show.*|list-.*|timesync-status",
    "hostnamectl": r"status|show",
    "localectl": r"status|list-.*",
    "networkctl": r"list|status|lldp",
    "resolvectl": r"status|query|statistics",
    "nmcli": r"general|show|status|-v",
    "launchctl": r"list|print.*|blame|help|dumpstate|error|version|managername",
    "defaults": r"read.*|find|domains|help",
    "diskutil": r"list|info|activity|listfilesystems",
    "csrutil": r"status|version",
    "dscl": r"-?(read|readall|readpl|list|search)",
    "pmset": r"-g.*",
    "scutil": r"--(get|dns|proxy|nwi|nc)|-r",
    "spctl": r"--(status|assess|list)|-[av]",
    "tmutil": r"list.*|latestbackup|status|destinationinfo|version|isexcluded|compare",
    "nvram": r"-p|-xp",
    "systemsetup": r"-get.*|-list.*",
    "networksetup": r"-(get|list|show|is).*",
    "reg": r"query|compare",
    "sc": r"query.*|qc|qdescription|getdisplayname|enumdepend",
    "net": r"view|statistics|help|helpmsg|config",
    "netsh": r"show|dump",
    "bcdedit": r"/enum.*|/v",
    "schtasks": r"/query",
    "wmic": r"get|list",
    "vssadmin": r"list",
    "fsutil": r"fsinfo|query.*|file",
    "icacls": r"[^/]*",
    "dism": r"/get-.*|/online",
    "snap": r"list|info|find|version|changes",
    "flatpak": r"list|info|search|remotes",
    "brew": r"list|info|search|install|--prefix|deps|outdated|config|doctor|update|upgrade|cat|leaves|test|audit",
    "xattr": r"-[lprx]*[lp][lprx]*",
}
"""By program, the first words that only show something. Programs alone, without a word, show something too."""
_ALWAYS = re.compile(
    r"kextload|kextunload|kmutil|bless|asr|newfs_\w+|fdesetup|profiles|softwareupdate|diskpart|format|takeown|cipher"
    r"|powercfg|gpupdate|mountvol|chkdsk|sfc|manage-bde|wevtutil|auditpol|secedit|runas|ctr|crictl|debugfs|tune2fs|resize2fs"
    r"|e2label|dmsetup|kpartx|grubby|efibootmgr|fwupdmgr|rtcwake|setterm|ldconfig|depmod|dkms|chvt|mkinitramfs"
    r"|update-initramfs|dracut|pwconv|grpconv|vipw|vigr|newusers|gpasswd|chage|logrotate|auditd"
)
_JOURNAL = ("--vacuum-size", "--vacuum-time", "--vacuum-files", "--rotate", "--flush", "--relinquish-var")
_EVERYBODYS = re.compile(
    r"(python|pypy|node|java|ruby|perl|php|bash|sh|zsh|dash|systemd|init|sshd|dockerd|containerd)[\d.]*"
)


def machine_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of them."""
    program, arguments = simple.program, simple.arguments
    name = program.lower()
    if name == "security" and re.match(r"(find|dump|export|delete|add|unlock|set)-", next(iter(arguments), "")):
        yield block("secret", "this reads or changes the passwords of the user; use made-up values instead")
    elif name in _SHOWS and arguments and not simple.has("--version", "--help", "-h"):
        shows = re.compile(_SHOWS[name], re.IGNORECASE)
        if not any(shows.fullmatch(word) for word in arguments[:3]):
            yield _changes(program)
    elif _always_changes(simple, name):
        yield _changes(program)
    elif name == "fuser" and simple.has("-k", "--kill") and (simple.has("-m", "-M") or "/" in simple.operands):
        yield block("process", "this would end processes that don't belong to the run; name the process you started")
    elif name in ("killall", "taskkill", "pkill") and any(map(_EVERYBODYS.fullmatch, simple.operands)):
        yield block(
            "process", f"{program} would end whatever has this name; name the process you started by its number"
        )


def _always_changes(simple: Simple, name: str) -> bool:
    """Whether it is one of those that have no way of showing, or is told to change something."""
    if name == "journalctl":
        return simple.has(*_JOURNAL)
    if simple.has("--version", "--help", "--display", "--list", "--query", "-p", "-l"):
        return False
    return bool(re.fullmatch(r"update-[a-z-]+", name) or (_ALWAYS.fullmatch(name) and simple.arguments))


def _changes(program: str) -> Finding:
    return block("system", f"{program} changes the machine, not the project; do what you need inside of the workspace")
