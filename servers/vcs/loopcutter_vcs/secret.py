"""Which files are secrets: they stay with the user and travel to no other machine, not even into our store.

By name, and for names that certificates share with keys, by a look inside. `.loopcutterignore` adds names in the syntax
of `.gitignore`; with `!name` it lets a *tracked* file in again (a key that tests need, which whoever has the repository
has anyway), but never an untracked one: the repository must not be able to ask for the user's `.env`.
"""

import fnmatch
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from loopcutter_vcs.store import Store

OWN_LIST = ".loopcutterignore"

_SECRET = """
.env
.env.*
!.env.dist
!.env.example
!.env.sample
!.env.template
.envrc
.git-credentials
.netrc
_netrc
.pgpass
.pypirc
id_dsa
id_ecdsa
id_ed25519
id_rsa
*.jks
*.kdbx
*.keystore
*.p12
*.pfx
*.ppk
"""

_PERHAPS = """
*.key
*.pem
"""

_LOOKS_SECRET = re.compile(
    "(?:^|/)(?:"
    + "|".join(fnmatch.translate(rule) for rule in (_SECRET + _PERHAPS).split() if not rule.startswith("!")).replace(
        r"\Z", ""
    )
    + ")(?:/|$)",
    re.DOTALL,
)
"""Finds the few paths that git has to be asked about."""

_KEY = b"PRIVATE KEY-----"
_LOOKED_AT = 64 * 1024


@dataclass(frozen=True)
class Rules:
    """Ours, and those that the repository adds."""

    root: Path
    own: str
    """What `.loopcutterignore` says; nothing when there is none that is a plain file."""

    @classmethod
    def of(cls, root: Path) -> "Rules":
        """The rules that hold below `root`."""
        file = root / OWN_LIST
        return cls(root, file.read_text(errors="replace") if file.is_file() and not file.is_symlink() else "")

    @property
    def fingerprint(self) -> str:
        """Another one for other rules."""
        return hashlib.sha256("\0".join((_SECRET, _PERHAPS, self.own)).encode("utf-8", "surrogatepass")).hexdigest()

    def secrets(self, tracked: set[str], untracked: set[str], store: Store) -> set[str]:
        """Which of these files are secrets."""
        everything = tracked | untracked
        secret = {
            path
            for path, rule in _ruled(_SECRET + _PERHAPS, set(filter(_LOOKS_SECRET.search, everything)), store).items()
            if not rule.startswith("!") and (rule not in _PERHAPS.split() or _is_key(self.root / path))
        }
        if not self.own:
            return secret
        own = _ruled(self.own, everything, store)
        released = {path for path, rule in own.items() if rule.startswith("!") and path in tracked}
        return (secret - released) | {path for path, rule in own.items() if not rule.startswith("!")}


def _ruled(rules: str, paths: set[str], store: Store) -> dict[str, str]:
    """The paths that a rule speaks of, with the last one that does; a rule with `!` lets a path out again."""
    if not paths:
        return {}
    with store.scratch() as scratch:
        list_of_rules = scratch / "rules"
        list_of_rules.write_text(rules, errors="replace")
        # Asked in an empty working tree, so that no .gitignore has a say.
        empty = scratch / "empty"
        empty.mkdir()
        answer = store.git(
            *("check-ignore", "--no-index", "--verbose", "-z", "--stdin"),
            work_tree=empty,
            # With `./` no path can be taken for one of git's magic words.
            stdin=b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths),
            settings={"core.excludesFile": str(list_of_rules)},
            accept=(0, 1),
        )
    records = os.fsdecode(answer).split("\0")
    return {path.removeprefix("./"): rule for rule, path in zip(records[2::4], records[3::4], strict=True)}


def _is_key(file: Path) -> bool:
    if file.is_symlink():
        return False
    with file.open("rb") as opened:
        start = opened.read(_LOOKED_AT)
    return _KEY in start or (file.suffix == ".key" and b"\0" in start)
