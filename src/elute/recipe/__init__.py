"""The recipe: from a session, what treats the next ten million rows the same way."""

from elute.recipe.across import Across, Balance, Duplicates, survivors, thinned, with_groups
from elute.recipe.judged import NO_TEXT, STAYS, Judged
from elute.recipe.recipe import Recipe

__all__ = ["NO_TEXT", "STAYS", "Across", "Balance", "Duplicates", "Judged", "Recipe", "survivors", "thinned", "with_groups"]
