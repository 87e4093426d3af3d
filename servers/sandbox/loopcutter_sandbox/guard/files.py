"""Rules on files: nothing outside of the workspace is removed or written, no device, no secret."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.output import filtered, found_from, stand_in
from loopcutter_sandbox.guard.place import HOME, Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.target import COPIERS, extracts, targets
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

_REMOVERS = {"rm", "rmdir", "unlink", "shred", "srm", "wipe", "truncate", "trash"}
_SPEAKERS = {"echo", "printf", "grep", "egrep", "rg", "git", "awk", "sed", "test", "["}
"""Their words are text more often than paths."""
_LOOKERS = {"ls", "stat", "test", "[", "file", "dirname", "basename", "realpath", "readlink", "du"}
"""They tell of a file no more than that it is there."""
_KEYS = re.compile(r".*\.(pem|key|p12|pfx|jks)|\.?id_(rsa|dsa|ecdsa|ed25519).*|.*\.(netrc|pgpass|git-credentials|env)")
_GIT_CHANGES = {
    "clean",
    "reset",
    "rm",
    "checkout",
    "restore",
    "switch",
    "stash",
    "apply",
    "am",
    "pull",
    "merge",
    "rebase",
}
_PACKERS = {"gzip", "bzip2", "xz", "zstd", "compress", "lzma", "gunzip", "bunzip2", "unxz"}
"""They put another file in the place of the one they are given."""


def file_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of the files a command touches."""
    yield from _redirections(simple, places)
    program = simple.program
    if program in _REMOVERS:
        yield from _removed(simple, places, simple.operands)
    elif program == "find" and "-delete" in simple.arguments:
        yield from _removed(simple, places, _deleted_by_find(simple))
    elif _removes_its_sources(simple):
        yield from _removed(simple, places, simple.operands)
    elif program == "dd":
        yield from _written(simple, places, [word[3:] for word in simple.arguments if word.startswith("of=")])
    else:
        yield from _written(simple, places, targets(simple))
    if program == "ln" and simple.has("-s", "--symbolic") and simple.operands:
        target, *names = simple.operands
        places.link(target, names[-1] if names else "./", simple.folder)
    if program == "git":
        yield from _git(simple, places)
    if program in ("tar", "bsdtar") and extracts(simple) and simple.has("-P", "--absolute-names", "--absolute-paths"):
        yield block("write-outside", f"{program} would write wherever the archive says; leave out --absolute-names")
    if program in ("mv", "rsync"):
        yield from _emptied(simple, places)
    if program == "mv" and simple.operands[-1:] == ("/dev/null",):
        yield block("device", "this would put a file in the place of /dev/null; use rm to remove files")
    elif program == "mknod" and {"b", "c", "u"} & set(simple.operands[1:]):
        yield block("device", "mknod makes a device; use a plain file in the workspace instead")
    yield from _secrets(simple, places)


def _removes_its_sources(simple: Simple) -> bool:
    """Whether it packs or copies files and then removes them."""
    match simple.program:
        case "tar" | "bsdtar":
            return simple.has("--remove-files")
        case "rsync":
            return simple.has("--remove-source-files")
        case "7z" | "7za" | "7zr":
            return "-sdel" in simple.arguments
        case "zip":
            return simple.has("-m", "--move")
    return simple.program in _PACKERS and not simple.has(
        "-c", "-k", "-l", "-t", "--stdout", "--keep", "--list", "--test"
    )


def _redirections(simple: Simple, places: Places) -> Iterator[Finding]:
    yield from _written(simple, places, [write.path for write in simple.writes])
    for path in simple.reads:
        if places.kind(path, simple.folder) == "network":
            yield block("network", f"{path} opens a connection; there is no network here, use files or a fake instead")


def _removed(simple: Simple, places: Places, paths: tuple[str, ...]) -> Iterator[Finding]:
    program = simple.program
    for path in paths:
        kind = places.kind(path, simple.folder)
        if kind in ("outside", "device", "all-scratch"):
            yield block(
                "delete-outside",
                f"{program} would remove {_shown(path)}, which is outside of the workspace; name paths inside of it",
            )
        elif kind == "all" and (program != "truncate" or path.endswith("*")):
            yield block(
                "delete-workspace",
                f"{program} would remove the whole workspace or its history; name the files or folders to remove",
            )
        elif kind == "unknown":
            yield opaque(
                "computed-path",
                f"what {program} removes is only known when it runs ({_shown(path)}); write the path out",
            )


def _emptied(simple: Simple, places: Places) -> Iterator[Finding]:
    """Whether the workspace is moved away, or all of it replaced by what lies elsewhere."""
    *sources, target = simple.operands or ("",)
    whole = [path for path in sources if places.kind(path, simple.folder) == "all"]
    if simple.program == "mv" and whole and places.kind(target, simple.folder) not in ("inside", "all", "unknown"):
        yield block(
            "delete-workspace", f"mv would take {_shown(whole[0])} away from the workspace; name files or folders"
        )
    elif simple.has("--delete") and sources and not simple.has("-n", "--dry-run"):
        if places.kind(target, simple.folder) != "all":
            return
        yield block("delete-workspace", "rsync --delete would remove whatever else is in the workspace; name a folder")


def _written(simple: Simple, places: Places, paths: list[str]) -> Iterator[Finding]:
    for path in paths:
        behind = places.links.get(places.resolve(path, simple.folder)) if simple.program != "ln" else None
        kind = places.kind(behind or path, simple.folder)
        if kind == "device":
            yield block("device", f"{_shown(path)} is a device; write to a file in the workspace instead")
        elif kind == "network":
            yield block("network", f"{path} opens a connection; there is no network here, use files or a fake instead")
        elif kind == "outside":
            yield block(
                "write-outside",
                f"{simple.program or 'a redirection'} would change {_shown(path)}, which is outside of the workspace; "
                "write inside of it or to /tmp",
            )
        elif kind == "unknown" and simple.program in (*COPIERS, "dd", "chmod", "chown", "tar", "unzip"):
            yield opaque(
                "computed-path",
                f"what {simple.program} writes is only known when it runs ({_shown(path)}); write the path out",
            )


def _deleted_by_find(simple: Simple) -> tuple[str, ...]:
    return tuple(stand_in(start) if filtered(simple) else start for start in found_from(simple))


def _git(simple: Simple, places: Places) -> Iterator[Finding]:
    words = simple.arguments
    if (
        _GIT_CHANGES & set(simple.operands[:1])
        and not simple.has("-n", "--dry-run", "-C", "--work-tree", "--git-dir")
        and places.kind(simple.folder, "/") == "outside"
    ):
        yield block("write-outside", f"git would change {_shown(simple.folder)}; work inside of the workspace")
        return
    for folder in (simple.value("-C"), simple.value("--work-tree"), simple.value("--git-dir")):
        if folder and places.kind(folder, simple.folder) == "outside" and _GIT_CHANGES & set(words):
            yield block(
                "write-outside", f"git would change {_shown(folder)}, outside of the workspace; work inside of it"
            )
            return
    given = simple.operands[1:]
    removes = words[:1] == ("rm",) and simple.has("-r") and not simple.has("--cached", "-n", "--dry-run")
    if removes and any(places.kind(path, simple.folder) == "all" or path == ":/" for path in given):
        yield block("delete-workspace", "git rm would remove the whole workspace; name the files or folders to remove")
    if words[:1] == ("clean",) and any(places.kind(path, simple.folder) == "outside" for path in given):
        yield block(
            "delete-outside", "git clean would remove what lies outside of the workspace; name paths inside of it"
        )
    if words[:2] in (("stash", "clear"), ("reflog", "delete")) or words[:1] == ("filter-repo",):
        yield block("delete-history", "this destroys the history of the repository; make a new commit instead")
    if "filter-branch" in words[:3] or ("reflog" in words[:3] and "expire" in words and "--all" in words):
        yield block("delete-history", "this destroys the history of the repository; make a new commit instead")
    if "update-ref" in words[:3] and "-d" in words:
        yield block("delete-history", "this destroys a reference of the repository; make a new branch instead")


def _secrets(simple: Simple, places: Places) -> Iterator[Finding]:
    words = () if simple.program in ("echo", "printf", *_LOOKERS) else simple.arguments
    if _reads_homes(simple, places):
        yield block("secret", "it searches all that the user has; search the workspace instead")
    if simple.program == "find" and simple.has("-exec", "-execdir") and _searches_keys(simple, places):
        yield block("secret", "it looks for keys outside of the workspace and opens them; use made-up values instead")
    for word in (*words, *simple.reads):
        path = word.partition("=")[2] if re.match(r"(--[\w-]+|if)=", word) else word.lstrip("@<")
        if not path.startswith(("/", "~", "..")) or (simple.program in _SPEAKERS and " " in path):
            continue
        if places.secret(path, simple.folder):
            yield block(
                "secret", f"{_shown(path)} holds secrets; use made-up values in a file of the workspace instead"
            )
            return


def _reads_homes(simple: Simple, places: Places) -> bool:
    """Whether everything below somebody's home, or below the root, is searched for words."""
    searches = simple.program in ("rg", "ag", "ack", "rgrep") or (
        simple.program in ("grep", "egrep", "fgrep", "zgrep") and simple.has("-r", "-R", "--recursive")
    )
    homes = ("/", HOME, "/home", "/root", "/Users")
    return searches and any(
        re.match(r"[/~]", word) and places.resolve(word.rstrip("*"), simple.folder) in homes for word in simple.operands
    )


def _searches_keys(simple: Simple, places: Places) -> bool:
    names = [simple.value("-name"), simple.value("-iname")]
    outside = any(places.kind(start, simple.folder) == "outside" for start in found_from(simple))
    return outside and any(name and _KEYS.fullmatch(name.replace("*", "x")) for name in names)


def _shown(path: str) -> str:
    """The path as in the command, with a mark for what is computed."""
    return path.replace(UNKNOWN, "…").replace(HOME, "~")[:200] or "…"
