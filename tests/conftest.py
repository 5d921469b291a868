"""What the tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pages import Page


@pytest.fixture
def open_page(tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Makes a widget of what it is given, and a page that stands before it."""
    import pandas as pd
    from pages import Page, table

    import elute

    made: list[elute.Widget] = []

    def opened(data: Any = None, *args: Any, **how: Any) -> Page:
        defaults: dict[str, Any] = {"embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca", "path": tmp_path / "j"}
        data = table() if data is None else data
        if isinstance(data, pd.DataFrame) and not args:
            args = ("text", "topic") if "topic" in data else ("text",)
        settings = how if isinstance(data, elute.Session) else {**defaults, **how}
        widget = elute.Widget(data, *args, **settings)
        made.append(widget)
        return Page(widget)

    yield opened
    for widget in made:
        widget.close()
        assert widget.wait(30)
