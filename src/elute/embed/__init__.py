"""Step 1 of the cycle: texts to vectors.

``as_embedder`` makes an embedder of whatever the user wrote, and ``embed`` runs it: each distinct text once, the cache first.
"""

from elute.embed.base import Embedder, Embeddings, Estimate, embed
from elute.embed.cache import Cache
from elute.embed.choose import as_embedder
from elute.embed.given import FromFunction, Precomputed
from elute.embed.openai import OpenAIEmbedder
from elute.embed.sentence_bert import SentenceBert
from elute.embed.tfidf import TfidfEmbedder

__all__ = [
    "Cache", "Embedder", "Embeddings", "Estimate", "FromFunction", "OpenAIEmbedder", "Precomputed", "SentenceBert",
    "TfidfEmbedder", "as_embedder", "embed",
]  # fmt: skip
