"""Two registries, the platform, and small images of every behaviour; all gone afterwards."""

import os
from pathlib import Path

import pytest
import urllib3

from deploy.image.commands import PROCESSES
from deploy.image.docker import docker
from rehearsal import images
from rehearsal.heroku.registry import HerokuRegistry
from rehearsal.heroku.stand_in import StandIn
from rehearsal.services import Registry

SITE = Path(__file__).parent / "site"
KEY = "rehearsal-key-for-trials"
BASES = (os.environ.get("BASE_IMAGE", ""), "oc-rehearsal/python:3.13-slim", "python:3.13-slim")


@pytest.fixture(scope="session")
def base() -> str:
    """Return an image with Python that is on this machine."""
    for name in filter(None, BASES):
        if docker("image", "inspect", "--format", "{{.Id}}", name, check=False).stdout:
            return name
    pytest.skip("no base image: deploy/image/base/build makes one")


@pytest.fixture(scope="session")
def built_images(base):
    """Build the images of the servers."""
    images.build(base=base)


@pytest.fixture(scope="session")
def hub(tmp_path_factory, built_images):
    """Run the registry that stands where Docker Hub does."""
    directory = tmp_path_factory.mktemp("hub")
    with Registry(directory, 0, "you", "hub-password") as registry:
        yield registry


@pytest.fixture(scope="session")
def heroku_registry(tmp_path_factory, built_images):
    """Run the registry of the platform."""
    with HerokuRegistry(tmp_path_factory.mktemp("registry"), 0, KEY) as registry:
        yield registry


@pytest.fixture(scope="session")
def heroku(tmp_path_factory, heroku_registry):
    """Run the platform, with less patience than the real one's, yet enough for a busy machine."""
    directory = tmp_path_factory.mktemp("heroku")
    with StandIn(directory, heroku_registry.address, KEY, boot=4, term=3, request=5) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def build(base, hub):
    """Return a function that builds and pushes a commit's images, with some behaviour."""
    made = []
    login = ("login", "--username", "you", "--password", "hub-password", hub.address)

    def run(commit: str, behaviour: str = "good") -> str:
        repository = f"{hub.address}/trial"
        for process, suffix in PROCESSES.items():
            name = f"{repository}:{commit}{suffix}"
            command = ["release"] if process == "release" else []
            text = (
                (SITE / "Dockerfile")
                .read_text()
                .replace(
                    '"/site.py"]', ", ".join(f'"{word}"' for word in ["/site.py", *command]) + "]"
                )
            )
            values = (f"BASE_IMAGE={base}", f"RELEASE={commit}", f"BEHAVIOUR={behaviour}")
            words = [word for value in values for word in ("--build-arg", value)]
            docker("build", "-q", "-t", name, "-f", "-", *words, str(SITE), input=text)
            docker("push", "-q", name)
            made.append(name)
        return repository

    docker(*login)
    yield run
    docker("logout", hub.address)
    docker("rmi", "--force", *made, check=False)


class Client:
    """A client of the Platform API, and of the apps' public addresses."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.http = url, urllib3.PoolManager(timeout=60, retries=False)
        self.headers = {"Authorization": f"Bearer {key}"}
        self.headers["Accept"] = "application/vnd.heroku+json; version=3"

    def __call__(self, method, path, body=None, status=None, **headers):
        options = {} if body is None else {"json": body}
        answer = self.http.request(
            method, self.url + path, headers=self.headers | headers, **options
        )
        assert status is None or answer.status == status, answer.data
        return answer.json()


@pytest.fixture
def api(heroku) -> Client:
    """Return a client of the platform."""
    return Client(heroku.url, KEY)


@pytest.fixture
def app(api, request):
    """Make an app of the test's own, that hands over without a gap."""
    name = "t-" + "".join(c for c in request.node.name.lower() if c.isalnum())[-20:]
    shown = api("POST", "/apps", {"name": name}, status=201)
    api("PATCH", f"/apps/{name}/features/preboot", {"enabled": True}, status=200)
    return shown
