"""This machine's proxy settings reach builds and containers, and are in no image."""

import subprocess

from rehearsal import proxy_settings


def test_a_machine_that_says_nothing_hands_nothing_on():
    assert proxy_settings.handed_on({"HOME": "/root", "SECRET_KEY": "x"}) == {}
    assert proxy_settings.for_container({}) == []
    with proxy_settings.for_build({}) as options:
        assert options == []


def test_containers_get_variables_by_name_and_the_files_they_name(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text("certificates")
    given = {"PIP_CERT": str(bundle), "SSL_CERT_FILE": str(bundle)}
    given |= {"HTTPS_PROXY": "http://me:secret@proxy:3128", "CURL_CA_BUNDLE": "/is/not/there"}
    options = proxy_settings.for_container(given)
    assert options == [
        *("--env", "SSL_CERT_FILE", "--env", "PIP_CERT", "--env", "HTTPS_PROXY"),
        *("--volume", f"{bundle}:{bundle}:ro"),
    ]


def test_builds_get_secrets_that_a_shell_reads_and_that_are_gone_afterwards(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text("certificates")
    address = "https://me:it's $HOME@index.example/simple"
    with proxy_settings.for_build({"PIP_CERT": str(bundle), "PIP_INDEX_URL": address}) as options:
        assert options[2:] == ["--secret", f"id=ca,src={bundle}"]
        file = options[1].removeprefix("id=proxy_settings,src=")
        script = f'. {file}; printf "%s\\n" "$PIP_INDEX_URL" "$PIP_CERT"'
        told = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        assert told.stdout.splitlines() == [address, "/run/secrets/ca"]
    assert subprocess.run(["test", "-e", file]).returncode
