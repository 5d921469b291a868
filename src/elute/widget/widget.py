"""The widget: traits, and the wiring of session, worker and wire. Everything else lives in rooms of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from elute.decisions import State
from elute.jobs import Status
from elute.plain import plain
from elute.report.whole import SessionReport
from elute.session import Session
from elute.widget.cells import supersede
from elute.widget.exporting import Export, bundle, write
from elute.widget.handlers import Handlers
from elute.widget.protocol import PARTS
from elute.widget.rounds import Rounds
from elute.widget.sealing import sealed
from elute.widget.subshells import unrouted
from elute.widget.tell import stays
from elute.widget.telling import Telling
from elute.widget.wire import Wire

if TYPE_CHECKING:
    from elute.recipe import Recipe

_QUIET = 0.1
"""Seconds between two progress reports to the page; of 1,000 messages a second half are lost."""


class Widget(Telling):
    """Purify a table of texts on the page.

    Takes what :class:`elute.Session` takes, or a session.

    Parameters
    ----------
    data : Session, pandas, polars, pyarrow or Hugging Face table, or list of str
    height : int
        Height of the widget in CSS pixels.
    **how
        As for :class:`elute.Session`.

    Attributes
    ----------
    revision : dict of str to int
        One counter a part; observe it to hear of every change. Written by Python.
    status : dict
        What runs and how far it is. Written by Python.
    counts : dict of str to int
        How many rows are ``kept`` and ``selected``. Written by Python.
    dim : {"3d", "2d", "both"}
        Which maps are shown. Written by both sides, as the next two.
    colour_by : str
        Key of the attribute that colours the points: ``cluster``, ``label``, ``dropped``, ``silhouette``, ``length``,
        ``finding:<name>`` or ``column:<name>``.
    hidden : list of int
        Clusters that are neither drawn nor selected, ascending. Those that a new round does not have leave the list.
    session : Session

    Examples
    --------
    ``w.observe(print, "counts")`` hears of every selection and decision, made on the page or in a cell. What an observer raises is
    logged, and stops neither a decision nor a round.
    """

    _esm = bundle("widget.js")
    _css = bundle("widget.css")
    revision = traitlets.Dict(read_only=True).tag(sync=True)
    status = traitlets.Dict(read_only=True).tag(sync=True)
    height = traitlets.Int(640, min=320, max=4000).tag(sync=True)
    counts = traitlets.Dict(read_only=True).tag(sync=True)
    dim = traitlets.Enum(("3d", "2d", "both"), "3d").tag(sync=True)
    colour_by = traitlets.Unicode("cluster").tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, data: Any, *args: Any, height: int = 640, **how: Any) -> None:
        if isinstance(data, Session) and (args or how):
            raise TypeError("A session has its settings already: Widget(session), or Widget(data, ...).")
        self.session = data if isinstance(data, Session) else Session(data, *args, **how)
        self._told = 0.0
        super().__init__(height=height)
        with self.hold_sync():
            self.set_trait("revision", dict.fromkeys(PARTS, 0))
            self.set_trait("status", plain(vars(Status())))
            self._count()
        self._rounds = Rounds(self.session, self._touch, self._tell)
        supersede(self._rounds)
        wire = Wire(Handlers(self._rounds).table(), lambda message, buffers: self.send(message, buffers))

        def asked(_: Any, message: Any, buffers: list[Any]) -> None:
            self.session.shown = True
            wire.receive(message, buffers)

        self.on_msg(asked)

    @property
    def keep(self) -> NDArray[np.bool_]:
        """(n,) bool over the rows of the table, in its order: True = stays."""
        return self.session.keep

    @property
    def keep_indices(self) -> NDArray[np.int64]:
        """Positions of the rows that stay: what ``dataset.select`` takes."""
        return self.session.keep_indices

    @property
    def selected(self) -> NDArray[np.bool_]:
        """(n,) bool: chosen now, nothing done yet."""
        return self.session.selected

    @property
    def selections(self) -> Mapping[str, NDArray[np.bool_]]:
        """Masks saved under a name."""
        return self.session.selections

    def clean(self) -> Any:
        """The rows that stay, in the kind of table that came in."""
        return self.session.clean()

    def table(self, kind: str | None = None) -> Any:
        """The whole table with what is known of each row: ``keep``, ``reason``, ``round``, ``cluster``, ``findings`` and more.

        ``kind`` is "pandas", "polars", "pyarrow" or "datasets"; the kind that came in by default.
        """
        return self.session.table(kind)

    def code(self, table: str = "df", **how: Any) -> str:
        """The decisions as a cell of plain dataframe code over the variable ``table``, with no elute in it."""
        return self.session.code(table, **how)

    def recipe(self, **how: Any) -> Recipe:
        """What treats new rows as these were treated: ``.save(folder)``, ``.explain()``, ``.apply(rows)``."""
        return self.session.recipe(**how)

    def whole_report(self, **how: Any) -> SessionReport:
        """One page about the whole session; ``.save("report.html")`` keeps it, ``texts=False`` leaves all texts out."""
        return self.session.whole_report(**how)

    def export(self, path: str | Path, *, texts: bool = False, columns: Sequence[str] = ()) -> Export:
        """Write one page to look at with no kernel: the map to turn, lasso and filter, the clusters, and the rows where texts are told.

        The page loads nothing and sends nothing, and says what it holds.

        Parameters
        ----------
        path : str or Path
            Of the file, which is there whole or not at all.
        texts : bool
            Put every text, label, tag and name of a cluster on it. Without, none of them leaves.
        columns : sequence of str
            Columns of the table that may colour the points and, with texts, stand in the list. One that holds a text of its own in
            most rows needs ``texts=True``.
        """
        held = sealed(self._rounds, texts=texts, columns=columns)
        held["traits"]["dim"] = self.dim
        return write(path, held, bundle("widget.js"), bundle("widget.css"))

    def select(self, where: Any = None, **how: Any) -> int:
        """Choose rows by mask, positions, ``ids=``, ``cluster=`` or labels of a pandas index (``index=``), and light them on the page.

        Returns how many.
        """
        return self.session.select(where, **how)

    def save(self, name: str) -> int:
        """Keep the selection as ``selections[name]``. Returns how many rows it holds."""
        return self.session.save(name)

    def drop(self, where: Any = None, **how: Any) -> int:
        """Remove rows by mask, positions, ``ids=``, ``cluster=`` or ``index=``, with a ``reason=``. Returns how many went."""
        return self.session.drop(where, **how)

    def keep_only(self, where: Any = None, **how: Any) -> int:
        """Remove every row that stays but these. Returns how many went."""
        return self.session.keep_only(where, **how)

    def restore(self, where: Any = None, **how: Any) -> int:
        """Bring rows back. Returns how many came."""
        return self.session.restore(where, **how)

    def relabel(self, where: Any = None, label: Any = None, **how: Any) -> int:
        """Propose another label for rows, in a column of its own. Returns for how many."""
        return self.session.relabel(where, label, **how)

    def edit(self, where: Any = None, step: str = "markup", **how: Any) -> int:
        """Clean the text of rows by one step, in a column of its own. Returns how many were changed."""
        return self.session.edit(where, step, **how)

    def tag(self, where: Any = None, name: str = "", note: str = "", **how: Any) -> int:
        """Tag rows; an empty name takes all tags off. Returns how many."""
        return self.session.tag(where, name, note, **how)

    def pin(self, where: Any = None, on: bool = True, **how: Any) -> int:
        """Pin rows: nothing drops them until they are let go. Returns how many."""
        return self.session.pin(where, on, **how)

    def rename(self, cluster: int, name: str) -> int:
        """Name a cluster. Returns how many typical rows bear the name from now on."""
        return self.session.rename(cluster, name)

    def undo(self) -> Any:
        """Take the last decision back; returns it, or None where there is none."""
        return self.session.undo()

    def redo(self) -> Any:
        """Do again what was taken back last; returns it, or None where there is none."""
        return self.session.redo()

    def run(self, **settings: Any) -> None:
        """Start a round, with other settings where some are given, and don't wait for it: :meth:`wait` does."""
        if settings:
            self.session.configure(**settings)
        self._rounds.consent.ask_again()
        self._rounds.run()

    def refine(self) -> None:
        """Relax the map, and don't wait for it."""
        self._rounds.refine()

    def start(self) -> None:
        """Show the round that belongs to the decisions, or start it. Displaying the widget calls this."""
        self._rounds.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing runs; False if ``timeout`` seconds were not enough. For scripts: a cell that waits can't be cancelled."""
        return self._rounds.jobs.wait(timeout)

    def close(self) -> None:
        """Stop what runs and leave the page. Decisions are in the journal."""
        if hasattr(self, "_rounds"):  # ipywidgets closes also what could not be made
            self._rounds.cancel()
            self._rounds.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self.start()
        return super()._repr_mimebundle_(**kwargs)

    def __repr__(self) -> str:
        return repr(self.session).replace("elute.Session", "elute.Widget", 1)

    @traitlets.validate("colour_by")
    def _attribute(self, proposal: Any) -> str:
        key = str(proposal["value"])
        if not self._rounds.attributes.has(key):
            raise traitlets.TraitError(f"There is no attribute {key[:80]!r}. {self._rounds.attributes.known()}")
        return key

    @traitlets.validate("hidden")
    def _clusters(self, proposal: Any) -> list[int]:
        wanted, there = sorted(set(proposal["value"])), self._rounds.hideable()
        missing = [number for number in wanted if number not in there]
        if missing:
            raise traitlets.TraitError(f"There is no cluster {missing[0]} to hide; there are {sorted(there)[:20] or 'none yet'}.")
        return wanted

    def _count(self) -> None:
        # never the session's lock inside the guard: who has that lock may wait for the guard. So it is told until it is so
        told: State | None = None
        while told is not (now := self.session.state):
            told = now
            with self._writing():
                self.set_trait("counts", {"kept": stays(self.session, now.keep), "selected": int(self.session.selection.sum())})

    @traitlets.observe("comm")
    def _opened(self, change: dict[str, Any]) -> None:
        unrouted(change["new"])

    def _touch(self, *parts: str) -> None:
        if "decision" in parts or "selection" in parts:
            self._count()
        with self._writing():
            if "round" in parts and self.hidden and (there := self._rounds.hideable()):
                self.hidden = [number for number in self.hidden if number in there]
            self.set_trait("revision", {part: count + (part in parts) for part, count in self.revision.items()})

    def _tell(self, status: Status) -> None:
        with self._writing():
            now = time.monotonic()
            if status.busy and status.stage == self.status.get("stage") and now - self._told < _QUIET:
                return
            self._told = now
            self.set_trait("status", plain(vars(status)))
