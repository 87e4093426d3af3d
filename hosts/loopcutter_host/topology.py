"""The manifest: on which machine each server is, and which file or variable holds the token that opens it.

```yaml
servers:
  sandbox:
    url: https://node-c.local:8443/mcp
    token_env: LOOPCUTTER_SANDBOX_TOKEN     # or token_file: ~/.config/loopcutter/sandbox.token (mode 600)
    ca: ~/.config/loopcutter/ca.pem
repository: shop                            # the name under which vcs knows the repository
```
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from loopcutter_host.connections import Address
from loopcutter_host.errors import BadConfiguration

NEEDED = ("loopguard", "retrieval", "sandbox", "vcs")


class _Server(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str
    token_env: str = ""
    token_file: str = ""
    ca: str = ""


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    servers: dict[str, _Server]
    repository: str = ""


@dataclass(frozen=True)
class Topology:
    """Where the servers of a run are."""

    addresses: Mapping[str, Address]
    repository: str
    """The repository's name on the vcs server; empty: its only one."""


def read(path: Path) -> Topology:
    """Read a manifest. Raises `BadConfiguration` for anything missing or malformed."""
    try:
        manifest = _Manifest.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadConfiguration(
            f"manifest {path} can't be used: {str(error).splitlines()[0]}.", "manifests/ holds examples."
        ) from error
    absent = [name for name in NEEDED if name not in manifest.servers]
    if absent:
        raise BadConfiguration(f"manifest {path} names no server {', '.join(absent)}.", "Add it under 'servers:'.")
    addresses = {
        name: Address(server.url, _token(name, server), str(Path(server.ca).expanduser()) if server.ca else "")
        for name, server in manifest.servers.items()
    }
    return Topology(addresses, manifest.repository)


def _token(name: str, server: _Server) -> str:
    if server.token_file:
        path = Path(server.token_file).expanduser()
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise BadConfiguration(f"{path} can be read by others.", f"Run: chmod 600 {path}")
            return path.read_text("utf-8").strip()
        except OSError as error:
            raise BadConfiguration(f"the token of {name} can't be read: {error}.", "Check 'token_file'.") from error
    if server.token_env:
        if server.token_env not in os.environ:
            raise BadConfiguration(f"the token of {name} is not set.", f"Set the variable {server.token_env}.")
        return os.environ[server.token_env]
    return ""
