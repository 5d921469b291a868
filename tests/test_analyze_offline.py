"""The offline analyst: names, verdicts, advice, and what it is shown."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from analyze_sets import FOREIGN, TOPICS, Set, made, unit, view
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.analyze import NOISE, Context, OfflineAnalyst, as_analyst, cluster_views
from elute.analyze.advice import imbalance, merges, number_of_clusters, splits
from elute.analyze.keywords import ClassTerms, terms
from elute.analyze.rules import judge
from elute.analyze.wording import Names, one_line
from elute.cluster import Curve
from elute.errors import Cancelled, SettingsError
from elute.progress import Silent

CONTEXT = Context(n_rows=300, n_clusters=10)
OFFLINE = OfflineAnalyst()


# -- names -------------------------------------------------------------------------------------------------------------------


def test_each_cluster_is_named_after_its_topic() -> None:
    names = {a.cluster: a.name for a in OFFLINE.clusters(made().views(), CONTEXT)}
    for cluster, line in enumerate(TOPICS.values()):
        words = set(names[cluster].replace(",", "").split())
        assert words & set(line.split()), names[cluster]
        assert len(words) <= 4


def test_500_clusters_of_the_same_words_have_500_names() -> None:
    views = [view(cluster=i, keywords=("card", "new card", "pin")[: i % 4]) for i in range(500)]
    names = [a.name for a in OFFLINE.clusters(views, CONTEXT)]
    assert len({name.casefold() for name in names}) == 500
    assert all(1 <= len(name.split()) <= 4 for name in names)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), max_size=4), min_size=1, max_size=12))
def test_whatever_the_texts_names_are_one_each_distinct_short_and_printable(groups: list[list[str]]) -> None:
    texts = [text for group in groups for text in group]
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    if not texts:
        return
    X = unit(np.random.default_rng(0).normal(size=(len(texts), 4)))
    views = cluster_views(texts, labels, X, None, np.arange(len(texts), dtype=np.uint64))
    said = list(OFFLINE.clusters(views, CONTEXT))
    assert [a.cluster for a in said] == sorted({int(c) for c in labels})
    assert len({a.name.casefold() for a in said}) == len(said)
    assert all(a.name.strip() and len(a.name) <= 60 and a.name == one_line(a.name, 60) for a in said)
    assert all(a.status == "ok" and 0 <= a.quality <= 1 and 0 <= a.confidence <= 1 for a in said)


def test_noise_is_named_noise_and_nothing_else_is() -> None:
    views = [view(cluster=0, keywords=("noise",)), view(cluster=NOISE, keywords=("card",), silhouette=None)]
    names = [a.name for a in OFFLINE.clusters(views, CONTEXT)]
    assert names[1] == "noise" and names[0] != "noise" and names[0].startswith("noise")


def test_names_in_use_are_not_given_again() -> None:
    (again,) = OFFLINE.clusters([view(keywords=("card",))], replace(CONTEXT, taken=("Card", "card 2")))
    assert again.name == "card 3"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["我的银行卡丢了", "银行卡在哪里", "新的银行卡没有到"], "银行卡"),
        (["カードを紛失しました", "カードが届かない", "新しいカードです"], "カード"),
        (["บัตรของฉันหาย", "บัตรใหม่ยังไม่มา", "ขอบัตรใหม่"], "บัตร"),
        (["Wo ist meine Überweisung?", "Die Überweisung fehlt", "Überweisung nicht da"], "überweisung"),
        (["где мой перевод", "перевод не пришёл", "перевод отменён"], "перевод"),
        (["मेरा कार्ड कहाँ है", "नया कार्ड चाहिए", "कार्ड खो गया"], "कार्ड"),
        (["내 카드 어디", "카드 분실", "카드 신청"], "카드"),
    ],
)
def test_keywords_in_other_scripts(texts: list[str], expected: str) -> None:
    other = [
        "天气今天很好",
        "明天会下雨吗",
        "今日の天気は",
        "das Wetter ist schön",
        "погода сегодня хорошая",
        "आज मौसम अच्छा है",
        "오늘 날씨",
    ]
    assert expected in ClassTerms([texts, other]).keywords(0)[0]


def test_a_long_text_is_not_read_whole_and_a_repeated_word_counts_once() -> None:
    started = time.process_time()
    words, phrases = terms("card " * 2_000_000)
    assert len(words) <= 100 and not phrases
    assert time.process_time() - started < 0.5
    assert ClassTerms([["spam spam spam spam", "card one", "card two"], ["else"]]).keywords(0)[0] == "card"


def test_no_keyword_says_what_another_said() -> None:
    texts = ["declined top-up", "declining top up", "declined top-up fee", "declining top up fee", "currency", "currencies"]
    starts = [word[:4] for keyword in ClassTerms([texts, ["else"]]).keywords(0) for word in keyword.replace("-", " ").split()]
    assert sorted(starts) == sorted(set(starts)) and {"decl", "top"} <= set(starts)


def test_a_stop_word_names_the_class_in_which_it_is_said_and_no_other() -> None:
    classes = [["thanks a lot", "thanks so much", "many thanks"]] + [
        [f"the {word}", f"a {word} is"] for word in "card pin fee rate".split()
    ]
    counted = ClassTerms(classes)
    assert counted.keywords(0)[0] == "thanks"
    assert not {"the", "is"} & {word for i in range(1, 5) for word in counted.keywords(i)}


# -- verdicts ----------------------------------------------------------------------------------------------------------------


def test_a_clean_set_loses_nothing_and_scattered_foreign_rows_are_found() -> None:
    assert {a.verdict for a in OFFLINE.clusters(made().views(), CONTEXT)} <= {"keep", "unsure"}
    said = {a.cluster: a for a in OFFLINE.clusters(made(foreign=60).views(), CONTEXT)}
    foreign = said.pop(len(TOPICS))
    assert foreign.verdict == "drop" and foreign.reasons and foreign.quality < min(a.quality for a in said.values())
    assert "drop" not in {a.verdict for a in said.values()}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "keep"),
        ({"strange": 9.0, "loose": 9.0, "silhouette": 0.0}, "drop"),
        ({"strange": 9.0, "loose": 9.0, "silhouette": 0.0, "share": 0.2}, "unsure"),  # a fifth of the set is no stray
        ({"strange": 9.0, "loose": 9.0, "silhouette": 0.3}, "trim"),  # scattered rows don't have a silhouette like this
        ({"strange": 9.0, "loose": 1.0, "silhouette": 0.0}, "unsure"),  # unusual and coherent may be a topic of its own
        ({"strange": 0.0, "loose": 9.0, "silhouette": 0.0}, "keep"),
        ({"strange": 4.0, "loose": 2.0, "silhouette": 0.0}, "trim"),
        ({"loose": 2.0, "silhouette": -0.1}, "trim"),
        ({"silhouette": -0.1}, "keep"),
        ({"duplicates": 0.5}, "trim"),
        ({"duplicates": 0.2}, "keep"),
        ({"size": 3}, "unsure"),
        ({"size": 3, "strange": 9.0, "loose": 9.0, "silhouette": 0.0}, "unsure"),
        ({"size": 4, "duplicates": 0.75}, "trim"),
        ({"strange": None, "loose": None}, "unsure"),
        ({"cluster": NOISE, "silhouette": None, "duplicates": 0.9}, "unsure"),
        ({"silhouette": None}, "keep"),
    ],
)
def test_verdicts_by_the_rules(changes: dict[str, object], verdict: str) -> None:
    found = judge(view(**changes))
    assert found.verdict == verdict
    assert found.reasons and 0 <= found.quality <= 1 and 0 <= found.confidence <= 1
    assert set(found.trim) <= {9}


def test_labels_never_make_a_verdict() -> None:
    assert judge(view(labels=(("junk", 1.0),))) == judge(view())


def test_copies_alone_name_no_row_and_with_another_reason_are_none() -> None:
    assert judge(view(duplicates=0.5)).trim == ()
    mixed = judge(view(duplicates=0.5, loose=2.0, silhouette=-0.1))
    assert mixed.trim == (9,) and mixed.reasons == ("mixed: most rows lie nearer to another cluster",)


def test_trim_holds_rows_of_the_cluster_only() -> None:
    tangled = made()
    labels = tangled.labels.copy()
    labels[:30:2] = 1  # half of topic 0 stands in cluster 1
    mixed = Set(tangled.texts, labels, tangled.X, tangled.ids)
    for one in mixed.views():
        assert set(one.doubtful) <= set(np.flatnonzero(labels == one.cluster))
        assert set(judge(one).trim) <= set(one.doubtful)
    assert set(mixed.views()[1].doubtful) & set(range(0, 30, 2))


# -- the whole ---------------------------------------------------------------------------------------------------------------


def curve(*points: tuple[float, float]) -> Curve:
    return Curve("", "k", "silhouette", tuple(x for x, _ in points), tuple(y for _, y in points), points[0][0])


def test_the_curve_says_how_many_clusters() -> None:
    context = Context(n_rows=300, n_clusters=10, curve=curve((5, 0.1), (10, 0.12), (20, 0.3)))
    assert number_of_clusters(context, 0, 0)[:2] == ("more", 20)
    assert number_of_clusters(replace(context, n_clusters=20), 0, 0)[:2] == ("same", 20)
    assert number_of_clusters(replace(context, curve=curve((5, 0.4), (10, 0.2), (20, 0.1))), 0, 0)[:2] == ("fewer", 5)
    assert number_of_clusters(replace(context, curve=curve((5, 0.2), (10, 0.2), (20, 0.205))), 0, 0)[:2] == ("same", 10)


def test_without_a_curve_overlaps_and_mixtures_say_it() -> None:
    assert number_of_clusters(CONTEXT, 0, 0)[0] == "unsure"
    assert number_of_clusters(CONTEXT, 4, 0)[:2] == ("fewer", 6)
    assert number_of_clusters(CONTEXT, 0, 3)[:2] == ("more", 13)


def test_merge_split_and_imbalance() -> None:
    views = [
        view(cluster=0, size=900, closest=((1, 0.95),), silhouette=-0.1),
        view(cluster=1, size=50, closest=((0, 0.95), (2, 0.91))),
        view(cluster=2, size=50, closest=((1, 0.91), (0, 0.2))),
    ]
    assert merges(views) == ((0, 1), (1, 2))
    assert splits(views) == (0,)
    # of 2,000 rows half are noise: the largest cluster has not half of all, but half of those in clusters
    said = imbalance(views, Context(n_rows=2000, n_clusters=3, balance=0.4, noise_share=0.5))
    assert said.endswith("; half of all clustered rows lie in 1 of 3 clusters.")


def test_the_next_step_names_the_worst_cluster() -> None:
    whole = made(foreign=60)
    said = {a.cluster: a for a in OFFLINE.clusters(whole.views(), CONTEXT)}
    overview = OFFLINE.overview(whole.views(), said, CONTEXT)
    assert said[len(TOPICS)].name in overview.next
    assert OFFLINE.overview(whole.views(), {}, replace(CONTEXT, noise_share=0.6)).next.startswith("60% of the rows are noise")


# -- the seam ----------------------------------------------------------------------------------------------------------------


def test_ten_thousand_rows_in_sixty_clusters_take_well_under_a_second() -> None:
    rng = np.random.default_rng(0)
    vocabulary = np.array(" ".join((*TOPICS.values(), *FOREIGN)).split())
    texts: list[str | None] = [" ".join(rng.choice(vocabulary, 12)) for _ in range(10_000)]
    labels = rng.integers(0, 60, 10_000).astype(np.int32)
    X = unit(rng.normal(size=(10_000, 384)))
    ids = np.arange(10_000, dtype=np.uint64)
    took = []
    for _ in range(3):
        started = time.process_time()  # a busy machine is not what is asked about
        views = cluster_views(texts, labels, X, None, ids)
        said = {a.cluster: a for a in OFFLINE.clusters(views, CONTEXT)}
        OFFLINE.overview(views, said, CONTEXT)
        took.append(time.process_time() - started)
    assert min(took) < 1.0


def test_a_cancel_stops_it() -> None:
    class Stopped(Silent):
        def check(self) -> None:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        list(OFFLINE.clusters([view()], CONTEXT, Stopped()))


def test_as_analyst() -> None:
    assert as_analyst("offline").name == "offline" and not as_analyst("offline").remote
    assert as_analyst("openai").remote
    assert as_analyst(OFFLINE) is OFFLINE
    with pytest.raises(SettingsError, match="'gpt'"):
        as_analyst("gpt")
    assert OFFLINE.estimate([view()], CONTEXT).cost == 0 and OFFLINE.key() == OfflineAnalyst().key()


def test_a_number_takes_the_place_of_the_fourth_word() -> None:
    names = Names()
    assert [names.take(i, ["one two three four"]) for i in range(2)] == ["one two three four", "one two three 2"]
    assert names.take(7, []) == "cluster 7"


def test_what_is_not_all_of_one_label_is_not_said_to_be() -> None:
    views = [view(cluster=0, labels=(("cats", 299 / 300), ("law", 1 / 300))), view(cluster=1, labels=(("cats", 1.0),))]
    most, all_ = (said.summary for said in OFFLINE.clusters(views, CONTEXT))
    assert "over 99% labelled “cats”" in most and "100% labelled “cats”" in all_
