"""Names under which answers of an analyst are kept: by what was asked, of whom, and in which words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from elute.analyze.base import Analyst
from elute.analyze.prompts import Prompts
from elute.analyze.schema import ClusterAnalysis, ClusterView, Context


def answer_key(analyst: Analyst, view: ClusterView, said: Prompts) -> str:
    """What the answer about a cluster is kept under."""
    own = "".join(f"\0{getattr(said, name)}" for name in said.changed if name != "task")
    told = f"{analyst.key()}\0{said.task}\0{view.content}{own}"
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def whole_key(
    analyst: Analyst, views: Sequence[ClusterView], known: Mapping[int, ClusterAnalysis], context: Context, said: Prompts
) -> str:
    """What the advice on the whole is kept under."""
    by = [
        (view.cluster, answer_key(analyst, view, said), known[view.cluster].verdict, known[view.cluster].name) for view in views
    ]
    told = repr((sorted(by), replace(context, taken=())))
    return "whole-" + hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=16).hexdigest()
