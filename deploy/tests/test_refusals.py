"""What registries really answered, with where it was seen, and what is made of it."""

import json
import re

import pytest

from deploy.registry.refusals import read, read_error, read_output
from deploy.registry.refusal_table import ROWS

HUB = "https://github.com/docker/hub-feedback/issues/"
# Of docker's command line: its words, the kind of row, whether a second try can help, where seen.
SAID = [
    ("unsupported", "manifest kind", False, "https://github.com/heroku/cli/issues/1081"),
    (
        "error: failed to copy index: PUT https://registry.heroku.com/v2/app/worker/manifests/"
        "sha256:23: UNSUPPORTED: The operation is unsupported.",
        *("manifest kind", False, "https://github.com/akhilerm/tag-push-action/issues/299"),
    ),
    (
        "ERROR: failed to push registry.heroku.com/app/web: unexpected status: 405 Method Not "
        "Allowed",
        *("manifest kind", False, "https://github.com/gperdomor/oss/issues/728"),
    ),
    (
        "toomanyrequests: You have reached your pull rate limit. You may increase the limit by "
        "authenticating and upgrading: https://www.docker.com/increase-rate-limit",
        *("pull limit", False, HUB + "2429"),
    ),
    (
        "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull "
        "rate limit. https://www.docker.com/increase-rate-limit",
        *("pull limit", False, HUB + "2464"),
    ),
    (
        "error parsing HTTP 429 response body: invalid character 'T' looking for beginning of "
        'value: "Too Many Requests (HAP429).\\n"',
        *("too many requests", True, HUB + "1907"),
    ),
    ("no basic auth credentials", "not logged in", False, "fiorix/freegeoip/issues/171"),
    (
        "unauthorized: authentication required",
        *("unauthorized", False, "https://github.com/heroku/cli/issues/2008"),
    ),
    (
        "denied: requested access to the resource is denied",
        *("denied", False, HUB + "1222"),
    ),
    (
        "Error response from daemon: pull access denied for org/repo, repository does not exist "
        "or may require 'docker login'",
        *("denied", False, HUB + "378"),
    ),
    (
        "push access denied, repository does not exist or may require authorization: server "
        "message: insufficient_scope: authorization failed",
        *("scope", False, "https://github.com/microsoft/vscode-docker/issues/4379"),
    ),
    (
        "failed to fetch oauth token: unexpected status from GET request to https://auth.docker."
        "io/token?scope=repository%3Aa%2Fb%3Apull%2Cpush&service=registry.docker.io: 401 "
        "Unauthorized: access token has insufficient scopes",
        *("scope", False, "spinalcordtoolbox/spinalcordtoolbox/issues/5286"),
    ),
    (
        "Error response from daemon: Get https://registry-1.docker.io/v2/: unauthorized: "
        "incorrect username or password",
        *("password", False, HUB + "1098"),
    ),
    (
        "Error response from daemon: login attempt to https://registry.heroku.com/v2/ failed "
        "with status: 401 Unauthorized",
        *("unauthorized", False, "https://github.com/ingef/conquery/pull/620"),
    ),
    (
        'error parsing HTTP 400 response body: unexpected end of JSON input: ""',
        *("name", False, "https://github.com/heroku/heroku-container-tools/issues/173"),
    ),
    (
        "tag invalid: The image tag 'x' already exists in the 'repo' repository and cannot be "
        "overwritten because the repository is immutable.",
        *("immutable tag", False, "https://github.com/moby/buildkit/issues/3776"),
    ),
    (
        "unknown: tag=latest cannot be overwritten because msr-example.com/library/wordpress is "
        "an immutable repository",
        *("immutable tag", False, "https://docs.mirantis.com/msr/current/ops/manage-images/"),
    ),
    (
        "unexpected status from PUT request to https://registry-1.docker.io/v2/a/b/manifests/1: "
        "403 Forbidden",
        *("forbidden", False, HUB + "2466"),
    ),
    (
        "denied: registry contains 1 repositories, limit is 1",
        *("plan", False, "https://github.com/docker/build-push-action/issues/586"),
    ),
    ("No more private repositories available", "plan", False, HUB + "1313"),
    ("unknown blob", "upload", True, "https://github.com/moby/moby/issues/36823"),
    (
        "received unexpected HTTP status: 503 Service Unavailable",
        *("failing", True, "https://github.com/docker/for-mac/issues/5749"),
    ),
    (
        "Received unexpected HTTP status: 500 Internal Server Error",
        *("failing", True, "https://github.com/moby/moby/issues/25166"),
    ),
    (
        "error parsing HTTP 413 response body: invalid character '<' looking for beginning of "
        'value: "<html>\\r\\n<head><title>413 Request Entity Too Large</title></head>"',
        *("too large", False, "https://github.com/goharbor/harbor/issues/10621"),
    ),
    (
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: TLS '
        "handshake timeout",
        *("unreachable", True, "https://github.com/docker/build-push-action/issues/1065"),
    ),
    (
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request '
        "canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
        *("unreachable", True, "https://github.com/freedomofdevelopers/fod/issues/687"),
    ),
    (
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker "
        "daemon running?",
        *("engine", False, "https://docs.docker.com/engine/daemon/troubleshoot/"),
    ),
    (
        "permission denied while trying to connect to the Docker daemon socket",
        *("engine", False, "https://docs.docker.com/engine/install/linux-postinstall/"),
    ),
    (
        "x509: certificate signed by unknown authority",
        *("certificate", False, "https://docs.docker.com/engine/security/certificates/"),
    ),
    (
        "http: server gave HTTP response to HTTPS client",
        *("certificate", False, "https://docs.docker.com/reference/cli/dockerd/"),
    ),
    ("write /var/lib/docker/x: no space left on device", "disk", False, "docker prune"),
    (
        "Error response from daemon: manifest for you/oc:x not found: manifest unknown: manifest "
        "unknown",
        *("absent", False, "distribution's error codes"),
    ),
    ("invalid reference format: repository name must be lowercase", "name", False, "TL-GD 10"),
    ("a thing that nobody knows", "unknown", False, "nowhere"),
    ("", "unknown", False, "nowhere"),
]


def body(code, message="", detail=None):
    return json.dumps({"errors": [{"code": code, "message": message, "detail": detail}]})


# Of the API: status, body, kind of row, whether a second try can help. The codes are all that the
# specification has: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
ANSWERED = [
    (405, body("UNSUPPORTED", "The operation is unsupported."), "manifest kind", False),
    (400, body("UNSUPPORTED", "The operation is unsupported."), "manifest kind", False),
    (415, "", "manifest kind", False),
    (400, body("MANIFEST_INVALID", "manifest invalid", {}), "manifest kind", False),
    (404, body("MANIFEST_UNKNOWN", "OCI index found, but Accept header"), "manifest kind", False),
    (404, body("MANIFEST_UNKNOWN", "manifest unknown"), "absent", False),
    (404, body("NAME_UNKNOWN", "repository name not known to registry"), "absent", False),
    (404, "", "absent", False),
    (400, body("NAME_INVALID", "invalid repository name"), "name", False),
    (400, body("TAG_INVALID", "manifest tag did not match URI"), "name", False),
    (400, body("MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"), "upload", True),
    (404, body("BLOB_UNKNOWN", "blob unknown to registry"), "upload", True),
    (404, body("BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"), "upload", True),
    (400, body("BLOB_UPLOAD_INVALID", "blob upload invalid"), "upload", True),
    (400, body("DIGEST_INVALID", "provided digest did not match"), "upload", True),
    (416, "", "upload", True),
    (400, body("SIZE_INVALID", "provided length did not match"), "too large", False),
    (413, "<html>413 Request Entity Too Large</html>", "too large", False),
    (401, body("UNAUTHORIZED", "authentication required", [{}]), "unauthorized", False),
    (401, '{"details": "incorrect username or password"}', "password", False),
    (401, '{"details": "access token has insufficient scopes"}', "scope", False),
    (401, '{"details": "personal access token is expired"}', "password", False),
    (401, "", "unauthorized", False),
    (403, body("DENIED", "requested access to the resource is denied"), "denied", False),
    (403, body("DENIED", "tag is immutable"), "immutable tag", False),
    (403, "", "forbidden", False),
    (402, "", "plan", False),
    (429, body("TOOMANYREQUESTS", "You have reached your pull rate limit."), "pull limit", False),
    (429, "Too Many Requests (HAP429).\n", "too many requests", True),
    (429, body("TOOMANYREQUESTS", "too many requests"), "too many requests", True),
    (400, '{"message": "Bad Request"}', "not understood", False),
    (400, "{}", "not understood", False),
    # Heroku's, of an app that is misspelled: heroku/heroku-container-tools/issues/173
    (400, "", "name", False),
    (400, "[]", "not understood", False),
    (400, '{"errors": ["odd"]}', "not understood", False),
    (400, "Client sent an HTTP request to an HTTPS server.", "certificate", False),
    (422, "", "not understood", False),
    (500, body("UNKNOWN", "unknown error"), "failing", True),
    (500, body("UNKNOWN", "write: no space left on device"), "disk", False),
    (502, "<html>Bad Gateway</html>", "failing", True),
    (503, "", "failing", True),
    (504, "", "failing", True),
    (507, "", "storage", False),
    (302, "", "unknown", False),
    (418, "", "unknown", False),
]
BROKEN = [
    "Failed to establish a new connection: [Errno 111] Connection refused",
    "[Errno 104] Connection reset by peer",
    "Connection aborted.', RemoteDisconnected('Remote end closed connection without response')",
    "Failed to resolve 'r.example' ([Errno -2] Name or service not known)",
    "[Errno -3] Temporary failure in name resolution",
    "Read timed out. (read timeout=60)",
    "Connection to r.example timed out. (connect timeout=10)",
    "[Errno 101] Network is unreachable",
    "[Errno 113] No route to host",
    "Connection broken: IncompleteRead(1 bytes read, 2 more expected)",
    "[Errno 32] Broken pipe",
    "something that only tomorrow's library says",
]


@pytest.mark.parametrize(("said", "kind", "again", "seen"), SAID)
def test_what_docker_said(said, kind, again, seen):
    refusal = read_output(f"The push refers to repository [x]\n4ca1: Preparing\n{said}\n")
    assert (refusal.row.kind, bool(refusal.again)) == (kind, again), seen
    assert refusal.words[:40] in (said or "4ca1: Preparing")


@pytest.mark.parametrize(("status", "said", "kind", "again"), ANSWERED)
def test_what_a_registry_answered(status, said, kind, again):
    refusal = read(status, said)
    assert (refusal.row.kind, bool(refusal.again)) == (kind, again)
    assert refusal.words


@pytest.mark.parametrize("words", BROKEN)
def test_a_connection_that_broke_is_tried_again(words):
    refusal = read_error(words)
    assert (refusal.row.kind, bool(refusal.again)) == ("unreachable", True)


def test_a_certificate_that_is_not_trusted_is_not_tried_again():
    words = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    assert (read_error(words).row.kind, read_error(words).again) == ("certificate", 0)


def test_nothing_but_a_broken_connection_could_not_be_reached():
    for refusal in [read(status, said) for status, said, _, _ in ANSWERED]:
        assert "could not be reached" not in refusal.found("r.example", "X")


def test_every_row_has_its_own_words_a_next_step_a_source_and_a_trial():
    tried = {kind for _, kind, _, _ in SAID} | {kind for _, _, kind, _ in ANSWERED}
    assert {row.kind for row in ROWS} == tried
    assert len({row.found for row in ROWS}) == len({row.way for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert all(re.fullmatch(r"https://\S+", link) for link in row.source.split(", ")), row
        way = read(999, "x").__class__(row, "words").way("r.example", "DOCKERHUB_TOKEN")
        assert way[0].isupper() and way.endswith(".") and "{" not in way


def test_a_login_is_told_by_its_variables():
    refusal = read(401, "")
    assert "set DOCKERHUB_USERNAME and DOCKERHUB_TOKEN" in refusal.way("x", "DOCKERHUB_TOKEN")
    assert "set HEROKU_API_KEY where" in refusal.way("registry.heroku.com", "HEROKU_API_KEY")
    assert "the token in HEROKU_API_KEY" in refusal.found("x", "HEROKU_API_KEY")


def test_words_with_braces_and_without_end_are_shown_shortly():
    refusal = read(500, "{secret} " * 1000)
    assert "{secret}" in refusal.found("x", "Y") and len(refusal.words) < 320


def test_the_line_that_tells_is_found_above_one_that_does_not():
    assert read_output("denied: no\nexit status 1\n").row.kind == "forbidden"
