"""Nothing that elute loads can run code: by what its source may call, and by feeding a bomb to everything it reads."""

from __future__ import annotations

import ast
import io
import json
import pickle
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torture import times, torture

from elute import KMeans, Session
from elute.embed import SentenceBert
from elute.embed.cache import FILE, Cache, text_hash
from elute.embed.forms import SBERT, form_of
from elute.errors import EluteError, InputError, SettingsError
from elute.journal import decode
from elute.offload.wire import receive
from elute.rounds.archive import Archive
from elute.rounds.choices import Choices
from elute.widget.protocol import REQUESTS

SOURCE = Path(__file__).parent.parent / "src" / "elute"
TEXTS = [f"{about} {i % 7}" for i, about in enumerate(["my bank card was declined", "the cat slept", "a storm at sea"] * 6)]
UNSAFE = {
    "pickle",
    "cPickle",
    "_pickle",
    "cloudpickle",
    "dill",
    "joblib",
    "marshal",
    "shelve",
    "yaml",
    "xml",
    "tarfile",
    "zipimport",
}
RUNS = {"eval", "exec", "compile", "__import__"}
CALLS = {
    "read_pickle",
    "to_pickle",
    "fromregex",
    "loadtxt",
    "genfromtxt",
    "fromfile",
    "unpack_archive",
    "extractall",
    "literal_eval",
}
LOADS = {"Recipe", "safetensors.numpy"}
"""Whose ``load`` reads nothing that could run: JSON, Parquet and plain arrays."""
BY_NAME = {"__init__.py", "offload/target.py", "session/warm.py"}
"""Modules that import others by a name; each takes names of elute's own alone."""


class Bomb:
    """Sets a flag where it is unpickled."""

    went_off: list[int] = []

    def __reduce__(self) -> Any:
        return Bomb.went_off.append, (1,)


BOMB = pickle.dumps(Bomb())


@pytest.fixture(autouse=True)
def none_went_off() -> Any:
    Bomb.went_off.clear()
    yield
    assert Bomb.went_off == []


def session(path: Path) -> Session:
    return Session(TEXTS, embedder="tfidf", clusterer=KMeans(3), projector="pca", path=path / "j")


# -- what the source may call --------------------------------------------------------------------------------------------------


def unsafe(tree: ast.AST, place: str) -> list[str]:
    """What in a module could run what it reads."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"imports {module}" for module in modules if module.split(".")[0] in UNSAFE]
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        how = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if (isinstance(node.func, ast.Name) and name in RUNS) or name in CALLS or (name, owner) == ("system", "os"):
            found.append(f"{name}()")
        whose = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if name == "load" and whose not in LOADS and how.get("allow_pickle") != "False":
            found.append("load() without allow_pickle=False")
        if name == "save" and owner == "np" and how.get("allow_pickle") != "False":
            found.append("np.save() that may pickle")
        if how.get("shell", "False") != "False":
            found.append("shell=True")
        if name == "import_module" and not isinstance(node.args[0], ast.Constant) and place not in BY_NAME:
            found.append("import by name")
        if how.get("trust_remote_code", "False") not in ("False", "trusted"):
            found.append("trust_remote_code")
    return found


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_source_loads_what_could_run(path: Path) -> None:
    place = path.relative_to(SOURCE).as_posix()
    assert unsafe(ast.parse(path.read_text(encoding="utf-8")), place) == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle", "from joblib import load", "np.load(file)", "np.load(file, allow_pickle=True)", "eval(text)",
        "pd.read_pickle(file)",
        "subprocess.run(line, shell=True)", "os.system(line)", "SentenceTransformer(name, trust_remote_code=True)", "import_module(name)",
        "torch.load(file)",
    ],
)  # fmt: skip
def test_the_reader_of_the_source_sees_it(line: str) -> None:
    assert len(unsafe(ast.parse(line), "x.py")) == 1


def test_remote_code_is_off_unless_the_cell_says_so() -> None:
    assert SentenceBert("/").trust_remote_code is False
    assert form_of(SentenceBert("/", trust_remote_code=True)) is None  # the journal and the page never hold it
    made = SBERT("/").embedder()
    assert isinstance(made, SentenceBert) and made.trust_remote_code is False
    choices = Choices(embedder="tfidf", clusterer=None, projector=None, prepare=None, seed=0)
    for told in ({"trust_remote_code": True}, {"base_url": "http://naughty.invalid"}, {"key_env": "HOME"}):
        for name in ("sbert", "openai"):
            with pytest.raises(SettingsError, match="has no parameter"):
                choices.settings({"embedder": {"name": name, "model": "x", **told}})


# -- a bomb in each file -------------------------------------------------------------------------------------------------------


def object_npz(kept: Path) -> bytes:
    """A round as it is kept, with pickles for its labels and its description."""
    with np.load(kept, allow_pickle=False) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    arrays["labels"] = arrays["meta"] = np.array([Bomb()], object)
    made = io.BytesIO()
    np.savez(made, **arrays)
    return made.getvalue()


def test_a_bomb_in_the_archive_is_a_miss(tmp_path: Path, home: Path) -> None:
    s = session(tmp_path)
    labels = s.run().labels
    (kept,) = home.rglob("rounds/*.npz")
    s._archive.put_json("said", {"name": "cards"})
    assert s._archive.get_json("said") == {"name": "cards"}
    for bomb in (object_npz(kept), BOMB, b"PK\x03\x04" + BOMB, b"\x93NUMPY" + BOMB, b"", b"[" * 100_000):
        kept.write_bytes(bomb)
        kept.parent.with_name("analysis").joinpath("said.json").write_bytes(bomb)
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(tmp_path / "j", tmp_path / "copy" / "j")
        again = session(tmp_path / "copy")
        assert np.array_equal(again.run().labels, labels)
        assert again._archive.get_json("said") is None


def test_a_bomb_in_the_cache_of_vectors_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    hashes = [text_hash(text) for text in TEXTS[:3]]
    cache.put("key", hashes, np.eye(3, dtype=np.float32))
    assert len(cache.get("key", hashes)) == 3
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE vector_1 SET vector = ?", (BOMB,))
    db.close()
    assert cache.get("key", hashes) == {}
    (tmp_path / FILE).write_bytes(BOMB)
    assert cache.get("key", hashes) == {} and "damaged" in cache.take_problem()


def test_a_bomb_in_a_journal_or_an_audit_is_no_record(tmp_path: Path, home: Path) -> None:
    s = session(tmp_path)
    s.run()
    s.drop([0, 1], reason="before")
    keep = s.keep.copy()
    with (tmp_path / "j" / "journal.jsonl").open("ab") as file:
        file.write(BOMB + b"\n")
    for folder in home.rglob("rounds/*"):
        if folder.is_dir():
            (folder / "audit.jsonl").write_bytes(BOMB + b"\n")
    with pytest.warns(UserWarning, match="1 could not be"):
        again = session(tmp_path)
    assert np.array_equal(again.keep, keep) and len(again.audit()) == 0
    assert decode(BOMB + b"\n") is None


def test_a_bomb_from_the_helper_is_refused() -> None:
    header = json.dumps({"arrays": [["labels", "|O", [1], False]], "kind": "done"}).encode()
    with pytest.raises((TypeError, ValueError)):
        receive(io.BytesIO(len(header).to_bytes(8, "little") + header + BOMB.ljust(512, b"\0")))


def test_an_array_of_objects_is_no_embedding() -> None:
    with pytest.raises(EluteError):
        Session(TEXTS, embedder=np.array([[Bomb()]] * len(TEXTS), object), projector="pca").run()


@dataclass(frozen=True)
class Kept:
    """An archive, a round on disk, and what reads it."""

    archive: Archive
    path: Path
    key: str
    settings: Any


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ELUTE_HOME", str(folder))
        s = session(folder)
        made = s.run()
        (path,) = folder.rglob("*.npz")
        archive = Archive(folder / "archive")
        return Kept(archive, path, path.stem, made.settings)


@torture
@settings(max_examples=times(60, 20_000), deadline=None, suppress_health_check=list(HealthCheck))
@given(damage=st.lists(st.tuples(st.integers(0, 2**24), st.integers(0, 4), st.binary(max_size=4)), min_size=1, max_size=8))
def test_any_damage_to_a_round_is_a_miss_or_a_round(kept: Kept, damage: list[tuple[int, int, bytes]]) -> None:
    changed = bytearray(kept.path.read_bytes())
    for place, length, other in damage:
        at = place % len(changed)
        changed[at : at + length] = other
    path = kept.archive._folder / "rounds" / f"{kept.key}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(changed))
    found = kept.archive.get_round(kept.key, kept.settings, lambda labels, scores, columns: columns)
    assert found is None or found.keep.dtype == bool


# -- paths stay below their root -----------------------------------------------------------------------------------------------

NAMES = [
    "../../x",
    "/etc/passwd",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "C:\\x",
    "x\0y",
    "~",
    "~root/x",
    "\ud800",
    "x" * 5000,
    "con",
    "..%2f..%2fx",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_key_leads_out_of_the_archive(name: str, tmp_path: Path) -> None:
    root = tmp_path / "a" / "b" / "archive"
    archive = Archive(root)
    archive.put_json(name, {"well": 1})
    assert archive.get_json(name) == {"well": 1}
    archive.has_round(name)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 1 and written[0].resolve().is_relative_to(root.resolve()) and written[0].parent.name == "analysis"


def test_a_journal_of_another_leads_nowhere(tmp_path: Path, home: Path) -> None:
    """A record of a round whose key is a path: it is not read there, and nothing is written there."""
    s = session(tmp_path)
    made = s.run()
    (kept,) = home.rglob("rounds/*.npz")
    (tmp_path / "outside.npz").write_bytes(kept.read_bytes())
    away = "/".join([".."] * 12) + str(tmp_path / "outside")
    facts = next(record.data for record in s.journal.records if record.kind == "round")
    s._append("round", decision="round-x", data={**facts, "key": away})
    with pytest.raises(InputError, match="not kept any more"):
        s.current_at("round-x")
    assert np.array_equal(s.run().labels, made.labels)


def test_the_page_never_names_a_file() -> None:
    """The name of a report's file is elute's own, and no request takes one."""
    assert not any({"path", "file", "folder"} & request.params.keys() for request in REQUESTS.values())
