"""The file of a journal that is another than before: deleted, moved, or put back to an earlier state while its kernel lives."""

from __future__ import annotations

from collections.abc import Sequence

from elute.decisions import Decision

Known = tuple[Decision, str]
"""A record, and the table that it was made on."""


def missing(saved: Sequence[Known], found: Sequence[str]) -> list[Known]:
    """Of the records that were saved, those that are not in the file that is there now, by the ids of its records.

    One that was begun afresh meanwhile lacks nothing: a record in it says so. To one of another history our openings are not added,
    which would end what it says.
    """
    counts = saved[next((at for at in range(len(saved) - 1, -1, -1) if saved[at][0].data.get("afresh")), 0) :]
    earlier, there = list(found) == [record.id for record, _ in counts[: len(found)]], set(found)
    return [(record, of) for record, of in counts if record.id not in there and (earlier or record.kind != "open")]


def told(count: int) -> str:
    """What was found, in words."""
    again = "1 of its records, which was kept in memory, is" if count == 1 else f"{count:,} of its records, kept in memory, are"
    return (
        f"The file of the journal was deleted, moved or put back to an earlier state while it was in use: {again} written again."
    )
