"""Settings as choices: what the cell said, what was chosen since, and how each is written in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from elute.cluster import CLUSTERERS, KMeans, as_clusterer
from elute.errors import SettingsError
from elute.options import from_dict, to_dict
from elute.prepare import Prepare
from elute.project import PROJECTORS, UMAP, as_projector
from elute.round import Settings, describe

_READ: dict[str, Callable[[Any], Any]] = {
    "clusterer": lambda told: from_dict(CLUSTERERS, told),
    "projector": lambda told: from_dict(PROJECTORS, told),
    "prepare": lambda told: from_dict({"prepare": Prepare}, told),
}


def _as_prepare(given: Any) -> Prepare:
    if not isinstance(given, Prepare):
        raise SettingsError(f"prepare= takes elute.Prepare(...), not {type(given).__name__}.")
    return given


_MAKE: dict[str, Callable[[Any], Any]] = {"clusterer": as_clusterer, "projector": as_projector, "prepare": _as_prepare}


class Choices:
    """Turns settings by name into :class:`~elute.round.Settings` and back.

    Parameters
    ----------
    clusterer, projector, prepare
        What the user typed; None leaves the default.
    seed : int
    """

    def __init__(self, *, clusterer: Any, projector: Any, prepare: Any, seed: int) -> None:
        self._seed = seed
        self._own: dict[tuple[str, str], Any] = {}
        given = {"clusterer": clusterer, "projector": projector, "prepare": prepare}
        self._opening = self.describe({name: value for name, value in given.items() if value is not None})

    def opening(self) -> dict[str, Any]:
        """What the cell said, as JSON."""
        return self._opening

    def describe(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings as JSON. Takes names, parameter objects, the user's own estimators, or what the page sent.

        Raises
        ------
        SettingsError
            A setting is unknown or out of its range.
        """
        told: dict[str, Any] = {}
        for name, value in settings.items():
            if name == "automatic":
                told[name] = bool(value)
                continue
            if name not in _MAKE:
                raise SettingsError(f"There is no setting {name!r}; there are clusterer, projector, prepare and automatic.")
            if isinstance(value, Mapping):
                own = (name, str(value.get("repr")))
                value = self._own[own] if value.get("name") == "own" and own in self._own else _READ[name](value)
            made = _MAKE[name](value)
            told[name] = describe(made)
            if told[name]["name"] == "own":
                self._own[name, told[name]["repr"]] = made
        return told

    def told(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """All settings as JSON, defaults included."""
        defaults = {
            "clusterer": to_dict(KMeans()),
            "projector": to_dict(UMAP()),
            "prepare": to_dict(Prepare()),
            "automatic": True,
        }
        return {**defaults, **{name: value for name, value in chosen.items() if name in defaults}}

    def settings(self, chosen: Mapping[str, Any]) -> Settings:
        """Settings for a round. An own estimator that this cell did not bring falls back to the default."""
        made: dict[str, Any] = {}
        for name, value in self.told(chosen).items():
            if name == "automatic":
                continue
            if value.get("name") != "own":
                made[name] = _READ[name](value)
            elif (name, value["repr"]) in self._own:
                made[name] = self._own[name, value["repr"]]
        return Settings(made.get("clusterer", KMeans()), made.get("projector", UMAP()), made["prepare"], self._seed)
