"""Settings as choices: what the cell said, what was chosen since, and how each is written in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import CLUSTERERS, Communities, as_clusterer
from elute.embed import Embedder, as_embedder
from elute.embed.forms import EMBEDDERS, SBERT, TFIDF, OpenAI, default, form_of, stand_in, usable
from elute.errors import SettingsError
from elute.options import Options, form, from_dict, to_dict
from elute.prepare import Prepare
from elute.prepare.edits import Edits
from elute.project import PROJECTORS, UMAP, as_projector
from elute.rounds.round import Settings, describe

_READ: dict[str, Callable[[Any], Any]] = {
    "embedder": lambda told: from_dict(EMBEDDERS, told),
    "clusterer": lambda told: from_dict(CLUSTERERS, told),
    "projector": lambda told: from_dict(PROJECTORS, told),
    "prepare": lambda told: from_dict({"prepare": Prepare}, told),
}


def _as_prepare(given: Any) -> Prepare:
    if not isinstance(given, Prepare):
        raise SettingsError(f"prepare= takes elute.Prepare(...), not {type(given).__name__}.")
    return given


class Choices:
    """Turns settings by name into :class:`~elute.rounds.round.Settings` and back.

    Parameters
    ----------
    embedder, clusterer, projector, prepare
        What the user typed; None leaves the default.
    seed : int
    """

    def __init__(self, *, embedder: Any, clusterer: Any, projector: Any, prepare: Any, seed: int) -> None:
        self.seed = seed
        self._own: dict[tuple[str, str], Any] = {}
        self._embedders: dict[Options, Embedder] = {}
        self._given: list[tuple[Any, Any]] = []
        self._make: dict[str, Callable[[Any], Any]] = {
            "embedder": self._as_embedder, "clusterer": as_clusterer, "projector": as_projector, "prepare": _as_prepare,
        }  # fmt: skip
        given = {"embedder": embedder, "clusterer": clusterer, "projector": projector, "prepare": prepare}
        said = self.describe({name: value for name, value in given.items() if value is not None})
        chosen, made = default()
        self._embedders.setdefault(chosen, made)
        self._defaults = {
            "embedder": said.get("embedder", to_dict(chosen)),
            "clusterer": to_dict(Communities()),
            "projector": to_dict(UMAP()),
            "prepare": to_dict(Prepare()),
            "automatic": True,
        }
        self._opening = {"embedder": None, **said}
        self._by_default = None if "embedder" in said else chosen

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
            if name not in self._make:
                raise SettingsError(
                    f"There is no setting {name!r}; there are embedder, clusterer, projector, prepare and automatic."
                )
            if isinstance(value, Mapping):
                value = self._read(name, value)
            made = self._make[name](value)
            told[name] = describe(made)
            if told[name]["name"] == "own":
                self._keep_own(name, told[name], made)
        return told

    def told(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """All settings as JSON, defaults included."""
        there = {name: value for name, value in chosen.items() if name in self._defaults and value is not None}
        return {**self._defaults, **there}

    def settings(self, chosen: Mapping[str, Any], edits: Mapping[str, NDArray[np.bool_]] | None = None) -> Settings:
        """Settings for a round, with the rows that were edited, by step. An own object that this cell did not bring falls back to the
        default.
        """
        made: dict[str, Any] = {}
        for name, value in self.told(chosen).items():
            if name == "automatic":
                continue
            if value.get("name") != "own":
                made[name] = _READ[name](value)
            elif (name, value["repr"]) in self._own:
                made[name] = self._own[name, value["repr"]]
        if "embedder" not in made:
            made["embedder"] = self.settings({}).embedder  # the cell's is always there
        return Settings(
            made.get("clusterer", Communities()), made.get("projector", UMAP()), made["prepare"], self.seed, made["embedder"],
            Edits.of(edits or {}, made["prepare"]),
        )  # fmt: skip

    def embedder(self, settings: Settings) -> Embedder:
        """What makes the vectors of a round; the same object each time, since it may hold a model."""
        chosen = settings.embedder
        if isinstance(chosen, Embedder):
            return chosen
        if chosen not in self._embedders:
            self._embedders[chosen] = chosen.embedder()
        return self._embedders[chosen]

    def fall_back(self, settings: Settings, chosen: Mapping[str, Any]) -> bool:
        """Let TF-IDF stand in for a default whose model can't be had; False where a person named the embedder, and is told instead.

        It holds for this session: the next one asks for the default again.
        """
        if settings.embedder != self._by_default or chosen.get("embedder") is not None:
            return False
        other, made = stand_in()
        self._by_default = None
        self._defaults["embedder"] = to_dict(other)
        self._embedders[other] = made
        return True

    def embedders(self) -> list[dict[str, Any]]:
        """The embedders that can be chosen here, as forms; the user's own, if there is one, is the last and has no fields."""
        own = [text for name, text in self._own if name == "embedder"]
        mine = {"name": "own", "title": "Your own", "when": ", ".join(own), "fields": []}
        return [*map(form, usable()), *([mine] if own else [])]

    def _read(self, name: str, told: Mapping[str, Any]) -> Any:
        """What the page sent. An own object is known by its ``repr``; without one, the first that the cell brought is meant."""
        if told.get("name") == "own":
            text = str(told.get("repr") or next((text for kind, text in self._own if kind == name), ""))
            if (name, text) in self._own:
                return self._own[name, text]
        if not told.get("name"):
            like = {"prepare": "elute.Prepare(markup=False)", "clusterer": "elute.KMeans(40)", "projector": "elute.UMAP()"}
            raise SettingsError(f"{name}= takes no dict; say it as in {like.get(name, 'elute.SentenceBert(...)')}.")
        return _READ[name](told)

    def _as_embedder(self, given: Any) -> Any:
        """A parameter object where one says all of it, else the embedder itself. The same array is the same embedder."""
        known = next((made for said, made in self._given if said is given), None)
        if known is None:
            if isinstance(given, SBERT | TFIDF | OpenAI):
                if given not in self._embedders:
                    self._embedders[given] = given.embedder()  # what can't be made is refused now
                return given
            made = as_embedder(given)
            known = form_of(made) or made
            if isinstance(known, Options):
                if given is made or known not in self._embedders:
                    self._embedders[known] = made
            elif not isinstance(given, str):
                self._given.append((given, known))
        return known

    def _keep_own(self, name: str, told: dict[str, Any], made: Any) -> None:
        """Two objects may read alike, as arrays of one shape do: the second gets a number, unless it is made like the first."""
        plain, count = told["repr"], 1
        while not _alike(self._own.get((name, told["repr"]), made), made):
            count += 1
            told["repr"] = f"{plain} #{count}"
        self._own.setdefault((name, told["repr"]), made)


def _alike(one: Any, other: Any) -> bool:
    """Whether two objects of a person's own can be told to do the same: one object, or of one class and made with equal values."""
    if one is other:
        return True
    try:
        return type(one) is type(other) and bool(_values(one) == _values(other))
    except Exception:  # arrays, or no such values: whatever can't be compared may differ
        return False


def _values(own: Any) -> Any:
    """What an object was made with; of an estimator without what it learned."""
    return own.get_params() if hasattr(own, "get_params") else vars(own)
