"""bin/image: the exact commands, and what it says when it can't go on."""

import json
import re
import subprocess
import sys

import pytest

from deploy.image import cli, commands
from deploy.image.commands import Options, Source
from deploy.image import docker as docker_module
from deploy.image.docker import DockerFailed, Failed, docker
from deploy.image.runner import Refused, Runner

ROOT = cli.ROOT
SOURCE = Source("c0ffee", "2026-11-21T10:00:00+00:00", "https://github.com/a/b", dirty=False)
OPTIONS = Options("docker.io/someone/lettings")


class Scripted(Runner):
    """Record the commands, and return the prepared answers."""

    def __init__(self, answers=(), dry=False):
        super().__init__(ROOT, dry)
        self.has_buildx = True
        self.told, self.answers = [], list(answers)

    @property
    def buildx(self):
        return self.has_buildx

    def run(self, argv):
        self.told.append(argv)
        return self.answers.pop(0) if self.answers else 0

    def ask(self, argv, stdin="", attempts=3):
        self.told.append([*argv, stdin] if stdin else argv)
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_check_takes_what_a_push_sends_and_all_of_it_builds_anew():
    for rest, tests, lock in (
        (["-x"], cli.BUILT_IMAGE_TESTS + cli.SIDE_BY_SIDE, ["deploy"]),
        (["--all", "-x"], cli.ALL_TESTS, []),
    ):
        runner = Scripted()
        assert cli.check(runner, SOURCE, OPTIONS, rest) == 0
        pytest = [
            ".venv/bin/pytest",
            "-q",
            "-c",
            "deploy/image/tests/pytest.ini",
            "--rootdir",
            ".",
        ]
        assert runner.told == [["bin/setup", *lock], [*pytest, *tests, "-x"]]
    for name in cli.BUILT_IMAGE_TESTS:
        assert (ROOT / name).exists()


def test_a_build_needs_nothing_but_python():
    """It is started by the system's Python, which has none of what bin/setup installs."""
    argv = [sys.executable, "-S", ROOT / "bin" / "image", "--help"]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: bin/image")


def test_a_build_names_commit_date_and_source():
    assert commands.build(SOURCE, OPTIONS, "release") == [
        *("docker", "build", "--target", "release"),
        *("--tag", "docker.io/someone/lettings:c0ffee-release"),
        *("--provenance=false", "--sbom=false", "--output", "type=docker,oci-mediatypes=false"),
        *("--build-arg", "RELEASE=c0ffee"),
        *("--build-arg", "CREATED=2026-11-21T10:00:00+00:00"),
        *("--build-arg", "SOURCE=https://github.com/a/b"),
        ".",
    ]


@pytest.mark.parametrize("buildx", [True, False])
@pytest.mark.parametrize("verb", [cli.build, cli.test])
def test_every_build_asks_for_docker_schema_2_in_the_words_of_its_client(verb, buildx):
    runner = Scripted()
    runner.has_buildx = buildx
    verb(runner, SOURCE, OPTIONS, [])
    builds = [argv for argv in runner.told if argv[:2] == ["docker", "build"]]
    exporter = "docker" if buildx else "moby"
    for argv in builds:
        assert argv[argv.index("--output") + 1] == f"type={exporter},oci-mediatypes=false"
        assert ("--provenance=false" in argv, "--sbom=false" in argv) == (buildx, buildx)
    assert builds


def test_a_build_takes_another_base_and_a_proxys_certificate():
    options = Options("lettings", base="mine:1", extra_ca="/ca.pem", no_cache=True)
    argv = " ".join(commands.build(SOURCE, options, "web"))
    assert "--no-cache --build-arg BASE_IMAGE=mine:1 --secret id=ca,src=/ca.pem" in argv


def test_a_changed_tree_is_not_called_by_its_commit():
    dirty = Source("c0ffee", "", "", dirty=True)
    assert commands.image(dirty, OPTIONS) == "docker.io/someone/lettings:c0ffee-dirty"


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A docker client that does what it is told as a shell."""
    program = tmp_path / "docker"
    program.write_text('#!/bin/sh\nexec sh -c "$*"\n')
    program.chmod(0o755)
    monkeypatch.setattr(docker_module, "find_docker", lambda: str(program))


def test_attestations_are_off(client, capfd):
    words = "$DOCKER_BUILDKIT $BUILDX_NO_DEFAULT_ATTESTATIONS"
    assert docker("echo", words).stdout == "1 1\n"
    runner = Runner(ROOT, dry=False)
    assert runner.ask(["docker", "echo", words]) == "1 1\n"
    assert runner.run(["docker", "echo", words]) == 0
    assert capfd.readouterr().out == "1 1\n"


def test_docker_is_run_with_text_or_bytes_and_with_streams_of_ones_own(client, tmp_path):
    assert docker("printf", r"'\303\274\377'").stdout == "\u00fc\ufffd"
    assert docker("printf", r"'\377'", text=False).stdout == b"\xff"
    with (tmp_path / "log").open("w+") as log:
        docker("echo out; echo err >&2", stdout=log, stderr=subprocess.STDOUT)
    assert (tmp_path / "log").read_text() == "out\nerr\n"
    assert docker("cat", input="typed").stdout == "typed"


def test_a_docker_command_that_fails_says_its_last_words(client):
    for text in (True, False):
        with pytest.raises(DockerFailed, match="^`docker echo no` failed: no$"):
            docker("echo", "no", "; exit 3", text=text)
        assert docker("exit 3", check=False, text=text).returncode == 3


def test_the_tests_get_the_sources_to_read_and_the_servers_that_are_set():
    argv = commands.test(SOURCE, OPTIONS, "/src", "1:2", ["DATABASE_URL"], ["lettings"])
    assert argv[:4] == ["docker", "run", "--rm", "--read-only"]
    assert "/src:/app:ro" in argv
    assert argv[argv.index("--network") + 1] == "host"
    assert argv[argv.index("--env") + 1] == "DATABASE_URL"
    assert argv[-1] == "lettings"
    assert "--network" not in commands.test(SOURCE, OPTIONS, "/src", "1:2", [], [])


@pytest.fixture
def repository(monkeypatch):
    monkeypatch.setenv("IMAGE_REPOSITORY", OPTIONS.repository)
    monkeypatch.delenv("DOCKERHUB_TOKEN", raising=False)


def test_a_push_sends_every_image_and_tag_then_looks_at_what_arrived(repository):
    runner = Scripted([""] * 6 + [json.dumps({"mediaType": commands.SCHEMA_2})] * 4)
    assert cli.push(runner, SOURCE, OPTIONS, ["main"]) == 0
    suffixes = ("-release", "-beat", "-worker", "")
    name = "docker.io/someone/lettings"
    assert runner.told == [
        *(["docker", "push", "--quiet", f"{name}:c0ffee{suffix}"] for suffix in suffixes),
        ["docker", "tag", f"{name}:c0ffee", f"{name}:main"],
        ["docker", "push", "--quiet", f"{name}:main"],
        *(["docker", "manifest", "inspect", f"{name}:c0ffee{suffix}"] for suffix in suffixes),
    ]


def test_a_manifest_that_heroku_refuses_fails_the_push():
    index = json.dumps({"mediaType": "application/vnd.oci.image.index.v1+json"})
    with pytest.raises(Failed, match="Heroku's registry takes"):
        cli.confirm(Scripted([index]), "x:1")


def test_images_are_handed_on_in_a_file_and_named_for_their_repository(tmp_path):
    runner, file = Scripted(), str(tmp_path / "new" / "image.tar")
    local = [f"oc-lettings:c0ffee{suffix}" for suffix in ("", "-worker", "-beat", "-release")]
    assert cli.save(runner, SOURCE, Options(), [file]) == 0
    assert runner.told == [["docker", "save", "--output", file, *local]]
    assert (tmp_path / "new").is_dir()
    runner.told.clear()
    assert cli.load(runner, SOURCE, OPTIONS, [file]) == 0
    named = [f"docker.io/someone/lettings:{name.partition(':')[2]}" for name in local]
    assert runner.told == [
        ["docker", "load", "--quiet", "--input", file],
        *(["docker", "tag", *names] for names in zip(local, named, strict=True)),
    ]


def test_images_that_no_registry_gets_are_named_already():
    assert len(commands.load(SOURCE, Options(), "x.tar")) == 1


def test_a_file_that_can_not_be_loaded_ends_it():
    runner = Scripted([1])
    assert cli.load(runner, SOURCE, OPTIONS, ["x.tar"]) == 1
    assert len(runner.told) == 1


@pytest.mark.parametrize("verb", [cli.save, cli.load])
@pytest.mark.parametrize("rest", [[], ["a.tar", "b.tar"]])
def test_saving_and_loading_want_one_file(verb, rest):
    with pytest.raises(Failed, match="needs one file"):
        verb(Scripted(), SOURCE, OPTIONS, rest)


def test_the_token_goes_to_standard_input_alone(monkeypatch):
    monkeypatch.setenv("DOCKERHUB_USERNAME", "someone")
    monkeypatch.setenv("DOCKERHUB_TOKEN", "a-token")
    runner = Scripted()
    cli.log_in(runner, "someone/lettings", "/tmp/config")
    assert runner.told == [
        ["docker", "login", "--username", "someone", "--password-stdin", "docker.io", "a-token"]
    ]
    assert runner.environment["DOCKER_CONFIG"] == "/tmp/config"


@pytest.mark.parametrize(
    ("said", "found", "fix"),
    [
        ("unauthorized: incorrect username or password", "does not know", "Make a new token"),
        ("unsupported", "does not take this kind of manifest", "build with bin/image"),
        ("toomanyrequests: You have reached your pull rate limit.", "gives no more", "six hours"),
        ("dial tcp: connect: connection refused", "could not be reached", "type the same again"),
    ],
)
def test_a_refused_push_says_what_the_registry_said_and_what_to_do(repository, said, found, fix):
    runner = Scripted([Refused(["docker", "push", "x"], said)])
    with pytest.raises(Failed) as failed:
        cli.push(runner, SOURCE, OPTIONS, [])
    words = str(failed.value)
    assert words.startswith(f"the registry docker.io {found}") and said in words
    assert "why: `docker push` failed, so not all was pushed" in words
    assert fix in words.partition("fix: ")[2]


@pytest.mark.parametrize(
    "given",
    [
        *("", "oc-lettings", "library/oc-lettings", "docker.io/oc-lettings", "docker.io"),
        *("docker.io/library/oc-lettings", "index.docker.io/oc", "https://docker.io/you/oc"),
        *("docker.io/you/oc:main", "you/oc@sha256:00", "docker.io/You/oc", "docker.io/you/oc/"),
        *("docker.io/you/oc lettings", "docker.io/you/oc\n", "hub.docker.com/r/you/oc", "you//oc"),
        *("docker.io/a/b/c", "/you/oc", "$IMAGE_REPOSITORY", "you:token@docker.io/oc", "-you/oc"),
        *("r.example/" + "a" * 255, "r.example:port/oc", "r.example/oc..lettings"),
    ],
)
def test_nothing_is_pushed_to_where_nothing_of_ours_can_be(monkeypatch, given):
    monkeypatch.setenv("IMAGE_REPOSITORY", given)
    if not given:
        monkeypatch.delenv("IMAGE_REPOSITORY")
    runner = Scripted()
    with pytest.raises(Failed, match="IMAGE_REPOSITORY is .*\n  why: .*\n  fix: export"):
        cli.push(runner, SOURCE, cli.chosen(), ["main"])
    assert runner.told == []


@pytest.mark.parametrize(
    "given",
    [
        *("you/oc-lettings", "docker.io/you/oc", "ghcr.io/you/oc", "127.0.0.1:5000/oc"),
        *("localhost/oc", "r.example:5000/a/b/c", "[::1]:5000/oc", "you/oc__lettings.x-y"),
    ],
)
def test_a_repository_of_ours_is_pushed_to(monkeypatch, given):
    monkeypatch.setenv("IMAGE_REPOSITORY", given)
    assert cli.examine_repository() is None


def test_a_changed_tree_is_not_pushed():
    runner = Scripted()
    with pytest.raises(Failed, match="differs from the commit"):
        cli.push(runner, Source("c0ffee", "", "", dirty=True), OPTIONS, [])
    assert runner.told == []


def test_a_dry_run_prints_and_runs_nothing(capsys, monkeypatch):
    monkeypatch.setenv("IMAGE_REPOSITORY", "someone/lettings")
    monkeypatch.delenv("DOCKERHUB_TOKEN", raising=False)
    assert cli.main(["--dry-run", "push", "main"]) == 0
    assert "+ docker push --quiet someone/lettings:" in capsys.readouterr().err


def test_a_failed_build_says_what_may_be_missing():
    with pytest.raises(Failed, match="deploy/image/base/build"):
        cli.build(Scripted([1]), SOURCE, OPTIONS, [])


def test_what_failed_for_the_network_is_tried_again_and_what_was_refused_is_not(
    monkeypatch, tmp_path
):
    monkeypatch.setattr("deploy.image.runner.time.sleep", lambda seconds: None)
    tries = tmp_path / "tries"
    runner = Runner(ROOT, dry=False)
    for words, expected in (("connection reset", 3), ("denied: not yours", 1), ("what", 1)):
        tries.write_text("")
        with pytest.raises(Failed, match=words):
            runner.ask(["sh", "-c", f"echo x >> {tries}; echo {words} >&2; exit 1"])
        assert len(tries.read_text().split()) == expected


@pytest.mark.parametrize(
    "remote, page",
    [
        ("git@github.com:a/b.git", "https://github.com/a/b"),
        ("https://user:token@github.com/a/b", "https://github.com/a/b"),
        ("ssh://git@gitlab.com/a/b.git", "https://gitlab.com/a/b"),
        ("/srv/git/b", ""),
        ("http://127.0.0.1:8000/b", ""),
        ("", ""),
    ],
)
def test_the_source_is_a_public_page_or_nothing(remote, page):
    assert commands.public_url(remote) == page


@pytest.mark.parametrize(
    "repository, host",
    [
        ("lettings", "docker.io"),
        ("someone/lettings", "docker.io"),
        ("registry.example/lettings", "registry.example"),
        ("localhost/lettings", "localhost"),
        ("127.0.0.1:5000/lettings", "127.0.0.1:5000"),
    ],
)
def test_the_registry_is_the_repositorys_first_part_or_docker_hub(repository, host):
    assert commands.registry(repository) == host


def test_only_a_registry_on_the_loop_back_is_asked_without_tls():
    assert "--insecure" in commands.manifest("127.0.0.1:5000/lettings:1")
    assert "--insecure" not in commands.manifest("someone/lettings:1")


def test_the_base_is_the_python_that_the_other_tools_read():
    version = (ROOT / ".python-version").read_text().strip()
    assert f"FROM python:{version}-slim AS python\n" in (ROOT / "Dockerfile").read_text()
    assert f"python:{version}-slim" in (ROOT / "deploy/image/base/build").read_text()


def test_every_app_and_program_that_the_image_needs_is_let_into_the_context():
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert {path.parent.name for path in ROOT.glob("*/apps.py")} <= set(let_in)
    for name in let_in:
        assert (ROOT / name).exists(), f".dockerignore lets in {name}, which is not there"
