"""Whether a model's hub can be reached at all, asked in seconds: huggingface_hub itself asks for 100 s before it gives up."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

SECONDS = 5.0
"""A hub that takes longer to take a connection would take an hour for a model."""
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
"""Where one of these is set, nobody is asked."""


def told_offline() -> bool:
    """Whether nobody may be asked."""
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in OFFLINE)


def unreachable() -> str:
    """Why the hub can't be reached; "" where it can, and where only the download can tell: behind a proxy, or told to be offline."""
    if told_offline():
        return ""  # the hub's own client says so at once, and asks nobody
    hub = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    host, port = hub.hostname or "", hub.port or (80 if hub.scheme == "http" else 443)
    proxies = getproxies()
    if (hub.scheme in proxies or "all" in proxies) and not proxy_bypass(host):
        return ""
    try:
        socket.create_connection((host, port), timeout=SECONDS).close()
    except OSError as error:
        return f"{host} can't be reached: {type(error).__name__}"
    return ""
