"""Near copies found by keys that can be shuffled: MinHash bands, texts equal but for a word; then compared."""

from elute.alike.near import alike_pairs, near_groups, near_pairs
from elute.alike.pairs import components

__all__ = ["alike_pairs", "components", "near_groups", "near_pairs"]
