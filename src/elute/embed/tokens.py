"""A model's own tokenizer without the model: lengths and chunks in 0.1 s where loading torch takes 6 s.

So a run that finds all vectors in the cache never imports torch.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

CHARACTERS_A_TOKEN = 64
"""No natural text has longer tokens on average, so nothing after ``64 x limit`` characters can reach the model."""

COUNTED = 2000
"""Texts of doubtful length that are counted one by one (1 s); of more, an even sample."""

AT_ONCE = 512
"""Texts in one call of the tokenizer: some 30 ms for sentences."""


class Tokens:
    """Counts and cuts by tokens.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
    limit : int
        Tokens the model reads, its special tokens included.
    """

    def __init__(self, tokenizer: Any, limit: int) -> None:
        # The file may hold its own truncation and padding (all-MiniLM-L6-v2: 128), and counts must not see them.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.limit = limit
        self.most_characters = CHARACTERS_A_TOKEN * limit
        self._room = limit - tokenizer.num_special_tokens_to_add(is_pair=False)

    @classmethod
    def from_folder(cls, folder: Path) -> Tokens | None:
        """From the files of a sentence-transformers model; None where they don't say enough."""
        try:
            limit = json.loads((folder / "sentence_bert_config.json").read_text("utf-8"))["max_seq_length"]
            file = (folder / "tokenizer.json").resolve(strict=True)
        except (OSError, ValueError, KeyError):
            return None
        if not isinstance(limit, int):
            return None
        keep_quiet()
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(file)), limit)

    def lengths(self, texts: list[str]) -> np.ndarray:
        """Tokens of each text, special ones included: ``(n,)`` int64; of very long texts, of what could be read of them."""
        counts = np.empty(len(texts), dtype=np.int64)
        for start in range(0, len(texts), AT_ONCE):
            part = [text[: self.most_characters] for text in texts[start : start + AT_ONCE]]
            counts[start : start + len(part)] = [len(e.ids) for e in self._tokenizer.encode_batch_fast(part)]
        return counts

    def count_cut(self, texts: list[str]) -> tuple[int, bool]:
        """How many texts are longer than the model reads, and whether that was counted (else: reckoned from a sample)."""
        # A token stands for at least one byte, so most texts need no tokenizer to be known as short.
        long = [text for text in texts if len(text.encode("utf-8", "replace")) > self._room]
        step = -(-len(long) // COUNTED) or 1
        cut = int((self.lengths(long[::step]) > self.limit).sum())
        return (cut, True) if step == 1 else (round(cut * len(long) / len(long[::step])), False)

    def chunks(self, text: str) -> list[str]:
        """The text in pieces the model reads whole; together they cover it."""
        if len(text.encode("utf-8", "replace")) <= self._room:
            return [text]
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        if len(offsets) <= self._room:
            return [text]
        # Equal pieces, since a last one of three words would weigh as much as a full one in the mean.
        pieces = np.array_split(np.arange(len(offsets)), -(-len(offsets) // self._room))
        return [text[offsets[p[0]][0] : offsets[p[-1]][1]] for p in pieces]


def keep_quiet() -> None:
    """No telemetry, and no warning from ``tokenizers`` in processes forked later. What the user set stays.

    To be called before ``huggingface_hub`` is imported, which reads the environment once; where a cell imported it first, it is told.
    """
    if not any(name in os.environ for name in ("HF_HUB_DISABLE_TELEMETRY", "DISABLE_TELEMETRY", "DO_NOT_TRACK")):
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        if (constants := sys.modules.get("huggingface_hub.constants")) is not None:
            constants.HF_HUB_DISABLE_TELEMETRY = True  # type: ignore[attr-defined]
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
