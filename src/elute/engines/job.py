"""What a run is about, as one small file that every worker reads once: shards, recipe, and how its files are named."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

import elute
from elute.engines import shards
from elute.engines.shards import Shard
from elute.engines.store import Store
from elute.errors import RecipeError
from elute.recipe import Recipe

WORK = shards.WORK
VERSION = f"{elute.__version__}/13"
"""Of the code: what an older one has done is done again. The number behind the / goes up when tasks mean something else."""


def digest(*parts: Any) -> str:
    """32 hex digits of any JSON."""
    return blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Job:
    """A run.

    Attributes
    ----------
    recipe : str
        Its digest.
    shards : tuple of Shard
        A shard's place here is its number in the ids of its rows.
    columns : dict
        Name that the recipe knows to that of the shards.
    vectors : str
        Column of the vectors, "" where the recipe's embedder makes them.
    on_missing : str
    buckets : int
        Parts that a shuffle has. What comes out does not depend on it.
    judged : tuple of str
        Once shards are judged, the key of each; "" for one that failed.
    rows : tuple of int
        And the rows of each, 0 for one that failed.
    """

    recipe: str
    shards: tuple[Shard, ...]
    columns: dict[str, str]
    vectors: str = ""
    on_missing: str = "refuse"
    buckets: int = 16
    judged: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @cached_property
    def key(self) -> str:
        """Everything that its answers depend on."""
        return digest(VERSION, asdict(self))

    @property
    def name(self) -> str:
        return f"{WORK}/jobs/{self.key}.json"

    @property
    def folder(self) -> str:
        """Where the files of its shuffles are."""
        return f"{WORK}/cross/{self.key}"

    def read_key(self, index: int) -> str:
        """What the contents of a shard depend on: the shard as it is, and how the recipe reads it."""
        return digest(VERSION, self.recipe, self.columns, asdict(self.shards[index]))

    def judge_key(self, index: int, before: str) -> str:
        """What the judging of a shard depends on: that, and what came before it."""
        return digest(self.read_key(index), self.vectors, self.on_missing, before)

    @property
    def good(self) -> list[int]:
        """Shards that are judged."""
        return [index for index, key in enumerate(self.judged) if key]

    def save(self, store: Store) -> None:
        if not store.exists(self.name):
            store.write(self.name, json.dumps(asdict(self)).encode())


@lru_cache(maxsize=4)
def job_of(root: str, name: str) -> Job:
    """The job of this name; its name says what it holds, so one that was read is never old."""
    told = json.loads(Store(root).read(name))
    shards = tuple(Shard(**shard) for shard in told.pop("shards"))
    return Job(**{**told, "shards": shards, "judged": tuple(told["judged"]), "rows": tuple(told["rows"])})


_LOADED: dict[str, Recipe] = {}
_LOCK = Lock()


def recipe_of(root: str, key: str) -> Recipe:
    """The recipe, read and warmed once a process."""
    with _LOCK:  # a worker may have threads
        if key not in _LOADED:
            _LOADED.clear()
            recipe = _load(Store(root), key)
            recipe.warm()
            _LOADED[key] = recipe
        return _LOADED[key]


def publish(store: Store, recipe: Recipe) -> None:
    """Put the recipe where every worker finds it, unless it is there whole: a run may have died while it wrote it."""
    try:
        _load(store, recipe.digest)
    except (RecipeError, FileNotFoundError):
        _write(store, recipe)


def _load(store: Store, key: str) -> Recipe:
    folder = _folder(key)
    if not store.far:
        return Recipe.load(Path(store.path(folder)))
    with tempfile.TemporaryDirectory() as here:
        for name in store.names(folder):
            Store(here).write(f"recipe/{name[len(folder) + 1 :]}", store.read(name))
        return Recipe.load(Path(here) / "recipe")


def _write(store: Store, recipe: Recipe) -> None:
    folder = _folder(recipe.digest)
    if not store.far:
        where = Path(store.path(folder))
        where.parent.mkdir(parents=True, exist_ok=True)
        recipe.save(where)
        return
    with tempfile.TemporaryDirectory() as here:
        recipe.save(Path(here) / "recipe")
        local = Store(here)
        # the JSON names the others, so it is the last
        for name in sorted(local.names("recipe"), key=lambda name: name.endswith(".json")):
            store.write(f"{folder}/{name[len('recipe/') :]}", local.read(name))


def _folder(key: str) -> str:
    return f"{WORK}/recipe/{key}"
