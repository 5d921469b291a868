"""Servers that speak the OpenAI protocol: which one is meant."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from elute.errors import SettingsError

OPENAI = "https://api.openai.com/v1"
VARIABLE = "OPENAI_BASE_URL"


def address(base_url: str | None) -> str | None:
    """Where texts and the key go: as it was given, else as the environment says; None: to OpenAI.

    Raises
    ------
    SettingsError
        It is no address, or holds a name or a key; it is not repeated.
    """
    found = base_url or os.environ.get(VARIABLE, "").strip() or None
    parts = urlsplit(found or OPENAI)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        name = "base_url" if base_url else f"the environment variable {VARIABLE}"
        raise SettingsError(f"{name} must be like http://localhost:11434/v1, with no user name, password or key in it")
    return found


def host(base_url: str | None) -> str:
    """The host of an address.

    >>> host(None)
    'api.openai.com'
    """
    return urlsplit(base_url or OPENAI).hostname or ""


def is_openai(base_url: str | None) -> bool:
    """Whether it is OpenAI's own server, whose prices are listed."""
    return host(base_url) == host(None)
