"""The images of rows, a few at a time, when the page has these rows in sight. They are in no trait, journal, export or log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from elute.widget.protocol import MESSAGE_LIMIT
from elute.widget.raster import SMALL, thumbnail
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session

MOST = min(48, MESSAGE_LIMIT // SMALL)
"""Rows of one answer."""


class ThumbnailRequests:
    """Answers what the page asks about images."""

    session: Session

    def thumbnails(self, params: dict[str, Any], buffer: bytes) -> tuple[dict[str, Any], bytes | None]:
        rows, name = params["rows"], self.session.image
        n = len(self.session.corpus)
        if name is None:
            raise Refused("invalid", "This table has no column of images: elute.Widget(..., image=) names one.")
        if len(rows) > MOST or not all(0 <= row < n for row in rows):
            raise Refused("invalid", f"Images are asked for by at most {MOST} rows that there are.")
        asked = np.unique(np.asarray(rows, np.int64))
        where = np.zeros(n, bool)
        where[asked] = True
        records = self.session.corpus.table.records(where)
        images = {row: thumbnail(record.get(name)) for row, record in zip(asked.tolist(), records, strict=True)}
        return {"sizes": [len(images[row]) for row in rows]}, b"".join(images[row] for row in rows)
