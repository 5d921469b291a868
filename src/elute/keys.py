"""Where a key is: the name of an environment variable, never the key itself."""

from __future__ import annotations

import re

from elute.errors import SettingsError

_NAME = re.compile(r"(?!sk_)[A-Za-z_][A-Za-z0-9_]{0,63}")


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
