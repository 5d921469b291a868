"""elute's embedders as forms: the few parameters that the page may set, and the embedder that they stand for.

What decides where texts and keys go (a server's address, the name of the key) or whether code from a model is run is in no form: that
is said in a cell.
"""

from __future__ import annotations

import importlib.util
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from elute.embed.base import Embedder
from elute.embed.choose import ADVICE, OFFLINE, as_embedder
from elute.embed.openai import OpenAIEmbedder
from elute.embed.sentence_bert import DEFAULT, SentenceBert, sbert_installed
from elute.embed.tfidf import TfidfEmbedder
from elute.errors import SettingsError
from elute.options import Options, name_of, option


@dataclass(frozen=True)
class SBERT(Options):
    """Sentence-BERT on this machine."""

    title: ClassVar[str] = "Sentence-BERT"
    when: ClassVar[str] = "Sees meaning, on this machine."

    model: str = option(DEFAULT, help="A model's name on the Hugging Face hub, or its folder.")
    pool: Literal["cut", "mean"] = option("cut", choices=("cut", "mean"), help="Long texts: cut, or the mean of their pieces.")

    def __post_init__(self) -> None:
        super().__post_init__()
        _named(self.model)

    def embedder(self) -> Embedder:
        """What these parameters stand for."""
        return SentenceBert(self.model, pool=self.pool)


@dataclass(frozen=True)
class TFIDF(Options):
    """TF-IDF and a singular value decomposition."""

    title: ClassVar[str] = "TF-IDF"
    when: ClassVar[str] = "Sees letters, not meaning; needs no model and always works."

    dimension: int = option(256, low=1, high=4096, help="At most so many numbers a vector.")

    def embedder(self) -> Embedder:
        """What these parameters stand for."""
        return TfidfEmbedder(self.dimension)


@dataclass(frozen=True)
class OpenAI(Options):
    """OpenAI's embeddings, or those of the server that OPENAI_BASE_URL names."""

    title: ClassVar[str] = "OpenAI"
    when: ClassVar[str] = "Sees meaning; texts leave this machine, and you are asked first."

    model: str = option("text-embedding-3-small", help="The model's name.")
    dimensions: int | None = option(None, low=1, high=100_000, help="Length of the vectors. Empty: the model's own.")
    max_cost: float | None = option(None, low=0, help="US dollars that may be spent; more is refused before anything is sent.")

    def __post_init__(self) -> None:
        super().__post_init__()
        _named(self.model)

    def embedder(self) -> Embedder:
        """What these parameters stand for."""
        return OpenAIEmbedder(self.model, dimensions=self.dimensions, max_cost=self.max_cost)


EMBEDDERS: dict[str, type[SBERT | TFIDF | OpenAI]] = {name_of(cls): cls for cls in (SBERT, TFIDF, OpenAI)}
"""elute's embedders by name, in the order of the menu."""


def usable() -> list[type[Options]]:
    """The forms of what can run here; a package is looked for without importing it."""
    there = {
        SBERT: sbert_installed(),
        TFIDF: True,
        OpenAI: importlib.util.find_spec("openai") is not None
        and any(os.environ.get(name, "").strip() for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL")),
    }
    return [cls for cls, able in there.items() if able]


def default() -> tuple[Options, Embedder]:
    """Sentence-BERT where it is installed; TF-IDF, with a line of advice, otherwise."""
    made = as_embedder(None)
    chosen = form_of(made)
    assert chosen is not None
    return chosen, made


def stand_in() -> tuple[Options, Embedder]:
    """What works where the default's model can't be had: TF-IDF, which says why."""
    return TFIDF(), TfidfEmbedder(advice=OFFLINE)


def form_of(embedder: Embedder) -> Options | None:
    """The parameters that stand for an embedder; None where they do not say all of it."""
    with suppress(SettingsError):  # values that no form takes
        if type(embedder) is SentenceBert and not embedder.trust_remote_code:
            return SBERT(embedder.model, embedder.pool)
        if type(embedder) is TfidfEmbedder and embedder.seed == 0 and embedder.advice in ("", ADVICE, OFFLINE):
            return TFIDF(embedder.dimension)
        if type(embedder) is OpenAIEmbedder:
            told = OpenAI(embedder.model, embedder.dimensions, embedder.max_cost)
            return told if _all_said(embedder, told.embedder()) else None
    return None


def _all_said(one: OpenAIEmbedder, other: Any) -> bool:
    met = {"spent": 0.0, "refused": set[bytes]()}  # what happened since, and no setting
    return {**vars(one), **met} == {**vars(other), **met}


def _named(model: str) -> None:
    if not model.strip():
        raise SettingsError("An embedder needs the name of a model.")
