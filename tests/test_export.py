"""One page with no kernel: what it holds, what it leaves out, and that it is whole or not there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

import elute
from elute.errors import InputError
from elute.widget import exporting

EVIL = "</script><script>window.pwned = 1</script><!-- <img src=x onerror=alert(1)>"
WORDS = ("zebra", "quokka", "wombat", "numbat")
"""Of the texts, labels, columns and reasons: none of them may be on a page without texts."""


@pytest.fixture(scope="module")
def w(tmp_path_factory):
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(3, 8)), 20, axis=0) + 0.1 * rng.normal(size=(60, 8))
    table = pd.DataFrame(
        {
            "text": [f"zebra {row} {EVIL}" for row in range(60)],
            "quokka": ["quokka"] * 30 + ["other"] * 30,
            "wombat": ["wombat", "b"] * 30,
        }
    )
    how = {"text": "text", "label": "quokka", "embedder": X.astype(np.float32), "projector": "pca", "clusterer": elute.KMeans(3)}
    w = elute.Widget(table, path=tmp_path_factory.mktemp("export"), **how)
    with pytest.raises(InputError, match=r"w\.start\(\)"):
        w.export("nowhere.html")
    w.start()
    assert w.wait(60)
    w.drop([0, 1, 2], reason="numbat")
    w.tag([5], "numbat")
    w.rename(0, "numbat")
    assert w.wait(60)
    yield w
    w.close()


def held(path):
    text = path.read_text(encoding="utf-8")
    return text, json.loads(re.search(r'id="elute-held">(.*?)</script>', text, re.DOTALL)[1])


def test_a_tilde_is_the_home_of_a_person(w, tmp_path, monkeypatch):
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    assert w.export("~/bare.html").path == tmp_path / "bare.html"


def test_without_texts_no_word_of_the_table_is_on_it(w, tmp_path):
    made = w.export(tmp_path / "bare.html")
    text, told = held(made.path)
    data = text[text.index('id="elute-held"') :].split("</script>")[0]
    assert [word for word in WORDS if word in data] == []
    assert told["texts"] is None and told["labels"] is None and told["hello"]["label_name"] is None
    assert {"cluster", "length", "dropped"} <= {one["key"] for one in told["state"]["attributes"]}
    assert "Texts, labels, and names of clusters were left out." in told["hello"]["exported"]["said"]
    assert "no texts" in str(made) and made.size == made.path.stat().st_size
    assert (
        np.unpackbits(np.frombuffer(base64.b64decode(told["kept"]), np.uint8), count=60, bitorder="little").tolist()
        == w.keep.tolist()
    )


def test_with_texts_markup_stays_text_and_other_columns_stay_out(w, tmp_path):
    text, told = held(w.export(tmp_path / "full.html", texts=True).path)
    assert told["texts"][7] == f"zebra 7 {EVIL}"
    assert told["labels"]["names"] and "column:wombat" not in {one["key"] for one in told["state"]["attributes"]}
    assert text.count("<script") == text.count("</script>") == 2, "one of data, and the widget's own"
    assert "It holds every text, those of dropped rows too." in told["hello"]["exported"]["said"]
    _, told = held(w.export(tmp_path / "full.html", texts=True, columns=["wombat"]).path)
    assert told["values"]["column:wombat"]["categories"]
    with pytest.raises(InputError, match="wombat"):
        w.export(tmp_path / "x.html", columns=["nothing"])


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """Rows whose values are hard to tell: outliers, large ids, days, texts of their own, missing labels, and many categories."""
    rng, n = np.random.default_rng(1), 450
    table = pd.DataFrame(
        {
            "text": [f"row {row} about {'cats' if row % 2 else 'dogs'}" for row in range(n)],
            "topic": [None if row % 10 == 0 else f"b{row % 7}" for row in range(n)],
            "price": np.r_[1e6, 250_000.25, np.nan, rng.integers(1, 100, n - 3)],
            "id": np.arange(n) + 1_234_500,
            "day": pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 2000, n), "D"),
            "source": [f"https://example.org/{(7 * row) % n}" for row in range(n)],
            "user": [f"User {row % 210}" for row in range(n)],
            "odd": rng.random(n) < 0.1,
        }
    )
    table.loc[5, "text"] = "😀" * 50
    how = {
        "label": "topic",
        "embedder": rng.normal(size=(n, 8)).astype(np.float32),
        "projector": "pca",
        "clusterer": elute.KMeans(3),
    }
    w = elute.Widget(table, text="text", path=tmp_path_factory.mktemp("rich"), **how)
    w.start()
    assert w.wait(60)
    yield w
    w.close()


def test_what_it_tells_of_rows_and_sorts_by_is_what_the_widget_lists(rich, tmp_path):
    names = ["price", "id", "day", "source", "user", "odd"]
    _, page = held(rich.export(tmp_path / "rich.html", texts=True, columns=names).path)
    attributes, every = rich._rounds.attributes, np.arange(450)
    keys = [f"column:{name}" for name in names] + ["length", "label", "cluster", "silhouette"]
    assert set(keys) <= set(page["told"]) == {one["key"] for one in page["state"]["attributes"]}
    for key in keys:
        values, which, ranks = decoded(page, key)
        told = [None if at < 0 else values[at] for at in which]
        assert told == attributes.told(key, every), key
        of = np.array([-1 if at < 0 else ranks[at] for at in which])
        for sort, by in ((key, of), (f"-{key}", -of)):
            assert np.lexsort([by, of < 0]).tolist() == attributes.order([sort]).tolist(), sort
    assert decoded(page, "column:price")[0][:3] == [1_000_000, 250_000.25, None]
    label = page["labels"]
    assert [None if at < 0 else label["names"][at] for at in numbers(label["which"])] == attributes.told("label", every)
    with pytest.raises(InputError, match="texts=True"):
        rich.export(tmp_path / "bare.html", columns=["source"])
    _, page = held(rich.export(tmp_path / "bare.html", columns=["id"]).path)
    assert page["told"] == {}, "without texts there is no list to read"


def numbers(text: str) -> list[int]:
    return np.frombuffer(base64.b64decode(text), "<i4").tolist()


def decoded(page, key):
    """As js/src/exported/sealed.ts reads it."""
    told = page["told"][key]
    if told["which"] is not None:
        return told["values"], numbers(told["which"]), numbers(told["ranks"])
    if told["values"] is not None:
        return told["values"], range(len(told["values"])), numbers(told["ranks"])
    codes = np.frombuffer(base64.b64decode(page["values"][key]["codes"]), "<u2")
    which = [-1 if code == 65535 else code for code in codes.tolist()]
    return [one["name"] for one in page["values"][key]["categories"]], which, numbers(told["ranks"])


def test_the_policy_knows_the_script_and_the_style_by_their_hashes(w, tmp_path):
    text, _ = held(w.export(tmp_path / "page.html").path)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    for tag in (r"<style>(.*?)</style>", r'<script type="module">(.*?)</script>'):
        digest = base64.b64encode(hashlib.sha256(re.search(tag, text, re.DOTALL)[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'") and "unsafe-eval" not in policy
    assert re.findall(r"\S+ 'unsafe-inline'", policy) == ["style-src-attr 'unsafe-inline'"]


def test_a_page_is_whole_or_as_it_was(w, tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("before")
    monkeypatch.setattr("pathlib.Path.write_bytes", lambda self, content: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space"):
        w.export(path)
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="folder that is there"):
        w.export(tmp_path / "none" / "page.html")


def test_its_size_is_that_of_the_file(tmp_path):
    """In bytes, of which a character has one to four."""
    texts = [f"{'猫' * 4000} {row}" for row in range(60)]
    w = elute.Widget(texts, path=tmp_path / "j", embedder="tfidf", projector="pca", clusterer=elute.KMeans(3))
    w.start()
    assert w.wait(60)
    made = w.export(tmp_path / "cats.html", texts=True)
    _, told = held(made.path)
    assert made.size == made.path.stat().st_size > 1.3 * len(made.path.read_text(encoding="utf-8"))
    assert float(re.search(r"([\d.]+) MB", told["hello"]["exported"]["said"])[1]) == pytest.approx(made.size / 1e6, abs=0.06)


def test_rows_of_a_person_are_said():
    told = {"state": {"kept": 1, "n": 2, "stale": False, "round": {"number": 1}}, "texts": ["a", "b"], "personal": 1}
    assert "1 row seems to hold details of a person." in exporting.said(told, 10**6)
