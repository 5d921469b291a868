"""Bad shards, folders and schedulers: one calm sentence with the shard's name, the others done, nothing half written."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_runs import ALL, recipe, rows, said, vectors, write

from elute import KMeans, Session, apply_recipe
from elute.disk import DISK
from elute.engines import job, parts, shards
from elute.engines.base import Outcome, Task
from elute.engines.failing import sentence
from elute.engines.inline import Inline
from elute.engines.store import Store
from elute.errors import EluteError, InputError, ProviderError, RecipeError, SettingsError
from elute.recipe import Across, Recipe

CANARY = "canary-9137"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    return recipe(tmp_path_factory.mktemp("made"), ALL)[0]


def bad(path: Path, kind: str) -> None:
    """Make a shard bad, with a canary in it where one fits."""
    table = rows(6, 9)
    table["text"] = CANARY
    if kind == "corrupt":
        path.write_bytes(b"PAR1" + CANARY.encode() * 9)
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif kind == "no bytes":
        path.write_bytes(b"")
    elif kind == "no text column":
        pq.write_table(pa.Table.from_pandas(table.rename(columns={"text": "body"}), preserve_index=False), path)
    elif kind == "no vectors":
        pq.write_table(pa.Table.from_pandas(table.drop(columns="vector"), preserve_index=False), path)
    elif kind == "vectors of other lengths":
        table.at[0, "vector"] = [1.0, 0.0]
        pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path)
    elif kind == "vectors of another model":
        table["vector"] = [[1.0, 0.0]] * 6
        pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path)


KINDS = (
    "corrupt",
    "cut",
    "no bytes",
    "no text column",
    "no vectors",
    "vectors of other lengths",
    "vectors of another model",
    "no rights",
)


def test_a_column_that_the_recipe_does_not_know_is_refused_before_anything_is_done(made: Recipe, tmp_path: Path) -> None:
    write(rows(12), tmp_path / "in", 2)
    with pytest.raises(RecipeError, match="The recipe knows no column 'Text'; it reads 'text', 'label'"):
        apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", columns={"Text": "text"})
    assert not (tmp_path / "out").exists()


def test_a_tilde_is_the_home_of_a_person(made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(here)
    write(rows(12), home / "shards", 2)
    assert made.save("~/r") == home / "r" and Recipe.load("~/r").digest == made.digest
    done = apply_recipe("~/r", "~/shards", "~/out", engine="inline", vectors="vector")
    assert done.rows == 12 and (home / "out" / "data").is_dir() and not any(here.iterdir())
    assert [one.name for one in shards.find(["~/shards/part-0001.parquet", "~/shards/*0.parquet"])] == [
        "part-0000.parquet",
        "part-0001.parquet",
    ]
    with pytest.raises(InputError, match=r"These are rows, and shards are files: load_recipe.folder..apply.table. takes"):
        apply_recipe(made, rows(3), "~/out", vectors="vector")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the folder of the shards"):
        apply_recipe(made, "~/shards", "~/shards/out", engine="inline", vectors="vector")
    assert Recipe.load(made.save("~nobody-of-that-name/r")).digest == made.digest  # nobody's home


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_shard_is_listed_and_the_others_are_done(
    made: Recipe, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = rows(60, 4)
    paths = write(new, tmp_path / "in", 3)
    rest = pd.concat([new.iloc[: len(pd.read_parquet(paths[0]))], pd.read_parquet(paths[2])], ignore_index=True)
    bad(paths[1], kind)
    real = Store.read

    def read(self: Store, name: str, start: int = 0, stop: int | None = None) -> bytes:
        if kind == "no rights" and name == "part-0001.parquet":  # root, who runs tests in a container, may read everything
            raise PermissionError(errno.EACCES, CANARY)
        return real(self, name, start, stop)

    monkeypatch.setattr(Store, "read", read)
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert [one.name for one in done.failed] == ["part-0001.parquet"] and not done.ok
    (error,) = [one.error for one in done.failed]
    assert error.endswith(".") and CANARY not in error and "Traceback" not in error and "maintainers" not in error
    want = made.apply(rest.drop(columns="vector"), vectors=vectors(rest))
    assert said(tmp_path / "out")["keep"].tolist() == want.keep.tolist()
    assert not [path for path in (tmp_path / "out").rglob("*") if "part-0001" in path.name or path.parent.name == "new"]
    assert CANARY not in (tmp_path / "out" / "summary.json").read_text()


def test_no_text_stays_though_a_shard_failed_and_no_work_is_done_twice(made: Recipe, tmp_path: Path) -> None:
    new = rows(60, 4)
    paths = write(new, tmp_path / "in", 3)
    whole = paths[1].read_bytes()
    bad(paths[1], "corrupt")
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    work = [path.read_bytes() for path in (tmp_path / "out" / "_elute").rglob("*") if path.is_file()]
    assert len(done.failed) == 1 and len(work) > 5
    assert not [content for content in work for word in (b"declined", b"afternoon", b"broke the") if word in content]
    paths[1].write_bytes(whole)
    os.utime(paths[1], ns=(0, 0))
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert done.ok and done.work["contents"] == (1, 2)
    assert done.work["judge"] == (2, 1)  # rows of the third came in it before
    assert done.work["texts"] == (1, 0)  # of the first, which is judged
    want = made.apply(new.drop(columns="vector"), vectors=vectors(new))
    assert said(tmp_path / "out")["keep"].tolist() == want.keep.tolist()
    assert said(tmp_path / "out")["copies"].tolist() == want.group.tolist()


def test_a_shard_without_rows_is_done(made: Recipe, tmp_path: Path) -> None:
    new = rows(20, 4)
    write(new, tmp_path / "in", 1)
    write(new.iloc[:0], tmp_path / "in", 1)
    write(new, tmp_path / "two", 1)
    (tmp_path / "two" / "part-0000.parquet").replace(tmp_path / "in" / "part-0001.parquet")
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok, str(done)
    assert [one.rows for one in done.shards] == [0, 20]


def test_other_dtypes_of_the_other_columns_do_no_harm(tmp_path: Path) -> None:
    found, _ = recipe(tmp_path, Across())
    new = rows(12, 4)
    write(new, tmp_path / "in", 1)
    odd = pa.Table.from_pandas(
        new.assign(label=range(12), vector=[[float(v) for v in each] for each in new["vector"]]), preserve_index=False
    )
    odd = odd.set_column(0, "text", odd.column("text").cast(pa.large_string()).dictionary_encode())
    pq.write_table(odd, tmp_path / "in" / "part-0001.parquet")
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok, str(done)
    first, second = (pd.read_parquet(tmp_path / "out" / "rows" / f"part-000{at}.parquet") for at in (0, 1))
    assert first["keep"].tolist() == second["keep"].tolist()


def test_a_full_disk_leaves_no_half_and_the_next_run_goes_on(
    made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = rows(60, 4)
    write(new, tmp_path / "in", 3)
    real = Store.write

    def full(self: Store, name: str, content: Any) -> None:
        if name.startswith("data/part-0001"):
            raise OSError(errno.ENOSPC, f"No space left for {CANARY}")
        real(self, name, content)

    monkeypatch.setattr(Store, "write", full)
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert [one.name for one in done.failed] == ["part-0001.parquet"] and "No space is left" in done.failed[0].error
    assert not (tmp_path / "out" / "data" / "part-0001.parquet").exists()
    monkeypatch.setattr(Store, "write", real)
    done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert done.ok and done.work["finish"] == (1, 2) and done.work["judge"] == (0, 3)
    assert "texts" not in done.work  # near copies were found


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_that_dies_while_the_recipe_is_written_is_mended_by_the_next(
    made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, far: bool
) -> None:
    write(rows(10, 4), tmp_path / "in", 1)
    out = f"memory://elute-half/{at}" if far else str(tmp_path / "out")
    kind, name = (Store, "write") if far else (type(DISK), "replace")
    real, count = getattr(kind, name), itertools.count(1)

    def full(self: Any, path: Any, content: Any) -> None:
        if (far is False or "://" in self.root) and next(count) == at:
            raise OSError(errno.ENOSPC, "No space left")
        real(self, path, content)

    with monkeypatch.context() as patched:
        patched.setattr(kind, name, full)
        with pytest.raises(EluteError, match="[Nn]o space"):
            apply_recipe(made, tmp_path / "in", out, engine="inline", vectors="vector")
    monkeypatch.setattr(job, "_LOADED", {})
    assert not any("recipe.json" in name for name in Store(out).names())
    done = apply_recipe(made, tmp_path / "in", out, engine="inline", vectors="vector")
    assert done.ok, str(done)


def test_a_recipe_that_was_damaged_where_workers_read_it_is_written_anew(
    made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(rows(10, 4), tmp_path / "in", 1)
    apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    for kind in ("arrays-*", "recipe.json"):
        (path,) = (tmp_path / "out" / "_elute" / "recipe" / made.digest).glob(kind)
        path.write_bytes(path.read_bytes()[:-9])
        (tmp_path / "out" / "_elute" / "done" / "part-0000.parquet.json").unlink()
        monkeypatch.setattr(job, "_LOADED", {})
        done = apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
        assert done.ok, str(done)


def test_a_disk_that_is_full_from_the_start_is_one_sentence(
    made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(rows(10, 4), tmp_path / "in", 1)

    def full(self: Store, name: str, content: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(Store, "write", full)
    with pytest.raises(InputError, match="No space is left"):
        apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("stage", ["contents", "judge", "finish"])
def test_a_shard_that_is_written_anew_during_the_run_never_gets_the_mask_of_the_old_one(
    tmp_path: Path, stage: str, far: bool
) -> None:
    found, _ = recipe(tmp_path, Across())
    write(rows(30, 7), tmp_path / "in", 2, kind="jsonl")
    folder = f"memory://elute-anew/{stage}" if far else str(tmp_path / "in")
    store, name = Store(folder), "part-0000.jsonl"
    if far:
        for path in (tmp_path / "in").iterdir():
            store.write(path.name, path.read_bytes())
    lines = store.read(name).splitlines(keepends=True)

    class Late(Inline):
        def run(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
            if tasks[0]["stage"] == stage:
                store.write(name, b"".join(reversed(lines)))  # as many rows, as many bytes
            return super().run(tasks)

    done = apply_recipe(found, folder, tmp_path / "out", engine=Late(), vectors="vector")
    assert [one.name for one in done.failed] == [name] and "has changed while it was worked on" in done.failed[0].error
    assert not (tmp_path / "out" / "data" / name).exists()
    assert apply_recipe(found, folder, tmp_path / "out", engine="inline", vectors="vector").ok


def test_a_machine_that_sees_times_less_finely_sees_the_same_file(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.write("a", b"123")
    os.utime(tmp_path / "a", ns=(0, 1_700_000_000_123_456_789))
    assert store.stamp("a") == "3 1700000000123456789"
    for time in ("1700000000123456789", "1700000000123456700", "1700000000123456000", "1700000000000000000"):
        assert store.same("a", f"3 {time}")
    for stamp in ("4 1700000000123456789", "3 1700000000123456787", "3 1700000000123455000", "unreadable: PermissionError"):
        assert not store.same("a", stamp)


@pytest.mark.parametrize("name", ["tickets.new-2024.jsonl", "tickets.new-20240131.jsonl", "x.new-abcdef01/tickets.jsonl"])
def test_what_a_shard_or_a_person_s_file_is_called_never_has_it_removed(tmp_path: Path, name: str) -> None:
    found, _ = recipe(tmp_path, Across())
    write(rows(30, 7), tmp_path / "in", 2, kind="jsonl")
    (tmp_path / "in" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "in" / "part-0001.jsonl").rename(tmp_path / "in" / name)
    mine = [tmp_path / "out" / each for each in ("mine.new-0.txt", "data/mine.new-abcdef01", "rows/mine.parquet.new-20240131")]
    for path in mine:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok, str(done)
    assert all(path.read_text() == "mine" for path in mine)
    assert all((tmp_path / "out" / "data" / one.name).is_file() for one in done.shards)
    assert all((tmp_path / "out" / "rows" / f"{one.name}.parquet").is_file() for one in done.shards)


def test_results_of_shards_that_are_gone_are_left_and_said(tmp_path: Path) -> None:
    found, _ = recipe(tmp_path, Across())
    for folder in ("", "sub"):
        write(rows(10, 7), tmp_path / "in" / folder, 1)
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok and done.stale == () and done.left == "" and "earlier run" not in str(done)
    (tmp_path / "in" / "sub" / "part-0000.parquet").rename(tmp_path / "in" / "other.parquet")
    for _ in range(2):
        done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
        assert done.ok and done.stale == ("sub/part-0000.parquet",) and "sub/part-0000.parquet" in str(done)
    assert (tmp_path / "out" / "data" / "sub" / "part-0000.parquet").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(tmp_path))
    store.write("a/b", b"old")

    def fails(file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        store.write("a/b", b"new")
    assert store.names() == ["a/b"] and store.read("a/b") == b"old"


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../b", "", "a\\..\\b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        Store(str(tmp_path)).write(name, b"")


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    with pytest.raises(InputError, match="by a link"):
        Store(str(tmp_path / "in")).write("link/file", b"")


def test_results_never_lie_among_the_shards(made: Recipe, tmp_path: Path) -> None:
    write(rows(6, 4), tmp_path / "in", 1)
    with pytest.raises(InputError, match="Choose another folder"):
        apply_recipe(made, tmp_path / "in", tmp_path / "in", engine="inline", vectors="vector")


@pytest.mark.parametrize("out", ["in/clean", "in/sub/clean"])
def test_results_below_the_shards_are_refused_before_anything_is_done(made: Recipe, tmp_path: Path, out: str) -> None:
    write(rows(6, 4), tmp_path / "in", 1)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match="Choose a folder beside it"):
        apply_recipe(made, tmp_path / "in", tmp_path / out, engine="inline", vectors="vector")
    assert sorted(tmp_path.rglob("*")) == before
    for hidden in ("_clean", ".clean"):
        done = apply_recipe(made, tmp_path / "in", tmp_path / "in" / hidden, engine="inline", vectors="vector")
        assert done.ok and len(done.shards) == 1


def test_results_of_a_run_are_no_shards_of_the_folder_they_are_in(tmp_path: Path) -> None:
    found, _ = recipe(tmp_path, Across())
    write(rows(6, 4), tmp_path / "in", 1)
    apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    for folder in (tmp_path, tmp_path / "out"):
        with pytest.raises(InputError, match="holds the results of a run, which are no shards"):
            shards.find(folder)
    assert [shard.name for shard in shards.find(tmp_path / "out" / "data")] == ["part-0000.parquet"]


def test_files_of_a_folder_that_are_no_shards_are_named(tmp_path: Path) -> None:
    found, _ = recipe(tmp_path, Across())
    write(rows(6, 4), tmp_path / "in", 1)
    (tmp_path / "in" / "sub").mkdir()
    for name in ("b.jsonl.gz", "sub/c.TSV", "d.json", "_e.tsv", ".f.tsv", "picture.png", "_SUCCESS"):
        (tmp_path / "in" / name).write_bytes(b"")
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.unread == ("b.jsonl.gz", "d.json", "sub/c.TSV") and "3 other files of the folder were not read" in str(done)
    assert done.ok and "b.jsonl.gz" in (tmp_path / "out" / "summary.json").read_text()
    assert shards.unread(tmp_path / "in" / "*.parquet") == ()


def test_no_shards_is_a_sentence(made: Recipe, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        apply_recipe(made, tmp_path / "nothing", tmp_path / "out", vectors="vector")
    with pytest.raises(InputError, match="No shard"):
        apply_recipe(made, [], tmp_path / "out", vectors="vector")
    (tmp_path / "notes.txt").write_text("no shard")
    with pytest.raises(InputError, match=r"notes\.txt is no shard"):
        apply_recipe(made, tmp_path / "notes.txt", tmp_path / "out", vectors="vector")
    with pytest.raises(SettingsError, match="buckets"):
        apply_recipe(made, tmp_path, tmp_path / "out", vectors="vector", buckets=0)


def test_two_shards_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=r"written as a\.parquet"):
        shards.find(tmp_path)


def test_shards_of_two_folders_keep_their_folders(tmp_path: Path) -> None:
    for folder in ("x/one", "x/two"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.parquet").write_bytes(b"")
    found = shards.find([tmp_path / "x" / "two", tmp_path / "x" / "one"])
    assert [shard.name for shard in found] == ["one/a.parquet", "two/a.parquet"]
    assert all(Store(shard.folder).exists(shard.name) for shard in found)


def test_a_pattern_may_be_of_folders_too(tmp_path: Path) -> None:
    """Only its last part was one: the shards were there, and it said that there are none."""
    for name in ("2023/a.parquet", "2024/b.parquet", "2024/deep/c.parquet", "_work/d.parquet", "2024/e[1].parquet"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    for pattern, want in (
        ("*/*.parquet", ["2023/a.parquet", "2024/b.parquet", "2024/e[1].parquet"]), ("20?4/deep/c.parquet", ["c.parquet"]),
        ("2024/?.parquet", ["b.parquet"]), ("2024/e[1].parquet", ["e[1].parquet"]), ("202[3]/*", ["a.parquet"]),
        ("**/c.parquet", ["c.parquet"]),
    ):  # fmt: skip
        assert [shard.name for shard in shards.find(tmp_path / pattern)] == want, pattern


def test_a_shard_to_which_no_row_fell_is_done(tmp_path: Path) -> None:
    texts = [f"the {('cat', 'dog')[at % 2]} number {at} sat" for at in range(20)]
    session = Session(texts, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=tmp_path / "journal")
    session.run()
    session.drop([1])
    (tmp_path / "in").mkdir()
    for name, content in (("a.jsonl", ""), ("b.csv", ""), ("c.csv", "text\n"), ("d.csv", "\n".join(["text", *texts]))):
        (tmp_path / "in" / name).write_text(content)
    done = apply_recipe(session.recipe(), tmp_path / "in", tmp_path / "out", engine="inline")
    assert not done.failed and (done.rows, done.kept) == (20, 19)
    assert (tmp_path / "out" / "data" / "a.jsonl").read_bytes() == b""


def test_a_scheduler_that_can_t_be_reached_is_one_sentence(made: Recipe, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from elute.engines.dask import Dask

    with pytest.raises(ProviderError, match=r"127\.0\.0\.1:9 can't be reached"):
        Dask("127.0.0.1:9", wait=0.5)


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for content in (b"", b"12345678", (2).to_bytes(8) + b"{}", (40).to_bytes(8) + b'{"types": [["a", "|O"]], "ends": [0, 1]}'):
        store.write("part", content)
        with pytest.raises(EluteError, match="damaged"):
            parts.read_part(store, "part", 0)


def test_a_row_of_many_megabytes(tmp_path: Path) -> None:
    found, _ = recipe(tmp_path, Across())
    (tmp_path / "in").mkdir()
    one = '{"text": "' + "word " * 1_000_000 + '", "label": "x", "talk": "t", "vector": [1,0,0,0,0,0,0,0]}\n'
    (tmp_path / "in" / "a.jsonl").write_text(one + one.replace("word", "other", 1))
    done = apply_recipe(found, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector")
    assert done.ok and done.rows == 2


def test_messages_of_other_libraries_are_not_passed_on() -> None:
    for error in (
        ValueError(CANARY),
        RuntimeError(CANARY),
        pa.ArrowInvalid(CANARY),
        OSError(errno.EIO, CANARY),
        MemoryError(CANARY),
    ):
        try:
            raise error
        except Exception as caught:
            assert CANARY not in sentence(caught)


def test_object_storage_by_fsspec(made: Recipe, tmp_path: Path) -> None:
    import fsspec

    new = rows(60, 4)
    memory = fsspec.filesystem("memory")
    for path in write(new, tmp_path / "in", 3):
        memory.pipe_file(f"/elute-set/in/{path.name}", path.read_bytes())
    done = apply_recipe(made, "memory://elute-set/in", "memory://elute-set/out", engine="inline", vectors="vector", buckets=2)
    apply_recipe(made, tmp_path / "in", tmp_path / "out", engine="inline", vectors="vector", buckets=2)
    assert done.ok, str(done)
    for path in (tmp_path / "out" / "rows").glob("*.parquet"):
        assert memory.cat_file(f"/elute-set/out/rows/{path.name}") == path.read_bytes()
    assert not [name for name in memory.find("/elute-set/out") if "/new/" in name or "/texts/" in name]
    again = apply_recipe(made, "memory://elute-set/in", "memory://elute-set/out", engine="inline", vectors="vector", buckets=2)
    assert again.work["finish"] == (0, 3)
    memory.pipe_file("/elute-set/in/more/b.tsv", b"")
    again = apply_recipe(made, "memory://elute-set/in", "memory://elute-set/out", engine="inline", vectors="vector", buckets=2)
    assert again.unread == ("more/b.tsv",)
    with pytest.raises(InputError, match="Choose a folder beside it"):
        apply_recipe(made, "memory://elute-set/in", "memory://elute-set/in/clean", engine="inline", vectors="vector")
    with pytest.raises(InputError, match="elute-set/out holds the results of a run"):
        shards.find("memory://elute-set")
