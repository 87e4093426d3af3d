"""Says where a path of a command leads: into the workspace, to a scratch folder, a device, a secret, or elsewhere."""

import fnmatch
import posixpath
import re
from dataclasses import dataclass, field
from typing import Literal

from loopcutter_sandbox.guard.simple import UNKNOWN

Kind = Literal["inside", "all", "scratch", "all-scratch", "outside", "device", "network", "unknown"]

HOME = "/home/user"
"""A stand-in: whose home it is does not matter, only that it isn't the workspace."""

_SCRATCH = ("/tmp", "/var/tmp", "/dev/shm", f"{HOME}/.cache")
_MADE_ANEW = tuple(f"{HOME}/.local/{name}" for name in ("share/virtualenvs", "share/Trash", "share/uv", "state"))
"""What tools keep there and make again; it may be removed piece by piece, or as a whole."""
_WHOLE = re.compile(r"\.?\*{1,2}|\.git(/(\*|HEAD|packed-refs|(objects|refs|logs)(/.*)?))?")
"""All of the workspace, or its history."""
_HARMLESS = re.compile(r"/dev/(null|zero|full|u?random|tty|std(in|out|err)|fd/\d+)|/proc/self/fd/\d+")
_SECRETS = re.compile(
    r"(/root|/home/[^/]+|/Users/[^/]+)/(\.ssh|\.aws|\.gnupg|\.kube|\.azure|\.netrc|\.git-credentials|\.pypirc|\.pgpass"
    r"|\.docker/config\.json|\.config/(gcloud|gh|op|hub|rclone|google-chrome|chromium|configstore|sops|age|doctl"
    r"|hcloud)|\.npmrc|\.yarnrc\.yml"
    r"|\.m2/settings(-security)?\.xml|\.gem/credentials|\.cargo/credentials(\.toml)?|\.vault-token"
    r"|\.terraform\.d/credentials.*|\.s3cfg|\.boto|\.my\.cnf"
    r"|\.thunderbird|\.local/share/(keyrings|password-store)|Library/(Keychains|Cookies)|\.(bitcoin|electrum"
    r"|ethereum)|\.(python|psql|mysql|node_repl|sqlite|irb|lesshs|rediscli)_?(history|hst)|\.password-store"
    r"|\.mozilla|\.bash_history|\.zsh_history)(/.*)?"
    r"|/etc/(shadow|gshadow|sudoers)(-|\.d/.*)?|/etc/ssh/ssh_host.*|/etc/ssl/private(/.*)?|/etc/kubernetes(/.*)?"
    r"|/etc/(krb5\.keytab|letsencrypt|wireguard|openvpn|ppp/.*secrets|security/opasswd|master\.passwd)(/.*)?"
    r"|/proc/([^/]+/(environ|mem)|kcore)"
    r"|(/var)?/run/(secrets(/.*)?|docker\.sock|containerd/containerd\.sock)"
)


_SAMPLES = tuple(
    path.split("/")
    for path in (
        *("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh/ssh_host_rsa_key", "/proc/1/environ"),
        *(f"{home}/{name}" for home in (HOME, "/root") for name in (".ssh/id_rsa", ".aws/credentials", ".netrc")),
    )
)
"""What a pattern is tried on."""


def _finds(pattern: str, sample: list[str]) -> bool:
    """Whether a shell's pattern finds a path. A star ends at a slash, and finds no dot at a beginning."""
    parts = pattern.split("/")
    return len(parts) == len(sample) and all(
        fnmatch.fnmatchcase(name, part) and (name[:1] != "." or part[:1] in (".", "["))
        for part, name in zip(parts, sample, strict=True)
    )


@dataclass(frozen=True)
class Places:
    """The workspace, and what lies around it."""

    workspace: str
    links: dict[str, str] = field(default_factory=dict)
    """Where symbolic links lead that an earlier part of the command has made, by their place."""
    remotes: set[str] = field(default_factory=set)
    """Names of git remotes that an earlier part of the command has set."""

    def link(self, target: str, name: str, folder: str) -> None:
        """Remember `ln -s target name`."""
        place = self.resolve(name, folder)
        if name.endswith("/") or name in (".", ".."):
            place = posixpath.join(place, posixpath.basename(target.rstrip("/")))
        self.links[place] = self.resolve(target, posixpath.dirname(place))

    def through(self, path: str, folder: str) -> str:
        """`path` with links of this command followed, the last part too if something is to be done behind it."""
        full = self.resolve(path, folder) + ("/" if path.endswith("/") else "")
        for place, target in self.links.items():
            if full.startswith(f"{place}/"):
                return posixpath.normpath(f"{target}/{full[len(place) + 1 :]}")
        return path

    def resolve(self, path: str, folder: str) -> str:
        """`path` as an absolute one without dots; what comes after something unknown is left as it is."""
        if path == "~" or path.startswith("~/"):
            path = HOME + path[1:]
        elif re.match(r"~[a-z_][\w-]*", path):
            path = f"/home/{path[1:]}"
        # Two slashes at the start may mean something of their own to POSIX, but not to Linux or macOS.
        full = posixpath.normpath(posixpath.join(folder, path))
        return f"/{full.lstrip('/')}" if full.startswith("//") else full

    def kind(self, path: str, folder: str) -> Kind:
        """Where `path` leads, seen from `folder`."""
        full = self.resolve(self.through(path, folder) if self.links else path, folder)
        if UNKNOWN in full:
            known = full.partition(UNKNOWN)[0]
            certain = posixpath.dirname(known)
            if known.startswith("/") and known != "/" and self.kind(certain or "/", "/") in ("outside", "device"):
                return "outside"
            return "unknown"
        if re.match(r"/dev/(tcp|udp)/", full):
            return "network"
        if _HARMLESS.fullmatch(full):
            return "scratch"
        if full == self.workspace:
            return "all"
        if full.startswith(f"{self.workspace}/"):
            return "all" if _WHOLE.fullmatch(full, len(self.workspace) + 1) else "inside"
        if any(full.startswith(f"{scratch}/") for scratch in (*_SCRATCH, *_MADE_ANEW)):
            return "scratch"
        if full in _MADE_ANEW:
            return "scratch"
        if full in _SCRATCH:  # things may be put there, but it is not to be removed
            return "all-scratch"
        return "device" if full.startswith("/dev/") else "outside"

    def secret(self, path: str, folder: str) -> bool:
        """Whether keys, passwords or another process's secrets lie there, or among what a pattern finds."""
        full = self.resolve(path, folder)
        if _SECRETS.fullmatch(full):
            return True
        return re.search(r"[*?\[]", full) is not None and any(_finds(full, sample) for sample in _SAMPLES)
