"""A session's decisions on rows: its own come out as they were, whatever was decided; new ones go by its rules, shard by shard alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from payloads import BLNS, blns
from test_session import table
from torture import times, torture

import elute
from elute.errors import EluteError, InputError, RecipeError, SettingsError
from elute.recipe import Across, Balance, Duplicates, Reads, Recipe, survivors, thinned, with_groups
from elute.recipe.blocks import product

SECRET = "canary-4411"


def session(data: Any, path: Path, **how: Any) -> elute.Session:
    return elute.Session(
        data, **{"text": "text", "embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca", "path": path, **how}
    )


def messy(seed: int) -> pd.DataFrame:
    """Topics, copies, near copies, blanks, values that are no text, groups."""
    rng = np.random.default_rng(seed)
    df = table(12, seed)
    copies = df.iloc[rng.integers(0, len(df), 8)]
    slips = df.iloc[rng.integers(0, len(df), 4)].assign(text=lambda one: one["text"].str.upper() + "!")
    odd = pd.DataFrame({"text": ["", None, 7, 7, "  "], "topic": ["cats", None, "rain", "rain", "cats"]})
    whole = pd.concat([df, copies, slips, odd]).sample(frac=1, random_state=seed).reset_index(drop=True)
    groups: list[Any] = [f"d{number}" if number < 9 else None for number in rng.integers(0, 30, len(whole))]
    return whole.assign(dialogue=groups)


def act(s: elute.Session, rng: np.random.Generator) -> None:
    """One thing that a person does."""
    n = s.corpus.given
    some = rng.choice(n, rng.integers(1, 6), replace=False)
    what = rng.choice(
        ["rows", "cluster", "noise", "copies", "any", "restore", "pin", "keep", "undo", "redo", "goto", "run", "relabel", "learn"]
    )
    clusters = [one for one in np.unique(s.labels()).tolist() if one >= 0]
    if what == "rows":
        s.drop(some, reason=SECRET, source={"kind": SECRET, "kinds": [SECRET]})
    elif what == "cluster" and len(clusters) > 1:
        s.drop(cluster=int(rng.choice(clusters)), reason=SECRET)
    elif what == "noise":
        s.drop(s.labels()[:n] == -1)
    elif what in ("copies", "any"):
        found = [one for one in s.suggestions if one.kind in ("copies", "near_copies") or what == "any"]
        if found:
            s.accept(found[int(rng.integers(len(found)))])
    elif what == "restore":
        s.restore(some)
    elif what == "pin":
        s.pin(some)
    elif what == "keep":
        s.approve(some)
    elif what == "relabel":
        s.relabel(some, SECRET)
    elif what == "learn":
        s.learn(SECRET)
    elif what in ("undo", "redo"):
        getattr(s, what)()
    elif what == "goto" and s.rounds:
        s.goto(s.rounds[int(rng.integers(len(s.rounds)))].id)
    if s.keep.any():
        s.run()


@torture
@pytest.mark.parametrize("seed", range(times(5, 80)))
def test_on_its_own_rows_it_gives_the_mask_of_the_session(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    df = messy(seed)
    how: dict[str, Any] = {
        "label": "topic" if seed % 2 else None,
        "group": "dialogue" if seed % 3 == 0 else None,
        "clusterer": [elute.KMeans(4), elute.HDBSCAN(), elute.Communities()][seed % 3],
    }
    s = session(df, tmp_path, **how)
    s.run()
    for _ in range(7):
        try:
            act(s, rng)
        except InputError:  # nothing is left to decide about
            s.undo()
    recipe = s.recipe()
    applied = recipe.apply(df)
    np.testing.assert_array_equal(applied.keep, s.keep)
    assert applied.known.all() and len(applied.reason) == len(df)
    assert [word != "" for word in applied.reason] == (~s.keep).tolist()
    folder = recipe.save(tmp_path / "r.elute")
    again = elute.load_recipe(folder)
    assert again.digest == recipe.digest and again.explain() == recipe.explain()
    np.testing.assert_array_equal(again.apply(df).keep, s.keep)
    # every decision in force is told of, and no text of the person's or name they gave is in any file
    assert [told.kind for told in recipe.decisions] == [told.kind for told in s.state.decided]
    said = b"".join(path.read_bytes() for path in folder.iterdir()) + "\n".join(recipe.explain()).encode()
    assert SECRET.encode() not in said
    for text in df["text"]:
        assert not isinstance(text, str) or len(text) < 9 or text.encode() not in said
    # any order of the rows, and any part of them: each row is judged alike
    order = rng.permutation(len(df))
    shuffled = df.iloc[order].reset_index(drop=True)
    by_content = Counter(zip(df["text"].map(repr), s.keep.tolist(), strict=True))
    assert Counter(zip(shuffled["text"].map(repr), again.apply(shuffled).keep.tolist(), strict=True)) == by_content


@torture
@pytest.mark.parametrize("seed", range(times(2, 30)))
def test_shards_of_any_size_are_judged_as_the_whole(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    s = session(messy(seed), tmp_path, label="topic")
    s.run()
    s.drop(cluster=0)
    s.run()
    for one in [one for one in s.suggestions if one.tier == "safe"]:
        s.accept(one)
    recipe = s.recipe()
    new = pd.concat([messy(seed), messy(seed + 100)]).sample(frac=1, random_state=seed).reset_index(drop=True)
    whole = recipe.judge(new)
    seen: Counter[int] = Counter()
    parts, content = [], recipe.contents(new)
    ends = [0, *sorted(rng.integers(0, len(new) + 1, 5).tolist()), len(new)]
    for start, stop in zip(ends[:-1], ends[1:], strict=True):
        before = []
        mine: Counter[int] = Counter()
        for one in content[start:stop].tolist():
            before.append(seen[one])
            mine[one] += 1
        seen += mine
        parts.append(recipe.judge(new.iloc[start:stop], before=np.array(before, np.int64)))
    for name in ("keep", "settled", "reason", "cluster", "score", "learned", "same", "label", "stratum", "rank"):
        np.testing.assert_array_equal(np.concatenate([getattr(part, name) for part in parts]), getattr(whole, name), err_msg=name)


def test_products_do_not_depend_on_the_cut() -> None:
    rng = np.random.default_rng(0)
    X, matrix = rng.standard_normal((1500, 96), np.float32), rng.standard_normal((96, 37), np.float32)
    whole = product(X, matrix)
    for start, stop in ((0, 1), (3, 700), (511, 513), (1499, 1500)):
        np.testing.assert_array_equal(product(X[start:stop], matrix), whole[start:stop])
    np.testing.assert_allclose(whole, X @ matrix, rtol=1e-3, atol=1e-4)


def test_a_dropped_cluster_is_a_rule_and_single_rows_are_not(tmp_path: Path) -> None:
    df = table(60)
    s = session(df, tmp_path, label="topic")
    first = s.run()
    topic = df["topic"][first.labels == 0].mode()[0]
    s.drop(cluster=0, reason=SECRET)
    s.run()
    single = int(np.flatnonzero(s.keep)[0])
    s.drop([single], reason=SECRET)
    recipe = s.recipe()
    assert [(told.replays, told.rows, told.by_rule) for told in recipe.decisions] == [("rule", 60, 60), ("row", 1, 0)]
    new = table(60, seed=9)
    applied = recipe.apply(new)
    assert not applied.known.any()
    assert (new["topic"][~applied.keep] == topic).all()
    assert (~applied.keep).sum() >= 50
    assert applied.counts == {"in a dropped cluster": int((~applied.keep).sum())}
    assert set(applied.table().columns) == {"text", "topic", "keep", "reason", "cluster", "score", "learned"}
    assert len(applied.clean()) == applied.keep.sum()
    told = s.recipe(texts=True)
    assert told.apply(df).reason[single] == SECRET
    s.restore(first.labels == 0)
    undone = s.recipe()
    assert undone.decisions[0].replays == "undone later" and undone.apply(new).keep.all()


def test_noise_and_rows_without_a_text_are_rules(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    X = np.concatenate([centre + rng.normal(0, 0.05, (40, 8)) for centre in np.eye(8)[:3]] + [-np.eye(8)[:6] * 3]).astype(
        np.float32
    )
    df = pd.DataFrame({"text": [f"text {row}" for row in range(len(X))]})
    df.loc[2, "text"] = None
    s = session(df, tmp_path, embedder=X, clusterer=elute.DBSCAN(eps=0.1, min_samples=5))
    made = s.run()
    assert (made.labels == -1).sum() >= 3
    s.drop(made.labels == -1)
    s.drop(df["text"].isna())
    recipe = s.recipe()
    assert {rule.kind for rule in recipe.rules} == {"noise", "no text"} and recipe.needs_given
    new = pd.DataFrame({"text": ["near", "far", " ", "nowhere"]})
    vectors = np.stack([np.eye(8)[0], -np.eye(8)[1], np.eye(8)[0], np.eye(8)[7]])
    applied = recipe.apply(new, vectors=vectors)
    assert applied.keep.tolist() == [True, False, False, False]
    assert applied.reason == ["", "noise", "no text", "noise"] and applied.cluster.tolist()[1:] == [-1, -2, -1]
    with pytest.raises(RecipeError, match="give them as vectors="):
        recipe.apply(new)
    left = recipe.apply(new, on_missing="skip")
    assert left.keep.tolist() == [True, True, False, True] and "1 rule by vectors" in left.skipped[0]
    for wrong in (vectors[:2], vectors[:, :4], [["a"] * 8] * 4, np.full((4, 8), np.nan)):
        with pytest.raises(RecipeError):
            recipe.apply(new, vectors=wrong)


def test_copies_are_a_rule_and_the_first_stays(tmp_path: Path) -> None:
    df = pd.concat([table(20), table(20).head(6)], ignore_index=True)
    s = session(df, tmp_path, label="topic")
    s.run()
    s.accept(next(one for one in s.suggestions if one.kind == "copies"))
    recipe = s.recipe()
    assert recipe.across.duplicates is not None and recipe.across.duplicates.exact and recipe.across.duplicates.label
    old = df["text"][0]
    texts, label = ["say it again sam", " say  it again sam", "say it again sam", old, old], df["topic"][0]
    new = pd.DataFrame({"text": texts, "topic": ["cats", "cats", "rain", label, label]})
    applied = recipe.apply(new)
    # the second is a copy; the third has another label; of the last two the session knew one or both
    assert applied.keep.tolist()[:4] == [True, False, True, True] and not applied.keep[4]
    assert applied.group.tolist()[:3] == [0, 0, -1] and applied.reason[1] == "copy of a row that stays"
    with pytest.raises(RecipeError, match="'topic', which is the label"):
        recipe.apply(new[["text"]])
    skipped = recipe.apply(new[["text"]], on_missing="skip")
    assert skipped.keep[:3].all() and "copies under one label are not looked for" in skipped.skipped[0]


def test_each_rule_counts_its_own_rows_of_a_decision(tmp_path: Path) -> None:
    said = "please transfer the money to my savings account"
    texts = [*table(20)["text"], *table(20)["text"].head(6), said, said.replace("transfer", "trasnfer"), *["transfer money"] * 3]
    s = session(pd.DataFrame({"text": [*texts, *[f"transfer {at}" for at in range(10)]]}), tmp_path)
    s.run()
    found = {one.kind: one for one in s.suggestions if one.kind in ("copies", "near_copies") and one.tier == "safe"}
    s.accept(list(found.values()), "drop")
    assert {rule.kind: rule.rows for rule in s.recipe().rules} == {"copies": 8, "near copies": 1}
    assert found["copies"].count == 8 and found["near_copies"].count == 1
    s.drop([72, 73], source={"kind": "suggestion", "kinds": ["copies"]})
    assert s.recipe().rules[0].rows == 10


def test_near_copies_go_by_letters_only_where_letters_were_accepted(tmp_path: Path) -> None:
    base = ["please transfer the money to my savings account", "where is the nearest cash machine in this town"]
    often = [f"{word} {at}" for at in range(10) for word in ("transfer", "nearest")]  # so what is near them is a slip
    df = pd.DataFrame({"text": [*table(20)["text"], base[0], base[0].replace("transfer", "trasnfer"), *often]})
    s = session(df, tmp_path)
    s.run()
    s.accept(next(one for one in s.suggestions if one.kind == "near_copies" and one.tier == "safe"), "drop")
    recipe = s.recipe()
    assert recipe.across.duplicates is not None and recipe.across.duplicates.costs == (0, 2, 4)
    new = [base[1], base[1].replace("nearest", "neraest"), base[1].replace("this", "that"), base[1].replace("cash", "no")]
    assert recipe.apply([*new, *often]).keep.tolist()[:4] == [True, False, True, True]


def test_a_text_that_was_cut_is_no_near_copy(tmp_path: Path) -> None:
    """What differs in it may come after the cut. A copy it is where the whole original is one."""
    df = pd.DataFrame({"text": [*table(20)["text"], "where is the card", "Where is the card?"]})
    s = session(df, tmp_path, prepare=elute.Prepare(max_chars=100))
    s.run()
    s.accept(next(one for one in s.suggestions if one.kind == "near_copies"), "drop")
    context = "the handbook says that rule number one holds " * 3
    new = [f"{context}: who signs it?", f"{context}: when is it closed?", f"{context}: who signs it?"]
    applied = s.recipe().apply(pd.DataFrame({"text": new}))
    assert applied.keep.tolist() == [True, True, False]


def test_rows_that_differ_in_their_layout_or_their_tags_are_no_copies(tmp_path: Path) -> None:
    pairs = [
        ("for x in xs:\n    save(x)\n    quit()", "for x in xs:\n    save(x)\nquit()"),
        ('What plant is this one here? <img src="1.jpg">', 'What plant is this one here? <img src="2.jpg">'),
    ]
    new = [text for pair in pairs for text in (*pair, pair[0])]
    for whitespace in (True, False):
        s = session(pd.DataFrame({"text": [*table(20)["text"], *new]}), tmp_path, prepare=elute.Prepare(whitespace=whitespace))
        s.run()
        assert s.findings[["copy", "near_copy"]].tail(6).any(axis=1).tolist() == [False, False, True] * 2
        recipe = replace(s.recipe(), across=Across(duplicates=Duplicates(True, (0, 2, 4))))
        assert recipe.apply(pd.DataFrame({"text": ["something else", *(f"{text} " for text in new)]})).keep.tolist() == [
            True,
            *[True, True, False] * 2,
        ]


def test_what_was_learned_is_a_rule(tmp_path: Path) -> None:
    df = table(60)
    s = session(df, tmp_path, clusterer=elute.KMeans(6))
    s.run()
    rain = (df["topic"] == "rain").to_numpy()
    s.drop(np.flatnonzero(rain)[:20])
    s.approve(np.flatnonzero(~rain)[:20])
    s.run()
    learned = s.learn("rain")
    found = [one for one in s.suggestions if one.kind == "learned" and "drop" in one.actions]
    assert learned.sure and found
    s.accept(found[0], "drop")
    recipe = s.recipe()
    assert [rule.kind for rule in recipe.rules] == ["filter"]
    new = table(60, seed=3)
    applied = recipe.apply(new)
    assert (new["topic"][~applied.keep] == "rain").mean() > 0.9 and (~applied.keep).sum() > 20
    assert recipe.filters[0][1].name == "" and s.recipe(texts=True).filters[0][1].name == "rain"


def kinds_of_texts() -> tuple[list[str], dict[str, Any]]:
    """150 texts about cats, 80 about dogs, 80 of spam, whose words are none of the others'; and 20 new ones of the last two."""
    rng = np.random.default_rng(1)

    def texts(kind: str, count: int) -> list[str]:
        return [" ".join(rng.choice([f"{kind}{word}" for word in range(30)], 8)) for _ in range(count)]

    return texts("cat", 150) + texts("dog", 80) + texts("spam", 80), {"dog": texts("dog", 20), "spam": texts("spam", 20)}


def spam_dropped(data: list[str], path: Path) -> elute.Session:
    """A session in which spam went and cats stay, so that a filter can be learned."""
    s = session(data, path, text=None)
    s.run()
    s.drop(np.arange(230, 270))
    s.approve(np.arange(60))
    s.run()
    return s


def accept_learned(s: elute.Session) -> None:
    s.accept(next(one for one in s.suggestions if one.kind == "learned" and "drop" in one.actions), "drop")


def test_the_filter_that_was_accepted_is_the_rule_whichever_was_learned_or_named_besides(tmp_path: Path) -> None:
    data, new = kinds_of_texts()
    s = spam_dropped(data, tmp_path)
    s.learn("spam")
    # another mind: dogs go and spam stays, by a filter without a name
    s.restore(np.arange(230, 270))
    s.approve(np.arange(230, 310))
    s.drop(np.arange(150, 190))
    s.run()
    s.learn()
    accept_learned(s)
    for at in (s, session(data, tmp_path, text=None)):  # in another process, nothing is in memory
        at.run()
        recipe = at.recipe()
        assert recipe.apply(new["dog"]).keep.sum() <= 2 and recipe.apply(new["spam"]).keep.all()


def test_what_is_learned_and_not_accepted_is_no_rule(tmp_path: Path) -> None:
    data, new = kinds_of_texts()
    s = spam_dropped(data, tmp_path)
    s.learn()
    accept_learned(s)
    s.run()
    s.drop(np.arange(150, 190))
    s.run()
    s.learn()
    s.undo()
    s.run()
    recipe = s.recipe()
    assert recipe.apply(new["dog"]).keep.all() and recipe.apply(new["spam"]).keep.sum() <= 2


@pytest.mark.parametrize("data", [{}, {"filters": 1}, {"filters": ["x"]}, {"filters": [{"weights": "?"}]}])
def test_a_journal_that_does_not_say_which_filter_was_accepted_drops_its_rows_alone(data: Any, tmp_path: Path) -> None:
    texts, new = kinds_of_texts()
    s = session(texts, tmp_path, text=None)
    s.run()
    s.drop(np.arange(230, 270))
    s.run()
    s.learn("spam")
    found = next(one for one in s.suggestions if one.kind == "learned" and "drop" in one.actions)
    s.drop(found.rows, source={"kind": "suggestion", "kinds": ["learned"]}, data=data)  # earlier versions noted none
    s.run()
    recipe = s.recipe()
    assert recipe.filters == () and recipe.decisions[-1].replays == "not replayable"
    assert recipe.apply(new["spam"]).keep.all()
    np.testing.assert_array_equal(recipe.apply(texts).keep, s.keep)
    said = "\n".join(recipe.explain())
    assert f"Not replayable: decision 2, learned ({found.count} rows). Its rows go by their content and no others" in said
    assert f"{40 + found.count} decisions on single rows" in said


def test_what_can_not_be_done_again_is_counted_and_named(tmp_path: Path) -> None:
    df = pd.concat([table(10), pd.DataFrame({"text": [None, "<b>some</b> words"]})], ignore_index=True)
    s = session(df, tmp_path, label="topic", fill=lambda row: SECRET)
    s.run()
    s.relabel([1, 2, 3], SECRET)
    s.tag([4], SECRET)
    s.edit([31], "markup")
    s.rename(0, SECRET)
    recipe = s.recipe()
    assert [told.kind for told in recipe.decisions if told.replays == "not replayable"] == [
        "relabel",
        "tag",
        "edit",
        "rename",
        "fill",
    ]
    lines = [line for line in recipe.explain() if line.startswith("Not replayable")]
    assert len(lines) == 5 and "(3 rows)" in "".join(lines) and SECRET not in "".join(lines)
    assert "5 of the decisions are not replayable" in str(recipe.preflight(["text", "topic"]))


def test_balance_caps_are_counted_in_the_data_at_hand() -> None:
    stratum = np.array([0] * 10 + [1] * 4 + [2] * 4, np.int64)
    rank = np.arange(18, dtype=np.uint64)[::-1].copy()
    settled, here = np.zeros(18, bool), np.ones(18, bool)
    settled[0] = True
    caps = Balance(times=1.0).caps({0: 10, 1: 4, 2: 4})
    assert caps == {0: 4}
    goes = thinned(stratum, rank, np.arange(18), settled, here, caps)
    assert np.flatnonzero(~goes[:10]).tolist() == [0, 7, 8, 9] and not goes[10:].any()  # settled, then the smallest ranks
    assert Balance(most=3, only=(1,)).caps({0: 10, 1: 4, 2: 4}) == {1: 3}
    assert Balance(most=10).caps({0: 10}) == {} and Balance(most=1).caps({}) == {}


@pytest.mark.parametrize(
    ("how", "words"),
    [({"by": "topic", "most": 3}, "is 'topic'; it must be one of 'cluster', 'label'"), ({}, "needs a cap"), ({"most": 0}, "at least 1"),
     ({"most": 2.5}, "a whole number"), ({"most": True}, "a whole number"), ({"times": -1}, "above 0"), ({"times": np.nan}, "above 0"),
     ({"times": "2"}, "above 0"), ({"most": 3, "only": "cats"}, r"such as \('cats',\)"), ({"by": ["label"], "most": 3}, "one of")],
)  # fmt: skip
def test_a_balance_that_makes_no_sense_is_refused(how: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Balance(**how)


def test_what_is_capped_is_there(tmp_path: Path) -> None:
    s, new = session(table(30), tmp_path, label="topic"), table(40, seed=4)
    with pytest.raises(InputError, match="run.. first"):
        s.recipe(balance=Balance(most=3))
    s.run()
    recipe = s.recipe(balance=Balance("label", 9.0, most=10, only=("cats",)))
    applied = recipe.apply(new)
    assert any("Of 1 label no more than 9 times the median and no more than 10 rows stay" in told for told in recipe.explain())
    stay = new["topic"][applied.keep].value_counts()
    assert stay["cats"] == 10 and set(stay.drop("cats")) == {40}
    for by, wrong in (("label", "dogs"), ("label", 3), ("cluster", 99), ("cluster", "cats"), ("label", None)):
        with pytest.raises(InputError, match=f"which is no {by} here"):
            s.recipe(balance=Balance(by, most=10, only=(wrong,)))
    assert s.recipe(balance=Balance(most=10, only=(np.int32(0),))).across.balance == Balance(most=10, only=(0,))
    bare = session(table(30), tmp_path / "bare")
    bare.run()
    with pytest.raises(InputError, match="no labels to cap"):
        bare.recipe(balance=Balance("label", most=10))


def test_a_cap_of_labels_can_be_asked_for(tmp_path: Path) -> None:
    df = table(30)
    s = session(df, tmp_path, label="topic")
    s.run()
    new = pd.concat([table(40, seed=4), table(5, seed=5)], ignore_index=True)
    new = new[(new["topic"] != "cats") | (new.index < 60)].reset_index(drop=True)
    recipe = s.recipe(balance=Balance("label", most=10))
    applied = recipe.apply(new)
    assert applied.keep.sum() == 30 and new["topic"][applied.keep].value_counts().tolist() == [10, 10, 10]
    assert recipe.apply(df).keep.all()  # rows that the session kept stay
    order = np.random.default_rng(0).permutation(len(new))
    again = recipe.apply(new.iloc[order])
    assert set(new["text"][applied.keep]) == set(new["text"].iloc[order][again.keep])


def test_groups_go_whole() -> None:
    group = np.array([1, 1, 2, 2, 0, 0], np.uint64)
    goes = np.array([True, False, True, False, True, False])
    stays = np.array([False, False, False, True, False, False])
    assert with_groups(group, goes, stays).tolist() == [True, True, False, False, True, False]
    of, row = np.array([7, 7, 7, 0, 9], np.uint64), np.array([5, 3, 4, 1, 2])
    none, here = np.zeros(5, bool), np.ones(5, bool)
    assert survivors(of, row, none, here).tolist() == [True, False, True, False, False]
    assert survivors(of, row, np.array([1, 0, 1, 0, 0], bool), here).tolist() == [False, True, False, False, False]


def test_columns_are_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    df = table(10).rename(columns={"text": "utterance"})
    s = session(df, tmp_path, text="utterance")
    s.run()
    recipe = s.recipe()
    assert recipe.columns == ("utterance",)
    there = pd.DataFrame({"Utterance ": df["utterance"], "n": 1})
    found = recipe.preflight(there)
    assert (
        not found.ok
        and found.columns == {"utterance": "Utterance "}
        and "columns={'utterance': 'Utterance '}" in found.missing[0]
    )
    with pytest.raises(RecipeError, match="no column 'utterance', which is the text"):
        recipe.apply(there, on_missing="skip")
    with pytest.raises(RecipeError, match="does not have"):
        recipe.apply(there, columns={"utterance": "nope"})
    both = pd.DataFrame({"utterance": "untitled", "body": df["utterance"]})
    for act in (recipe.apply, recipe.preflight, recipe.judge, recipe.contents):
        with pytest.raises(RecipeError, match="^The recipe knows no column 'Utterance'; it reads 'utterance'"):
            act(both, columns={"Utterance": "body"})
    assert recipe.preflight(there, found.columns).ok
    np.testing.assert_array_equal(recipe.apply(there, columns=found.columns).keep, s.keep)
    assert recipe.apply(df["utterance"].tolist()).known.all()  # a list of texts needs no name
    for wrong in (7, {"a": 1}, "a text"):
        with pytest.raises(EluteError):
            recipe.apply(wrong)
    with pytest.raises(RecipeError, match="on_missing"):
        recipe.apply(df, on_missing="perhaps")


def test_columns_that_are_there_and_not_read_are_no_missing_ones(tmp_path: Path) -> None:
    df = table(10)
    s = session(df, tmp_path, label="topic")
    s.drop([0])
    recipe = s.recipe()
    there = df.rename(columns={"topic": "intent"}).assign(more=1)
    names, columns = list(there.columns), {"topic": "intent"}
    assert recipe.columns == ("text", "topic")  # the label tells which of equal texts a row is
    some = recipe.judge(there[["text"]], columns=columns, names=names)
    assert some.keep.tolist() == recipe.judge(there, columns=columns).keep.tolist() == s.keep.tolist()
    assert np.array_equal(recipe.contents(there[["text", "intent"]], columns, names), recipe.contents(there, columns))
    with pytest.raises(RecipeError, match="There are: 'body', 'intent'"):
        recipe.judge(there[[]], names=["body", "intent"])


def test_templates_and_fills_take_other_names() -> None:
    reads = Reads("{{{title}}}: {body}", "kind", None, {"title": elute.FromColumn("short"), "body": "none"})
    assert reads.text_columns == ("title", "body") and reads.fill_columns == ("short",)
    other = reads.named({"title": "T", "short": "S"}, ("kind",))
    assert other.text == "{{{T}}}: {body}" and other.label is None
    made = other.corpus(pd.DataFrame({"T": ["a", None], "S": ["x", "y"], "body": [None, "b"]}))
    assert made.texts == ["{a}: none", "{y}: b"]
    assert Reads.from_dict(reads.to_dict()) == reads


@pytest.mark.parametrize("fill", ["", {"body": ""}, "none", elute.FromColumn("title")])
def test_a_missing_part_is_filled_as_the_session_filled_it(fill: Any, tmp_path: Path) -> None:
    df = pd.DataFrame({"title": ["", *table(12)["text"][:30]], "body": [None, *["of animals", None, None] * 10]})
    s = session(df, tmp_path / "s", text=["title", "body"], fill=fill)
    s.run()
    s.drop([0, 4, 7])
    made = s.recipe()
    for recipe in (made, Recipe.load(made.save(tmp_path / "recipe"))):
        assert recipe.apply(df).keep.tolist() == s.keep.tolist()
        assert sum(one.startswith("A missing ") for one in recipe.explain()) == 1
    one = elute.Sampled(df, ["title", "body"], rows=9, fill=fill, embedder="tfidf", projector="pca", path=tmp_path / "sampled")
    assert one.carry().keep.all()


@pytest.mark.parametrize("n", [0, 1])
def test_few_rows(n: int, tmp_path: Path) -> None:
    s = session(table(10), tmp_path)
    s.run()
    s.drop(cluster=0)
    assert len(s.recipe().apply(table(10, seed=2).head(n))) == n
    assert len(s.recipe().apply([None] * n)) == n
    lone = session(table(5), tmp_path / "none")
    assert lone.recipe().apply(table(5)).keep.all() and "no round" in " ".join(lone.recipe().explain())


def test_another_version_of_a_model_is_refused(tmp_path: Path) -> None:
    class Model(elute.Embedder):
        name, version = "model", "1"

        def embed_batch(self, texts: list[str]) -> np.ndarray:
            return np.ones((len(texts), 2))

        def key(self) -> str:
            return f"model:{self.version}"

    s = session(table(5), tmp_path)
    s.run()
    made = s.recipe().embedding
    assert made.kind == "vocabulary" and made.checked(made.make()) is made.vocabulary
    with pytest.raises(RecipeError, match="another version"):
        made.checked(Model())


def test_a_remote_model_is_asked_for_first(tmp_path: Path) -> None:
    from dataclasses import replace

    from elute.embed.forms import OpenAI
    from elute.options import to_dict
    from elute.recipe.embedding import Embedding

    s = session(table(5), tmp_path)
    s.run()
    s.drop(cluster=0)
    recipe = s.recipe()
    remote = replace(recipe, embedding=Embedding("openai", "openai", to_dict(OpenAI()), "", recipe.embedding.dimension, ""))
    with pytest.raises(RecipeError, match="remote=True"):
        remote.apply(["new text"])
    found = remote.preflight(["text"])
    assert not found.ok and "off this machine" in " ".join(found.notes)
    assert isinstance(Recipe.load(remote.save(tmp_path / "r")), Recipe)


def test_a_thinned_cluster_is_a_cap_counted_in_new_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sizes, centres = [400, 40, 40, 40, 40, 40], np.eye(12)[:6]
    X = np.concatenate([rng.normal(centre, 0.08, (size, 12)) for size, centre in zip(sizes, centres, strict=True)]).astype(
        np.float32
    )
    s = session([f"text {row}" for row in range(len(X))], tmp_path, text=None, embedder=X, clusterer=elute.KMeans(6))
    s.run()
    s.accept(next(one for one in s.suggestions if one.kind == "thin"), "thin")
    s.run()
    recipe = s.recipe()
    balance = recipe.across.balance
    assert (
        balance is not None
        and balance.times is not None
        and len(balance.only) == 1
        and [rule.kind for rule in recipe.rules] == ["balance"]
    )
    applied = recipe.apply([f"new {row}" for row in range(len(X))], vectors=X)
    counts = np.bincount(applied.cluster[applied.keep])
    assert counts.max() == round(balance.times * 40) < 400 and (~applied.keep).sum() == 400 - counts.max()
    assert "times the median" in " ".join(recipe.explain())


def test_it_is_made_from_a_journal_as_well(tmp_path: Path) -> None:
    df = table(30)
    s = session(df, tmp_path, label="topic")
    s.run()
    s.drop(cluster=0)
    s.run()
    recipe = s.recipe()
    s.journal.close()
    again = session(df, tmp_path, label="topic")
    assert again.recipe().digest == recipe.digest


def test_rows_of_reference_stay_out_of_it(tmp_path: Path) -> None:
    df = table(30)
    s = session(df, tmp_path, reference=table(5, seed=8))
    made = s.run()
    s.drop(cluster=0)
    recipe = s.recipe()
    assert len(recipe.known.ids) == len(df) == len(made.labels) and [rule.kind for rule in recipe.rules] == ["cluster"]
    np.testing.assert_array_equal(recipe.apply(df).keep, s.keep)


@pytest.mark.parametrize("by", ["column", "mask"])
def test_rows_of_reference_in_the_table_itself_are_no_rows_that_stay(by: str, tmp_path: Path) -> None:
    df = table(20).assign(test=np.arange(60) % 3 == 0)
    df.loc[4, "text"] = df.loc[3, "text"]  # stands in both: it is dropped from training alone
    df.loc[9, "text"] = None
    s = session(df, tmp_path / "s", reference="test" if by == "column" else df["test"].to_numpy())
    s.run()
    s.drop([4, 5, 7, 9])
    recipe = Recipe.load(s.recipe().save(tmp_path / "recipe"))
    applied = recipe.apply(df)
    assert applied.clean()["text"].tolist() == s.clean()["text"].tolist()
    assert applied.counts == {"row of the reference": 20, "decision 1: code": 3}
    explained = " ".join(recipe.explain())
    assert "from 40 rows, of which 37 stay." in explained and "20 rows of the reference" in explained
    df.to_parquet(tmp_path / "own.parquet")
    done = elute.apply_recipe(recipe, tmp_path / "own.parquet", tmp_path / "out", engine="inline")
    out = pd.read_parquet(tmp_path / "out" / "data" / "own.parquet")
    assert done.went == applied.counts and done.kept == len(out) == 37 and not out["test"].any()
    if by == "column":
        told = df.iloc[::-1].astype({"test": str}).rename(columns={"test": "held"})
        again = recipe.apply(told, columns={"test": "held"})
        assert again.keep.tolist() == applied.keep[::-1].tolist() and not again.skipped
        assert "no column 'test'" in recipe.apply(told).skipped[0] and recipe.apply(told).keep.sum() == 37
        new = table(9, seed=4).assign(test=[None, 1.0, 0.0] * 9)
        assert recipe.apply(new).keep.tolist() == [True, False, True] * 9
        with pytest.raises(RecipeError, match="something else than True and False"):
            recipe.apply(new.assign(test="perhaps"))


def test_what_is_of_the_reference_takes_no_new_row_with_it(tmp_path: Path) -> None:
    df = table(20).assign(test=np.arange(60) < 20, group=np.arange(60) // 2)
    s = session(df, tmp_path, reference="test", group="group")
    s.run()
    recipe = replace(s.recipe(), across=Across(True, Duplicates(), Balance("cluster", most=60)))
    new = df[:20].assign(test=False)  # equal texts, in the same groups
    assert recipe.apply(pd.concat([df, new], ignore_index=True)).keep.tolist() == [*~df["test"], *[True] * 20]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "datasets"])
def test_every_kind_of_table(kind: str, tmp_path: Path) -> None:
    df = table(12)
    s = session(df, tmp_path, label="topic")
    s.run()
    s.drop(cluster=0)
    recipe, made = s.recipe(), kinds()[kind](df)
    applied = recipe.apply(made)
    np.testing.assert_array_equal(applied.keep, s.keep)
    assert type(applied.table()) is type(made) and type(applied.clean()) is type(made) and len(applied.clean()) == s.keep.sum()


def kinds() -> dict[str, Any]:
    import datasets
    import polars
    import pyarrow

    return {
        "pandas": lambda df: df,
        "polars": polars.from_pandas,
        "pyarrow": lambda df: pyarrow.Table.from_pandas(df),
        "datasets": lambda df: datasets.Dataset.from_pandas(df),
    }


def test_a_table_sorted_after_it_was_judged_gives_the_rows_that_stay() -> None:
    texts = [f"good {row}" for row in range(6)] + ["BAD 1", "BAD 2"]
    s = elute.Session(texts, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca")
    s.drop([6, 7])
    rows = texts.copy()
    applied = s.recipe().apply(rows)
    rows.sort()
    assert applied.clean() == texts[:6] and [row["text"] for row in applied.table() if not row["keep"]] == texts[6:]


def test_hostile_strings_pass_through_as_they_are(tmp_path: Path) -> None:
    strings = [*(blns() if BLNS.exists() else []), "\ud800", "{0.__class__}", "../../etc/passwd", "=cmd()", "\x00", "a" * 20_000]
    df = pd.DataFrame({"{x}": strings, "why": strings[::-1]}, dtype=object)
    s = session(df, tmp_path / "s", text="{x}", label="why", clusterer=elute.KMeans(3))
    s.run()
    s.drop(cluster=0, reason="<script>")
    s.drop(np.arange(0, len(df), 7), reason="\ud800")
    s.run()
    for texts in (False, True):
        recipe = elute.load_recipe(s.recipe(texts=texts).save(tmp_path / f"r{texts}"))
        np.testing.assert_array_equal(recipe.apply(df).keep, s.keep)
        assert all(isinstance(line, str) for line in recipe.explain())
    new = pd.DataFrame({"{x}": [text + "?" for text in strings], "why": strings}, dtype=object)
    assert len(recipe.apply(new)) == len(new) and recipe.apply(new).table()["{x}"].tolist() == new["{x}"].tolist()


def test_in_any_order_as_many_rows_that_were_brought_back_stay(tmp_path: Path) -> None:
    df = table(20)
    junk = pd.DataFrame({"text": [df["text"][0]] * 3, "topic": ["cats", "other", "cats"]})
    df = pd.concat([junk, df], ignore_index=True)
    s = session(df, tmp_path, label="topic")
    s.run()
    s.drop(s.labels() == s.labels()[0])
    s.restore([0])
    made = s.recipe()
    recipe = replace(
        made, clusters=replace(made.clusters, rule=np.zeros_like(made.clusters.rule))
    )  # whatever it does not know goes
    for order in permutations(range(3)):
        some = df.iloc[[*order, *range(3, len(df))]]
        stay = recipe.apply(some).keep[:3]
        assert some["topic"].head(3)[stay].tolist() in (["cats"], ["cats", "cats"]), order  # a copy too many, and none lost


def test_of_equal_texts_the_decision_goes_to_the_one_with_the_same_label_and_group(tmp_path: Path) -> None:
    df = pd.DataFrame(
        {
            "text": ["card was declined", "card was declined", "one of a kind", *(f"text number {row}" for row in range(20))],
            "label": ["payment", "GARBAGE", "GARBAGE", *["x"] * 20],
        }
    )
    s = session(df, tmp_path, label="label")
    s.drop(df.label == "GARBAGE")
    s.recipe().save(tmp_path / "recipe")
    recipe = elute.load_recipe(tmp_path / "recipe")
    assert recipe.digest == s.recipe().digest
    for turned in (df, df.iloc[::-1], df.sort_values("label"), df.iloc[[1, 2]]):
        done = recipe.apply(turned)
        assert done.keep.tolist() == (turned.label != "GARBAGE").tolist() and not done.skipped
    # in front of them stands a new row with the same text, and one bears another label now
    more = pd.concat([pd.DataFrame({"text": ["card was declined"], "label": ["refund"]}), df], ignore_index=True)
    more.loc[more.text == "one of a kind", "label"] = "y"
    done = recipe.apply(more)
    assert done.keep.tolist() == (more.label != "GARBAGE").tolist()
    assert "a decision on single rows does not take for that: 1." in done.skipped[0] and done.skipped[0] in str(done)
    # without labels, and in recipes from before, equal texts go by their order
    bare = recipe.apply(df[["text"]], on_missing="skip")
    old = replace(recipe, known=replace(recipe.known, whose=None))
    for known in (bare, old.apply(df)):
        assert known.keep.tolist() == (df.label != "GARBAGE").tolist()
    assert old.apply(df.iloc[::-1]).keep.tolist() != recipe.apply(df.iloc[::-1]).keep.tolist()
    old.save(tmp_path / "old")
    assert elute.load_recipe(tmp_path / "old").known.whose is None


@pytest.mark.parametrize("seed", range(3))
def test_over_shards_equal_texts_are_told_apart_as_in_the_whole(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    df = pd.DataFrame(
        {name: rng.choice(list(values), 60) for name, values in (("text", "abcde"), ("label", "LM"), ("conv", "pqrs"))}
    )
    s = session(df, tmp_path, label="label", group="conv")
    s.drop(df.conv == "p")
    recipe = s.recipe()
    assert recipe.apply(df).keep.tolist() == s.keep.tolist()
    turned = df.sample(frac=1, random_state=seed)
    whole, content = recipe.judge(turned), recipe.contents(turned)
    assert (
        set(turned.conv[~recipe.apply(turned).keep]) == {"p"}
        and (turned.conv[~recipe.apply(turned).keep]).size == (df.conv == "p").sum()
    )
    for start in range(0, 60, 20):
        before = np.array([(content[:start] == one).sum() for one in content[start : start + 20]])
        part = recipe.judge(turned.iloc[start : start + 20], before=before)
        assert part.keep.tolist() == whole.keep[start : start + 20].tolist()
        assert part.settled.tolist() == whole.settled[start : start + 20].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_of_the_very_same_rows_as_many_stay_in_any_order_and_over_shards(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    df = pd.DataFrame(
        {"text": rng.choice(list("abc"), 60), "label": rng.choice(["L", "M"], 60), "conv": rng.choice(["p", ""], 60)}
    )
    s = session(df, tmp_path, label="label")
    s.pin(np.flatnonzero(rng.random(60) < 0.2))
    s.drop(rng.random(60) < 0.5)
    s.recipe().save(tmp_path / "recipe")
    recipe = elute.load_recipe(tmp_path / "recipe")
    assert recipe.apply(df).keep.tolist() == s.keep.tolist()
    turned = df.sample(frac=1, random_state=seed).reset_index(drop=True)
    whole, content = recipe.judge(turned), recipe.contents(turned)
    assert whole.settled.all() and recipe.apply(turned).keep.tolist() == whole.keep.tolist()
    assert Counter(zip(turned.text, turned.label, whole.keep, strict=True)) == Counter(
        zip(df.text, df.label, s.keep, strict=True)
    )
    for start in range(0, 60, 20):
        before = np.array([(content[:start] == one).sum() for one in content[start : start + 20]])
        assert (
            recipe.judge(turned.iloc[start : start + 20], before=before).keep.tolist() == whole.keep[start : start + 20].tolist()
        )
    with pytest.raises(RecipeError, match="before= has 3 values"):
        recipe.judge(turned, before=np.zeros(3, np.int64))
