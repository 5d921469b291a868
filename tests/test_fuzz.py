"""Anything at all to the wire, the journal reader and the prompt templates. In ``make torture`` each goes on for ten minutes."""

from __future__ import annotations

import base64
import json
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import table
from torture import FULL, times, torture

import elute
from elute.analyze.prompts import PLACEHOLDERS, check_template, fill
from elute.corpus import Corpus
from elute.decisions import UNDOABLE, Decision
from elute.decisions.ledger import Ledger
from elute.errors import EluteError, SettingsError
from elute.journal import Journal, encode, pack
from elute.widget.frame import to_bits
from elute.widget.protocol import ERRORS, MESSAGE_LIMIT, READINGS, REQUESTS

pytestmark = torture
MINUTES = float(os.environ.get("ELUTE_FUZZ_MINUTES", "10"))
MANY = settings(max_examples=times(20, 300), deadline=None, database=None, suppress_health_check=list(HealthCheck))


def lasting(test: Callable[..., None]) -> Callable[..., None]:
    """The same test again and again, each time with other examples, until its minutes are over; once in ``make test``."""

    @wraps(test)
    def repeated(*args: Any, **how: Any) -> None:
        end = time.monotonic() + MINUTES * 60 * FULL
        test(*args, **how)
        while time.monotonic() < end:
            test(*args, **how)

    return repeated


# -- the wire -------------------------------------------------------------------------------------------------------------------

TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "label", "cluster", "cluster:0", "cluster:99", "all", "near", "tag", "text", "regex", "meaning", "drop", "x" * 5000,
         "\ud800", "\0", "../../x", "{task}", "(", "(a+)+$", "html", "md", "coords3", "labels", "conflict", "column:topic"]
    ),
)  # fmt: skip
NUMBER = st.one_of(st.integers(-3, 70), st.sampled_from([2**31, -(2**31), 2**53, 2**63, 10**30]))
LEAF = st.none() | st.booleans() | NUMBER | st.floats() | TEXT
FLAT = LEAF | st.lists(LEAF, max_size=3) | st.dictionaries(TEXT, LEAF, max_size=3)
JSON = FLAT | st.lists(FLAT, max_size=2) | st.dictionaries(TEXT, FLAT, max_size=2)
NAMES = st.sampled_from(["kmeans", "communities", "dbscan", "hdbscan", "pca", "tfidf", "none such"])
CHOICE = st.fixed_dictionaries({"name": NAMES}, optional={"k": JSON, "eps": JSON, "level": JSON, "resolution": JSON})
SETTINGS = st.dictionaries(
    st.sampled_from(["clusterer", "projector", "prepare", "automatic", "seed", "x"]), CHOICE | JSON, max_size=3
)
FITS: dict[str, st.SearchStrategy[Any]] = {
    "int": NUMBER, "float": st.floats() | NUMBER, "str": TEXT, "bool": st.booleans(),
    "dict": CHOICE | SETTINGS | st.dictionaries(TEXT, JSON, max_size=3),
    "list": st.lists(NUMBER, max_size=4), "strings": st.lists(TEXT, max_size=3), "dicts": st.lists(CHOICE, max_size=3),
}  # fmt: skip
ROWS = 24
BUFFER = st.one_of(
    st.binary(max_size=9), st.binary(min_size=3, max_size=3), st.sampled_from([b"\0\0\0", b"\xff\xff\xff", b"\x01\0\0"])
)


@st.composite
def messages(draw: st.DrawFn) -> tuple[Any, list[Any]]:
    """Mostly what a page might say, with anything in the place of each part; now and then just anything."""
    if draw(st.integers(0, 19)) == 0:
        return draw(JSON), draw(st.lists(JSON, max_size=2))
    name = draw(st.sampled_from([*REQUESTS]) | TEXT)
    params: dict[str, Any] = {}
    for key, kind in (REQUESTS[name].params if name in REQUESTS else {}).items():
        if kind.endswith("?") and draw(st.booleans()):
            continue
        params[key] = draw(JSON if draw(st.integers(0, 9)) == 0 else FITS[kind.rstrip("?")])
    message: dict[str, Any] = {"id": draw(st.text("abc.123", min_size=1, max_size=4) | JSON), "name": name, "params": params}
    if draw(st.integers(0, 5)) == 0:
        message["after"] = draw(st.text("abc", max_size=2) | JSON)
    buffers: list[Any] = []
    if name in REQUESTS and (REQUESTS[name].buffer_in or draw(st.integers(0, 9)) == 0):
        buffer = draw(BUFFER)
        if draw(st.booleans()):
            buffers = [memoryview(buffer)]
        else:
            message["data"] = draw(st.just(base64.b64encode(buffer).decode()) | TEXT)
    return message, buffers


class Fuzzed:
    """A small session behind the real handlers; it begins anew where its journal has become long."""

    def __init__(self) -> None:
        self.widget: elute.Widget | None = None

    def ready(self) -> elute.Widget:
        if self.widget is None or len(self.widget.session.journal.records) > 1500:
            self.close()
            df = table(ROWS // 3)
            df.loc[3, "text"] = df.loc[4, "text"]
            how: dict[str, Any] = {"embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca"}
            self.widget = elute.Widget(df, "text", "topic", path=Path(tempfile.mkdtemp()), **how)
            self.widget.start()
            assert self.widget.wait(60)
        return self.widget

    def close(self) -> None:
        if self.widget is not None:
            self.widget.close()
            assert self.widget.wait(60)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    made = Fuzzed()
    yield made
    made.close()


@lasting
@MANY
@given(said=st.lists(messages(), min_size=1, max_size=6))
def test_the_wire_answers_anything_once_and_breaks_on_nothing(fuzzed: Fuzzed, said: list[tuple[Any, list[Any]]]) -> None:
    widget = fuzzed.ready()
    replies: list[dict[str, Any]] = []

    def take(message: dict[str, Any], buffers: list[bytes]) -> None:
        told = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()  # as Jupyter packs it
        assert len(told) + sum(map(len, buffers)) <= MESSAGE_LIMIT
        replies.append(message)

    widget.send = take
    for message, buffers in said:
        before, records = len(replies), len(widget.session.journal.records)
        widget._handle_custom_msg(message, buffers)
        came = replies[before:]
        assert len(came) == int(good(message)), (message, came)
        if came and not came[0]["ok"]:
            assert came[0]["error"]["kind"] in set(ERRORS) - {"failed"}, (message, buffers, came)
        if came and (not came[0]["ok"] or message["name"] in READINGS):
            made = [record.kind for record in widget.session.journal.records[records:]]
            assert not {*made} - {"round", "said", "open"}, (message, made)
    keep = widget.session.keep
    assert keep.shape == (ROWS,) and keep.tolist() == widget.session._fold(widget.session.journal.records).keep.tolist()


def good(message: Any) -> bool:
    """Whether a message has an id, so that it can be answered."""
    told = message.get("id") if isinstance(message, dict) else None
    return isinstance(told, str) and 0 < len(told) <= 80 and all("!" <= letter <= "~" for letter in told)


# -- the journal reader -----------------------------------------------------------------------------------------------------------

TABLE = pd.DataFrame({"text": [f"text {row}" for row in range(12)], "label": list("aabbccddeeff")})
CORPUS = Corpus.from_data(TABLE, "text", "label")
IDS = CORPUS.ids


def lines(count: int) -> list[bytes]:
    return [encode(Decision(f"id-{at}", "drop", IDS[at : at + 1], f"reason {at}"), at + 1) for at in range(count)]


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """A journal that something happened to, and the ids of the lines that are whole, in their order."""
    parts = [(line, f"id-{at}") for at, line in enumerate(lines(draw(st.integers(0, 7))))]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(parts)))
        what = draw(st.sampled_from(["garbage", "flip", "cut", "lose", "twice", "swap"]))
        if what == "garbage" or at == len(parts) or not parts[at][1]:
            parts.insert(at, (draw(st.binary(max_size=40)).replace(b"\n", b" ") + b"\n", ""))
        elif what == "flip":
            line = bytearray(parts[at][0])
            line[draw(st.integers(9, len(line) - 2))] ^= draw(st.integers(1, 255))
            parts[at] = (bytes(line), "")
        elif what == "cut":
            parts[at] = (parts[at][0][: draw(st.integers(0, len(parts[at][0]) - 2))] + b"\n", "")
        elif what == "lose":
            del parts[at]
        elif what == "twice":
            parts.insert(at, parts[at])
        else:
            parts[at:] = parts[at:][::-1]
    raw = b"".join(line for line, _ in parts)
    if draw(st.booleans()) and parts:
        kept = draw(st.integers(0, len(parts[-1][0]) - 1))
        raw, parts = raw[: len(raw) - len(parts[-1][0]) + kept], parts[:-1]
    return raw, list(dict.fromkeys(id_ for _, id_ in parts if id_))


@lasting
@MANY
@given(found=files())
def test_the_journal_reads_every_whole_line_and_invents_none(found: tuple[bytes, list[str]]) -> None:
    raw, whole = found
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        path.write_bytes(raw)
        journal = Journal(path)
        assert [record.id for record in journal.records] == whole
        assert journal.append(Decision("one more", "drop", IDS[:2]))
        assert journal.saved
        journal.close()
        again = Journal(path)
        assert [record.id for record in again.records] == [*whole, "one more"]
        again.close()
        # what was there is there still: in the journal itself, or in a file beside it
        beside = [other.read_bytes() for other in Path(folder).iterdir() if other != path]
        assert path.read_bytes().startswith(raw[: raw.rfind(b"\n") + 1]) or raw in beside


INSIDE = [
    "to",
    "after",
    "name",
    "step",
    "settings",
    "provider",
    "labels",
    "codes",
    "suggestion",
    "batch",
    "on",
    "note",
    "verdicts",
]
KINDS = [*UNDOABLE, "undo", "redo", "open", "round", "selection", "consent", "afresh", "said", "none such"]
VALUE = st.dictionaries(st.sampled_from(INSIDE), JSON | st.sampled_from(["id-1", "id-2", "", "x", "markup"]), max_size=3)
BODY = st.fixed_dictionaries(
    {
        "v": st.sampled_from([1, 2]),
        "id": st.sampled_from(["id-1", "id-2", "id-3"]),
        "kind": st.sampled_from(KINDS),
        "time": st.just("2026-01-01T00:00:00.000+00:00"),
        "round": st.just(1),
        "reason": st.just(""),
        "source": st.just({"kind": "code"}),
        "data": VALUE,
        "ids": st.sampled_from([pack(IDS[:3]), pack(IDS[:0]), pack(IDS[5:6])]),
    }
)
SPOILED = st.none() | st.sampled_from("v id kind time round reason source data ids seq corpus".split())
BODIES = st.lists(st.tuples(BODY, SPOILED, JSON), min_size=1, max_size=4)


@lasting
@MANY
@given(bodies=BODIES)
def test_records_of_other_hands_never_keep_a_session_from_opening(bodies: list[tuple[dict[str, Any], str | None, Any]]) -> None:
    """Each has a good checksum, and anything inside."""
    with tempfile.TemporaryDirectory() as folder:
        raw = lines(1)
        for body, spoiled, value in bodies:
            text = json.dumps(body if spoiled is None else {**body, spoiled: value}, sort_keys=True).encode()
            raw.append(b"%08x %s\n" % (zlib.crc32(text), text))
        Path(folder, "journal.jsonl").write_bytes(b"".join(raw))
        try:
            ledger = Ledger(CORPUS, Path(folder))
        except EluteError:
            return  # a calm no: written by a newer elute
        keep = ledger.keep
        assert keep.shape == (12,)
        ledger.table()
        ledger.drop([7])
        assert not ledger.keep[7] and Ledger(CORPUS, Path(folder)).keep.tolist() == ledger.keep.tolist()


# -- templates ----------------------------------------------------------------------------------------------------------------------

PIECE = st.one_of(
    st.text(max_size=9),
    st.sampled_from([f"{{{name}}}" for name in PLACEHOLDERS]),
    st.sampled_from(
        ["{", "}", "{{", "}}", "{task.__class__}", "{task!r}", "{0}", "{{task}}", "{{{task}}}", "{x}", "%s", "${task}", "\\1"]
    ),
)


@lasting
@MANY
@given(pieces=st.lists(PIECE, max_size=8), put=st.lists(st.text(max_size=6) | PIECE, min_size=6, max_size=6))
def test_a_template_puts_in_what_it_names_once_or_is_refused(pieces: list[str], put: list[str]) -> None:
    template, values = "".join(pieces), dict(zip(PLACEHOLDERS, put, strict=True))
    try:
        check_template(template)
    except SettingsError:
        return
    filled = fill(template, values)
    # character by character, without a pattern: what stands after an opening brace is looked up once
    expected, rest = "", template
    while rest:
        known = next((name for name in PLACEHOLDERS if rest.startswith((f"{{{name}}}", f"{{{{{name}}}}}"))), None)
        if known is not None and rest.startswith("{{"):
            expected, rest = f"{expected}{{{known}}}", rest[len(known) + 4 :]
        elif known is not None:
            expected, rest = expected + values[known], rest[len(known) + 2 :]
        else:
            expected, rest = expected + rest[0], rest[1:]
    if "{{" not in template.replace("{{task}}", ""):  # of nested braces only that nothing breaks
        assert filled == expected


def test_bits_of_every_length_are_those_of_the_rows() -> None:
    for rows in range(20):
        assert len(to_bits(np.ones(rows, bool))) == -(-rows // 8)
