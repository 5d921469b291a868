"""Judging rows on the page: acknowledged, told as it goes, and nothing of it removes a row."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from openai_server import OpenAIServer
from pages import Page

from elute.analyze import OpenAIAnalyst
from elute.widget.frame import from_bits, to_bits


def cats_go(body: dict[str, Any]) -> str:
    """A judge who wants no cats, and a namer of clusters."""
    if "texts to judge" not in body["messages"][1]["content"]:
        return "{}"
    shown = [line.split(". ", 1) for line in body["messages"][1]["content"].splitlines() if line[:1].isdigit() and ". " in line]
    return json.dumps(
        {
            "rows": [
                {
                    "text": int(n),
                    "verdict": "drop" if "cat" in t else "keep",
                    "quality": 0.2 if "cat" in t else 0.8,
                    "reason": "x",
                }
                for n, t in shown
            ]
        }
    )


def test_the_page_has_rows_judged_and_takes_those_to_drop(open_page: Callable[..., Page]) -> None:
    with OpenAIServer(cats_go) as server:
        page = open_page(analyst=OpenAIAnalyst(base_url=server.base_url))
        w, n = page.widget, 60
        page.ask("hello", b"1234", protocol=1)
        page.wait()
        assert page.ask("judged")[0] == {"running": False, "done": 0, "of": 0, "result": None, "error": ""}
        assert page.refused("judge_rows", to_bits(np.zeros(n, bool)), criterion="no cats") == "refused"
        rows = np.arange(n) < 50
        page.ask("judge_rows", to_bits(rows), criterion="no cats")
        state = page.wait()
        told, bits = page.ask("judged", verdict="drop")
    assert (told["running"], told["done"], told["of"], told["error"]) == (False, 50, 50, "")
    counts = told["result"]["counts"]
    assert counts["drop"] + counts["keep"] == 50 and counts["drop"] >= 10
    assert from_bits(bits, n).sum() == counts["drop"]
    assert page.refused("judged", verdict="remove") == "invalid"
    assert state["kept"] == n and w.keep.all() and state["undo"] == "verdicts on 50 rows"
    keys = {told["key"]: told["kind"] for told in state["attributes"]}
    assert keys["judged"] == "category" and keys["judged_quality"] == "number"
    values, codes = page.ask("values", key="judged")
    assert {one["name"]: one["count"] for one in values["categories"]} == {"keep": counts["keep"], "drop": counts["drop"]}
    assert (np.frombuffer(codes, "<u2") == 65535).sum() == 10
    listed = page.ask("points", within="all", sort=["judged_quality"], keys=["judged"], offset=0, limit=1)[0]["points"][0]
    assert listed["values"] == ["drop"]
    page.ask("undo", decision="u")
    assert "judged" not in {told["key"] for told in page.ask("state")[0]["attributes"]}


def test_no_text_leaves_before_the_person_agreed(open_page: Callable[..., Page]) -> None:
    page = open_page(analyst=OpenAIAnalyst(base_url="http://far.invalid/v1"))
    page.ask("hello", b"1234", protocol=1)
    page.wait()
    assert page.refused("judge_rows", to_bits(np.ones(60, bool)), criterion="no cats") == "refused"
    assert page.ask("judged")[0]["running"] is False
