"""Restricts this process by Landlock, for good."""

from __future__ import annotations

import os
import sys

from .ending import prctl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CAPBSET_DROP = 24
_LAST_CAPABILITY = 63


def confine(rules: dict[str, Any]) -> None:
    """Leave only what `rules` name: `readable` and `writable` paths, and `devices`; `library` has landlockpy."""
    sys.path.append(rules["library"])
    from landlockpy import AccessFS, Ruleset, Scope, fs_for_abi

    everything = fs_for_abi(11)
    folder = AccessFS.EXECUTE | AccessFS.READ_FILE | AccessFS.READ_DIR
    file = AccessFS.EXECUTE | AccessFS.READ_FILE
    device = AccessFS.READ_FILE | AccessFS.WRITE_FILE | AccessFS.IOCTL_DEV
    if os.geteuid() == 0:
        for capability in range(_LAST_CAPABILITY + 1):
            try:
                prctl(_CAPBSET_DROP, capability)  # the rest are lost with the next program: no file gives them back
            except OSError:  # this kernel has fewer
                break
    with Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as ruleset:
        for path in rules["readable"]:
            ruleset.allow_path(path, folder if os.path.isdir(path) else file)
        for path in rules["writable"]:
            ruleset.allow_path(path, everything)
        for path in rules["devices"]:
            ruleset.allow_path(path, device)
        ruleset.restrict()
