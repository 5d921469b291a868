"""A recipe on disk: ``recipe.json``, which names a Parquet file of rows and a safetensors file of arrays by what is in them.

The JSON is written last and renamed into its place, so the folder holds the new recipe or the old one, whatever ends the process. What is
read back is checked against the hashes that stand in the JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.disk import DISK, Disk
from elute.errors import EluteError, MissingExtraError, RecipeError
from elute.learn import Learned
from elute.options import from_dict, to_dict
from elute.prepare import Prepare
from elute.recipe.across import Across, Balance, Duplicates
from elute.recipe.clusters import Clusters
from elute.recipe.embedding import Embedding
from elute.recipe.migrate import FORMAT, migrated
from elute.recipe.rows import Reads
from elute.recipe.rules import Known, Rule, Told, listed, read

if TYPE_CHECKING:
    from elute.recipe.recipe import Recipe

JSON, ROWS, ARRAYS = "recipe.json", "rows", "arrays"
LARGEST = 64 << 20
"""Bytes of a ``recipe.json`` beyond which it is none."""
NAME = re.compile(r"(rows|arrays)-[0-9a-f]{16}\.(parquet|safetensors)")
BROKEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, EluteError)
"""What JSON of other hands can lead to."""
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Parts:
    """A recipe as it is kept: JSON, rows and arrays."""

    told: Mapping[str, Any]
    arrays: Arrays


def canonical(told: Any) -> bytes:
    """JSON in one way only."""
    return json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def packed(recipe: Recipe) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """A recipe as JSON and arrays; those of rows begin with ``rows.``."""
    clusters, arrays = recipe.clusters.to_dict()
    across = recipe.across
    if recipe.embedding.vocabulary is not None:
        arrays |= recipe.embedding.vocabulary.arrays()
    known = recipe.known
    arrays |= {"rows.id": known.ids, "rows.keep": known.keep, "rows.reason": known.reason}
    if known.whose is not None:
        arrays["rows.whose"] = known.whose
    if known.reference is not None:
        arrays["rows.reference"] = known.reference
    if known.turn is not None:
        arrays["rows.turn"] = known.turn
    return {
        "reads": recipe.reads.to_dict(),
        "prepare": to_dict(recipe.prepare),
        "embedding": recipe.embedding.to_dict(),
        "clusters": clusters,
        "filters": [[number, told.to_dict()] for number, told in recipe.filters],
        "rules": listed(recipe.rules),
        "decisions": listed(recipe.decisions),
        "across": {
            "groups": across.groups,
            "duplicates": None if across.duplicates is None else asdict(across.duplicates),
            "balance": None if across.balance is None else asdict(across.balance),
        },
        "words": list(recipe.words),
        "names": {str(number): name for number, name in recipe.names.items()},
        "made": dict(recipe.made),
        "seed": recipe.seed,
        "texts": recipe.texts,
        **({"alike": True} if known.alike else {}),
    }, arrays


def unpacked(parts: Parts) -> dict[str, Any]:
    """The fields of a recipe.

    Raises
    ------
    RecipeError
        It does not say what a recipe has to say.
    """
    told, arrays = parts.told, parts.arrays
    try:
        across = told["across"]
        copies, balance = across["duplicates"], across["balance"]
        known = Known(
            np.asarray(arrays["rows.id"], np.uint64),
            np.asarray(arrays["rows.keep"], bool),
            np.asarray(arrays["rows.reason"], np.int16),
            bool(told.get("alike", False)),
            np.asarray(arrays["rows.whose"], np.uint64) if "rows.whose" in arrays else None,
            np.asarray(arrays["rows.reference"], bool) if "rows.reference" in arrays else None,
            np.asarray(arrays["rows.turn"], np.int64) if {"rows.turn", "rows.whose"} <= arrays.keys() else None,
        )
        made: dict[str, Any] = {
            "reads": Reads.from_dict(told["reads"]),
            "prepare": from_dict({"prepare": Prepare}, told["prepare"]),
            "embedding": Embedding.from_dict(told["embedding"], arrays),
            "clusters": Clusters.from_dict(told["clusters"], arrays),
            "filters": tuple((int(number), Learned.from_dict(one)) for number, one in told["filters"]),
            "rules": read(Rule, told["rules"]),
            "decisions": read(Told, told["decisions"]),
            "across": Across(
                bool(across["groups"]),
                None if copies is None else Duplicates(bool(copies["exact"]), tuple(copies["costs"]), bool(copies["label"])),
                None if balance is None else Balance(**{**balance, "only": tuple(balance["only"])}),
            ),
            "words": tuple(map(str, told["words"])),
            "names": {int(number): str(name) for number, name in told["names"].items()},
            "known": known, "made": dict(told["made"]), "seed": int(told["seed"]), "texts": bool(told["texts"]),
        }  # fmt: skip
        # a reason or rule that is not there would be read as another one
        least = 2 + len(made["rules"]) + len(made["words"])
        clusters = made["clusters"]
        numbers = [int(clusters.rule.max(initial=-1)), clusters.noise_rule, *(number for number, _ in made["filters"])]
        if (
            not len(known.ids) == len(known.keep) == len(known.reason)
            or any(len(one) != len(known.ids) for one in (known.whose, known.reference, known.turn) if one is not None)
            or np.any(known.ids[1:] <= known.ids[:-1])
        ):
            raise ValueError("rows")
        if (
            int(known.reason.max(initial=0)) >= least
            or int(known.reason.min(initial=0)) < 0
            or max(numbers) >= len(made["rules"])
        ):
            raise ValueError("reasons")
    except BROKEN as error:
        raise RecipeError(
            f"The recipe is damaged ({type(error).__name__}): make it anew, session.recipe().save(folder)."
        ) from error
    return made


def write_folder(recipe: Recipe, folder: Path, disk: Disk = DISK) -> Path:
    """Write a folder.

    Raises
    ------
    RecipeError
        There is something else under that name, or the disk refuses.
    """
    if folder.exists() and not folder.is_dir():
        raise RecipeError(f"{folder} is a file: a recipe is a folder. Give another name.")
    if folder.is_dir() and any(folder.iterdir()) and not _ours(folder):
        raise RecipeError(f"{folder} holds other files than a recipe's: give an empty folder, or a name that is not there yet.")
    told, arrays = packed(recipe)
    rows = _parquet({name.removeprefix("rows."): one for name, one in arrays.items() if name.startswith("rows.")})
    rest = _tensors({name: one for name, one in arrays.items() if not name.startswith("rows.")})
    files = {ROWS: _named(ROWS, rows, "parquet"), ARRAYS: _named(ARRAYS, rest, "safetensors")}
    whole = {
        "elute recipe": FORMAT, **told, "files": files, "hashes": {ROWS: _hash(rows), ARRAYS: _hash(rest)},
        "digest": recipe.digest,
    }  # fmt: skip
    try:
        disk.make_folder(folder)
        for part, content in ((ROWS, rows), (ARRAYS, rest)):
            disk.replace(folder / files[part], content)
        disk.replace(folder / JSON, json.dumps(whole, indent=1, ensure_ascii=True, allow_nan=False).encode() + b"\n")
    except OSError as error:
        raise RecipeError(
            f"The recipe can't be written to {folder} ({error.strerror or error}). What was there before is as it was."
        ) from error
    with suppress(OSError):  # what is left of an older one is in nobody's way
        for old in list(folder.iterdir()):
            if NAME.fullmatch(old.name) and old.name not in files.values():
                old.unlink()
    return folder


def read_folder(folder: Path, disk: Disk = DISK) -> Parts:
    """Read a folder; see :meth:`elute.recipe.Recipe.load`."""
    try:
        content = disk.read(folder / JSON)
    except FileNotFoundError:
        raise RecipeError(f"There is no recipe in {folder}: session.recipe().save({str(folder)!r}) makes one.") from None
    except OSError as error:
        raise RecipeError(f"The recipe in {folder} can't be read ({error.strerror or error}).") from error
    try:
        told = json.loads(content) if len(content) <= LARGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("elute recipe"), int):
        raise RecipeError(f"{folder / JSON} is no recipe, or a damaged one: make it anew, session.recipe().save(folder).")
    told = migrated(told)
    parts = {}
    for part in (ROWS, ARRAYS):
        parts[part] = _part(folder, told, part, disk)
    try:
        arrays = {**_from_tensors(parts[ARRAYS]), **{f"rows.{name}": one for name, one in _from_parquet(parts[ROWS]).items()}}
    except MissingExtraError:
        raise
    except Exception as error:  # readers of files raise what they like
        raise RecipeError(f"The recipe in {folder} is damaged ({type(error).__name__}): make it anew.") from error
    return Parts(told, arrays)


def _part(folder: Path, told: Mapping[str, Any], part: str, disk: Disk) -> bytes:
    try:
        name, hashed = str(told["files"][part]), str(told["hashes"][part])
    except BROKEN as error:
        raise RecipeError(f"The recipe in {folder} is damaged: it names no file of {part}. Make it anew.") from error
    # a name from a file of other hands never leads out of the folder
    if not NAME.fullmatch(name):
        raise RecipeError(f"The recipe in {folder} is damaged: it names a file that is none of a recipe's. Make it anew.")
    try:
        content = disk.read(folder / name)
    except OSError as error:
        raise RecipeError(
            f"The recipe in {folder} lacks {name} ({error.strerror or error}): copy the whole folder, or make it anew."
        ) from error
    if _hash(content) != hashed:
        raise RecipeError(
            f"{name} of the recipe in {folder} is not what was written: copy the whole folder anew, or make it anew."
        )
    return content


def _ours(folder: Path) -> bool:
    names = [one.name.removesuffix(".new") for one in folder.iterdir()]
    return all(name == JSON or NAME.fullmatch(name) for name in names)


def _named(part: str, content: bytes, suffix: str) -> str:
    return f"{part}-{_hash(content)[:16]}.{suffix}"


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _parquet(columns: Arrays) -> bytes:
    pa, pq = _pyarrow()
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), sink, compression="zstd")
    return bytes(sink.getvalue())


def _from_parquet(content: bytes) -> dict[str, NDArray[Any]]:
    pa, pq = _pyarrow()
    table = pq.read_table(pa.BufferReader(content))
    return {name: table[name].to_numpy() for name in table.column_names}


def _tensors(arrays: Arrays) -> bytes:
    try:
        import safetensors.numpy
    except ImportError:
        raise MissingExtraError("A recipe's arrays", "recipe") from None
    return bytes(safetensors.numpy.save({name: np.ascontiguousarray(values) for name, values in arrays.items()}))


def _from_tensors(content: bytes) -> dict[str, NDArray[Any]]:
    try:
        import safetensors.numpy
    except ImportError:
        raise MissingExtraError("A recipe's arrays", "recipe") from None
    return dict(safetensors.numpy.load(content))


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("A recipe's table of rows", "recipe") from None
    return pyarrow, pyarrow.parquet
