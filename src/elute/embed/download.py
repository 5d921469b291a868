"""A model's files from the Hugging Face hub, by the hub's own client, with bytes and seconds left from the start.

``snapshot_download`` counts bytes in tqdm bars of a class that one may give it, over plain HTTP and over Xet. It runs in a thread beside,
so that a cancel is heard while nothing comes in. Files that came whole stay; of a file that was cut short the client keeps nothing.
"""

from __future__ import annotations

import glob
import io
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any
from weakref import WeakSet

from elute.embed.hub import told_offline
from elute.embed.tokens import keep_quiet
from elute.errors import Cancelled
from elute.progress import Progress

LAST = "modules.json"
"""Comes after all else: where it is, the model is whole."""
POLL = 0.2
"""Seconds between two looks at the bars, and at whether one was told to stop."""
CHUNK = 1 << 18
"""Bytes between two counts over HTTP. The client's own 10 MB are half a minute on a slow line without a sign of life."""
OTHERS = {
    ".onnx", ".ot", ".h5", ".msgpack", ".pt", ".pth", ".ckpt", ".tflite", ".mlmodel", ".gguf",
    ".md", ".png", ".jpg", ".jpeg", ".svg", ".pdf", ".csv", ".parquet", ".zip", ".gz",
}  # fmt: skip
"""Endings of the same weights for other frameworks, and of what is there for people."""
FOLDERS = ("onnx", "openvino", "coreml", "original")


def download(repo: str, name: str, trusted: bool, progress: Progress) -> None:
    """Bring what of a model is not on this machine yet, if that can be done: why not is said by whoever then loads the model by name.

    Parameters
    ----------
    repo : str
        "owner/name" on the hub.
    name : str
        For people.
    trusted : bool
        Whether code and pickled weights are wanted too.
    progress : Progress
        Told bytes done and in all; ``check`` is called every 0.2 s.

    Raises
    ------
    Cancelled
        At most 0.2 s after it was asked for, also where the hub has stopped answering. Over HTTP the download ends with the next 256 KB;
        over Xet a file under way may go on to its end.
    """
    if told_offline():
        return
    keep_quiet()
    transfer = _Transfer(repo, trusted)
    stage = f"Downloading {name}"
    progress.report(stage)
    worker = threading.Thread(target=transfer.run, name="elute-download", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(POLL)
            progress.check()
            done, total = transfer.bytes()
            if total and done >= min(CHUNK, total):
                progress.report(stage, done, total, in_words(done, total))
            elif total:  # small files at first, whose pace says nothing
                progress.report(stage, message=in_words(0, total))
    finally:
        transfer.stopped = True


def in_words(done: int, total: int) -> str:
    """ "31 of 91 MB", with a decimal below 10 MB; MB are 10⁶ bytes, as the hub counts them."""
    digits = 0 if total >= 10**7 else 1
    return f"{done / 10**6:.{digits}f} of {total / 10**6:.{digits}f} MB"


def needed(sizes: Mapping[str, int], trusted: bool) -> dict[str, int]:
    """Of a repository's files those that sentence-transformers reads, with their bytes: safetensors rather than the same as a pickle."""
    paths = {name: PurePosixPath(name) for name in sizes}
    safe = {path.parent for path in paths.values() if path.suffix == ".safetensors" and path.parts[0] not in FOLDERS}
    return {
        name: sizes[name]
        for name, path in paths.items()
        if path.suffix.lower() not in OTHERS
        and path.parts[0] not in FOLDERS
        and not path.name.startswith(".")
        and (path.suffix != ".py" or trusted)
        and (path.suffix != ".bin" or (path.parent not in safe and (trusted or safe)))
    }


class _Transfer:
    """One download: its bars, and what was here before."""

    def __init__(self, repo: str, trusted: bool) -> None:
        self.stopped = False
        self._repo, self._trusted = repo, trusted
        self._bars: list[Any] = []
        self._here = self._total = 0

    def bytes(self) -> tuple[int, int]:
        """Bytes that are here, and in all. Over Xet two bars count: what came in, and what was written, where equal parts come once."""
        moved = max((int(bar.n) for bar in list(self._bars)), default=0)
        return min(self._here + moved, self._total), self._total

    def run(self) -> None:
        """In a thread of its own."""
        with suppress(Exception):  # the hub, the network, the disk: each has its own tree of errors
            from huggingface_hub import HfApi, constants, snapshot_download, try_to_load_from_cache

            constants.DOWNLOAD_CHUNK_SIZE = CHUNK
            listed = HfApi().model_info(self._repo, files_metadata=True).siblings or []
            files = needed({file.rfilename: file.size or 0 for file in listed}, self._trusted)
            self._total = sum(files.values())
            self._here = sum(size for name, size in files.items() if isinstance(try_to_load_from_cache(self._repo, name), str))
            for part in ([name for name in files if name != LAST], [name for name in files if name == LAST]):
                if part and not self.stopped:
                    snapshot_download(self._repo, allow_patterns=[glob.escape(name) for name in part], tqdm_class=_bars(self))


def _bars(transfer: _Transfer) -> Any:
    """A class of tqdm bars that draw nothing; those that count bytes are looked at by ``transfer``, which ends them."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no thread that redraws it
        _instances: Any = WeakSet()  # takes no line from bars that are drawn

        def __init__(self, *args: Any, **how: Any) -> None:
            how.pop("name", None)
            super().__init__(*args, **{**how, "file": io.StringIO(), "disable": False})
            if how.get("unit") == "B":
                transfer._bars.append(self)

        def display(self, *args: Any, **how: Any) -> bool:
            return True

        def update(self, n: float | None = 1) -> bool | None:
            if transfer.stopped:
                raise Cancelled("the download was stopped")
            return bool(super().update(n))

    Bar.set_lock(threading.RLock())
    return Bar
