"""Undoes what hides a text from the eye: base64, hexadecimal dumps."""

import base64
import binascii
from collections.abc import Callable

from loopcutter_sandbox.guard.simple import Simple

_OTHERS = {"xxd", "uudecode", "zcat", "bzcat", "xzcat", "gunzip", "rev", "tr", "gpg", "unxz"}


def decoded(last: Simple, source: Callable[[], str]) -> str | None:
    """What a decoder prints of its `source`, empty if that can't be told; None if `last` is no decoder."""
    if last.program == "xxd" and last.has("-r"):
        try:
            return bytes.fromhex("".join(source().split())).decode()
        except ValueError:
            return ""
    if last.program in ("base64", "base32", "basenc") and last.has("-d", "-D", "--decode"):
        try:
            text = "".join(source().split())
            return base64.b64decode(text, validate=True).decode() if last.program == "base64" else ""
        except (binascii.Error, ValueError):
            return ""
    other = last.program in _OTHERS or (last.program in ("openssl", "gzip", "xz") and last.has("-d"))
    return "" if other else None
