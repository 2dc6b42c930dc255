"""Find images in registries, and copy them from one to another, without an engine.

What is copied keeps every byte, and so its digest: manifest, configuration and layers.
https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urljoin

import urllib3

from ..commands import Copy, Found, Inspect
from ..cli import say
from ..image.commands import OTHER_KINDS, SCHEMA_2
from .client import Client, Refused, patiently
from .image_names import Image, image
from .refusals import read, read_error

# All that can be there, so that what Heroku refuses is named, and not "not found".
KINDS = ", ".join((SCHEMA_2, *OTHER_KINDS))
MB = 1_000_000
Blob = dict[str, Any]  # A descriptor: at least its digest, and its size in bytes.


def inspect(http: urllib3.PoolManager, order: Inspect) -> Found:
    """Return what an image is; raise Refused when the registry does not tell."""
    wanted = image(order.image)
    client = Client(http, wanted, order.account)
    return patiently(lambda: _look(client, wanted))


def copy(http: urllib3.PoolManager, order: Copy) -> int:
    """Copy an image, each blob that the target lacks once; return how many bytes were sent.

    Raise Refused when a registry refuses, or sends what does not have the digest asked for.
    """
    source, target = image(order.source), image(order.target)
    reader = Client(http, source, order.reader)
    writer = Client(http, target, order.writer)
    kind, body = patiently(lambda: _manifest(reader, source))
    if kind != SCHEMA_2:
        raise writer.refused(read(405, f"unsupported: {source} is {kind}"))
    manifest = reader.parsed(body, "layers", "config")
    sent = 0
    for blob in (*manifest["layers"], manifest["config"]):
        sent += patiently(lambda blob=blob: _send(reader, source, writer, target, blob, order))
    patiently(lambda: _put(writer, target, kind, body))
    return sent


def _rights(where: Image, *actions: str) -> str:
    return f"repository:{where.path}:{','.join(actions)}"


def _manifest(client: Client, wanted: Image) -> tuple[str, bytes]:
    """Return the media type and the bytes of a manifest, which have its digest."""
    answer = client.ask(
        "GET",
        f"/v2/{wanted.path}/manifests/{wanted.reference}",
        (_rights(wanted, "pull"),),
        headers={"Accept": KINDS},
    )
    body = answer.data
    asked = wanted.reference if ":" in wanted.reference else ""
    told = asked or answer.headers.get("Docker-Content-Digest", "")
    if told.startswith("sha256:") and told != digest_of(body):
        raise client.refused(read_error(f"digest invalid: what came for {wanted} is not {told}"))
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return kind or client.parsed(body).get("mediaType", "of no media type"), body


def _look(client: Client, wanted: Image) -> Found:
    kind, body = _manifest(client, wanted)
    if kind != SCHEMA_2:
        return Found(digest_of(body), kind, "", "")
    identity = client.parsed(body, "layers", "config")["config"]["digest"]
    path = f"/v2/{wanted.path}/blobs/{identity}"
    config = client.ask("GET", path, (_rights(wanted, "pull"),)).data
    if digest_of(config) != identity:
        raise client.refused(read_error(f"digest invalid: what came is not {identity}"))
    labels = (client.parsed(config).get("config") or {}).get("Labels") or {}
    return Found(digest_of(body), kind, identity, labels.get(Found.REVISION, ""))


def _send(
    reader: Client, source: Image, writer: Client, target: Image, blob: Blob, order: Copy
) -> int:
    """Bring one blob to where it is missing; return how many bytes were sent."""
    digest, size = blob["digest"], blob["size"]
    scopes: tuple[str, ...] = (_rights(target, "pull", "push"),)
    there = writer.ask("HEAD", f"/v2/{target.path}/blobs/{digest}", scopes, expected=(200, 404))
    if there.status == 200:
        return 0
    asked = {}
    if order.beside:
        other = image(order.beside)
        asked = {"mount": digest, "from": other.path}
        scopes += (_rights(other, "pull"),)
    where = f"/v2/{target.path}/blobs/uploads/" + (f"?{urlencode(asked)}" if asked else "")
    begun = writer.ask("POST", where, scopes, expected=(201, 202))
    if begun.status == 201:
        return 0
    with _blob(reader, source, digest) as content:
        place = urljoin(writer.server, begun.headers.get("Location", ""))
        _upload(writer, place, scopes, content, blob)
    say(f"  {target.host}/{target.path}: {size / MB:.1f} MB sent")
    return size


class Content:
    """A blob on its way: what was read of it is measured, and a broken source is remembered."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self.answer, self.sum, self.size = answer, hashlib.sha256(), 0
        self.broken: Exception | None = None

    def read(self, amount: int) -> bytes:
        """Return the next bytes, at most so many; none at the end."""
        try:
            data = self.answer.read(amount, decode_content=False)
        except urllib3.exceptions.HTTPError as error:
            self.broken = error
            raise
        self.sum.update(data)
        self.size += len(data)
        return data

    @property
    def digest(self) -> str:
        """The digest of what was read."""
        return f"sha256:{self.sum.hexdigest()}"


@contextmanager
def _blob(reader: Client, source: Image, digest: str) -> Iterator[Content]:
    """Read a blob as a stream."""
    answer = reader.ask(
        "GET",
        f"/v2/{source.path}/blobs/{digest}",
        (_rights(source, "pull"),),
        preload_content=False,
    )
    content = Content(answer)
    try:
        yield content
    except Refused:
        if content.broken:
            raise reader.lost(content.broken) from None
        raise
    finally:
        answer.close()


def _upload(
    writer: Client, location: str, scopes: tuple[str, ...], content: Content, blob: Blob
) -> None:
    """Upload as Docker's own client does, which all registries know: a stream, then its digest."""
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(blob["size"])}
    sent = writer.ask("PATCH", location, scopes, (202, 204), body=content, headers=headers)
    if (content.digest, content.size) != (blob["digest"], blob["size"]):
        raise writer.refused(read_error(f"digest invalid: what came is not {blob['digest']}"))
    location = urljoin(location, sent.headers.get("Location", ""))
    between = "&" if "?" in location else "?"
    writer.ask(
        "PUT", location + between + urlencode({"digest": blob["digest"]}), scopes, (201, 204)
    )


def _put(writer: Client, target: Image, kind: str, body: bytes) -> None:
    answer = writer.ask(
        "PUT",
        f"/v2/{target.path}/manifests/{target.reference}",
        (_rights(target, "pull", "push"),),
        (201, 202),
        body=body,
        headers={"Content-Type": kind},
    )
    told = answer.headers.get("Docker-Content-Digest", "")
    if told and told != digest_of(body):
        raise writer.refused(read_error(f"digest invalid: it calls {digest_of(body)} {told}"))


def digest_of(data: bytes) -> str:
    """Return the digest of these bytes.

    >>> digest_of(b"")[:20]
    'sha256:e3b0c44298fc1'
    """
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
