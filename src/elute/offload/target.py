"""What runs when a target is called, in the helper process or, where there is none, in this one."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from elute.offload.wire import Arrays
from elute.progress import Progress

_NAME = re.compile(r"elute(?:\.\w+)+:[A-Za-z]\w*")


def run(
    target: str, arrays: Mapping[str, np.ndarray[Any, Any]], params: Mapping[str, Any], progress: Progress
) -> tuple[Arrays, dict[str, Any]]:
    """Call ``"module:function"`` of elute with ``(arrays, params, progress)``.

    Warnings of the packages it uses are kept quiet: they concern elute, not the person, and a person's ``-W error`` must not
    break a fit.

    Raises
    ------
    ValueError
        The target is not inside ``elute``.
    """
    if not _NAME.fullmatch(target):
        raise ValueError(f"{target!r} is not a function inside elute")
    module, name = target.split(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = getattr(importlib.import_module(module), name)
        found: tuple[Arrays, dict[str, Any]] = function(dict(arrays), dict(params), progress)
    return found
