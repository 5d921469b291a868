"""Every error that elute raises on purpose, as one tree.

    EluteError
    |-- InputError          the table, a column, a mask or an id does not fit          (ValueError)
    |-- SettingsError       a setting is unknown or out of its range                   (ValueError)
    |-- MissingExtraError   an optional package is needed; holds the command to type   (ImportError)
    |-- EmbeddingError      vectors of wrong shape, NaN, or too few of them            (ValueError)
    |-- ProviderError       a remote or local server failed or answered nonsense       (RuntimeError)
    |   `-- BudgetError     ``max_cost`` was reached before the work was done
    |-- JournalError        decisions can't be read or written                         (OSError)
    |-- RecipeError         a recipe can't be read, written or used on these rows      (ValueError)
    `-- Cancelled           the person asked to stop; nothing was changed

A message names the value, the bound and what to do next, and never holds a key or a whole text.
"""

from __future__ import annotations

import sys
import warnings


class EluteError(Exception):
    """Base of all errors that elute raises on purpose."""


class InputError(EluteError, ValueError):
    """The table, a column, a mask or an id does not fit."""


class SettingsError(EluteError, ValueError):
    """A setting is unknown or out of its range."""


class MissingExtraError(EluteError, ImportError):
    """An optional package is missing; the message is the command that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        self.command = f"pip install 'elute[{extra}]'"
        super().__init__(f"{what} needs a package that is not installed. Type: {self.command}")


class EmbeddingError(EluteError, ValueError):
    """An embedder returned vectors that can't be used."""


class ProviderError(EluteError, RuntimeError):
    """A model server failed, refused, or answered what can't be used."""


class BudgetError(ProviderError):
    """``max_cost`` was reached before the work was done."""


class JournalError(EluteError, OSError):
    """Decisions can't be read from disk or written to it."""


class RecipeError(EluteError, ValueError):
    """A recipe can't be read or written, or lacks what these rows need."""


class Cancelled(EluteError):
    """The person asked to stop. The last whole round stays as it was."""


def warn(told: str) -> None:
    """A warning at the line that called elute, wherever in elute it comes from."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == "elute":
        frame, level = frame.f_back, level + 1
    warnings.warn(told, UserWarning, stacklevel=level)


def problem(error: Exception, what: str = "It could not be made") -> str:
    """What broke, as a sentence for the page: elute's own errors hold no text and no key, those of others may."""
    return str(error) if isinstance(error, EluteError) else f"{what} ({type(error).__name__})."
