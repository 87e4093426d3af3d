from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from support.serving import Certificates

from loopcutter_serving import Misconfigured
from loopcutter_serving.tls import tls_context


def test_without_files_there_is_no_tls() -> None:
    assert tls_context(None, None) is None


def test_a_certificate_and_its_key_make_a_context(certificates: Certificates) -> None:
    assert tls_context(certificates.certificate, certificates.key) is not None


def test_one_file_without_the_other_is_refused(certificates: Certificates) -> None:
    with pytest.raises(Misconfigured, match="--tls-cert is given without --tls-key: give both"):
        tls_context(certificates.certificate, None)
    with pytest.raises(Misconfigured, match="--tls-key is given without --tls-cert: give both"):
        tls_context(None, certificates.key)


def test_a_missing_file_is_named(certificates: Certificates, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"missing.pem of --tls-cert does not exist: "):
        tls_context(tmp_path / "missing.pem", certificates.key)
    with pytest.raises(Misconfigured, match=r"missing.key of --tls-key does not exist: "):
        tls_context(certificates.certificate, tmp_path / "missing.key")


def test_files_that_do_not_belong_together_are_refused(certificates: Certificates) -> None:
    with pytest.raises(Misconfigured, match=r"are not a certificate and its key in PEM .*: check that they belong"):
        tls_context(certificates.authority, certificates.key)


def test_what_is_no_pem_is_refused(certificates: Certificates, tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_text("nonsense")
    with pytest.raises(Misconfigured, match="are not a certificate and its key in PEM"):
        tls_context(tmp_path / "nonsense", certificates.key)


def test_a_key_with_a_password_is_refused_and_nobody_is_asked(certificates: Certificates, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    key = serialization.load_pem_private_key(certificates.key.read_bytes(), password=None)
    private, secret = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, secret))
    with pytest.raises(Misconfigured, match="is protected by a password: "):
        tls_context(certificates.certificate, locked)
