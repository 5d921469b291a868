"""A folder that every worker sees: on a disk that is shared, or in object storage by an fsspec address (``s3://bucket/set``).

A file is written in a folder of its own and then renamed: there is a whole file under a name, or none, and what a killed run left half
written is told from everything else by where it is, never by its name. Names are relative, with ``/`` between their parts, and never
lead out of the folder. Errors are those of the system (``OSError``).
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from elute.errors import InputError, MissingExtraError

NEW = "_elute/new"
"""The folder of files that are not whole yet."""
FINE = (1, 100, 1000, 10**6, 10**9)
"""Nanoseconds in which file systems and shares of them tell when a file was changed."""


@dataclass(frozen=True)
class Store:
    """One folder.

    Attributes
    ----------
    root : str
        A path of this machine, or an fsspec address with ``://`` in it.
    """

    root: str

    @property
    def far(self) -> bool:
        """Whether it is reached through fsspec."""
        return "://" in self.root

    def path(self, name: str) -> str:
        """Where a file of this name is.

        Raises
        ------
        InputError
            The name leads out of the folder.
        """
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name:
            raise InputError(f"{name!r} is no name of a file within a folder.")
        if self.far:
            return f"{self.root.rstrip('/')}/{name}"
        if not _inside(self.root, str(PurePosixPath(name).parent)):
            raise InputError(f"{name!r} leads out of {self.root}, by a link.")
        return f"{self.root}/{name}"

    def exists(self, name: str) -> bool:
        return bool(_system(self.root).exists(self.path(name))) if self.far else Path(self.path(name)).exists()

    def read(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes ``start`` to ``stop`` of a file, or all of it."""
        if self.far:
            return bytes(_system(self.root).cat_file(self.path(name), start=start or None, end=stop))
        with Path(self.path(name)).open("rb") as file:
            file.seek(start)
            return file.read() if stop is None else file.read(stop - start)

    def write(self, name: str, content: bytes | memoryview) -> None:
        """A whole file or none."""
        path, temporary = self.path(name), self.path(f"{NEW}/{uuid4().hex}")
        folders = [each.rsplit("/", 1)[0] for each in (path, temporary)]
        if self.far:
            system = _system(self.root)
            for folder in folders:
                system.makedirs(folder, exist_ok=True)
            system.pipe_file(temporary, bytes(content))
            system.mv(temporary, path)
            return
        for folder in folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
        try:
            with Path(temporary).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise

    def names(self, folder: str = "") -> list[str]:
        """Files of a folder and of those below it, sorted; none where there is no such folder."""
        if self.far:
            system = _system(self.root)
            root = system._strip_protocol(self.root).rstrip("/")
            where = f"{root}/{folder}" if folder else root
            return sorted(each[len(root) + 1 :] for each in system.find(where)) if system.exists(where) else []
        root_path = Path(self.root).resolve()
        below = root_path / folder
        return (
            sorted(each.relative_to(root_path).as_posix() for each in below.rglob("*") if each.is_file())
            if below.is_dir()
            else []
        )

    def remove(self, name: str) -> None:
        """A file that may be gone already."""
        with suppress(FileNotFoundError):
            if self.far:
                _system(self.root).rm_file(self.path(name))
            else:
                Path(self.path(name)).unlink()

    def clear(self, folder: str) -> None:
        """Files of a folder, and the folder."""
        for name in self.names(folder):
            self.remove(name)
        if not self.far:
            below = Path(self.path(folder))
            for each in sorted((each for each in below.rglob("*") if each.is_dir()), reverse=True):
                with suppress(OSError):
                    each.rmdir()
            with suppress(OSError):
                below.rmdir()

    def sweep(self) -> None:
        """Remove what runs that were killed left half written."""
        self.clear(NEW)

    def stamp(self, name: str, anew: bool = False) -> str:
        """What changes when a file does, without reading it: size and time, or what the storage says.

        ``anew``: ask the storage, whatever it said when the folder was listed.
        """
        if self.far:
            return _far_stamp(_system(self.root), self.path(name), anew)
        found = Path(self.path(name)).stat()
        return f"{found.st_size} {found.st_mtime_ns}"

    def same(self, name: str, stamp: str) -> bool:
        """Whether a file is still as it was when it had this stamp, perhaps for another machine, which may see times less finely."""
        now = self.stamp(name, anew=True)
        if self.far or now == stamp:
            return now == stamp
        try:
            (size, time), (was_size, was_time) = (map(int, each.split()) for each in (now, stamp))
        except ValueError:  # it could not be asked for
            return False
        unit = max(unit for unit in FINE if not (time % unit and was_time % unit))
        return size == was_size and time // unit == was_time // unit


@lru_cache(maxsize=4096)
def _inside(root: str, folder: str) -> bool:
    """Whether a folder is within another once links are followed."""
    return (Path(root) / folder).resolve().is_relative_to(Path(root).resolve())


def _system(root: str) -> Any:
    try:
        import fsspec
    except ImportError:
        raise MissingExtraError(f"A folder at {root.split('://')[0]}://", "recipe") from None
    return fsspec.core.url_to_fs(root)[0]


def _far_stamp(system: Any, path: str, anew: bool) -> str:
    """Of what a storage says of a file, that which it says in a list of files and of the one alike."""
    if anew:
        system.invalidate_cache(path)
    told = system.info(path)
    for name in ("ETag", "etag", "md5Hash", "generation", "mtime", "LastModified", "last_modified", "created"):
        if told.get(name):
            return f"{told.get('size')} {str(told[name]).strip(chr(34))}"
    return str(system.ukey(path))
