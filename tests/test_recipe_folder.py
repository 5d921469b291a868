"""A recipe on disk: whole or as it was, checked when it is read, older ones made into new ones, newer ones refused."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from disks import Died, Paper
from test_session import session, table
from torture import times, torture

import elute
from elute.errors import EluteError, RecipeError
from elute.recipe import Recipe
from elute.recipe.folder import JSON, read_folder, write_folder
from elute.recipe.migrate import FORMAT, VERSION, migrated


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    s = session(table(), tmp_path_factory.mktemp("session"))
    s.run()
    s.drop(cluster=0)
    s.run()
    return s.recipe()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    s = session(table(), tmp_path_factory.mktemp("other"))
    s.run()
    return s.recipe()


def test_it_comes_back_the_same(recipe: Recipe, other: Recipe, tmp_path: Path) -> None:
    folder = recipe.save(tmp_path / "a" / "b.elute")
    assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == ["arrays", "recipe.json", "rows"]
    again = elute.load_recipe(folder)
    assert again.digest == recipe.digest != other.digest and again.reasons == recipe.reasons
    new = table(seed=3)
    for name in ("keep", "cluster", "score"):
        np.testing.assert_array_equal(getattr(again.apply(new), name), getattr(recipe.apply(new), name))
    other.save(folder)  # a newer one takes its place, and leaves nothing behind
    assert elute.load_recipe(folder).digest == other.digest and len(list(folder.iterdir())) == 3


def test_it_takes_no_place_of_others(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RecipeError, match="other files"):
        recipe.save(tmp_path)
    with pytest.raises(RecipeError, match="is a file"):
        recipe.save(tmp_path / "mine.txt")
    with pytest.raises(RecipeError, match="can't be written"):
        recipe.save(tmp_path / "mine.txt" / "r")
    with pytest.raises(RecipeError, match="There is no recipe in"):
        elute.load_recipe(tmp_path / "none")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@torture
def test_what_is_damaged_is_said_and_never_another_recipe(recipe: Recipe, tmp_path: Path) -> None:
    folder = recipe.save(tmp_path / "r")
    rng = np.random.default_rng(0)
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        spoilt = [b"", whole[:-1], whole[: len(whole) // 2], whole + b"x"]
        for _ in range(times(10, 300)):
            at = int(rng.integers(len(whole)))
            spoilt.append(whole[:at] + bytes([whole[at] ^ (1 << int(rng.integers(8)))]) + whole[at + 1 :])
        for content in spoilt:
            path.write_bytes(content)
            try:
                found = elute.load_recipe(folder)
            except EluteError:
                continue
            # a letter of a name or of a sentence may be another one: what goes by numbers is checked
            assert path.name == JSON and len(found.known.ids) == len(recipe.known.ids)
        path.write_bytes(whole)
    next(folder.glob("rows-*")).unlink()
    with pytest.raises(RecipeError, match="copy the whole folder"):
        elute.load_recipe(folder)


@pytest.mark.parametrize("name", ["../rows-0123456789abcdef.parquet", "/etc/passwd", "rows-0123456789abcdef.pickle", "", 7, None])
def test_no_name_leads_out_of_the_folder(name: Any, recipe: Recipe, tmp_path: Path) -> None:
    folder = recipe.save(tmp_path / "r")
    told = json.loads((folder / JSON).read_bytes())
    told["files"]["rows"] = name
    (folder / JSON).write_text(json.dumps(told))
    with pytest.raises(RecipeError, match="none of a recipe's"):
        elute.load_recipe(folder)


JUNK: list[Any] = [None, 7, -1, 1e99, "x", [], {}, [[]], {"a": 1}, True, "\ud800", [7] * 50]


@torture
def test_json_of_other_hands_is_refused_in_a_sentence(recipe: Recipe, tmp_path: Path) -> None:
    folder = recipe.save(tmp_path / "r")
    good = (folder / JSON).read_text()
    rng = np.random.default_rng(1)
    keys = list(json.loads(good))
    for key in keys:
        for junk in JUNK if times(0, 1) else rng.choice(len(JUNK), 5, replace=False).tolist():
            told = json.loads(good)
            told[key] = JUNK[junk] if isinstance(junk, int) and not times(0, 1) else junk
            (folder / JSON).write_text(json.dumps(told))
            try:
                made = elute.load_recipe(folder)
                made.explain()
            except EluteError:
                continue
    for text in ("[]", "7", "null", "[" * 100_000, '{"elute recipe": "2"}', "{", "nan"):
        (folder / JSON).write_text(text)
        with pytest.raises(RecipeError):
            elute.load_recipe(folder)


def test_a_newer_recipe_is_refused_with_what_to_do(recipe: Recipe, tmp_path: Path) -> None:
    folder = recipe.save(tmp_path / "r")
    told = json.loads((folder / JSON).read_bytes())
    (folder / JSON).write_text(json.dumps({**told, VERSION: FORMAT + 1}))
    with pytest.raises(RecipeError, match="pip install --upgrade elute"):
        elute.load_recipe(folder)


def test_older_recipes_go_through_each_step() -> None:
    steps = {1: lambda told: {VERSION: 1, "b": told["a"]}, 2: lambda told: {**told, "c": told["b"] + 1}}
    assert migrated({VERSION: 1, "a": 4}, 3, steps) == {VERSION: 3, "b": 4, "c": 5}
    assert migrated({VERSION: 3, "b": 4}, 3, steps) == {VERSION: 3, "b": 4}
    with pytest.raises(RecipeError, match="Nothing reads"):
        migrated({VERSION: 1}, 3, {2: steps[2]})
    for wrong in (0, -1, True, "1", None):
        with pytest.raises(RecipeError):
            migrated({VERSION: wrong})


def test_the_first_format_is_read_for_ever() -> None:
    """``tests/data/recipe-1`` was written by the first version; it is never made anew."""
    found = elute.load_recipe(Path(__file__).parent / "data" / "recipe-1")
    applied = found.apply(table())
    assert applied.known.all() and applied.keep.sum() == 60 and [rule.kind for rule in found.rules] == ["cluster"]
    assert found.apply(table(seed=3)).keep.sum() == 63


def test_a_disk_that_fails_or_dies_leaves_the_old_or_the_new_one(recipe: Recipe, other: Recipe) -> None:
    folder = Path("/not/there")
    steps = len(_after(recipe, other, folder, -1, "")[0].log)
    found = set()
    for step in range(steps):
        for fate in ("fail", "die"):
            for disk in _after(recipe, other, folder, step, fate):
                found.add(Recipe.from_parts(read_folder(folder, disk)).digest)
    assert found == {recipe.digest, other.digest}


def _after(recipe: Recipe, other: Recipe, folder: Path, step: int, fate: str) -> list[Paper]:
    """One recipe was saved; then another, on a disk that fails at a step: the disks that a power cut may leave, the whole one first."""
    disk = Paper()
    write_folder(recipe, folder, disk)
    disk.count, disk.log = 0, []
    disk.fate = lambda n: fate if n == step else ""
    with suppress(RecipeError, Died):
        write_folder(other, folder, disk)
    left = disk.killed()
    left.log = disk.log
    return [left, *disk.after_power_cut()]
