"""What elute keeps about a table, found and, when told so, removed: journals, rounds, analyses, calls to a model, vectors.

This is the one place where a file that holds a decision is deleted, and only by a person who says ``sure=True``. Files are known by
elute's own names for them, looked for in elute's own folders (and in a folder that is given) and nowhere below a link, so nothing else
can go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from elute.corpus import Corpus
from elute.decisions import Decision
from elute.disk import DISK
from elute.embed.cache import FILE, Cache, text_hash
from elute.errors import InputError, JournalError
from elute.foreignness.names import as_words
from elute.journal import decode, hold
from elute.journal.roster import recall
from elute.options import from_dict
from elute.places import cache_folder, data_folder, expanded
from elute.prepare import Prepare, prepare
from elute.prepare.edits import STEPS
from elute.session import Session, live

JOURNAL = re.compile(r"journal(\.[\w-]+)*\.jsonl(\.[\w-]+)*|(rows\.npy|marks\.npz)(\.\d+\.new)?")
"""A journal: the one in use, those put aside, and what stands beside them. All that is looked for in a folder that is given."""
KEPT = re.compile(r"(rounds/[\w-]+\.npz|analysis/[\w-]+\.json|audit(\.older)?\.jsonl|all-[0-9a-f]+\.npy)(\.\w+)?")
"""Rounds, analyses, calls to a model, and the vectors of all rows behind a sample, whole or half written."""
VECTORS = re.compile(re.escape(FILE) + r"([.-][\w-]+)?")
DAMAGED = re.compile(re.escape(FILE) + r"\.damaged-\d+")
OWN = re.compile(r"[0-9a-f]{16}(-[0-9a-f]{16}|(-copy-\d{8}T\d{6})+)?")
"""Folders of a table; the first 16 digits are its fingerprint."""


@dataclass(frozen=True)
class Traces:
    """What is kept, or was.

    Attributes
    ----------
    files : tuple of Path
    bytes : int
        In those files.
    vectors : int
        In the cache of vectors, which others may share: these alone, by the content of their texts.
    gone : bool
        Whether what is listed was removed.
    left : tuple of str
        What is not removed, and why.
    """

    files: tuple[Path, ...] = ()
    bytes: int = 0
    vectors: int = 0
    gone: bool = False
    left: tuple[str, ...] = ()

    def __repr__(self) -> str:
        if not self.files and not self.vectors:
            said = "elute keeps nothing of it."
        else:
            said = f"{len(self.files):,} files ({self.bytes:,} bytes) and {self.vectors:,} vectors "
            said += "were removed." if self.gone else "would be removed: say sure=True. Decisions do not come back."
        return "\n".join([said, *(f"  {path}" for path in self.files), *self.left])


def forget(
    what: Any = None, text: Any = None, label: str | None = None, *, fill: Any = None, group: str | None = None,
    reference: Any = None, path: str | Path | None = None, everything: bool = False, sure: bool = False,
) -> Traces:  # fmt: skip
    """What elute keeps on this machine about a session, a table or a folder, or all there is; with ``sure=True`` it is removed.

    Parameters
    ----------
    what : Session, Widget, table, str or Path, optional
        A table is named as a session names it, with ``text``, ``label``, ``fill``, ``group`` and ``reference``. A str or Path is the
        folder of a journal, or that of ``elute clean``. A session that is forgotten goes on in memory and writes nothing more.
    path : str or Path, optional
        Folder of the table's journal, where the session was given one.
    everything : bool
        All tables in elute's own folders, and every vector. Journals in folders of your own are not known here.
    sure : bool
        False only lists.

    Returns
    -------
    Traces

    Raises
    ------
    InputError
        It is not said what, or a path is no folder.
    JournalError
        Another kernel has the journal open, the cache of vectors can't be read or written, or a file can't be removed.

    Examples
    --------
    >>> s = elute.Session(["the cat sat", "stocks fell"], embedder="tfidf", path=tmp_path / "j")
    >>> sorted(path.name for path in elute.forget(s).files)
    ['journal.jsonl', 'journal.jsonl.lock', 'rows.npy']
    >>> elute.forget(s, sure=True).gone, elute.forget(tmp_path / "j").files
    (True, ())
    """
    if (what is None) != bool(everything):
        raise InputError("Say what to forget: a session, a table, the folder of a journal, or everything=True.")
    inner = getattr(what, "session", None)  # a widget's; a table may have a column of that name
    session = inner if isinstance(inner, Session) else what
    cache = Cache(cache_folder() / "vectors")
    hashes: list[bytes] = []
    left: list[str] = []
    journals: list[Path] = []
    rounds: list[Path] = []
    if everything:
        journals, rounds = _within(data_folder(), OWN), _within(cache_folder() / "rounds", OWN)
    elif isinstance(what, str | Path):
        journals = [_with_journal(expanded(what), left)]
        prints = {str(made.data.get("fingerprint", ""))[:16] for made in _records(journals) if made.kind == "open"}
        rounds = [folder for name in sorted(prints) for folder in _of(name, cache_folder() / "rounds")]
        left += ["Vectors are known by their texts alone: give the table to have them removed."] if prints else []
    else:
        own = isinstance(session, Session)
        corpus = session.corpus if own else Corpus.from_data(what, text, label, fill, group=group, reference=reference)
        name = corpus.fingerprint[:16]
        journals, rounds = _of(name, data_folder()), _of(name, cache_folder() / "rounds")
        journals += [] if path is None else [_folder_of(expanded(path), left)]
        journals += [session.journal.path.parent] if own and session.journal.path is not None else []
        parts = _parts(corpus, journals)
        left += [
            f"{folder} is about {count:,} of these rows alone, as a sample of them is, and is left: forget it by that folder."
            for folder, count in parts.items()
        ]
        hashes = _hashes(corpus, _records([*journals, *parts]))
    rooms = [(journals, JOURNAL), (rounds, KEPT), ([cache.path.parent] if everything else [], VECTORS)]
    files = _files(rooms, left)
    with _reaching(cache):
        vectors = cache.count(hashes)
    damaged = _within(cache.path.parent, DAMAGED) if hashes else []
    left += [f"{path} may hold vectors of it too, and can't be read: delete it." for path in damaged]
    found = Traces(tuple(files), sum(file.stat().st_size for file in files), vectors, left=tuple(left))
    if not sure:
        return found
    decided = {file.resolve(): file for file in files if file.name == "journal.jsonl"}
    with _claimed(decided.values()):
        with _reaching(cache):  # first, since the journals say which texts were embedded: who tries again needs them
            vectors = cache.remove(hashes)
        for one in live():
            if one is session or (one.journal.path is not None and one.journal.path.resolve() in decided):
                one.leave_disk()  # it goes on in memory
        for file in _files(rooms, []):  # read anew: who let go of a journal may have left a name behind
            _remove(file)
    for folder in (*journals, *rounds):
        _tidy(folder)
    return replace(found, vectors=vectors, gone=True)


def _with_journal(path: Path, left: list[str]) -> Path:
    """The folder of a journal, as a person names it: of what elute keeps about a file it says nothing."""
    if path.is_file():
        of = "folder" if JOURNAL.fullmatch(path.name) else f"table, elute.read({str(path)!r}).table"
        raise InputError(f"{path} is a file: give its {of}.")
    if not path.is_dir():
        raise InputError(f"There is no folder {path}: check the name.")
    return _folder_of(path, left)


def _folder_of(path: Path, left: list[str]) -> Path:
    """This folder, or that of the journal that ``elute clean`` keeps in it; where there is none that is told."""
    found = next((folder for folder in (path, path / "journal") if _files([([folder], JOURNAL)], [])), None)
    if found is None:
        left.append(f"There is no journal in {path}.")
    return found or path


def _within(root: Path, name: re.Pattern[str]) -> list[Path]:
    """Folders of such a name; links are not followed."""
    with suppress(OSError):
        return [path for path in sorted(root.iterdir()) if name.fullmatch(path.name)]
    return []


def _of(fingerprint: str, root: Path) -> list[Path]:
    """Folders of a table, those of its copies too."""
    return [path for path in _within(root, OWN) if path.name[:16] == fingerprint]


def _parts(corpus: Corpus, journals: list[Path]) -> dict[Path, int]:
    """Other tables all of whose rows are in this one, and how many those are. Whether one is a sample of it, its person knows."""
    kept = {folder: recall(folder) for folder in _within(data_folder(), OWN) if folder not in journals}
    return {folder: len(ids) for folder, ids in kept.items() if ids is not None and len(ids) and np.isin(ids, corpus.ids).all()}


@contextmanager
def _claimed(journals: Iterable[Path]) -> Iterator[None]:
    """Nobody else decides on any of them meanwhile. All are claimed before anything changes: a refusal leaves each as it was."""
    with ExitStack() as held:
        for journal in journals:
            claim = journal.resolve().with_name(f"{journal.name}.lock")
            try:
                free = not DISK.locks or hold.claim(claim, DISK)
            except OSError as error:
                raise JournalError(f"{journal} can't be removed ({error.strerror or error}). Nothing was removed.") from None
            if not free:
                raise JournalError(f"{journal} is open in {hold.holder(claim)}: end that first. Nothing was removed.")
            hold.use(claim)
            held.callback(hold.release, claim)
        yield


@contextmanager
def _reaching(cache: Cache) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"The vectors in {cache.path} can't be reached ({error}). Nothing was removed: try again, or delete that file "
            "yourself, which is only a cache."
        ) from None


def _files(rooms: Iterable[tuple[list[Path], re.Pattern[str]]], left: list[str]) -> list[Path]:
    """Files of elute's in folders of each kind and in their two rooms, and no link; what is a link is told."""
    return list(dict.fromkeys(file for folders, ours in rooms for folder in folders for file in _ours(folder, ours, left)))


def _ours(folder: Path, ours: re.Pattern[str], left: list[str]) -> Iterator[Path]:
    for place in (folder, folder / "rounds", folder / "analysis"):
        if place.is_symlink() and (place != folder or OWN.fullmatch(place.name)):  # a folder that is given may be a link
            left.append(f"{place} is a link, and is left as it is.")
            if place == folder:
                return
            continue
        for path in _within(place, re.compile(r".*", re.DOTALL)):
            if ours.fullmatch(path.relative_to(folder).as_posix()) is None:
                continue
            if path.is_symlink() or not path.is_file():
                left.append(f"{path} is no plain file, and is left as it is.")
            else:
                yield path


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise JournalError(f"{file} can't be removed ({error.strerror or error}). What was listed before it is gone.") from None


def _tidy(folder: Path) -> None:
    """Take away what is empty now, of elute's own folders."""
    if folder.parent in (data_folder(), cache_folder() / "rounds") and not folder.is_symlink():
        for place in (folder / "rounds", folder / "analysis", folder):
            with suppress(OSError):
                place.rmdir()


def _records(folders: list[Path]) -> list[Decision]:
    """What the journals in these folders say; nothing in them is touched."""
    found = []
    for file in _files([(folders, JOURNAL)], []):
        with suppress(OSError, JournalError), file.open("rb") as lines:
            found += [made for line in lines if (made := decode(line)) is not None]
    return found


def _hashes(corpus: Corpus, records: Iterable[Decision]) -> list[bytes]:
    """Hashes of the texts as they may have been embedded: in every way in which this table was prepared or edited."""
    ways = {Prepare()}
    for made in records:
        chosen: Mapping[str, Any] = made.data.get("settings") or made.data
        with suppress(Exception):  # what a later version, or nobody, wrote
            ways.add(from_dict({"prepare": Prepare}, chosen["prepare"]))
    hashes = {text_hash(told) for label in set(corpus.label if corpus.label is not None else ()) if (told := as_words(label))}
    for way in {edited for known in ways for edited in _edited(known)}:
        hashes |= {text_hash(told) for told in prepare(corpus, way).texts if told is not None}
    return sorted(hashes)


def _edited(way: Prepare) -> Iterator[Prepare]:
    """A way to prepare, and those that rows come to by steps of their own."""
    off = [step for step in STEPS if not getattr(way, step)]
    for count in range(len(off) + 1):
        for steps in combinations(off, count):
            yield replace(way, **dict.fromkeys(steps, True))
