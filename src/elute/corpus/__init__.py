"""The table that came in: its texts and labels, stable ids of its rows, masks and tables out in the kind that came in."""

from elute.corpus.compose import BLANK, MISSING, NOT_TEXT, TEXT, FromColumn
from elute.corpus.corpus import Corpus

__all__ = ["BLANK", "MISSING", "NOT_TEXT", "TEXT", "Corpus", "FromColumn"]
