"""The Review tab's requests on a session with known dirt: what is suggested, read, accepted, dismissed, and decided in looks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pages import Page, table

from elute.prepare.clean import strip_markup
from elute.suggest import Example
from elute.widget import reviewing
from elute.widget.frame import from_bits, to_bits
from elute.widget.protocol import PROTOCOL
from elute.widget.reviewing import EXAMPLES, ReviewRequests

COPIES = 4


def dirty() -> pd.DataFrame:
    """60 rows of three topics, and exact copies of four of them."""
    df = table()
    return pd.concat([df, df.iloc[:COPIES]], ignore_index=True)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    page = open_page(dirty())
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    return page


def suggested(page: Page) -> dict[str, Any]:
    """What is suggested once the worker has made it."""
    page.ask("suggestions")
    page.wait()
    told = page.ask("suggestions")[0]
    assert not told["pending"]
    return told


def copies(page: Page) -> dict[str, Any]:
    """The suggestion to drop exact copies."""
    return next(one for one in suggested(page)["suggestions"] if one["kind"] == "copies")


def test_suggestions_are_made_on_the_worker_and_once(page: Page) -> None:
    before = page.widget.revision["suggestions"]
    assert page.ask("suggestions")[0]["pending"]
    page.wait()
    assert page.widget.revision["suggestions"] == before + 1
    made = page.widget._rounds.suggesting.suggested
    assert not page.ask("suggestions")[0]["pending"] and page.widget._rounds.suggesting.suggested is made
    page.wait()
    assert page.widget.revision["suggestions"] == before + 1, "nothing moved, so nothing is made again"


def test_cancel_is_heard_by_whoever_waits_for_suggestions(page: Page) -> None:
    jobs, go = page.widget._rounds.jobs, threading.Event()
    jobs.submit("hold", lambda job: go.wait(10))
    before = page.widget.revision["suggestions"]
    assert page.ask("suggestions")[0]["pending"] and page.ask("cancel")[0]["cancelled"]
    assert page.widget.revision["suggestions"] == before + 1
    told = page.ask("suggestions")[0]
    assert not told["pending"] and told["suggestions"] == []
    assert "was stopped" in told["looks"]["nothing"], "that nothing stands out would be said of clusters that nobody looked at"
    go.set()
    page.wait()
    assert copies(page) and not page.ask("suggestions")[0]["looks"]["nothing"].startswith("Looking")
    go.clear()
    jobs.submit("hold", lambda job: go.wait(10))
    page.widget.pin([0])
    assert page.ask("suggestions")[0]["pending"] and page.ask("cancel")[0]["cancelled"]
    told = page.ask("suggestions")[0]
    assert not told["pending"] and told["suggestions"] and "was stopped" in told["checked"][0], "those of this round stay"
    go.set()
    page.wait()


def test_a_suggestion_is_read_before_it_is_accepted(page: Page) -> None:
    one = copies(page)
    assert one["tier"] == "safe" and one["count"] == COPIES and one["action"] == "drop"
    assert all(example["beside"]["text"] == example["point"]["text"] for example in one["examples"])
    told, bits = page.ask("suggestion", id=one["id"])
    assert from_bits(bits, 64).sum() == told["count"] == COPIES
    rows = [example["point"]["row"] for example in told["examples"]]
    assert len(set(rows)) == COPIES and all(example["beside"] for example in told["examples"])
    assert page.ask("suggestion", id=one["id"], offset=3)[0]["examples"][0]["point"]["row"] == rows[3]
    assert page.ask("suggestion", id=one["id"], offset=99)[0]["examples"] == []


def test_of_a_large_suggestion_only_what_is_read_is_put_together(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is answered meanwhile: a million examples took six seconds, at every five."""
    handlers = ReviewRequests()
    handlers.session = page.widget.session
    rows = np.arange(200) % 3 > 0
    where = np.flatnonzero(rows)
    own = tuple(Example(int(row), after="own") for row in where[[7, 3, 90]])
    one: Any = SimpleNamespace(
        kind="labels", examples=own, rows=rows, action="relabel", data={"labels": where * 2, "stays": where + 1}
    )
    made: list[int] = []
    monkeypatch.setattr(reviewing, "Example", lambda row, **how: made.append(row) or Example(row, **how))
    pages = [handlers._more(one, offset) for offset in range(0, 140, EXAMPLES)]
    assert all(len(page) == EXAMPLES for page in pages[:26]) and len(made) == len(where) - 3
    read = [example for page in pages for example in page]
    assert read[:3] == list(own) and sorted(example.row for example in read) == where.tolist()
    assert all(example.after == str(example.row * 2) and example.beside == example.row + 1 for example in read[3:])
    assert handlers._more(one, 2)[0] == own[2] and handlers._more(one, 2)[1:] == read[3:7]


@pytest.mark.parametrize("action", ["edit", "look"])
def test_what_a_text_becomes_is_the_text_without_its_markup_for_every_row(action: str) -> None:
    """Whatever the round reads: it collapses white space, repairs, cuts, and may leave the markup where it is."""
    handlers: Any = ReviewRequests()
    texts = [f"<p>loud {n}</p>\nwith <b>some</b>  tags &amp; more" for n in range(12)]
    handlers.session = SimpleNamespace(corpus=SimpleNamespace(texts=texts))
    own = (Example(0, after=strip_markup(texts[0])),)
    one: Any = SimpleNamespace(kind="markup", examples=own, rows=np.ones(12, bool), action=action, data={})
    read = [example for offset in range(0, 12, EXAMPLES) for example in handlers._more(one, offset)]
    assert {example.row: example.after for example in read} == {
        row: f"\nloud {row}\n\nwith some  tags & more" for row in range(12)
    }


def test_safe_ones_together_are_counted_by_row_and_labels_are_not_among_them(page: Page) -> None:
    rows = np.arange(9)
    given: Any = [
        SimpleNamespace(tier="safe", kind="copies", rows=rows < 3),
        SimpleNamespace(tier="safe", kind="markup", rows=(rows > 0) & (rows < 5)),
        SimpleNamespace(tier="safe", kind="labels", rows=rows > 6),
        SimpleNamespace(tier="look", kind="far", rows=rows > 4),
    ]
    assert reviewing._together(given) == 5 and reviewing._together(given[2:]) == 0
    assert suggested(page)["together"] == COPIES


def test_accepting_is_one_decision_and_a_retry_is_none(page: Page) -> None:
    one = copies(page)
    outcome = page.ask("accept", ids=[one["id"]], decision="a1")[0]
    assert outcome["applied"] and outcome["rows"] == COPIES and outcome["kept"] == 60
    assert not page.ask("accept", ids=[one["id"]], decision="a1")[0]["applied"]
    source = page.widget.session.state.applied[-1].source
    assert source["kind"] == "suggestion" and source["ids"] == [one["id"]] and source["why"]
    page.wait()
    assert all(left["kind"] != "copies" for left in suggested(page)["suggestions"])
    assert page.refused("accept", ids=[one["id"]], decision="a2") == "stale"
    assert page.ask("undo", decision="u")[0]["kept"] == 64
    assert copies(page)["id"] == one["id"]


def test_an_undo_says_nothing_of_what_stayed_before(page: Page) -> None:
    rows = np.arange(len(dirty())) < 2
    page.ask("pin", to_bits(rows & (np.arange(len(rows)) < 1)), decision="pin", on=True)
    assert page.ask("drop", to_bits(rows), decision="drop")[0]["note"] == "1 pinned row stays."
    assert page.ask("undo", decision="undo")[0]["note"] == ""


def test_what_was_dismissed_stays_away_until_that_is_undone(page: Page) -> None:
    one = copies(page)
    assert page.ask("dismiss", id=one["id"], decision="d1")[0]["applied"]
    told = suggested(page)
    assert told["dismissed"] == 1 and one["id"] not in {left["id"] for left in told["suggestions"]}
    page.ask("undo", decision="u")
    page.wait()
    assert copies(page)["id"] == one["id"]


@pytest.mark.parametrize(("ids", "kind"), [([], "stale"), (["nothing-like-it"], "stale"), ([3], "invalid")])
def test_what_is_not_there_is_refused(page: Page, ids: list[Any], kind: str) -> None:
    suggested(page)
    assert page.refused("accept", ids=ids, decision="a") == kind


def test_a_cluster_is_read_five_rows_at_a_time_none_twice(page: Page) -> None:
    seen: list[int] = []
    for offset in range(0, 30, 5):
        told, bits = page.ask("suggestion", id="cluster:0", offset=offset)
        seen += [example["point"]["row"] for example in told["examples"]]
    members = np.flatnonzero(page.widget.session.round.labels == 0)
    assert sorted(seen) == members.tolist() == np.flatnonzero(from_bits(bits, 64)).tolist()
    assert seen != sorted(seen), "the first five are from all over the table"
    assert page.refused("suggestion", id="cluster:77") == "stale"
    assert page.refused("suggestion", id="cluster:x") == "invalid"


def test_texts_of_a_look_are_whole(open_page: Callable[..., Page]) -> None:
    page = open_page([f"{'long words ' * 60}{i}" for i in range(12)] + [f"a short one {i}" for i in range(12)])
    page.ask("hello", b"", protocol=PROTOCOL)
    page.wait()
    number = int(page.widget.session.round.labels[0])
    told = page.ask("suggestion", id=f"cluster:{number}")[0]["examples"]
    assert max(len(example["point"]["text"]) for example in told) > 600
    assert not any(example["point"]["clipped"] for example in told)


def test_a_look_that_is_decided_is_counted_and_not_ordered_again(page: Page) -> None:
    rows = page.widget.session.round.labels == 1
    page.ask("keep", to_bits(rows), decision="k", source={"kind": "look", "cluster": 1})
    looks = suggested(page)["looks"]
    assert (looks["done"], looks["kept"], looks["dropped"]) == (1, 1, 0) and 1 not in looks["order"]
    page.ask("undo", decision="u")
    page.wait()
    assert suggested(page)["looks"]["done"] == 0


def test_worth_keeping_selects_nothing(page: Page) -> None:
    rows = page.widget.session.round.labels == 1
    suggested(page)
    told, bits = page.ask("worth", to_bits(rows))
    found = from_bits(bits, 64)
    assert told["count"] == found.sum() and not (found & ~rows).any() and not page.widget.selected.any()


def test_what_a_drop_would_take_is_said_before_it_is_decided(open_page: Callable[..., Page]) -> None:
    page = open_page(dirty().assign(dialogue=np.arange(64) // 2), group="dialogue")
    asked = np.arange(64) % 8 == 0
    page.widget.pin([8])
    told, bits = page.ask("going", to_bits(asked))
    goes = from_bits(bits, 64).copy()
    assert np.flatnonzero(goes).tolist() == [row + more for row in (0, 16, 24, 32, 40, 48, 56) for more in (0, 1)]
    note = "1 pinned row stays, and 1 other of the same group. 7 more rows go with their group."
    assert told == {"goes": 14, "groups": 7, "note": note}
    assert not page.widget.selected.any()
    chosen = page.ask("select", to_bits(asked))[0]
    assert told == {name: chosen[name] for name in told}
    done = page.ask("drop", to_bits(asked), decision="d")[0]
    assert (done["rows"], done["note"]) == (told["goes"], told["note"])
    np.testing.assert_array_equal(page.widget.session.dropped, goes)
    page.wait()


def test_before_the_first_round_there_is_nothing_and_no_error(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = page.ask("suggestions")[0]
    assert told["suggestions"] == [] and told["looks"]["order"] == []
    assert page.ask("worth", to_bits(np.ones(60, bool)))[0]["count"] == 0
    assert page.refused("suggestion", id="cluster:0") == "stale"


def test_what_breaks_is_said_without_a_text(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Any) -> Any:
        raise ValueError("my card was declined")

    monkeypatch.setattr("elute.suggest.suggester.Suggester.suggested", property(broken))
    told = suggested(page)
    assert told["checked"][0] == "The suggestions could not be made (ValueError)." and not told["pending"]


def test_what_is_learned_is_said_with_what_it_still_needs(page: Page) -> None:
    assert page.ask("learned")[0] == {"learned": None, "error": ""}
    page.ask("learn")
    page.wait()
    told = page.ask("learned")[0]["learned"]
    assert told["needed"] > 0 and told["more"] == 0 and told["precision"] is None
    before = page.widget.revision["evidence"]
    labels = page.widget.session.round.labels
    page.ask("drop", to_bits(labels == 1), decision="d", source={"kind": "look"})
    page.wait()
    page.ask("keep", to_bits(labels == 0), decision="k", source={"kind": "look"})
    page.ask("learn", name="not ours")
    page.wait()
    told = page.ask("learned")[0]["learned"]
    assert told["needed"] == 0 and told["name"] == "not ours" and told["examples"] >= 20 and told["note"]
    assert page.widget.revision["evidence"] > before
    assert "not ours" in page.widget.session.learned


def test_nothing_is_learned_before_the_first_round(open_page: Callable[..., Page]) -> None:
    assert open_page().refused("learn") == "refused"


def test_a_cluster_is_read_as_its_halves_each_from_all_over(page: Page) -> None:
    suggested(page)
    cluster = page.ask("clusters")[0]["clusters"][0]["cluster"]
    whole = from_bits(page.ask("suggestion", id=f"cluster:{cluster}")[1], 64)
    told, bits = page.ask("halves", cluster=cluster)
    first = from_bits(bits, 64)
    assert first.any() and not (first & ~whole).any() and (whole & ~first).any()
    rows = [[one["point"]["row"] for one in half] for half in told["examples"]]
    assert [len(half) for half in rows] == [5, 5] and first[rows[0]].all() and (whole & ~first)[rows[1]].all()


def test_every_row_of_a_card_can_be_read_also_where_some_of_them_went_meanwhile(page: Page) -> None:
    told, bits = page.ask("suggestion", id="cluster:0")
    card = from_bits(bits, 64).copy()
    read = [example["point"]["row"] for example in told["examples"]]
    gone = np.zeros(64, bool)
    gone[[read[1], next(row for row in np.flatnonzero(card) if row not in read)]] = True
    page.ask("drop", to_bits(gone), decision="d")
    page.wait()
    while unread := sorted(set(np.flatnonzero(card & ~gone).tolist()) - set(read)):
        rows = np.zeros(64, bool)
        rows[unread] = True
        more = [example["point"]["row"] for example in page.ask("read", to_bits(rows | gone))[0]["examples"]]
        assert len(more) == min(EXAMPLES, len(unread)) and set(more) <= set(unread), "those that went are not read"
        read += more
    assert page.ask("read", to_bits(gone))[0]["examples"] == []


def test_the_order_of_texts_stays_where_a_row_goes() -> None:
    rows = np.arange(400) % 3 > 0
    before = reviewing.shuffled(rows).tolist()
    assert sorted(before) == np.flatnonzero(rows).tolist() != before
    rows[before[7]] = False
    assert reviewing.shuffled(rows).tolist() == before[:7] + before[8:]


def test_nobody_waits_for_halves_and_a_cluster_that_is_gone_has_none(page: Page) -> None:
    cluster = page.ask("clusters")[0]["clusters"][0]["cluster"]
    told, bits = page.ask("halves", cluster=cluster)  # nothing was asked for yet that they could be told from
    assert told == {"examples": []} and not from_bits(bits, 64).any()
    assert page.refused("halves", cluster=9999) == "stale"
