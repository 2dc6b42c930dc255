"""The images that were pushed for an app, as the platform's registry has them."""

from __future__ import annotations

import json

import urllib3

from deploy.image.commands import SCHEMA_2

from .dynos import Engine
from .store import Refused


class Images:
    """Looks images up in the registry behind the platform, and fetches them."""

    def __init__(self, registry: str, key: str, engine: Engine) -> None:
        self.registry, self.engine = registry, engine
        self.headers = urllib3.make_headers(basic_auth=f"_:{key}") | {"Accept": SCHEMA_2}
        self.http = urllib3.PoolManager(timeout=10, retries=2)
        self.known: set[tuple[str, str, str]] = set()

    def manifest(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Ask the registry; return status, body and the headers that matter."""
        answer = self.http.request("GET", f"http://{self.registry}{path}", headers=self.headers)
        kept = ("Content-Type", "Docker-Content-Digest")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        return answer.status, answer.data, headers

    def fetch(self, app: str, process: str, image: str) -> None:
        """Have the image with this id on the machine; raise Refused if it was never pushed."""
        if (app, process, image) in self.known:
            return
        status, body, headers = self.manifest(f"/v2/{app}/{process}/manifests/latest")
        said = json.loads(body) if status == 200 else {}
        # The registry refuses every other kind at the push; a thing of no such id was not pushed.
        if said.get("mediaType") != SCHEMA_2 or said["config"]["digest"] != image:
            raise Refused(
                404, "not_found", f"Couldn't find that docker image ({process}: {image})."
            )
        try:
            self.engine.pull(app, process, headers["Docker-Content-Digest"])
        except RuntimeError as error:
            raise Refused(503, "registry", f"The registry failed: {error}") from None
        self.known.add((app, process, image))
