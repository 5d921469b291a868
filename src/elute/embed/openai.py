"""Embeddings from OpenAI, and from every server that speaks its protocol."""

from __future__ import annotations

import base64
import importlib.util
import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from elute.embed.base import Embedder, Estimate
from elute.embed.cache import text_hash
from elute.embed.remote import TooLong, call
from elute.errors import BudgetError, EmbeddingError, MissingExtraError, ProviderError, SettingsError
from elute.keys import struck, variable
from elute.progress import SILENT, Progress
from elute.refusals import limit_and_asked
from elute.servers import address, is_openai

PRICES = {"text-embedding-3-small": 0.02, "text-embedding-3-large": 0.13, "text-embedding-ada-002": 0.10}
"""US dollars for a million tokens at OpenAI (list prices of 2025)."""

TOKENS_A_REQUEST = 100_000
"""OpenAI takes 300,000; a third leaves room for estimates that are too low."""

BYTES_A_TOKEN = 3
"""Of UTF-8. English has 4 to 5, Chinese about 3: so an estimate is rather too high than too low."""

SHORTEST = 64
"""Bytes of a text that every model reads: who finds them too long means something else."""


class OpenAIEmbedder(Embedder):
    """Embeds by ``POST {base_url}/embeddings``. Texts leave this machine.

    Parameters
    ----------
    model : str, default="text-embedding-3-small"
    base_url : str, optional
        Of a compatible server, such as "http://localhost:11434/v1". None: ``OPENAI_BASE_URL`` if it is set, OpenAI otherwise.
    key_env : str, default="OPENAI_API_KEY"
        Name of the environment variable that holds the key. It is read for each request and kept nowhere.
    dimensions : int, optional
        Length of the vectors, for models that can shorten them.
    batch_size : int, default=256
        At most so many texts a request.
    max_retries : int, default=5
    max_cost : float, optional
        US dollars this embedder may spend in its life; more is refused before anything is sent.
    price : float, optional
        US dollars for a million tokens, where the model is not one whose price is known.
    max_tokens : int, default=8191
        Tokens of a text the model reads; what is beyond, as far as can be told without its tokenizer, is cut. A text that the server
        finds too long all the same, such as one of digits, is cut further, and a note says so.
    timeout : float, default=60
        Seconds for one request.
    """

    remote = True

    def __init__(
        self,
        model: str = "text-embedding-3-small",
        *,
        base_url: str | None = None,
        key_env: str = "OPENAI_API_KEY",
        dimensions: int | None = None,
        batch_size: int = 256,
        max_retries: int = 5,
        max_cost: float | None = None,
        price: float | None = None,
        max_tokens: int = 8191,
        timeout: float = 60.0,
    ) -> None:
        if importlib.util.find_spec("openai") is None:
            raise MissingExtraError("OpenAI's embeddings", "openai")
        for setting, value, low, high in (
            ("dimensions", dimensions, 1, None), ("batch_size", batch_size, 1, 2048), ("max_retries", max_retries, 0, None),
            ("max_cost", max_cost, 0, None), ("price", price, 0, None), ("max_tokens", max_tokens, 1, None),
        ):  # fmt: skip
            if value is not None and (value < low or (high is not None and value > high)):
                raise SettingsError(f"{setting} must be at least {low}{f' and at most {high}' if high else ''}, not {value}")
        self.model, self.key_env, self.dimensions, self.batch_size = model, variable(key_env), dimensions, batch_size
        self.max_retries, self.max_cost, self.max_tokens, self.timeout = max_retries, max_cost, max_tokens, timeout
        self.base_url = address(base_url)
        self.price = price if price is not None or not is_openai(self.base_url) else PRICES.get(model)
        if max_cost is not None and self.price is None:
            raise SettingsError(f"max_cost needs price=, US dollars for a million tokens: that of {model!r} is not known here")
        self.name = self._who()  # the host is a part: it is what a person agrees to
        self.spent = 0.0
        self.refused: set[bytes] = set()  # hashes of texts that the server found too long

    def __repr__(self) -> str:
        return f"OpenAIEmbedder({self.model!r}, base_url={self.base_url!r}, key_env={self.key_env!r})"

    def key(self) -> str:
        return f"openai:{self.base_url or 'api.openai.com'}:{self.model}:{self.dimensions}:{self.max_tokens}"

    def begin(self, texts: list[str], progress: Progress) -> None:
        """Refuse a missing key, or a cost above ``max_cost``, before anything is sent."""
        self._secret()
        self._afford(texts)

    def batches(self, texts: list[str]) -> Iterable[np.ndarray]:
        start, tokens = 0, 0
        for i, text in enumerate(texts):
            new = self._tokens(text)
            if i > start and (i - start == self.batch_size or tokens + new > TOKENS_A_REQUEST):
                yield np.arange(start, i)
                start, tokens = i, 0
            tokens += new
        yield np.arange(start, len(texts))

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        return self.run_batch(texts, SILENT)

    def run_batch(self, texts: list[str], progress: Progress) -> np.ndarray:
        self._afford(texts)
        return np.concatenate(self._parts(texts, [self._cut(text) for text in texts], progress))

    def _parts(self, texts: list[str], cut: list[str], progress: Progress) -> list[np.ndarray]:
        """Vectors of the texts, as ``cut``, in as many requests as the server wants: halves, until a text that is too long is alone."""
        try:
            return [self._vectors(self._asked(cut, progress), len(cut))]
        except TooLong as error:
            told = str(error)
        half = len(cut) // 2
        if half:
            first = self._parts(texts[:half], cut[:half], progress)
            return first + self._parts(texts[half:], cut[half:], progress)
        size = len(cut[0].encode("utf-8", "replace"))
        if size < SHORTEST:
            raise ProviderError(
                f"{told}. This was said of {size} bytes of one text: give a smaller max_tokens=, or drop that text"
            )
        self.refused.add(text_hash(texts[0]))
        limit, asked = limit_and_asked(told, size)
        share = 0.95 * limit / asked if 0 < limit < asked else 0.5
        return self._parts(texts, [_shortened(cut[0], int(size * max(0.05, share)))], progress)

    def _asked(self, cut: list[str], progress: Progress) -> dict[str, Any]:
        reply = call(
            lambda: self._send(cut), who=self._who(), max_retries=self.max_retries, redact=self._redact, progress=progress
        )
        if self.price is not None:
            usage = reply.get("usage")
            counted = usage.get("total_tokens") if isinstance(usage, dict) else None
            tokens = counted if isinstance(counted, int) else sum(map(self._tokens, cut))
            self.spent += tokens * self.price / 1e6
        return reply

    def notes(self, texts: list[str]) -> list[str]:
        count = sum(self._cut(text) != text for text in texts)
        said = [f"{count:,} of {len(texts):,} texts are longer than about {self.max_tokens} tokens and are cut"] if count else []
        refused = sum(text_hash(text) in self.refused for text in texts) if self.refused else 0
        if refused:
            said.append(
                f"{refused:,} of {len(texts):,} texts are longer than the server reads and are cut further, to what it takes"
            )
        return said

    def estimate(self, texts: list[str]) -> Estimate:
        tokens = sum(map(self._tokens, texts))
        return Estimate(len(texts), tokens, None if self.price is None else tokens * self.price / 1e6)

    def _afford(self, texts: list[str]) -> None:
        cost = self.estimate(texts).cost
        if self.max_cost is not None and cost is not None and self.spent + cost > self.max_cost:
            raise BudgetError(
                f"Embedding {len(texts):,} texts with {self.name} costs about ${cost:.4f}; of max_cost=${self.max_cost:g}, "
                f"${self.spent:.4f} is spent. Nothing was sent: raise max_cost, or embed fewer texts."
            )

    def _tokens(self, text: str) -> int:
        return min(self.max_tokens, 1 + len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)

    def _cut(self, text: str) -> str:
        most = self.max_tokens * BYTES_A_TOKEN
        # A text of m characters has at most 4 m bytes, so most texts are known as short without being encoded.
        if 4 * len(text) <= most:
            return text
        return _shortened(text, most)

    def _who(self) -> str:
        return f"{self.model} at {urlsplit(self.base_url).netloc if self.base_url else 'api.openai.com'}"

    def _secret(self) -> str:
        secret = os.environ.get(self.key_env, "").strip()
        if not secret and not self.base_url:
            raise SettingsError(f"There is no key: set the environment variable {self.key_env}, or name another by key_env=")
        return secret or "none"  # servers of one's own often ask for none, but the client insists on one

    def _redact(self, message: str) -> str:
        return re.sub(r"sk-\S+", "[key]", struck(message, self._secret(), "[key]"))

    def _send(self, texts: list[str]) -> bytes:
        import openai

        wanted: Any = openai.omit if self.dimensions is None else self.dimensions
        client = openai.OpenAI(api_key=self._secret(), base_url=self.base_url, max_retries=0, timeout=self.timeout)
        with client:
            raw = client.embeddings.with_raw_response.create(
                model=self.model, input=texts, dimensions=wanted, encoding_format="base64"
            )
            return bytes(raw.content)

    def _vectors(self, reply: dict[str, Any], count: int) -> np.ndarray:
        """The vectors of a reply in the order of the texts, which only ``index`` tells."""
        try:
            data = sorted(reply["data"], key=lambda item: int(item["index"]))
            vectors = [_decoded(item["embedding"]) for item in data]
            indices = [int(item["index"]) for item in data]
        except (KeyError, TypeError, ValueError):
            raise ProviderError(f"{self._who()} sent a reply without embeddings. Is base_url right?") from None
        if indices != list(range(count)):
            raise EmbeddingError(f"{self._who()} was asked for {count} vectors and gave {len(vectors)}")
        sizes = sorted({len(v) for v in vectors} | ({self.dimensions} if self.dimensions else set()))
        if len(sizes) > 1:
            raise EmbeddingError(f"{self._who()} gave vectors of {sizes[0]} numbers where {sizes[-1]} were expected")
        return np.stack(vectors)


def _shortened(text: str, most: int) -> str:
    """The beginning of a text, of at most so many bytes."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def _decoded(embedding: str | list[float]) -> np.ndarray:
    """Base64 of little-endian float32, or a list of numbers where the server does not do base64."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding), dtype="<f4")
    return np.asarray(embedding, dtype=np.float32)
