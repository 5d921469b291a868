"""Style, personal data, redundancy and own functions: what each rule flags, and that few rows are flagged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from elute.errors import SettingsError
from elute.findings import Findings
from elute.findings.apart import difference
from elute.findings.own import own_scores
from elute.findings.privacy import luhn, personal, told
from elute.findings.redundant import redundancy
from elute.findings.style import boilerplate, markup, odd_length, script
from elute.findings.words import Words
from elute.neighbors import nearest

ENGLISH = [
    f"{start} the {thing} that I {verb} {when}?"
    for start in ("where is", "what is", "how do I find", "can you see")
    for thing in ("card", "account", "transfer", "payment", "refund")
    for verb in ("ordered", "opened", "made", "asked for")
    for when in ("yesterday", "last week", "in May")
]


def test_length_is_odd_against_the_set() -> None:
    score, flag = odd_length([*ENGLISH, "a word " * 500, None])
    assert flag.nonzero()[0].tolist() == [len(ENGLISH)] and score[-2] > 5 and np.isnan(score[-1])
    assert not odd_length(["same"] * 50)[1].any() and not odd_length([])[1].any()


def test_markup_and_symbols() -> None:
    score, flag = markup(
        [
            "<div class='a'><b>x</b></div>",
            "Plain words, as ever: 5 % off!",
            "=====>>>###@@@",
            "if a < b then c",
            "नमस्ते दुनिया",
            None,
            "",
        ]
    )
    assert flag.tolist() == [True, False, True, False, False, False, False]
    assert score[1] == 0 and np.isnan(score[5])


@pytest.mark.parametrize(
    "foreign",
    [
        "где моя новая карта сегодня",
        "我的新卡在哪里呢",
        "wie kann ich meine Karte für das Konto bitte sperren",
        "أين بطاقتي الجديدة",
    ],
)
def test_another_language_or_script(foreign: str) -> None:
    texts = [*ENGLISH, foreign]
    score, flag, note = script(texts, np.arange(len(texts)), Words.of(texts))
    assert flag.nonzero()[0].tolist() == [len(ENGLISH)] and score[-1] > 5 and note == ""


def test_words_of_5_other_rows_are_known_and_those_of_a_text_s_own_copies_are_not() -> None:
    """Three texts share their words, in many rows; letters in threes make each of them strange beside the rest."""
    odd = [f"xqz vkkj wqqx jjvk {last}" for last in ("zzqx", "qqvv", "kkxz")]
    for copies, flagged in ((6, 0), (1, 3)):
        rows = [*ENGLISH, *odd * copies]
        distinct = list(dict.fromkeys(rows))
        _, flag, _ = script(distinct, np.array([distinct.index(text) for text in rows]), Words.of(distinct))
        assert flag.sum() == flagged
    rows = [*ENGLISH, *odd[:1] * 9]
    _, flag, _ = script([*ENGLISH, odd[0]], np.minimum(np.arange(len(rows)), len(ENGLISH)), Words.of([*ENGLISH, odd[0]]))
    assert flag.nonzero()[0].tolist() == [len(ENGLISH)]


def test_two_languages_are_said_and_none_is_flagged() -> None:
    german = [
        f"wie kann ich {was} für das Konto bitte {tun}"
        for was in ("die Karte", "das Geld", "den Code")
        for tun in ("sperren", "ändern", "prüfen")
    ] * 8
    texts = [*ENGLISH, *german]
    distinct = list(dict.fromkeys(texts))
    _, flag, note = script(distinct, np.array([distinct.index(text) for text in texts]), Words.of(distinct))
    assert not flag.any() and "English" in note and "German" in note


def test_boilerplate() -> None:
    footer = "this message is confidential and is meant for the person it was sent to only"
    texts = [f"{text} {footer}" for text in ENGLISH[:10]] + ENGLISH[10:] + ["short " + footer]
    words = Words.of(texts)
    share, flag = boilerplate(words, np.arange(len(texts)))
    assert flag[:10].all() and flag[-1] and not flag[10:-1].any() and share[-1] > share[11]
    assert not boilerplate(Words.of(["a b"]), np.zeros(1, np.int64))[1].any()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("write to jane.doe+x@mail.example.org", 1),
        ("my card 4111 1111 1111 1111 was declined", 1),
        ("my card 4111 1111 1111 1112 was declined", 0),
        ("pay to DE89 3704 0044 0532 0130 00", 1),
        ("pay to DE88 3704 0044 0532 0130 00", 0),
        ("call +49 30 123456 or (030) 765 4321", 2),
        ("on 2024-05-12 at 10:30, 3 of 4", 0),
        ("order 1234567, version 1.2.3.4, 192.168.0.1", 0),
        ("@home 5 @ 3", 0),
        ("0000 0000 0000 0000", 0),
        ("Fixed in Chrome 120.0.6000.10, upgrade to 9.6.3000.5", 0),
        ("population 24 100 168, or 1 024 100 people", 0),
        ("ISBN 978-3-410-23500-6, ISBN-13: 978-3-410-23500-6 and ISBN-10: 3-410-23500-6", 0),
        ("06 12 34 56 78, 020 7946 0123, 555-123-4567, 030.123.4567 and +49 30 123 456", 5),
        ("Rechnung ISBN 3-410-23500-6; Tel. 089 123 456 78", 1),
        ("4242 4242 4242 4242 12/27 cvc 123", 1),
        ("4111111111111111 12/27", 1),
        ("4242424242424242 123 and 4111-1111-1111-1111 12", 2),
        ("4242424242424243 123", 0),
        ("Tel:0301234567, phone:5551234567 or Fax:030/1234567", 3),
        ("phone 5551234567", 1),
        ("order 5551234567, item:5551234567 at 10:30 1234567", 0),
        ("iban de89 3704 0044 0532 0130 00", 1),
        ("AT61 1904 3002 3457 3201 test, at611904300234573201 for me", 2),
        ("AT61 1904 3002 3457 3201 DE89 3704 0044 0532 0130 00", 2),
        ("Sort 12 45 78 89 23", 0),
        ("mean of 3 7 11 15 19 23; 1 2 4 8 16 32; winning numbers 12 34 56 78 90", 0),
        ("(2019) 123-145, won 3-2-1-0-1-2-3", 0),
        ("isbn 978-3-16-148410-0", 0),
    ],
)
def test_personal_data(text: str, count: int) -> None:
    assert personal([text])[0] == count and len(told(text)) == count


def test_personal_data_is_masked_and_bounded() -> None:
    assert "jane" not in str(told("jane.doe@example.org")) and "1111" not in str(told("4111111111111111"))
    assert told("+4915112345678") == ["a telephone number (+4…78)"], "by chance it has the checksum of a card"
    assert told("4242 4242 4242 4242 12/27") == ["a card number (42…42)"]
    assert np.isnan(personal([None])[0]) and personal(["1 " * 5_000_000])[0] >= 0
    assert luhn([0]) and not luhn([1])


def test_redundant_rows_are_covered_by_others_of_their_cluster() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(60, 16)).astype(np.float32)
    X[:20] = X[0] + 0.05 * random.normal(size=(20, 16))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    graph, weights = nearest(X, 15), np.ones(60)
    score = redundancy(graph, weights, np.zeros(60, np.int32))
    assert np.sort(score[:20])[1] > score[20:].max() and (score[:20] < 0.5).sum() <= 1  # one of the twenty stays for all
    apart = redundancy(graph, weights, np.arange(60, dtype=np.int32))
    assert not apart.any()  # alone in a cluster, nobody covers anybody
    assert redundancy(nearest(X[:1], 5), np.ones(1)).tolist() == [0]


def test_own_functions_are_given_what_they_ask_for() -> None:
    given: dict[str, Any] = {"texts": ["a", None], "vectors": np.eye(2), "round": "the round"}
    scores, flag, said = own_scores("x", lambda texts: [len(text or "") for text in texts], given, 2)
    assert scores.tolist() == [1, 0] and not flag.any() and said == ""
    assert own_scores("x", lambda vectors, round: vectors[:, 0] > 0.5, given, 2)[1].tolist() == [True, False]
    assert own_scores("x", lambda anything, scale=2: [scale] * len(anything), given, 2)[0].tolist() == [2, 2]


def test_no_value_among_booleans_is_no_flag_and_the_others_are_flags() -> None:
    given: dict[str, Any] = {"texts": ["a", "b", None], "vectors": None, "round": None}
    for answer in ([True, False, None], pd.array([True, False, None], dtype="boolean"), pd.Series([True, False, None])):
        scores, flag, said = own_scores("x", lambda texts, answer=answer: answer, given, 3)
        assert said == "" and flag.tolist() == [True, False, False] and flag.dtype == bool
        np.testing.assert_array_equal(scores, [1, 0, np.nan])
    for numbers in ([0.5, 1, None], pd.array([0.5, 1, None], dtype="Float64")):
        scores, flag, said = own_scores("x", lambda texts, numbers=numbers: numbers, given, 3)
        assert said == "" and not flag.any() and np.isnan(scores).tolist() == [False, False, True]
    assert not own_scores("x", lambda texts: [None] * 3, given, 3)[1].any()


@pytest.mark.parametrize(
    "function",
    [
        lambda texts: 1 / 0,
        lambda texts: [1],
        lambda texts: ["a", "b"],
        lambda nonsense, texts: 1,
        lambda: [1],
        lambda texts: None,
    ],
)
def test_an_own_function_that_fails_is_told_in_a_sentence(function: Any) -> None:
    scores, flag, said = own_scores("toxic", function, {"texts": ["a", "b"], "vectors": None, "round": None}, 2)
    assert np.isnan(scores).all() and not flag.any() and said.startswith("The finding 'toxic'") and said.endswith(".")


def test_own_functions_are_checked_when_they_are_given() -> None:
    with pytest.raises(SettingsError, match="int"):
        Findings(own={"x": 3})  # type: ignore[dict-item]
    with pytest.raises(SettingsError, match="60"):
        Findings(own={"": len})
    assert Findings(personal=True, own={"x": len}).describe() == ["personal", "own:x"]


def test_differences_in_words() -> None:
    assert difference("send 1,500 now", "send 1.500 now") == " Here “1,500” stands for “1.500”."
    assert difference("a b", "a") == " Here “b” is added." and difference("a", "a b") == " Here “b” is missing."
    assert difference("same", "same") == ""
