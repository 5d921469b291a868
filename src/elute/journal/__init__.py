"""Decisions on disk: append-only, one record a line, fsynced before it is acknowledged."""

from elute.journal.aside import put_aside
from elute.journal.format import SCHEMA, decode, encode, pack, unpack
from elute.journal.hold import Holder
from elute.journal.journal import Journal

__all__ = ["SCHEMA", "Holder", "Journal", "decode", "encode", "pack", "put_aside", "unpack"]
