"""Certificates for tests, made with openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path


def certificate(directory: Path, ca: tuple[Path, Path] | None = None, *addresses: str) -> tuple[Path, Path]:
    """A certificate and its key: an authority's own, or one of that authority for these addresses."""
    directory.mkdir(exist_ok=True)
    pem, key = directory / "certificate.pem", directory / "key.pem"
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    about = ["-subj", f"/CN={directory.name}", "-keyout", str(key), "-out", str(pem)]
    if ca:
        names = ",".join(f"IP:{address}" for address in addresses)
        about += ["-CA", str(ca[0]), "-CAkey", str(ca[1]), "-addext", f"subjectAltName={names}"]
        about += ["-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run([*new, *about], check=True, capture_output=True)
    return pem, key
