"""Where the bearer token comes from: a file only its owner can read, else the environment."""

import os
import stat
from collections.abc import MutableMapping
from pathlib import Path

from loopcutter_serving.errors import Misconfigured

_LONGEST = 4096


def read_token(name: str, file: Path | None, environment: MutableMapping[str, str] = os.environ) -> str | None:
    """The token of server `name`, or None when there is none.

    Variables that hold a token are taken out of `environment`, so that no child process inherits them.
    """
    variables = [f"LOOPCUTTER_{name.upper()}_TOKEN", "LOOPCUTTER_TOKEN"]
    found = [(variable, environment.pop(variable)) for variable in variables if variable in environment]
    if file is not None:
        return _checked(_read(file), f"the token file {file}")
    # A variable that is set but empty is a mistake; to serve without a token because of it would be a hole.
    return _checked(found[0][1], f"the variable {found[0][0]}") if found else None


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Misconfigured(f"the token file {file} is not a regular file: name a file that holds the token")
            if status.st_mode & 0o077:
                raise Misconfigured(f"the token file {file} can be read by other users: run `chmod 600 {file}`")
            return opened.read(_LONGEST + 1).decode("ascii", "replace")
    except FileNotFoundError:
        raise Misconfigured(
            f"the token file {file} does not exist: create it with "
            f"`python3 -c 'import secrets; print(secrets.token_urlsafe(32))' > {file} && chmod 600 {file}`"
        ) from None
    except OSError as error:
        raise Misconfigured(f"the token file {file} can't be read ({error.strerror}): check its permissions") from None


def _checked(text: str, source: str) -> str:
    token = text.strip()
    if not token:
        raise Misconfigured(f"{source} is empty: put a token into it or do not name it")
    if len(token) > _LONGEST or not all("!" <= character <= "~" for character in token):
        raise Misconfigured(f"{source} holds no usable token: it must be one line of printable ASCII without spaces")
    return token
