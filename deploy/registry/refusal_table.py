"""The table of refusals: what Docker Hub's and Heroku's registries, and docker for them, say."""

from __future__ import annotations

import re
from dataclasses import dataclass

STATUS_PAGES = "https://www.dockerstatus.com, https://status.heroku.com"


@dataclass(frozen=True)
class Row:
    """One meaning: the words or HTTP statuses it is known by, and what they tell.

    ``found`` goes on after the registry's name; ``way`` is the next step, with ``{registry}``,
    ``{secret}`` and ``{login}`` (the variables of the login); ``again`` how many seconds later the
    same may succeed, 0 if waiting is no help; ``source`` where the words were seen.
    """

    kind: str
    words: str
    found: str
    way: str
    source: str
    statuses: tuple[int, ...] = ()
    again: int = 0

    def fits(self, said: str, status: int) -> bool:
        """Return whether these words, or this status, are of this kind."""
        return bool(self.words and re.search(self.words, said, re.I)) or status in self.statuses


ROWS = (
    Row(
        "engine",
        r"docker daemon|docker\.sock|docker API",
        "no Docker engine can be used",
        "See that `docker version` names a server, then type the same again.",
        "https://docs.docker.com/engine/daemon/troubleshoot/",
    ),
    Row(
        "manifest kind",
        r"\bunsupported\b|manifest invalid|OCI (index|manifest) found",
        "does not take this kind of manifest",
        "Heroku takes one docker schema 2 manifest alone: build with bin/image, which asks any "
        "engine for it, and push again.",
        "https://github.com/heroku/cli/issues/3222, https://github.com/heroku/cli/issues/1081, "
        "https://github.com/gperdomor/oss/issues/728, "
        "https://github.com/akhilerm/tag-push-action/issues/299, "
        "https://github.com/moby/buildkit/issues/3579",
        statuses=(405, 415),
    ),
    Row(
        "pull limit",
        r"pull rate limit|increase-rate-limit",
        "gives no more images for now, by the limit of its plan",
        "Log in, which has a higher limit than an address shared with others: set {login}. "
        "With them set: the limit is back within six hours, or with a larger plan.",
        "https://github.com/docker/hub-feedback/issues/2464, "
        "https://github.com/docker/hub-feedback/issues/2429",
    ),
    Row(
        "too many requests",
        r"too ?many ?requests|HAP429",
        "was asked too often",
        "Wait some minutes, then type the same again; if it stays, look for who else asks from "
        "this address.",
        "https://github.com/docker/hub-feedback/issues/1907, "
        "https://github.com/docker/hub-feedback/issues/2040",
        statuses=(429,),
        again=30,
    ),
    Row(
        "immutable tag",
        r"\bimmutab|cannot be overwritten|can't be overwritten",
        "keeps the image that has this tag, and takes no other for it",
        "A commit's image that is there was tested: go on with bin/release. A tag that moves, "
        "such as main, must not be immutable (Docker Hub: the repository's Settings, General, "
        "Tag mutability).",
        "https://docs.docker.com/docker-hub/repos/manage/hub-images/immutable-tags, "
        "https://github.com/docker/hub-feedback/issues/2466, "
        "https://github.com/moby/buildkit/issues/3776",
    ),
    Row(
        "not logged in",
        r"no basic auth credentials",
        "was asked without a login",
        "Set {login} where the pipeline keeps them (docs/delivery.md); on a laptop: "
        "docker login {registry}.",
        "https://github.com/fiorix/freegeoip/issues/171, "
        "https://github.com/iic2143-2019/proyecto/issues/42",
    ),
    Row(
        "scope",
        r"insufficient[_ ]scopes?",
        "says that the token in {secret} may not do this",
        "Make a new access token with the right to read and write, and set {login} again "
        "(docs/delivery.md); and see that the repository is that account's.",
        "https://github.com/spinalcordtoolbox/spinalcordtoolbox/issues/5286, "
        "https://github.com/microsoft/vscode-docker/issues/4379",
    ),
    Row(
        "plan",
        r"limit is \d|quota|payment|billing|private repositor|upgrade your (plan|subscription)"
        r"|delinquent|account .*(suspended|locked)",
        "refuses by the limits of the account's plan",
        "Look at the account's page: make room, make the repository public, or take a larger "
        "plan; then type the same again.",
        "https://github.com/docker/build-push-action/issues/586, "
        "https://github.com/docker/hub-feedback/issues/1313",
        statuses=(402,),
    ),
    Row(
        "denied",
        r"access to the resource is denied|pull access denied|may require 'docker login'",
        "gives no access to the repository",
        "See that the repository is the account's of {login} and is spelled right; that its token "
        "may read and write; and at Docker Hub that no more repositories are private than the "
        "plan has, which locks them.",
        "https://github.com/docker/hub-feedback/issues/1222, "
        "https://github.com/docker/hub-feedback/issues/1585, "
        "https://github.com/docker/hub-feedback/issues/378, "
        "https://github.com/cortexproject/cortex/issues/5654",
    ),
    Row(
        "password",
        r"incorrect username or password|invalid username|bad credentials"
        r"|(personal )?access token .*expired",
        "does not know the user, or has another token than {secret}",
        "Make a new token, and set {login} where the pipeline keeps it (docs/delivery.md); the "
        "user is the account's name, not its address.",
        "https://github.com/docker/hub-feedback/issues/1098, "
        "https://github.com/docker-archive-public/docker.kitematic/issues/2837",
    ),
    Row(
        "storage",
        r"insufficient storage",
        "has no room left",
        "Remove images that no release needs, at the registry; then type the same again.",
        "https://www.rfc-editor.org/rfc/rfc4918#section-11.5",
        statuses=(507,),
    ),
    Row(
        "disk",
        r"no space left on device",
        "a disk is full, this machine's or the registry's",
        "Here: docker system df, then docker system prune; type the same again.",
        "https://docs.docker.com/engine/manage-resources/pruning/",
    ),
    Row(
        "too large",
        r"request entity too large|\bsize invalid\b",
        "does not take so large a layer",
        "What stands before the registry has a limit of its own (a proxy's body size): raise it.",
        "https://github.com/goharbor/harbor/issues/10621, "
        "https://github.com/replicatedhq/ttl.sh/issues/104",
        statuses=(413,),
    ),
    Row(
        "upload",
        r"blob upload (unknown|invalid)|unknown blob|blob unknown|digest invalid|"
        r"provided digest did not match",
        "lost a layer on the way",
        "Type the same again: layers that arrived are not sent twice.",
        "https://github.com/moby/moby/issues/36823, "
        "https://github.com/docker/hub-feedback/issues/1693",
        statuses=(416,),
        again=2,
    ),
    Row(
        "name",
        r"name invalid|invalid reference format|invalid repository name|tag invalid"
        r"|unexpected end of JSON input|HTTP 400, and no words",
        "does not take this name",
        "Look at the name: of an app at Heroku (heroku apps), without dots and underscores, and "
        "of the account that {secret} belongs to; of IMAGE_REPOSITORY elsewhere.",
        "https://github.com/heroku/heroku-container-tools/issues/173, "
        "https://github.com/onplus/v2hero/issues/3, "
        "https://github.com/otiai10/ocrserver/issues/15",
    ),
    Row(
        "absent",
        r"manifest unknown|manifest for .* not found|no such manifest|name unknown"
        r"|repository name not known|: not found$",
        "has no such image",
        "See that the name is spelled right, and that the pipeline's job `image` pushed it.",
        "https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes",
        statuses=(404,),
    ),
    Row(
        "unauthorized",
        r"\bunauthorized\b|authentication required",
        "refuses the user or the token in {secret}",
        "Make a new token, and set {login} where the pipeline keeps it (docs/delivery.md). Docker "
        "Hub and Heroku say the same of a repository or app that is misspelled, is another "
        "account's, or goes beyond the plan.",
        "https://github.com/testdrivenio/fastapi-tdd-docker/issues/25, "
        "https://github.com/docker/hub-feedback/issues/871, "
        "https://github.com/heroku/cli/issues/2008",
        statuses=(401,),
    ),
    Row(
        "forbidden",
        r"\bdenied\b|\bforbidden\b",
        "forbids this",
        "See on its page what the account and the token in {secret} may do, then type the same "
        "again.",
        "https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes, "
        "https://github.com/docker/hub-feedback/issues/2466",
        statuses=(403,),
    ),
    Row(
        "certificate",
        r"x509|certificate|gave HTTP response to HTTPS client|HTTP request to an HTTPS server",
        "can't be spoken to by TLS",
        "Where a proxy opens TLS: let this machine trust its certificate (SSL_CERT_FILE; the "
        "engine's: /etc/docker/certs.d). Otherwise see that {registry} is the registry's name.",
        "https://docs.docker.com/engine/security/certificates/",
    ),
    Row(
        "failing",
        r"server error|internal error|bad gateway|service unavailable|gateway time",
        "fails, after three attempts",
        f"It is the registry's own fault; when it is well again ({STATUS_PAGES}), type the same "
        "again.",
        "https://github.com/docker/hub-feedback/issues/1693, "
        "https://github.com/moby/moby/issues/25166",
        statuses=tuple(range(500, 507)) + tuple(range(508, 600)),
        again=2,
    ),
    Row(
        "unreachable",
        r"connection (refused|reset|aborted)|connection broken|broken pipe|time[d ]*out|timeout"
        r"|no such host|name resolution|name or service|no route|unreachable|\bEOF\b"
        r"|TLS handshake|deadline exceeded|closed network|use of closed|server misbehaving",
        "could not be reached, after three attempts",
        "When the registry is back, type the same again.",
        "https://github.com/docker/build-push-action/issues/1065, "
        "https://github.com/docker/hub-feedback/issues/947",
        again=2,
    ),
    Row(
        "not understood",
        r"bad request",
        "did not understand what was asked",
        "It is likely no registry, or one of another kind: see that {registry} is the right name.",
        "https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes",
        statuses=(400, 406, 411, 414, 422),
    ),
    Row(
        "unknown",
        r"(?!)",
        "answered with what is not known here",
        "Its words are above; nothing in deploy/registry/refusal_table.py knows them. Look at its "
        f"pages ({STATUS_PAGES}), then type the same again.",
        "https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes",
    ),
)
