"""Where a key is: the name of an environment variable, never the key itself."""

from __future__ import annotations

import re

from elute.errors import SettingsError

_NAME = re.compile(r"(?!sk_)[A-Za-z_][A-Za-z0-9_]{0,63}")
SHORT, LONG = 8, 16
"""Characters: what is shorter is no secret; neither is what is shorter than the other and has no digit."""


def variable(name: str) -> str:
    """The name as it was given. Something else is refused unseen: it may be a key, and would end up in tracebacks and journals.

    Raises
    ------
    SettingsError
        It is no name of an environment variable.

    >>> variable("OPENAI_API_KEY")
    'OPENAI_API_KEY'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError(
            "key_env takes the name of an environment variable, such as OPENAI_API_KEY, and what was given is none. "
            "If it is the key itself: put that into the environment, and give the variable's name."
        ) from None
    return name


def struck(text: str, key: str, mark: str = "***") -> str:
    """The text with ``mark`` wherever it holds the key.

    Servers on one's own machine want any key at all, and are given "x", "test" or "ollama": those are words, and stay.

    >>> struck("the key sk-1a2b3c4d5e6f7a8b is wrong", "sk-1a2b3c4d5e6f7a8b")
    'the key *** is wrong'
    >>> struck("latest offers", "test")
    'latest offers'
    """
    placeholder = len(key) < SHORT or (len(key) < LONG and not any(letter.isdigit() for letter in key))
    return text if placeholder else text.replace(key, mark).replace(key.replace("/", r"\/"), mark)  # as JSON may write it
