"""Which cluster to look at first, and why; it knows no verdict."""

from elute.foreignness.dropped import near_dropped
from elute.foreignness.halves import halves
from elute.foreignness.names import Speak, label_names
from elute.foreignness.rank import FEW, READ, Dropped, Foreignness, foreignness, unranked
from elute.foreignness.weigh import CLIP, FAMILIES
from elute.foreignness.wording import Wording

__all__ = [
    "CLIP",
    "FAMILIES",
    "FEW",
    "READ",
    "Dropped",
    "Foreignness",
    "Speak",
    "Wording",
    "foreignness",
    "halves",
    "label_names",
    "near_dropped",
    "unranked",
]
