"""Rules on disks: none is formatted, partitioned, resized or read raw; a plain file may be made into an image."""

import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_IMAGES = re.compile(
    r"mkfs(\..*)?|mke2fs|mkswap|mkdosfs|fdisk|sfdisk|gdisk|sgdisk|cfdisk|parted|wipefs|fsck(\..*)?|e2fsck"
    r"|resize2fs|tune2fs"
    r"|e2label|debugfs|dumpe2fs|growpart|fatlabel|xfs_(admin|repair|db|copy)|swaplabel"
)
"""What may as well be done to an image in a file of the workspace."""
_SHOWS: Mapping[str, str] = {
    "blkdiscard": "", "badblocks": "", "losetup": r"-a|-l|--list|--all|-j|--associated", "fsfreeze": "", "fstrim": "-n",
    "hdparm": r"-[Iigv]+|-t|-T", "cryptsetup": r"status|luksDump|isLuks|benchmark",
    "nvme": r"list.*|smart-log|id-.*|show-.*|error-log",
    "zpool": r"list|status|get|iostat|history|version|events", "zfs": r"list|get|diff|version|userspace|holds",
    "btrfs": r"list|show|df|usage|du|status|get|stats|find-new|dump-.*|version|help|check",
    "mdadm": r"-[DEQ]\w*|--(detail|examine|query)",
    "dmsetup": r"ls|info|status|table|version|deps", "multipath": r"-ll?", "iscsiadm": "",
    "smartctl": r"-[aixHAcl]|--(all|info|health|scan)",
    "eject": "", "ddrescue": "", "sg_format": "", "sg_sanitize": "", "partprobe": r"-[ds]", "partx": r"-[so]|--show",
    "kpartx": r"-l",
    "xfs_growfs": "-n", "integritysetup": "status", "veritysetup": "status|dump", "drbdadm": "status|dump",
    "ceph": r"status|-s|health|df|osd tree",
    "gluster": r"info|status|list", "stratis": r"list", "bcachefs": r"show-super|list", "mkfile": "", "nwipe": "",
    "dc3dd": "", "dcfldd": "",
    "scrub": "", "raidctl": "", "megacli": "", "storcli": r"show", "udisksctl": r"status|info|dump|monitor",
}  # fmt: skip
"""By tool, the words that only show something."""
_VOLUMES = re.compile(
    r"(pv|vg|lv)(create|remove|extend|reduce|resize|change|rename|convert|move|merge|split|import|export|cfgbackup)"
)
_RAW = re.compile(
    r"/dev/(sd[a-z]+\d*|[hv]d[a-z]\d*|xvd[a-z]\d*|nvme\d.*|mmcblk\d.*|r?disk\d.*|dm-\d+|md\d+|mapper/.*|disk/.*"
    r"|loop\d+|sr\d+"
    r"|k?mem|port|input/.*|video\d+|snd/.*|tty(S|USB|ACM)\d+|vcsa?\d*|hidraw\d+|uinput|fb\d+|pts/\d+|tty\d+"
    r"|watchdog\d*|kmsg)"
)
_LOOKERS = {
    "ls", "stat", "test", "[", "[[", "file", "readlink", "realpath", "basename", "dirname", "lsblk", "blkid",
    "findmnt", "df",
    "echo", "printf", "grep", "egrep", "rg", "git", "lsof", "sed", "awk", "smartctl", "hdparm", "fdisk", "sfdisk",
    "parted",
    "docker", "podman", "nerdctl",
}  # fmt: skip
"""They tell of a device that it is there, or have rules of their own."""


def disk_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of disks and other raw devices."""
    program = simple.program
    if simple.has("--help", "--version") or not simple.arguments:
        return
    if _IMAGES.fullmatch(program):
        if not _only_shown(simple) and not _an_image(simple, places):
            yield _changes(program)
    elif program in _SHOWS or _VOLUMES.fullmatch(program):
        shows = _SHOWS.get(program, "")
        if not (shows and any(re.fullmatch(shows, word) for word in simple.arguments[:3])):
            yield _changes(program)
    elif program not in _LOOKERS:
        for word in (*simple.arguments, *simple.reads):
            path = word.partition("=")[2] if re.match(r"(--[\w-]+|if)=", word) else word
            if path.startswith("/dev/") and _RAW.fullmatch(path):
                yield block("device", f"{path} is a device; work on a file in the workspace instead")
                return


def _only_shown(simple: Simple) -> bool:
    """Whether it lists partitions, checks without mending, or prints."""
    if re.match(r"fsck|e2fsck|xfs_repair|wipefs", simple.program):
        return simple.has("-n", "--no-act")
    return bool({"-l", "--list", "print", "-p", "--print", "-d", "--dump"} & set(simple.arguments))


def _an_image(simple: Simple, places: Places) -> bool:
    """Whether all paths it names are of plain files inside, or in the scratch folders."""
    paths = [word for word in simple.operands if re.search(r"[/.]", word)]
    return bool(paths) and all(places.kind(path, simple.folder) in ("inside", "scratch") for path in paths)


def _changes(program: str) -> Finding:
    return block("device", f"{program} changes a disk; work on files in the workspace instead")
