"""Starts real servers in processes of their own, and certificates for them."""

import datetime
import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support.serving import TOKEN, Certificates, Running, Start, launch


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Start a server with arguments and environment variables; it is gone after the module."""
    started: list[Running] = []

    def start(*arguments: str, **variables: str) -> Running:
        started.append(launch(*arguments, **variables))
        return started[-1]

    yield start
    for running in started:
        with running.process as process:
            process.kill()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls")
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a private authority")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificates = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    signed = (
        _certificate(authority_name, authority_key)
        .issuer_name(authority_name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(authority_key, hashes.SHA256()),
        _certificate(subject, key)
        .issuer_name(authority_name)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256()),
    )
    certificates.authority.write_bytes(signed[0].public_bytes(serialization.Encoding.PEM))
    certificates.certificate.write_bytes(signed[1].public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    certificates.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    return certificates


def _certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
    )


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN + "\n")
    return file


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A pipe with a name: who reads it waits for who writes it."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path
