"""The URL of a bucket for the image store, of S3 or of anything that speaks its protocol.

    s3://bucket                     s3://bucket/a/prefix
    s3://bucket/prefix?endpoint=https://minio.example:9000&region=eu-central-1&path_style=true

What the URL leaves out is taken from the usual variables, the credentials always: `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`, or the identity of the pod or the machine.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_OPTIONS = {"endpoint", "region", "path_style"}
_SWITCH = {"true": True, "1": True, "false": False, "0": False}
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where the pictures go; None leaves a part to the environment. `path_style` names the bucket in the path, not the host."""

    bucket: str
    prefix: str | None = None
    endpoint: str | None = None
    region: str | None = None
    path_style: bool = True


def parse_bucket_url(url: str) -> BucketAddress:
    """The parts of an `s3://` URL; ValueError, which does not quote it, for what is none."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise ValueError("not the URL of a bucket") from None
    if parts.scheme != "s3" or not parts.netloc or parts.fragment or port is not None:
        raise ValueError("the URL of a bucket is s3://bucket/prefix")
    if "@" in parts.netloc:
        raise ValueError("credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not into the URL")
    if unknown := options.keys() - _OPTIONS:
        raise ValueError(f"a bucket has no option {min(unknown)!r}: there are {', '.join(sorted(_OPTIONS))}")
    endpoint = options.get("endpoint")
    if endpoint is not None and urlsplit(endpoint).scheme not in {"http", "https"}:
        raise ValueError("the endpoint of a bucket is an http:// or https:// URL")
    style = options.get("path_style", "true").lower()
    if style not in _SWITCH:
        raise ValueError("path_style is true or false")
    prefix = parts.path.strip("/")
    if prefix and not all(_PLAIN.fullmatch(part) for part in prefix.split("/")):
        raise ValueError("the prefix in a bucket is a path of letters, digits and `_`, `-`, `.`")
    return BucketAddress(
        bucket=parts.netloc,
        prefix=prefix or None,
        endpoint=endpoint,
        region=options.get("region"),
        path_style=_SWITCH[style],
    )
