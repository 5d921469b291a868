"""What an analyst is told in a person's own words: set, checked before anything is sent, undone and found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elute.analyze.audit import Audit
from elute.analyze.base import Analyst
from elute.analyze.prompts import SYSTEM, USER, Prompts, check_template
from elute.decisions import Decision
from elute.decisions.ledger import Ledger
from elute.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("system", "user", "task")
LONGEST_TASK = 2_000
SAID = "analysis"
"""Kind of the record that tells with which words a round was judged."""


class Asking(Ledger):
    """The prompts of a :class:`~elute.session.Session`. They are settings: each change is one decision, and undo takes it back."""

    analyst: Analyst
    task: str = ""

    @property
    def prompts(self) -> Prompts:
        """System and user template and task as they are in force: what was set since, else the cell's, else elute's own."""
        return self._read(self.state.settings.get("prompts") or {})

    def set_prompts(
        self, system: str | None = None, user: str | None = None, task: str | None = None, how: Mapping[str, Any] | None = None
    ) -> bool:
        """Set what the analyst is told, from the next judging on. None leaves one as it is, "" restores what the cell or elute says.

        Templates may hold ``{task}``, ``{examples}``, ``{keywords}``, ``{figures}``, ``{labels}`` and ``{neighbors}``; the user
        template must hold ``{examples}``. Returns whether anything changed.

        Raises
        ------
        SettingsError
            A template or the task can't be used; nothing was changed.
        """
        given = {name: text for name, text in zip(NAMES, (system, user, task), strict=True) if text is not None}
        for name, problem in self.check_prompts(**given).items():
            raise SettingsError(f"{name}: {problem}")
        before = dict(self.state.settings.get("prompts") or {})
        default = self._read({})
        now = {**before, **given}
        now = {name: text for name, text in now.items() if text.strip() and text != getattr(default, name)}
        if now == before:
            return False
        how = dict(how or {})
        self._record("settings", data={**how.pop("data", {}), "prompts": now}, **how)
        return True

    def check_prompts(self, **given: str) -> dict[str, str]:
        """What is wrong with templates or a task, by name; empty where they can be used."""
        wrong = {}
        for name, text in given.items():
            try:
                _check(name, text)
            except SettingsError as error:
                wrong[name] = str(error)
        return wrong

    @property
    def prompts_by_round(self) -> dict[int, Prompts]:
        """Rounds that a model judged, or that were judged in the person's own words, by number: with which prompts, the last time."""
        return {
            int(record.data["round"]): self._read(record.data["prompts"])
            for record in self.journal.records
            if record.kind == SAID
        }

    def restore_prompts(self, round: int, how: Mapping[str, Any] | None = None) -> bool:
        """Set the prompts that a round was judged with. Returns whether anything changed.

        Raises
        ------
        SettingsError
            Nothing is known of that round's prompts.
        """
        there = self.prompts_by_round.get(round)
        if there is None:
            raise SettingsError(f"no prompts are known of round {round}; they are of {sorted(self.prompts_by_round) or 'none'}")
        return self.set_prompts(there.system, there.user, there.task, how)

    def audit(self) -> pd.DataFrame:
        """Every request to a model so far, oldest first: one row a call, with the exact messages, the exact answer and the cost.

        Kept beside the cache of the rounds, the last 32 MB of them; see :class:`elute.analyze.audit.Call` for the columns. Empty
        where the analyst asks no model.
        """
        return self._audit.table()

    def export_audit(self, path: str | Path) -> int:
        """Write what :meth:`audit` has to a file, a JSON line a call. It holds texts. Returns how many calls."""
        return self._audit.export(path)

    @property
    def _audit(self) -> Audit:
        kept = getattr(self.analyst, "audit", None)
        return kept if isinstance(kept, Audit) else Audit()

    def _said(self, number: int) -> None:
        """Note with which words a round was judged, where anything but elute's own was said or a model heard it."""
        told = self.prompts
        if not told.changed and not self.analyst.kept:
            return
        data = {"round": number, "analyst": self.analyst.name, "prompts": {name: getattr(told, name) for name in NAMES}}
        last = next((old for old in reversed(self.journal.records) if _is_of(old, number)), None)
        if last is None or dict(last.data) != data:
            self._append(SAID, data=data)

    def _read(self, told: Mapping[str, Any]) -> Prompts:
        own = Prompts(getattr(self.analyst, "system", None) or SYSTEM, getattr(self.analyst, "user", None) or USER, self.task)
        usable = {
            name: told[name] for name in NAMES if isinstance(told.get(name), str) and not self.check_prompts(**{name: told[name]})
        }
        changed = {name: text for name, text in usable.items() if text.strip() and text != getattr(own, name)}
        return replace(own, **changed, changed=tuple(changed))


def _check(name: str, text: str) -> None:
    if not text.strip():
        return
    if name == "task":
        if len(text) > LONGEST_TASK:
            raise SettingsError(f"the task has {len(text):,} characters; it may have {LONGEST_TASK:,}")
        return
    if name not in NAMES:
        raise SettingsError("there is no such prompt; there are system, user and task")
    check_template(text, user=name == "user")


def _is_of(record: Decision, number: int) -> bool:
    return record.kind == SAID and record.data.get("round") == number
