"""elute.forget: it lists all that is kept, removes that and nothing else, and only when told so."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openai_server import OpenAIServer
from test_analyze_audit import by_rules

import elute
from elute import KMeans, Prepare, Session
from elute.analyze import OpenAIAnalyst
from elute.embed import Embedder
from elute.embed.cache import Cache, text_hash
from elute.errors import InputError, JournalError
from elute.places import cache_folder

MARK = "quokka"
TEXTS = [f"{about} {MARK}   {i % 7}" for i, about in enumerate(["my <b>bank</b> card", "the cat slept", "a storm at sea"] * 5)]
OTHERS = [f"stocks fell on monday {i}" for i in range(12)]


class Counts(Embedder):
    """Letters counted; kept on disk under a key."""

    name = "counts"

    def key(self) -> str:
        return "counts"

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        return np.array([[1 + text.count(letter) for letter in "abcdest"] for text in texts], np.float32)


def session(texts: list[str], path: Path | None = None, **how: object) -> Session:
    given = {"embedder": Counts(), "clusterer": KMeans(3), "projector": "pca", "path": path, **how}
    return Session(texts, **given)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def used(s: Session) -> Session:
    s.run()
    s.drop([0, 1], reason="odd")
    s.run()
    return s


def test_it_lists_and_removes_only_when_told(tmp_path: Path, home: Path) -> None:
    used(session(OTHERS))
    before = files(home)
    with OpenAIServer(by_rules()) as server:
        s = used(session(TEXTS, analyst=OpenAIAnalyst(base_url=server.base_url, key_env="NONE_SUCH")))
        s.analyze()
    assert {path.name for path in home.rglob("*.jsonl")} == {"journal.jsonl", "audit.jsonl"}
    there = files(home)

    found = elute.forget(TEXTS)
    assert files(home) == there and not found.gone and found.vectors == len(set(TEXTS)) and "sure=True" in repr(found)
    assert {path.relative_to(home).as_posix() for path in found.files} == {
        name for name in there.keys() - before.keys() if "embeddings" not in name
    }
    assert found.bytes == sum(path.stat().st_size for path in found.files)

    done = elute.forget(TEXTS, sure=True)
    assert done.gone and done.files and "removed" in repr(done)
    after = files(home)
    assert after.keys() == before.keys() and all(after[name] == before[name] for name in before if "embeddings" not in name)
    assert not any(MARK.encode() in content for content in after.values())
    assert elute.forget(TEXTS, sure=True).files == () and elute.forget(TEXTS).vectors == 0
    assert elute.forget(OTHERS).vectors == len(OTHERS) and "keeps nothing" in repr(elute.forget(TEXTS))


def test_what_was_embedded_in_any_way_goes(home: Path) -> None:
    s = session(TEXTS, prepare=Prepare(markup=False, whitespace=False))
    s.run()
    s.edit([0, 3], "markup")
    s.run()
    s.configure(prepare=Prepare(max_chars=12))
    s.run()
    cache = Cache(cache_folder() / "vectors")
    kept = [text_hash(told) for told in ("my bank card quokka   0", "the cat slept quokka   1", "the cat slept quokka 1"[:12])]
    assert cache.count(kept) == 3
    assert elute.forget(s, sure=True).vectors > 15
    assert cache.count(kept) == 0
    with sqlite3.connect(cache.path) as db:
        assert db.execute("SELECT count(*) FROM vector_1").fetchone() == (0,)
    db.close()


def test_the_bytes_of_vectors_are_overwritten(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    vector = np.frombuffer(b"quokka-secret-32-bytes-of-vector", "<f4")[None]
    cache.put("key", [text_hash("a")], vector)
    assert b"quokka-secret" in cache.path.read_bytes()
    assert cache.remove([text_hash("a")]) == 1
    assert b"quokka-secret" not in cache.path.read_bytes()


def test_vectors_that_can_not_be_removed_are_not_said_to_be(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.embed.cache.LONGEST_WAIT", 0.1)
    s = used(session(OTHERS))
    there = files(home)
    db = sqlite3.connect(Cache(cache_folder() / "vectors").path, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    assert elute.forget(s).vectors == len(OTHERS)
    with pytest.raises(JournalError, match=r"locked\). Nothing was removed: try again"):
        elute.forget(s, sure=True)
    assert files(home) == there
    s.drop([5])
    assert s.journal.saved
    db.execute("ROLLBACK")
    db.close()
    assert elute.forget(s, sure=True).vectors == len(OTHERS) and elute.forget(OTHERS).vectors == 0


def test_a_damaged_cache_of_vectors_is_told(home: Path) -> None:
    used(session(OTHERS))
    cache = Cache(cache_folder() / "vectors")
    cache.path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(JournalError, match="delete that file"):
        elute.forget(OTHERS, sure=True)
    assert cache.get("counts", [text_hash("a")]) == {}  # which sets it aside
    assert "may hold vectors" in repr(elute.forget(OTHERS, sure=True))
    assert len(list(cache.path.parent.iterdir())) == 1
    elute.forget(everything=True, sure=True)
    assert not files(home)


def test_what_is_said_to_the_analyst_leaves_no_vector(home: Path) -> None:
    s = session(OTHERS, task="letters about quokkas")
    s.run()
    s.suggestions  # noqa: B018  # they read the task
    s.judge_rows(range(6), "stocks; off-topic is quokkas")
    assert s.space().task_vector is not None and (s.judgement.quality[:6] != 0.5).any()
    elute.forget(s, sure=True)
    with sqlite3.connect(Cache(cache_folder() / "vectors").path) as db:
        assert db.execute("SELECT count(*) FROM vector_1").fetchone() == (0,)
    db.close()


def test_a_session_that_is_forgotten_goes_on_in_memory(home: Path) -> None:
    s, twin = used(session(TEXTS)), session(TEXTS)
    elute.forget(s, sure=True)
    for one in (s, twin):
        assert one.keep.sum() == len(TEXTS) - 2
        one.drop([5])
        one.undo()
        one.undo()
        assert one.keep.all() and not one.journal.saved and not one.journal.problem
    s.run(clusterer=KMeans(2))
    s.report()
    assert [name for name in files(home) if "embeddings" not in name] == []
    assert elute.forget(TEXTS).vectors == 0
    fresh = session(TEXTS)
    assert fresh.keep.all() and fresh.resumed == 0


def test_a_widget_and_a_folder_of_ones_own(tmp_path: Path, home: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    own = {"notes.txt", "journal-of-travels.txt", "audit.jsonl", "rows.csv", "journalism.jsonl"}
    for name in own:
        (mine / name).write_text("mine")
    widget = elute.Widget(TEXTS, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=mine)
    try:
        widget.session.drop([1])
        assert "journal.jsonl" in {path.name for path in elute.forget(widget).files}
        assert elute.forget(widget, sure=True).gone
    finally:
        widget.close()
    assert {path.name for path in mine.iterdir()} == {
        "notes.txt",
        "journal-of-travels.txt",
        "audit.jsonl",
        "rows.csv",
        "journalism.jsonl",
    }
    used(session(TEXTS, mine))
    found = elute.forget(str(mine), sure=True)
    assert {path.parent.name for path in found.files} >= {"mine", "rounds"} and "give the table" in repr(found)
    assert len(list(mine.iterdir())) == 5 and not list(home.rglob("*.npz"))


def test_everything(tmp_path: Path, home: Path) -> None:
    used(session(TEXTS))
    used(session(OTHERS))
    elsewhere = used(session(TEXTS, tmp_path / "own"))
    for name in ("sessions/notes.txt", "cache/vectors/mine.sqlite", "cache/rounds/mine/audit.jsonl"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("mine")
    assert len(elute.forget(everything=True).files) > 6
    elute.forget(everything=True, sure=True)
    assert files(home).keys() == {"sessions/notes.txt", "cache/vectors/mine.sqlite", "cache/rounds/mine/audit.jsonl"}
    assert elsewhere.journal.saved and (tmp_path / "own" / "journal.jsonl").is_file()


def test_a_sample_of_the_table_is_told(home: Path) -> None:
    session(OTHERS).drop([0])
    how = {"embedder": Counts(), "clusterer": KMeans(2), "projector": "pca", "prepare": Prepare(max_chars=10)}
    sample = elute.Sampled(TEXTS + OTHERS, rows=9, **how)
    sample.run()
    sample.drop([1])
    told = elute.forget(TEXTS + OTHERS, sure=True)
    assert f"{sample.folder} is about 9 of these rows alone" in repr(told) and told.vectors and sample.journal.saved
    assert str(sample.folder) not in repr(elute.forget(TEXTS))
    assert elute.forget(sample.folder, sure=True).gone and not sample.folder.exists()
    with sqlite3.connect(Cache(cache_folder() / "vectors").path) as db:
        assert db.execute("SELECT count(*) FROM vector_1").fetchone() == (0,)
    db.close()


def test_a_path_is_the_folder_of_a_journal_or_is_refused(tmp_path: Path, home: Path) -> None:
    session(TEXTS, tmp_path / "out" / "journal").drop([0])
    inner = elute.forget(tmp_path / "out" / "journal").files
    assert inner and elute.forget(tmp_path / "out").files == inner  # the folder of elute clean
    assert elute.forget(TEXTS, path=tmp_path / "out").files == inner
    (tmp_path / "texts.csv").write_text("text\na\n")
    for wrong, said in {
        tmp_path / "texts.csv": r"is a file: give its table, elute\.read\('.*texts\.csv'\)\.table",
        tmp_path / "out" / "journal" / "journal.jsonl": "is a file: give its folder",
        tmp_path / "uot": "There is no folder .*uot: check the name",
    }.items():
        with pytest.raises(InputError, match=said):
            elute.forget(wrong, sure=True)
    assert "There is no journal in" in repr(elute.forget(tmp_path))
    assert "There is no journal in" in repr(elute.forget(TEXTS, path=tmp_path / "uot"))
    assert elute.forget(str(tmp_path / "out"), sure=True).gone and not any((tmp_path / "out" / "journal").iterdir())


def test_it_must_be_said_what(home: Path) -> None:
    for what, all_of_it in ((None, False), (TEXTS, True)):
        with pytest.raises(InputError, match="Say what to forget"):
            elute.forget(what, everything=all_of_it, sure=True)


def test_a_table_may_have_a_column_named_session(home: Path) -> None:
    frame = pd.DataFrame({"text": OTHERS, "session": range(len(OTHERS))})
    Session(frame, text="text", embedder="tfidf")
    assert len(elute.forget(frame, text="text").files) == 3


def test_links_are_not_followed(tmp_path: Path, home: Path) -> None:
    used(session(TEXTS))
    (journals,), (rounds,) = (home / "sessions").iterdir(), (home / "cache" / "rounds").iterdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("journal.jsonl", "rows.npy", "audit.jsonl", "kept.npz", "embeddings.sqlite"):
        (outside / name).write_text("not elute's")
    there = files(outside)
    (journals / "journal.20250101.jsonl").symlink_to(outside / "journal.jsonl")
    (rounds / "analysis").symlink_to(outside)
    (home / "sessions" / "0123456789abcdef").symlink_to(outside)
    (home / "cache" / "rounds" / f"{journals.name}-0123456789abcdef").symlink_to(outside)
    (home / "cache" / "vectors" / "embeddings.sqlite.damaged-1").symlink_to(outside / "embeddings.sqlite")
    done = elute.forget(everything=True, sure=True)
    assert files(outside) == there and len(done.left) == 5 and all("is left as it is" in line for line in done.left)
    assert not (journals / "journal.jsonl").exists()


HOLDS = (
    "import sys, elute; s = elute.Session({texts!r}, embedder='tfidf'); s.drop([0]); print('open', flush=True); sys.stdin.read()"
)


@pytest.mark.skipif(os.name == "nt", reason="files are not locked there")
def test_what_another_kernel_decides_on_is_not_removed(home: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLDS.format(texts=OTHERS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None and other.stdout.readline() == b"open\n"
        there = files(home)
        for what in ({"what": OTHERS}, {"everything": True}):
            with pytest.raises(JournalError, match="Nothing was removed"):
                elute.forget(**what, sure=True)
            assert files(home) == there
    finally:
        other.communicate()
    assert elute.forget(OTHERS, sure=True).gone and not list((home / "sessions").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="files are not locked there")
def test_a_forget_that_is_refused_leaves_every_session_on_disk(home: Path) -> None:
    s = session(OTHERS)
    s.drop([0])
    copy = f"{s.folder}-copy-20260101T000000"
    held = HOLDS.format(texts=OTHERS).replace("embedder='tfidf'", f"embedder='tfidf', path={copy!r}")
    other = subprocess.Popen([sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None and other.stdout.readline() == b"open\n"
        with pytest.raises(JournalError, match="Nothing was removed"):
            elute.forget(s, sure=True)
        s.drop([5], reason="later")
        assert s.journal.saved and session(OTHERS).keep.sum() == len(OTHERS) - 2
    finally:
        other.communicate()
    assert elute.forget(s, sure=True).gone and s.keep.sum() == len(OTHERS) - 2 and not s.journal.saved


def test_what_was_forgotten_is_written_again_only_when_asked(home: Path) -> None:
    s = session(OTHERS)
    s.drop([0])
    elute.forget(s, sure=True)
    with pytest.raises(JournalError, match=r"in memory alone.*copy_journal\(\)"):
        s.start_afresh()
    assert not list((home / "sessions").iterdir())
    folder = s.copy_journal()
    s.drop([3])
    assert s.journal.saved and session(OTHERS, folder).keep.sum() == len(OTHERS) - 2
    s.start_afresh()
    assert s.keep.all()


def test_a_copy_and_what_was_put_aside_go_too(tmp_path: Path, home: Path) -> None:
    s = used(session(TEXTS))
    assert s.journal.path is not None
    shutil.copy(s.journal.path, s.journal.path.with_name("journal.jsonl.damaged-20250101T000000000000"))
    s.copy_journal()
    session(TEXTS, resume=False)
    assert len(elute.forget(TEXTS).files) >= 6
    elute.forget(TEXTS, sure=True)
    assert list((home / "sessions").iterdir()) == []
