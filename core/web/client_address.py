"""The network address by which rate limits count visitors."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.http import HttpRequest

UNKNOWN = "unknown"


def household(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or its IPv6 network of 64 bits, which one customer has.

    wsgi_middleware.py takes the address from trusted proxies only.
    """
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return UNKNOWN  # a server behind a socket, with no proxy declared
    if found.version == 4:
        return str(found)
    # A dual-stack server writes IPv4 addresses like this; they are not one network.
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
