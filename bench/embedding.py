"""The embedding step, which is most of any real run: documents a second of the default model in each backend that is installed.

    python bench/embedding.py [documents, 2000]

Real texts of $ELUTE_DATA (BANKING77), each distinct one once, in elute's own batches: sorted by length, as many tokens in each. Backends
take turns, three times, and the best turn counts. ``onnxruntime`` and ``openvino`` (with ``onnx`` and ``onnxscript``, which export the
model) are tried where they can be imported: no part of elute needs them. Cosines are to torch in float32, the least of all documents.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from data import FILES
from line import Line
from numpy.typing import NDArray

from elute.embed.sentence_bert import SentenceBert

Encode = Callable[[list[str]], NDArray[np.float32]]
FAITHFUL = 0.999


def documents(n: int) -> list[str]:
    """Distinct real texts."""
    found = pd.read_csv(Path(os.environ["ELUTE_DATA"]) / FILES[0])["text"].drop_duplicates().tolist()
    return [found[at] for at in np.random.default_rng(0).permutation(len(found))[:n]]


def backends(model: SentenceBert, folder: Path) -> dict[str, Encode]:
    """What encodes a batch, by name; ``ours`` is what elute does here."""
    loaded = model._load()
    chosen = loaded._bfloat16

    def torch(low: bool) -> Encode:
        def encode(texts: list[str]) -> NDArray[np.float32]:
            loaded._bfloat16 = low
            try:
                return loaded.encode(texts)
            finally:
                loaded._bfloat16 = chosen

        return encode

    found: dict[str, Encode] = {"torch fp32": torch(False), "torch bf16": torch(True)}
    if find_spec("onnx") and find_spec("onnxscript") and (find_spec("onnxruntime") or find_spec("openvino")):
        path = folder / "model.onnx"
        exported(loaded._model, path)
        if find_spec("onnxruntime"):
            found["ONNX Runtime fp32"] = pooled(loaded._model, onnx_runtime(path))
        if find_spec("openvino"):
            for name, precision in (("OpenVINO fp32", "f32"), ("OpenVINO bf16", "bf16")):
                found[name] = pooled(loaded._model, open_vino(path, precision))
    return found


def exported(model: Any, path: Path) -> None:
    """The transformer as ONNX, for batches of any size and length."""
    import torch

    inside = model[0].auto_model.eval()
    given = model.tokenizer(["a text", "another text, longer"], padding=True, return_tensors="pt")
    some = torch.export.Dim.DYNAMIC
    torch.onnx.export(
        inside, (), str(path), kwargs=dict(given), input_names=list(given), output_names=["hidden"], dynamo=True, verbose=False,
        dynamic_shapes={name: {0: some, 1: some} for name in given},
    )  # fmt: skip


def onnx_runtime(path: Path) -> Callable[[dict[str, Any]], Any]:
    """Two threads of its own."""
    import onnxruntime

    how = onnxruntime.SessionOptions()
    how.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(path), how, providers=["CPUExecutionProvider"])
    names = {one.name for one in session.get_inputs()}
    return lambda given: session.run(None, {name: each for name, each in given.items() if name in names})[0]


def open_vino(path: Path, precision: str) -> Callable[[dict[str, Any]], Any]:
    """The same, multiplying in ``precision`` where the processor can."""
    import openvino

    made = openvino.compile_model(
        openvino.Core().read_model(str(path)), "CPU", {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 2}
    )
    names = {one.any_name for one in made.inputs}
    return lambda given: made({name: each for name, each in given.items() if name in names})[0]


def pooled(model: Any, run: Callable[[dict[str, Any]], Any]) -> Encode:
    """Mean over the tokens, of unit length: what this model's own pooling does."""

    def encode(texts: list[str]) -> NDArray[np.float32]:
        given = dict(model.tokenizer(texts, padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="np"))
        given = {name: np.asarray(each, np.int64) for name, each in given.items()}
        mask = given["attention_mask"][:, :, None].astype(np.float32)
        mean = (run(given) * mask).sum(1) / mask.sum(1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    return encode


def measured(n: int) -> list[Line]:
    """Each backend on the same batches, in turns."""
    model, texts = SentenceBert(), documents(n)
    model._load()
    with tempfile.TemporaryDirectory() as folder:
        tried = backends(model, Path(folder))
        batches = [[texts[at] for at in positions] for positions in model.batches(texts)]
        best, vectors = dict.fromkeys(tried, float("inf")), dict[str, Any]()
        for _ in range(3):
            for name, encode in tried.items():
                began = time.perf_counter()
                vectors[name] = np.concatenate([encode(batch) for batch in batches])
                best[name] = min(best[name], time.perf_counter() - began)
    exact = vectors["torch fp32"]
    exact = exact / np.linalg.norm(exact, axis=1, keepdims=True)
    cosine = {
        name: float((exact * (made / np.linalg.norm(made, axis=1, keepdims=True))).sum(1).min()) for name, made in vectors.items()
    }
    ours = "torch bf16" if model._load()._bfloat16 else "torch fp32"
    fit = min((name for name in tried if cosine[name] >= FAITHFUL), key=lambda name: best[name])
    return [
        Line(
            name + (" (elute here)" if name == ours else ""), f"{len(texts) / best[name]:,.0f} documents/s",
            f"least cosine {cosine[name]:.5f}", f"x {best['torch fp32'] / best[name]:.2f}",
            "fastest of >= .999" if name == fit else "", cosine[name] >= FAITHFUL,
        )
        for name in tried
    ]  # fmt: skip


if __name__ == "__main__":
    for line in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 2000):
        print(" | ".join([line.measure, line.ours, line.usual, line.value, line.bound, "yes" if line.met else "NO"]), flush=True)
