"""``elute.apply_recipe``: what is asked for, checked before anything is started."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from elute.engines import shards
from elute.engines.base import Engine
from elute.engines.driving import Run
from elute.engines.inline import Inline
from elute.engines.job import Job
from elute.engines.store import Store
from elute.engines.summary import Summary
from elute.errors import InputError, MissingExtraError, SettingsError
from elute.places import place_of
from elute.progress import SILENT, Progress
from elute.recipe import Recipe
from elute.recipe.preflight import refuse_unknown


def apply_recipe(
    recipe: Recipe | str | os.PathLike[str],
    paths: shards.Paths,
    out: str | os.PathLike[str],
    *,
    engine: str | Engine = "local",
    workers: int = 2,
    columns: Mapping[str, str] | None = None,
    vectors: str | None = None,
    on_missing: str = "refuse",
    buckets: int | None = None,
    progress: Progress = SILENT,
) -> Summary:
    """Treat shards as a session treated its rows.

    The same rows stay for any engine, number and order of shards, and number of workers. A run that was killed goes on where it was when
    it is started again; a finished one does nothing. A shard that fails is listed and left out, and the others are done.

    Parameters
    ----------
    recipe : Recipe or path of one
    paths : path, pattern, or list of them
        Parquet, JSON lines or CSV; folders; fsspec addresses (``s3://bucket/set``). Rows count in the order of the shards' names. A CSV
        is written as Parquet, whose cells are the texts that they were (an empty one is judged as missing where the session's table had
        missing parts, or a fill, and no empty ones); a shard with a line that is no row is refused. Where
        the session's rows were messages of chats, so are those of shards of chats, and what is written are conversations: whole and as
        they came where rows go by groups, else without the messages that went.
    out : path or fsspec address
        A folder that all workers see. ``data/`` gets the rows that stay, ``rows/`` what was said of each row, ``_elute/`` what a
        later run goes on from.
    engine : {"local", "inline"}, ``"dask"``, ``"dask://host:port"``, or an Engine
        Processes of this machine, none, or a Dask cluster (``pip install 'elute[dask]'``).
    workers : int
        Processes that are started here; a cluster has its own.
    columns : mapping, optional
        Name that the recipe knows to the name in the shards.
    vectors : str, optional
        Column of the shards that holds a vector for each row.
    on_missing : {"refuse", "skip"}
        As in :meth:`elute.recipe.Recipe.judge`.
    buckets : int, optional
        Parts of a shuffle, each of which has to fit into the memory of a worker: as many as there are shards, at most 16, which do for
        some 10 million short texts. What comes out does not depend on it.

    Raises
    ------
    InputError
        There are no shards, or they are where the results would go, or the results would go among them.
    RecipeError
        The recipe can't be read, or needs what is not there.
    ProviderError
        The scheduler can't be reached, or died.
    EluteError
        A shuffle failed; started again, it goes on.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise MissingExtraError("A recipe over shards", "recipe") from None
    if buckets is not None and not 1 <= buckets <= 4096:
        raise SettingsError(f"buckets={buckets}: 1 to 4096.")
    if on_missing not in ("refuse", "skip"):
        raise SettingsError(f"on_missing={on_missing!r}: 'refuse' or 'skip'.")
    made = recipe if isinstance(recipe, Recipe) else Recipe.load(os.fspath(recipe))
    if made.needs_given and not vectors:
        raise InputError(
            'This recipe was made from vectors that were given. Say which column of the shards has them: vectors="...".'
        )
    refuse_unknown(made.reads, columns or {})
    found = shards.find(paths)
    where = os.fspath(out)
    if "://" not in where:
        where = str(_folder(place_of(where)))
    store = Store(where)
    _apart(store, found, shards.listed(paths))
    job = Job(made.digest, tuple(found), dict(columns or {}), vectors or "", on_missing, buckets or min(16, len(found)))
    known(engine)
    with ExitStack() as started:
        # an engine is started for the first task: a run that is finished needs none
        return Run(
            store, made, job, lambda: started.enter_context(engine_of(engine, workers)), progress, shards.unread(paths)
        ).go()


def _folder(out: Path) -> Path:
    """Where results may go: a folder, there or yet to be made."""
    if (held := next((each for each in (out, *out.parents) if each.exists()), None)) and not held.is_dir():
        raise InputError(f"{held} is a file, and results are a folder: give out another name.")
    return out


def known(engine: str | Engine) -> None:
    """Refuse what is no engine.

    Raises
    ------
    SettingsError
        There is no such engine.
    """
    if isinstance(engine, str) and engine not in ("inline", "local", "dask") and not engine.startswith("dask://"):
        raise SettingsError(f"engine={engine!r}: 'local', 'inline', 'dask' or 'dask://host:port'.")


def engine_of(engine: str | Engine, workers: int) -> Engine:
    """An engine by its name; see :func:`known`."""
    known(engine)
    if not isinstance(engine, str):
        return engine
    if engine == "inline":
        return Inline()
    if engine == "local":
        from elute.engines.local import Local

        return Local(workers)
    from elute.engines.dask import Dask

    return Dask(engine.removeprefix("dask").removeprefix("://"), workers)


def _apart(store: Store, found: Sequence[shards.Shard], given: Sequence[str]) -> None:
    """Results among the shards would be taken for shards the next time."""
    for shard in found:
        place = f"{shard.folder.rstrip('/')}/{shard.name}"
        if place.startswith(store.root.rstrip("/") + "/"):
            raise InputError(f"{shard.name} is in the folder of the results, {store.root}. Choose another folder for them.")
    for path in given:
        folder = path if "://" in path else str(Path(path).resolve())
        inside = store.root.removeprefix(folder.rstrip("/") + "/")
        if inside != store.root and not any(part.startswith(("_", ".")) for part in inside.split("/")):
            raise InputError(
                f"The results would be in {path}, the folder of the shards, and be taken for shards. Choose a folder beside it."
            )
