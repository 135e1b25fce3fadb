"""Signature Version 4, written from its description: a second opinion beside the signers of the SDKs, and one that can be
made to sign what they would not."""

from __future__ import annotations

import hashlib
import hmac
import time
import urllib.parse

from harness.client import REGION, Key


def _digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _signature(key: Key, amz_date: str, service: str, region: str, canonical: str) -> str:
    scope = f"{amz_date[:8]}/{region}/{service}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    secret = f"AWS4{key.secret}".encode()
    for part in (amz_date[:8], region, service, "aws4_request"):
        secret = _digest(secret, part)
    return _digest(secret, f"AWS4-HMAC-SHA256\n{amz_date}\n{scope}\n{hashed}").hex()


def _amz_date(skew: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + skew))


def headers(
    key: Key, host: str, body: str, given: dict[str, str], *, method: str = "POST", path: str = "/", service: str = "ecs",
    region: str = REGION, skew: float = 0, query: dict[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a signed request: those given, all of which are signed, and those that the signature needs."""
    quoted = sorted((urllib.parse.quote(n, safe="~"), urllib.parse.quote(v, safe="~")) for n, v in (query or {}).items())
    parameters = "&".join(f"{name}={value}" for name, value in quoted)
    amz_date = _amz_date(skew)
    signed = {name.lower(): value for name, value in {**given, "Host": host, "X-Amz-Date": amz_date}.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    digest = hashlib.sha256(body.encode()).hexdigest()
    canonical = f"{method}\n{path}\n{parameters}\n{lines}\n{names}\n{digest}"
    signature = _signature(key, amz_date, service, region, canonical)
    credential = f"{key.id}/{amz_date[:8]}/{region}/{service}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**given, "X-Amz-Date": amz_date, "Authorization": authorization}


def presigned(key: Key, host: str, path: str, parameters: dict[str, str], *, expires: int = 60, skew: float = 0) -> str:
    """Path and query of a GET that is signed in its query."""
    amz_date = _amz_date(skew)
    scope = f"{amz_date[:8]}/{REGION}/ecs/aws4_request"
    parameters = {
        **parameters, "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": f"{key.id}/{scope}",
        "X-Amz-Date": amz_date, "X-Amz-Expires": str(expires), "X-Amz-SignedHeaders": "host",
    }
    quoted = sorted((urllib.parse.quote(n, safe="~"), urllib.parse.quote(v, safe="~")) for n, v in parameters.items())
    query = "&".join(f"{name}={value}" for name, value in quoted)
    digest = hashlib.sha256(b"").hexdigest()
    signature = _signature(key, amz_date, "ecs", REGION, f"GET\n{path}\n{query}\nhost:{host}\n\nhost\n{digest}")
    return f"{path}?{query}&X-Amz-Signature={signature}"
