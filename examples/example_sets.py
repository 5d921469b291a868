"""The sets of the example notebooks: real ones where ``ELUTE_DATA`` names their folder, else sets written by rule, which need no network.

Each is an ordinary dataframe with ``text`` and ``label``, and ``truth``, which elute never sees: what the row really is. ``ELUTE_ROWS``
caps how many rows a notebook works on. ``score`` measures what a set teaches: the accuracy of a plain classifier on clean rows.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent / ".demo"
WRONG, OFF = 0.05, 0.15
"""Shares of labels that are made wrong, and of rows from elsewhere."""
TOPICS = {
    "card_arrival": "card letter post courier envelope tracking",
    "exchange_rate": "rate currency euro pound dollar conversion",
    "lost_phone": "phone stolen lost device number handset",
    "top_up": "top-up balance deposit cheque transfer credit",
    "pin_blocked": "pin blocked attempts code unlock forgotten",
    "cash_withdrawal": "cash machine withdrawal atm notes limit",
    "refund": "refund merchant purchase return dispute shop",
    "fees": "fee charge cost monthly subscription extra",
}
ASKED = (
    "how do i {0} my {1}",
    "why is the {0} for my {1} wrong",
    "can you help with {0} and {1}",
    "what about the {0} of a {1} today",
)
PLACES = "village river district county bridge castle parish valley harbour abbey".split()
FACTS = (
    "the {0} was founded in {2} near a {1}",
    "in {2} the {0} had {3} inhabitants and one {1}",
    "the old {0} lies north of the {1}",
)
CHAT = "dinner home tonight bus late love movie class sleep mum work lunch call later tomorrow weekend".split()
TALK = ("are you {0} or {1} then", "ok see you at {0} after {1}", "sorry was in {0}, {1} now", "did {0} tell you about {1}")
PRIZE = "URGENT! You have WON a £{3} prize. Call 0900{2} now to claim your {0}. Terms apply, 150p/min"
SPAM = (
    PRIZE,
    "FREE {0} for your phone! Text WIN to 8{2}. Cost £1.50, stop to opt out",
    "Winner! Claim {3} free minutes, reply {0} to 8{2}",
)
GIFTS = "ringtone holiday voucher camera tone bonus".split()


def intents(rows: int = 4_000, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Questions by intent into which sentences of an encyclopedia leaked, some labels wrong; and clean rows to test on."""
    rows, random = _most(rows), np.random.default_rng(seed)
    if folder := _real():
        table = _csv(folder, "banking77.csv.gz")
        test = table[table["split"] == "test"][["text", "label"]]
        good = table[table["split"] != "test"][["text", "label"]]
        pool = _csv(folder, "wiki_sents_noise_pool.csv.gz")["text"].drop_duplicates()
        good = good.sample(min(len(good), round(rows * (1 - OFF))), random_state=seed)
    else:
        made = _questions(rows, random)
        test, good = made.iloc[: rows // 4], made.iloc[rows // 4 :]
        pool = pd.Series(_written(FACTS, PLACES, rows, random)).drop_duplicates()
    off = pool.sample(min(len(pool), round(len(good) * OFF / (1 - OFF))), random_state=seed)
    wrong = good.index[random.permutation(len(good))[: round(WRONG * len(good))]]
    labels = good["label"].unique()
    table = good.assign(truth="good")
    table.loc[wrong, "truth"] = "wrong label"
    table.loc[wrong, "label"] = [random.choice(labels[labels != label]) for label in table.loc[wrong, "label"]]
    foreign = pd.DataFrame({"text": off.to_numpy(), "label": random.choice(labels, len(off)), "truth": "off topic"})
    return _shuffled(pd.concat([table, foreign]), seed), test.reset_index(drop=True)


def messages(rows: int = 6_000, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Short messages with spam among them, messages that nobody has seen yet (a quarter), and spam that was reported (one in five)."""
    rows, random = _most(rows), np.random.default_rng(seed)
    if folder := _real():
        table = _csv(folder, "sms_spam.csv.gz")[["text", "label"]].rename(columns={"label": "truth"})
    else:
        spam = round(rows * OFF)
        texts = [*_written(TALK, CHAT, rows - spam, random), *_written(SPAM, GIFTS, spam, random)]
        table = pd.DataFrame({"text": texts, "truth": ["ham"] * (rows - spam) + ["spam"] * spam})
    table = _shuffled(table, seed)[:rows]
    seen, unseen = table[: 3 * len(table) // 4], table[3 * len(table) // 4 :]
    reported = seen[seen["truth"] == "spam"][::5]
    return seen.drop(reported.index).reset_index(drop=True), unseen.reset_index(drop=True), reported.reset_index(drop=True)


def requests(rows: int = 6_000, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Requests by label, of which three kinds outweigh all others; and as many of each label to test on."""
    rows, random = _most(rows), np.random.default_rng(seed)
    if folder := _real():
        table = pd.read_parquet(folder / "sgd_user_turns.parquet").drop_duplicates("text")[["text", "label"]]
    else:
        table = _questions(12 * rows, random).drop_duplicates("text")
    counts = table["label"].value_counts()
    each = min(50, int(counts.min()) // 4)
    test = table.groupby("label").sample(each, random_state=seed)
    table = table.drop(test.index)
    large, others = counts.index[:3], len(counts) - 3
    wanted = {label: rows // 4 if label in large else max(2, rows // 4 // others) for label in counts.index}
    table = pd.concat(part.head(wanted[label]) for label, part in _shuffled(table, seed).groupby("label"))
    return _shuffled(table, seed), test.reset_index(drop=True)


def score(train: pd.DataFrame, test: pd.DataFrame, label: str = "label") -> float:
    """Accuracy on ``test`` of logistic regression on TF-IDF, taught by ``train``."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=500))
    return float((model.fit(train["text"], train[label]).predict(test["text"]) == test["label"]).mean())


def _real() -> Path | None:
    folder = os.environ.get("ELUTE_DATA")
    return Path(folder) if folder else None


def _most(rows: int) -> int:
    return min(rows, int(os.environ.get("ELUTE_ROWS") or rows))


def _csv(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, keep_default_na=False)


def _shuffled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    return table.sample(frac=1, random_state=seed).reset_index(drop=True)


def _questions(rows: int, random: np.random.Generator) -> pd.DataFrame:
    labels = random.choice(list(TOPICS), rows)
    texts = [_written(ASKED, TOPICS[label].split(), 1, random)[0] for label in labels]
    return pd.DataFrame({"text": texts, "label": labels})


def _written(forms: tuple[str, ...], words: list[str], rows: int, random: np.random.Generator) -> list[str]:
    """Sentences by rule: two words, a number of four digits and one of three."""
    made = []
    for _ in range(rows):
        one, two = random.choice(words, 2, replace=False)
        made.append(str(random.choice(forms)).format(one, two, random.integers(1000, 2020), random.integers(100, 999)))
    return made
