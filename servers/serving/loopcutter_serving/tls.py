"""The TLS side of a server: a certificate and its key, checked before anything listens."""

import ssl
from pathlib import Path

from loopcutter_serving.errors import Misconfigured


def tls_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What to serve HTTPS with; None when neither file is given."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("--tls-key", "--tls-cert") if certificate is None else ("--tls-cert", "--tls-key")
        raise Misconfigured(f"{given} is given without {missing}: give both for HTTPS or none for HTTP")
    for option, file in (("--tls-cert", certificate), ("--tls-key", key)):
        if not file.is_file():
            raise Misconfigured(f"the file {file} of {option} does not exist: check the path")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=lambda: _refuse_password(key))
    except ssl.SSLError as error:
        raise Misconfigured(
            f"{certificate} and {key} are not a certificate and its key in PEM ({error.reason or 'unreadable'}): "
            "check that they belong together"
        ) from None
    except OSError as error:
        raise Misconfigured(f"the TLS files can't be read ({error.strerror}): check their permissions") from None
    return context


def _refuse_password(key: Path) -> str:
    # Without this, OpenSSL would ask on the terminal and a server in the background would hang.
    raise Misconfigured(f"the key {key} is protected by a password: store it without one, readable by its owner only")
