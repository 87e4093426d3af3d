"""Rules on tools that both show and change a machine: whatever is not one of their ways of showing changes it."""

import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.place import Places
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
    "chronyc": r"tracking|sources(tats)?|activity|ntpdata",
    "hwclock": r"--show|-r|--get|--verbose|-v",
    "rc-service": r"status|-[lr]|--list",
    "rc-update": r"show|-?-?status",
    "initctl": r"list|status|show-config|version",
    "invoke-rc.d": r"status",
    "sv": r"status|check",
    "supervisorctl": r"status|avail|tail|pid|version|help",
    "tc": r"show|list|ls|-s",
    "route": r"-n|-e|-ee|print",
    "ethtool": r"-[iakgcSTPnm]|--show-.*|--statistics",
    "iw": r"list|info|link|get|scan|phy",
    "brctl": r"show.*",
    "bridge": r"show|monitor",
    "wg": r"show|showconf|genkey|pubkey|genpsk",
    "ipvsadm": r"-[lL]n?",
    "iptables": r"-[nvxt]*[LS][nvx]*|--list(-rules)?",
    "ip6tables": r"-[nvxt]*[LS][nvx]*|--list(-rules)?",
    "nft": r"list|describe|-c",
    "ufw": r"status|show|version",
    "firewall-cmd": r"--(list|get|query|state|info).*",
    "auditctl": r"-[lsv]",
    "swapon": r"-s|--show|--summary",
    "update-alternatives": r"--(list|display|query|get-selections)",
    "chkconfig": r"--list",
    "passwd": r"-S|--status",
    "at": r"-l|-c|-V",
    "busctl": r"list|status|tree|introspect|get-property|monitor",
    "snapper": r"list.*|status|diff|get-config",
    "timeshift": r"--list",
    "ostree": r"log|show|ls|refs|status|diff",
    "rpm-ostree": r"status|db",
    "nixos-rebuild": r"build|dry-.*|list-generations",
    "darwin-rebuild": r"build|check",
    "home-manager": r"build|generations|packages|news",
    "bootctl": r"status|list|is-installed",
    "efibootmgr": r"-v",
    "mokutil": r"--list.*|--sb-state",
    "semanage": r"-l|export",
    "apparmor_parser": r"-Q|-p|--preprocess",
    "coredumpctl": r"list|info|dump|-.*",
    "logrotate": r"-d|--debug",
    "virsh": r"list|dominfo|.*-list|.*-info|dumpxml|version|capabilities|nodeinfo|dom.*stat.*",
    "VBoxManage": r"list|showvminfo|--version|showhdinfo",
    "machinectl": r"list.*|status|show.*",
    "vagrant": r"status|global-status|ssh-config|validate|version|box|plugin|port|ssh|init",
    "multipass": r"list|info|find|get|version|exec",
    "lxc": r"list|info|show|ls|exec|version|config",
    "incus": r"list|info|show|ls|exec|version|config",
    "lpr": r"",
    "lp": r"",
    "brew": r"list|info|search|install|--prefix|deps|outdated|config|doctor|update|upgrade|cat|leaves|test|audit",
    "xattr": r"-[lprx]*[lp][lprx]*",
}
"""By program, the first words that only show something. Programs alone, without a word, show something too."""
_ALWAYS = re.compile(
    r"kextload|kextunload|kmutil|bless|asr|newfs_\w+|fdesetup|profiles|softwareupdate|diskpart|format|takeown|cipher"
    r"|powercfg|gpupdate|mountvol|chkdsk|sfc|manage-bde|wevtutil|auditpol|secedit|runas|ctr|crictl"
    r"|grubby|efibootmgr|fwupdmgr|rtcwake|setterm|ldconfig|depmod|dkms|chvt|mkinitramfs"
    r"|update-initramfs|dracut|pwconv|grpconv|vipw|vigr|newusers|gpasswd|chage|logrotate|auditd|ntpdate|ntpd|sntp"
    r"|rdate|htpdate|adjtimex|tzselect|setsebool|aa-(?!status|enabled|features)\w+|wall|dbus-send|gdbus|rkhunter"
    r"|stress|stress-ng|memtester|ip6?tables-(restore|apply)|nft-restore|netplan|xmrig|minerd|cpuminer|ethminer|setkeycodes|loadkeys|pm-(suspend|hibernate"
    r"|powersave)|zramctl|numad"
    r"|ifup|ifdown|wg-quick|openvpn|dhclient|dhcpcd|pppd|wpa_supplicant|iwconfig|ifenslave|teamd|macchanger"
    r"|insserv|cpupower|x86_energy_perf_policy"
    r"|add-apt-repository|apt-add-repository|apt-key|debconf-set-selections|dpkg-(reconfigure|divert"
    r"|statoverride)|softwareupdate|mas|authconfig"
    r"|realm|kadmin|kinit|pam-auth-update|faillock|chpasswd|chgpasswd|lchage|groupmod|groupmems|usermod|mandb|sysrq"
)
_USERS = re.compile(
    r"xdotool|ydotool|wtype|scrot|maim|grim|gnome-screenshot|spectacle|screencapture|xwd|arecord|parecord|rec"
    r"|xinput|xev|xkbcat|logkeys"
    r"|evtest|showkey|xclip-watch|fswebcam|imagesnap|termux-camera-photo|wf-recorder|recordmydesktop"
)
"""What shows or records what the user sees, says and types."""
_JOURNAL = ("--vacuum-size", "--vacuum-time", "--vacuum-files", "--rotate", "--flush", "--relinquish-var")
_EVERYBODYS = re.compile(
    r"(python|pypy|node|java|ruby|perl|php|bash|sh|zsh|dash|systemd|init|sshd|dockerd|containerd)[\d.]*"
)


def machine_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of them."""
    program, arguments = simple.program, simple.arguments
    name = program if program in _SHOWS else program.lower()
    if name == "security" and re.match(r"(find|dump|export|delete|add|unlock|set)-", next(iter(arguments), "")):
        yield block("secret", "this reads or changes the passwords of the user; use made-up values instead")
    elif name == "ethtool" and len(arguments) == 1:
        return
    elif name in _SHOWS and arguments and not simple.has("--version", "--help", "-h"):
        shows = re.compile(_SHOWS[name], re.IGNORECASE)
        if not any(shows.fullmatch(word) for word in arguments[:3]):
            yield _changes(program)
    elif _always_changes(simple, name):
        yield _changes(program)
    elif (_USERS.fullmatch(name) and arguments and not simple.has("--version", "--help")) or _records(simple):
        yield block("secret", f"{program} records or steers what the user sees and types; leave that alone")
    elif name == "fuser" and simple.has("-k", "--kill") and _of_others(simple, places):
        yield block("process", "this would end processes that don't belong to the run; name the process you started")
    elif name in ("killall", "taskkill", "pkill") and any(map(_EVERYBODYS.fullmatch, simple.operands)):
        yield block(
            "process", f"{program} would end whatever has this name; name the process you started by its number"
        )


def _records(simple: Simple) -> bool:
    """Whether a film is made of the screen, the camera or the microphone."""
    return simple.program == "ffmpeg" and simple.value("-f") in (
        "x11grab", "avfoundation", "gdigrab", "dshow", "alsa", "pulse", "v4l2", "kmsgrab", "fbdev",
    )  # fmt: skip


def _of_others(simple: Simple, places: Places) -> bool:
    """Whether `fuser` names what isn't the run's own: a file outside, a whole file system, a port of a service."""
    if simple.has("-m", "-M", "--mount"):
        return True
    for word in simple.operands:
        port = re.fullmatch(r"(\d+)(/(tcp|udp))?", word)
        if port and int(port[1]) < 1024:
            return True
        if re.fullmatch(r"[a-z][\w-]*/(tcp|udp)", word) or (
            word.startswith(("/", "~", "..")) and places.kind(word, simple.folder) == "outside"
        ):
            return True
    return False


def _always_changes(simple: Simple, name: str) -> bool:
    """Whether it is one of those that have no way of showing, or is told to change something."""
    if name == "journalctl":
        return simple.has(*_JOURNAL)
    if name == "ifconfig":
        return len(simple.operands) > 1
    if name == "arp":
        return simple.has("-d", "-s", "-f")
    if name == "dmesg":
        return simple.has("-C", "-c", "-n", "-D", "-E", "--clear", "--read-clear", "--console-off")
    if name == "history":
        return simple.has("-c", "-d", "-w")
    if simple.has("--version", "--help", "--display", "--list", "--query", "-p", "-l"):
        return False
    return bool(
        re.fullmatch(r"update-[a-z.-]+|aa-(disable|enforce|complain|teardown|remove-unknown|audit)", name)
        or (_ALWAYS.fullmatch(name) and simple.arguments)
    )


def _changes(program: str) -> Finding:
    return block("system", f"{program} changes the machine, not the project; do what you need inside of the workspace")
