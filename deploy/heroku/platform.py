"""The calls of Heroku's Platform API and registry that we use, each as a value.

https://devcenter.heroku.com/articles/platform-api-reference
https://devcenter.heroku.com/articles/container-registry-and-runtime
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..commands import Account, Call, Secret
from ..image.commands import SCHEMA_2

KEY = "HEROKU_API_KEY"
NEED_KEY = (
    KEY,
    "Heroku lets nobody release without a key.",
    "heroku authorizations:create -d pipeline, then set its Token as HEROKU_API_KEY "
    "(CircleCI: in the context; here: export).",
)
VERSION = "application/vnd.heroku+json; version=3"
# The container registry's document asks for this variant when images are released.
RELEASES_IMAGES = VERSION + ".docker-releases"


@dataclass(frozen=True)
class Heroku:
    """The URLs of the platform; the rehearsal's stand-in has others than the real one."""

    api: str = field(
        default_factory=lambda: os.environ.get("HEROKU_API_URL", "https://api.heroku.com")
    )
    registry: str = field(
        default_factory=lambda: os.environ.get("HEROKU_REGISTRY", "registry.heroku.com")
    )

    def app(self, name: str) -> Call:
        """Return the call for an app: its public URL and stack."""
        return self._call(
            "GET",
            f"/apps/{name}",
            example={"name": name, "web_url": f"https://{name}.herokuapp.com/"},
            missing=f"There is no app '{name}' that this key may see: heroku apps",
        )

    def create_app(self, name: str) -> Call:
        """Return the call that creates an app for images."""
        return self._call("POST", "/apps", body={"name": name, "stack": "container"})

    def addons(self, app: str) -> Call:
        """Return the call for an app's add-ons and whether they are ready."""
        return self._call("GET", f"/apps/{app}/addons", example=[])

    def add(self, app: str, plan: str) -> Call:
        """Return the call that creates an add-on; it is ready some minutes later."""
        return self._call("POST", f"/apps/{app}/addons", body={"plan": plan})

    def config_vars(self, app: str) -> Call:
        """Return the call for an app's config vars, values included."""
        return self._call("GET", f"/apps/{app}/config-vars", example={})

    def change_config(self, app: str, vars_: dict[str, str | Secret]) -> Call:
        """Return the call that sets config vars; others stay."""
        return self._call("PATCH", f"/apps/{app}/config-vars", body=vars_)

    def releases(self, app: str) -> Call:
        """Return the call for the newest releases, newest first."""
        release = {"id": f"$RELEASE_OF_{name_of(app)}", "version": 7, "status": "succeeded"}
        newest = release | {"current": True, "output_stream_url": "$OUTPUT_STREAM_URL"}
        return self._call(
            "GET",
            f"/apps/{app}/releases",
            headers={"Range": "version ..; order=desc,max=200"},
            example=[newest | {"description": "", "created_at": "", "slug": None}],
        )

    def release(self, app: str, release: str) -> Call:
        """Return the call for one release, by id or version."""
        return self._call(
            "GET",
            f"/apps/{app}/releases/{release}",
            example={"id": release, "version": 8, "status": "succeeded"},
            missing=f"There is no such release: heroku releases -a {app}",
        )

    def dynos(self, app: str) -> Call:
        """Return the call for the dynos, their release and their state."""
        return self._call("GET", f"/apps/{app}/dynos", example=[])

    def preboot(self, app: str) -> Call:
        """Return the call for preboot: whether new web dynos run before the old ones stop."""
        return self._call("GET", f"/apps/{app}/features/preboot", example={"enabled": False})

    def release_images(self, app: str, images: dict[str, str]) -> Call:
        """Return the call that releases images by process type; it scales nothing."""
        updates = [{"type": kind, "docker_image": image} for kind, image in images.items()]
        return self._call(
            "PATCH",
            f"/apps/{app}/formation",
            body={"updates": updates},
            headers={"Accept": RELEASES_IMAGES},
        )

    def put_back(self, app: str, release: str) -> Call:
        """Return the call that makes an older release current, code and config vars."""
        return self._call(
            "POST",
            f"/apps/{app}/releases",
            body={"release": release},
            example={"id": "$NEW_RELEASE", "version": 9, "status": "succeeded"},
        )

    def log_lines(self, app: str, dyno: str, lines: int = 1500) -> Call:
        """Return the call for a URL with the newest log lines of a dyno."""
        return self._call(
            "POST",
            f"/apps/{app}/log-sessions",
            body={"dyno": dyno, "lines": lines, "tail": False},
            example={"logplex_url": "$LOGPLEX_URL"},
        )

    def account(self) -> Account:
        """Return the account at the platform's registry; the user is always ``_``."""
        return Account("_", KEY)

    def repository(self, app: str, process: str) -> str:
        """Return the registry's name for a process type of an app."""
        return f"{self.registry}/{app}/{process}"

    def manifest(self, app: str, process: str) -> Call:
        """Return the call for the manifest last pushed; its config digest is the image's id."""
        local = self.registry.startswith(("127.0.0.1", "localhost"))
        scheme = "http" if local else "https"
        return Call(
            "GET",
            f"{scheme}://{self.registry}/v2/{app}/{process}/manifests/latest",
            headers={"Accept": SCHEMA_2},
            token=KEY,
            user="_",
            example={
                "mediaType": SCHEMA_2,
                "config": {"digest": f"$ID_OF_THE_{process.upper()}_IMAGE"},
            },
            missing=f"Nothing was ever pushed to {self.registry}/{app}/{process}.",
        )

    def _call(self, method: str, path: str, headers: dict[str, str] | None = None, **rest) -> Call:
        headers = {"Accept": VERSION} | (headers or {})
        return Call(method, self.api.rstrip("/") + path, headers=headers, token=KEY, **rest)


def name_of(app: str) -> str:
    """Return an app's name in the form of a variable's name."""
    return app.upper().replace("-", "_")
