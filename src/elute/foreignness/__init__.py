"""Which cluster to look at first, and why; it knows no verdict."""

from elute.foreignness.dropped import near_dropped
from elute.foreignness.rank import CLIP, FEW, READ, SIGNALS, Foreignness, foreignness, unranked
from elute.foreignness.wording import Wording

__all__ = ["CLIP", "FEW", "READ", "SIGNALS", "Foreignness", "Wording", "foreignness", "near_dropped", "unranked"]
