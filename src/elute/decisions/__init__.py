"""What a person decided, as values, and what it means for the rows: the mask, labels, edits and tags are functions of their list.

``ledger.py`` takes decisions over one journal. It stands above the journal, and everything else here below it.
"""

from elute.decisions.decisions import UNDOABLE, Decision, State, fold, together
from elute.decisions.listening import TURNS

__all__ = ["TURNS", "UNDOABLE", "Decision", "State", "fold", "together"]
