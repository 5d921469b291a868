"""Files that are whole or not there: written under another name, then renamed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from elute.errors import InputError
from elute.places import expanded


def save(path: str | Path, content: bytes) -> Path:
    """Write ``content`` to ``path``. Returns the path.

    Raises
    ------
    InputError
        There is no such folder.
    OSError
        The file can't be written; what was there is as it was.
    """
    path = expanded(path)
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}: make it first, or give another place.")
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
