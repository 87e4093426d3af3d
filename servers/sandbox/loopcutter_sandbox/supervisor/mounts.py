"""Puts a writable layer, bounded in size, over read-only ones, in a mount name space that ends with this process.

Nothing has to be unmounted and nothing can stay behind, however this process ends. Linux only.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # the same without the enumerations, which take longer to import than all the rest

_NEW_MOUNTS = 0x00020000
_NEW_USERS = 0x10000000
_PRIVATE = 1 << 18
_RECURSIVE = 1 << 14
_NO_DEVICES = 4
_NO_SUID = 2
_OPEN_TREE, _MOVE_MOUNT, _SET_ATTRIBUTES = 428, 429, 442
_CLONE = 1
_EMPTY_PATH = 0x1000
_FROM_DESCRIPTOR = 4
_ID_MAPPED = 0x00100000
_HERE = -100

_library = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("users", ctypes.c_uint64),
    )


def lay_over(source: str, layers: list[str], place: str, user: int | None, size: int, files: int) -> None:
    """Mount the folders `layers` of `source`, topmost first, with a writable layer of `size` bytes and `files` files.

    The result lies at `place`/workspace and the writable layer at `place`/layer/upper. As root, what root owns in
    `source` belongs to `user` in it; otherwise a user name space is entered first.
    """
    root = os.geteuid() == 0
    _enter(root)
    _check(_library.mount(None, b"/", None, _PRIVATE | _RECURSIVE, None), "make mounts private")
    os.chdir(place)
    if root and user is not None:
        _show_as(source, "lower", user)
    else:
        _check(_library.mount(os.fsencode(source), b"lower", None, 4096, None), "bind")
    options = f"size={size},nr_inodes={files},mode=700"
    _check(_library.mount(b"tmpfs", b"layer", b"tmpfs", _NO_DEVICES | _NO_SUID, options.encode()), "mount a tmpfs")
    for name in ("layer/upper", "layer/work"):
        os.mkdir(name, 0o755)
        if root and user is not None:
            os.chown(name, user, user)
    lower = ":".join(f"lower/{layer}" for layer in layers)
    options = f"lowerdir={lower},upperdir=layer/upper,workdir=layer/work"
    options += ",redirect_dir=off,metacopy=off,index=off" if root else ",userxattr"
    flags = _NO_DEVICES | _NO_SUID
    _check(_library.mount(b"overlay", b"workspace", b"overlay", flags, options.encode()), "mount an overlay")
    os.chdir("/")


def _enter(root: bool) -> None:
    user, group = os.geteuid(), os.getegid()
    _check(_library.unshare(_NEW_MOUNTS if root else _NEW_MOUNTS | _NEW_USERS), "unshare")
    if not root:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)


def _show_as(source: str, target: str, user: int) -> None:
    """Mount `source` at `target` so that root's files in it are those of `user`."""
    users = _user_name_space(user)
    try:
        tree = _check(_library.syscall(_OPEN_TREE, _HERE, os.fsencode(source), _CLONE | os.O_CLOEXEC), "open_tree")
        attributes = _Attributes(_ID_MAPPED, 0, 0, users)
        size = ctypes.sizeof(attributes)
        _check(_library.syscall(_SET_ATTRIBUTES, tree, b"", _EMPTY_PATH, ctypes.byref(attributes), size), "map owners")
        _check(_library.syscall(_MOVE_MOUNT, tree, b"", _HERE, os.fsencode(target), _FROM_DESCRIPTOR), "move_mount")
        os.close(tree)
    finally:
        os.close(users)


def _user_name_space(user: int) -> int:
    """A descriptor of a user name space in which root is `user`; a process has to live in it for a moment."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, b"y" if _library.unshare(_NEW_USERS) == 0 else b"n")
        signal.pause()
        os._exit(0)
    try:
        os.close(writing)
        if os.read(reading, 1) != b"y":
            raise OSError("no user name space can be made")
        for name in ("uid_map", "gid_map"):
            with open(f"/proc/{child}/{name}", "w", encoding="ascii") as file:
                file.write(f"0 {user} 1")
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
