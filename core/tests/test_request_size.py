"""The largest request, which proxies in front of the site know by configuration of their own."""

import re

import pytest
from django.conf import settings

from core.request_size import MAX_BODY


@pytest.mark.parametrize("path", ["docs/proxy.md", "deploy/flower/nginx.conf"])
def test_a_proxy_lets_in_what_the_site_accepts(path):
    text = (settings.BASE_DIR / path).read_text()
    said = re.findall(r"client_max_body_size (\d+)m;", text)
    assert said and {int(megabytes) * 1024 * 1024 for megabytes in said} == {MAX_BODY}
