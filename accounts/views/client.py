"""Where a request comes from, for counting tries."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address; of an IPv6 address its /64, which is one household's.

    Behind TRUSTED_PROXIES proxies the address is the one the outermost of them saw: what a client writes
    into X-Forwarded-For itself never counts.
    """
    address = _ip_of(request)
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def network_of(request: HttpRequest) -> str:
    """The client's network: /24 of an IPv4 address, /48 of an IPv6 one, which is one customer's; "" for this
    machine itself, which is no stranger: a proxy nobody told us of (TRUSTED_PROXIES) would be everybody."""
    address = _ip_of(request)
    if address is None:
        return "unknown"
    if address.is_loopback:
        return ""
    length = 48 if isinstance(address, ipaddress.IPv6Address) else 24
    return str(ipaddress.ip_network((address, length), strict=False))


def _ip_of(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    raw = request.META.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies and forwarded[-proxies].strip():
        raw = forwarded[-proxies].strip()
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
