"""A session on more rows than one looks at: decided on a sample, carried to all of them by its recipe, part by part."""

from elute.sampled.carried import Carried
from elute.sampled.sampled import Sampled

__all__ = ["Carried", "Sampled"]
