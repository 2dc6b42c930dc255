"""What this machine's environment says of the way to package indexes, for builds and containers.

A company's machine reaches them through a proxy, by a mirror, or with certificates of its own, and
says so in these variables. Handed on, they work in a container as they do here; kept, they would
be in an image. On a machine that sets none of them nothing is handed on.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

# Each names a file of certificates to trust.
CERTIFICATES = (
    *("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS"),
)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
INDEXES = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_DEFAULT_TIMEOUT"),
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INSECURE_HOST"),
    *("UV_HTTP_TIMEOUT", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS"),
)
CA = "/run/secrets/ca"


def handed_on(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return those of the variables that are set; of certificates those whose file exists."""
    found = {name: environment.get(name, "") for name in (*CERTIFICATES, *PROXIES, *INDEXES)}
    return {
        name: value
        for name, value in found.items()
        if value and (name not in CERTIFICATES or Path(value).is_file())
    }


def for_container(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return `docker run` options: the variables by name, and the files they name, to be read."""
    given = handed_on(environment)
    files = {given[name] for name in CERTIFICATES if name in given}
    options = [word for name in given for word in ("--env", name)]
    return options + [word for file in sorted(files) for word in ("--volume", f"{file}:{file}:ro")]


@contextmanager
def for_build(environment: Mapping[str, str] = os.environ) -> Iterator[list[str]]:
    """Return `docker build` options while the secrets `ca` and `proxy_settings` exist as files.

    The second is a text for a shell to read; its certificates are in the first.
    """
    given = handed_on(environment)
    certificates = [name for name in CERTIFICATES if name in given]
    with TemporaryDirectory() as folder:
        text = shell_text(given | dict.fromkeys(certificates, CA))
        file = Path(folder, "proxy_settings")
        file.write_text(text)
        options = ["--secret", f"id=proxy_settings,src={file}"] if text else []
        if certificates:
            options += ["--secret", f"id=ca,src={given[certificates[0]]}"]
        yield options


def shell_text(variables: Mapping[str, str]) -> str:
    """Return what a shell reads to have these variables.

    >>> shell_text({"PIP_INDEX_URL": "https://me:it's@index.example/"})
    'export PIP_INDEX_URL=\\'https://me:it\\'"\\'"\\'s@index.example/\\'\\n'
    """
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
