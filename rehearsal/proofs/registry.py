"""Images that Heroku's registry refuses are refused here too, before any release."""

from __future__ import annotations

import json

import urllib3

from deploy.image.commands import OTHER_KINDS, SCHEMA_2
from deploy.registry.refusals import read

from ..environment import STAGING, Environment
from .proof import expect, proof

# What an engine with containerd's store writes for the parts of an image.
AS_OCI = {
    "application/vnd.docker.container.image.v1+json": "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.image.rootfs.diff.tar.gzip": (
        "application/vnd.oci.image.layer.v1.tar+gzip"
    ),
    SCHEMA_2: OTHER_KINDS[0],
}


@proof("release", "an OCI manifest is refused at the push, and what staging has stays")
def oci_manifest_refused(environment: Environment) -> str:
    """Push staging's own image as a newer engine would, with every layer there already."""
    url = f"http://{environment.heroku_registry.address}/v2/{STAGING}/web/manifests/latest"
    login = urllib3.make_headers(basic_auth=f"_:{environment.heroku_key}")
    taken = urllib3.request("GET", url, headers={**login, "Accept": SCHEMA_2})
    expect(taken.status == 200, f"staging has no image: {taken.status} {taken.data!r}")
    written = taken.data.decode()
    for docker, oci in AS_OCI.items():
        written = written.replace(docker, oci)
    kind = json.loads(written)["mediaType"]
    expect(kind == OTHER_KINDS[0], f"it is no OCI manifest: {kind}")
    headers = {**login, "Content-Type": kind}
    answer = urllib3.request("PUT", url, body=written.encode(), headers=headers)
    refusal = read(answer.status, answer.data.decode())
    expect(refusal.row.kind == "manifest kind", f"{answer.status} {answer.data.decode()}")
    there = urllib3.request("GET", url, headers={**login, "Accept": SCHEMA_2})
    expect(there.data == taken.data, "staging's image is another one now")
    return f"{kind}: {answer.status}, {refusal.words}"
