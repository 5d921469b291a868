"""What elute would do, with its evidence, in two tiers: safe may be accepted in bulk, look is for a person's eyes."""

from elute.suggest.ground import Ground
from elute.suggest.halves import halves_of
from elute.suggest.similar import groups_at
from elute.suggest.suggest import suggest
from elute.suggest.suggestion import ACTIONS, LOOK, SAFE, Example, Looks, Suggested, Suggestion, identity
from elute.suggest.worth import worth_keeping

__all__ = [
    "ACTIONS",
    "LOOK",
    "SAFE",
    "Example",
    "Ground",
    "Looks",
    "Suggested",
    "Suggestion",
    "groups_at",
    "halves_of",
    "identity",
    "suggest",
    "worth_keeping",
]
