"""The wire between Python and the page, on one screen; ``js/src/protocol.ts`` is made from this file.

Three concepts: small synced **traits** (below), **requests** from the page with exactly one reply each, and a new **revision**, which
tells the page to ask for what it lacks. No text, vector or point is ever in a trait: traits end up in the saved notebook.

    page -> Python   {id, name, params, after?} + buffers
    Python -> page   {id, ok: true, result} + buffers   |   {id, ok: false, error: {kind, message}}

``after`` is the id of the last act that was sent and is not answered yet: where that one has not come, this one is refused as
``early``, and the page sends both again (:mod:`elute.widget.retries`).

Where a host loses buffers (``hello`` finds out), the same bytes travel as base64 text under ``data`` beside ``params`` or ``result``.

``python -m elute.widget.protocol`` prints the TypeScript; a test holds the two files equal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite

PROTOCOL = 1
MESSAGE_LIMIT = 4_000_000
"""Bytes of one message either way; Databricks allows 5 MB. Longer columns travel in chunks."""
CHUNK = 2_000_000
"""Bytes of one chunk of a column."""
PARTS = (
    "round",
    "layout",
    "decision",
    "selection",
    "analysis",
    "settings",
    "search",
    "preview",
    "evidence",
    "suggestions",
    "compare",
    "report",
)
"""What ``revision`` counts. A part's number moves when the page should ask for that part again."""
TRAITS = {
    "revision": ("Record<Part, number>", "One counter a part. Written by Python."),
    "status": ("Status", "What runs, how far, how long still. Written by Python, at most ten times a second."),
    "height": ("number", "Height of the widget in CSS pixels. Written by Python."),
    "counts": ("{ kept: number; selected: number }", "How many rows stay, and how many are selected. Written by Python."),
    "dim": ('"2d" | "3d" | "both"', "Which maps are shown. Written by both."),
    "colour_by": ("string", "Key of the attribute that colours the points. Written by both."),
    "hidden": ("number[]", "Clusters that are neither drawn nor selected, ascending. Written by both."),
}


@dataclass(frozen=True)
class Request:
    """One thing the page may ask: its parameters, its result and what it means. ``bits`` and ``data`` are the one buffer."""

    doc: str
    params: dict[str, str]
    result: str = "Record<string, never>"
    buffer_in: str = ""
    buffer_out: str = ""


TYPES = {
    "Part": " | ".join(f'"{part}"' for part in PARTS),
    "Status": "{ stage: string; done: number; total: number; seconds_left: number | null; message: string; busy: boolean; error: string }",
    "Column": '{ name: "coords3" | "coords2" | "labels"; dtype: "uint16" | "int16" | "int8"; items: number; chunks: number; version: number }',
    "Field": '{ name: string; kind: "int" | "float" | "bool" | "choice" | "str"; default: unknown; low: number | null; high: number | null; '
    "choices: string[] | null; help: string; optional: boolean }",
    "Attribute": '{ key: string; title: string; kind: "category" | "number" | "flag" | "text"; group: "" | "column" | "finding" }',
    "Category": "{ name: string; count: number }",
    "Form": "{ name: string; title: string; when: string; fields: Field[] }",
    "Choice": "{ name: string } & Record<string, unknown>",
    "Settings": "{ embedder: Choice; clusterer: Choice; projector: Choice; prepare: Choice; analyst: string; automatic: boolean }",
    "Verdict": '"keep" | "trim" | "drop" | "unsure"',
    "Cluster": "{ cluster: number; name: string; size: number; share: number; kept: number | null; whole?: number | null; outliers: number | null; silhouette: number | null; density: number | null; "
    "duplicates: number; label: string | null; label_share: number | null; foreign: number | null; confidence: number | null; signals: Signal[]; tiny: boolean; why: string; verdict: Verdict | null; reasons: string[]; summary: string; "
    'quality: number | null; source: string; status: "ok" | "failed" | "pending"; error: string; trim: number[] }',
    "Metrics": "{ silhouette: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; dbcv: number | null; noise: number; balance: number; "
    "clusters: number; largest_to_smallest: number; effective?: number }",
    "Round": "{ id: string; number: number; kept: number; clusterer: string; projector: string; seconds: number; metrics: Metrics; notes: string[] }",
    "Curve": "{ title: string; x_name: string; y_name: string; x: number[]; y: number[]; chosen: number }",
    "Count": "{ step: string; title: string; before: number; after: number; changed: number }",
    "Overview": "{ more_or_fewer: string; suggested: number | null; reason: string; imbalance: string; next: string; merge: [number, number][]; "
    "split: number[]; source: string }",
    "Decision": "{ id: string; number: number; kind: string; rows: number; reason: string; source: string; round: number; time: string; undone: boolean; drawn: boolean }",
    "Point": "{ row: number; text: string; clipped: boolean; label: string | null; cluster: number; kept: boolean; flags: string[]; "
    "values: (string | number | null)[]; similarity: number | null }",
    "Flag": "{ name: string; title: string; why: string; score: number | null }",
    "Sweep": "{ clusterer: string; parameter: string; values: number[]; clusters: number[]; noise: number[]; chosen: number | null }",
    "Tally": "{ key: number | string; count: number; of: number }",
    "Analyst": "{ name: string; model: string; provider: string; asks: boolean; remote: boolean; consented: boolean; spent: number | null; limit: number | null }",
    "Prompts": "{ system: string; user: string; task: string }",
    "Prompt": "{ cluster: number; messages: { role: string; content: string }[]; texts: number; calls: number; tokens: number; cost: number | null }",
    "Call": "{ id: string; time: string; kind: string; cluster: number | null; model: string; provider: string; messages: { role: string; content: string }[]; answer: string; "
    "status: string; error: string; sent: number; answered: number; cost: number | null; seconds: number }",
    "Consent": "{ provider: string; purpose: string; texts: number; tokens: number | null; cost: number | null; examples: string[] }",
    "Explanation": '{ what: string; belongs: "yes" | "no" | "partly" | "unsure"; reasons: string[]; source: string; rows: number }',
    "Signal": "{ name: string; title: string; value: number }",
    "Tier": '"safe" | "look"',
    "Example": "{ point: Point; after: string | null; beside: Point | null; why: string }",
    "Suggestion": "{ id: string; tier: Tier; kind: string; action: string; other: string | null; title: string; why: string; count: number; cluster: number | null; "
    "clusters: number[]; confidence: number | null; meaning: string; effect: string; overlaps: string[]; examples: Example[]; settings: Record<string, unknown> | null; "
    "analyst?: string; advised?: string | null }",
    "Figure": "{ name: string; title: string; digits: number; before: number; after: number; better: boolean | null }",
    "Effect": "{ id: string; title: string; analyst: string; rows: number; before_round: number; after_round: number; beside: number; figures: Figure[] }",
    "Looks": "{ order: number[]; done: number; dropped: number; kept: number; nothing: string }",
    "DuplicateGroup": "{ survivor: number; count: number; conflict: boolean; similarity: number | null; points: Point[] }",
    "Pair": "{ a: number; b: number; full: number; in3: number | null; in2: number | null; why: string }",
    "Accuracy": "{ round: number; kept: number; accuracy: number; error: number; random: number | null }",
    "Compared": "{ clusterer: Choice; title: string; silhouette: number | null; spread: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; clusters: number; "
    "largest: number; smallest: number; sizes: number[]; noise: number; agreement: number | null; label: number | null; seconds: number; note: string; error: string }",
    "Learned": "{ name: string; precision: number | null; precision_error: number | null; recall: number | null; recall_error: number | null; examples: number; needed: number; "
    "more: number; uncertain: Point[]; note: string }",
    "ReportSection": "{ title: string; lines: string[]; head: string[]; rows: string[][]; bars: number[]; items: string[] }",
    "Report": "{ round: number; title: string; sections: ReportSection[]; source: string; note: string }",
    "RowsJudged": "{ running: boolean; done: number; of: number; error: string; result: { criterion: string; source: string; "
    "counts: { keep: number; drop: number; unsure: number }; failed: number; known: number; left: number; error: string } | null }",
    "Tag": "{ name: string; count: number; note: string }",
    "Exported": "{ texts: boolean; said: string }",
    "Outcome": "{ kept: number; rows: number; saved: boolean; applied: boolean; note: string }",
}

_DECISION = {"decision": "str", "reason": "str?", "source": "dict?"}

REQUESTS = {
    "hello": Request(
        "First of all: versions agree, and do buffers survive both ways? The page sends four bytes and gets them back. `journal` is the same for pages "
        "whose decisions go to the same place. `exported`: this is a page on its own, with no Python behind it.",
        {"protocol": "int"},
        "{ protocol: number; version: string; echoed: boolean; n: number; text_name: string; label_name: string | null; journal: string; "
        "embedders: Form[]; clusterers: Form[]; projectors: Form[]; prepare: Form; sources: string[]; exported?: Exported }",
        "data",
        "data",
    ),
    "state": Request(
        "Where the session stands: rows kept, rounds, undo, settings, saved selections. `resumed` says what came back, `offered` which decisions could "
        "be brought along, `problem` what is not saved yet, `read_only` that another kernel decides, `sampled` of how many rows these are a sample: each a line, empty where there is nothing to say.",
        {},
        "{ n: number; kept: number; decisions: number; undo: string | null; redo: string | null; saved: boolean; resumed: string; "
        "offered?: string; problem?: string; read_only?: string; sampled?: string; "
        "round: Round | null; rounds: Round[]; draft: boolean; stale: boolean; settings: Settings; history: Decision[]; "
        "selections: { name: string; count: number }[]; counts: Count[]; curve: Curve | null; overview: Overview | null; "
        "consent: Consent | null; notes: string[]; attributes: Attribute[]; looking: number | null; effects?: Effect[]; analyst: Analyst }",
    ),
    "frame": Request(
        "What the map draws, described: the columns themselves are asked for by chunk. One item a row of the table, in its order. "
        "A column whose `version` the page holds already need not be asked for again.",
        {},
        "{ frame: number; n: number; lo: number; hi: number; columns: Column[] }",
    ),
    "column": Request(
        "One chunk of a column of the frame. Refused as `stale` where the frame is no longer the current one.",
        {"frame": "int", "name": "str", "chunk": "int"},
        "{ chunk: number }",
        "",
        "data",
    ),
    "kept": Request(
        "Which rows are kept now: n bits. The map hides the others at once, also before the next round has begun.",
        {},
        "{ count: number }",
        "",
        "bits",
    ),
    "clusters": Request(
        "The cluster table, the next one to look at first: figures, names, verdicts.", {}, "{ clusters: Cluster[] }"
    ),
    "values": Request(
        "One attribute of every row, for colours, legend and filter: n uint16. A category's code is its place in `categories`, the most "
        "frequent first, the last one standing for all others (`others` values) where there are too many; a flag's categories are yes and "
        "no; a number is lo + code / 65534 * (hi - lo), what is beyond lies at the end; 65535 is a row without a value. Where `version` is "
        "the one the page holds already, `chunks` is 0 and nothing comes. An attribute of kind text has no codes.",
        {"key": "str", "chunk": "int?", "version": "int?"},
        "{ key: string; categories: Category[] | null; others: number; lo: number; hi: number; chunks: number; version: number }",
        "",
        "data",
    ),
    "points": Request(
        "A slice of rows to read. `within` is all, kept, dropped, selection, hits, cluster (of that number), tag (that bear `tag`), "
        "pinned or near (the neighbours of `row`, the nearest first). `sort` holds keys of attributes, each with a leading - where it goes down; `keys` says which "
        "attributes stand in `values`.",
        {
            "within": "str",
            "cluster": "int?",
            "row": "int?",
            "tag": "str?",
            "query": "str?",
            "regex": "bool?",
            "sort": "strings?",
            "keys": "strings?",
            "offset": "int",
            "limit": "int",
        },
        "{ total: number; points: Point[] }",
    ),
    "text": Request(
        "The whole text of one row, and what was found about it.",
        {"row": "int"},
        "{ row: number; text: string; label: string | null; cluster: number; kept: boolean; flags: Flag[] }",
    ),
    "search": Request(
        "Rows that hold the words (`mode` text), match the regular expression (regex), or are nearest in meaning (meaning): for this one "
        "`pending` says that the hits come with a new `search` revision.",
        {"query": "str", "mode": "str", "limit": "int?"},
        "{ count: number; pending: boolean }",
        "",
        "bits",
    ),
    "hits": Request(
        "What the last search found.", {}, "{ query: string; mode: string; count: number; error: string }", "", "bits"
    ),
    "grow": Request(
        "These rows and their nearest neighbours among the rows that stay. Selects nothing.",
        {},
        "{ count: number }",
        "bits",
        "bits",
    ),
    "select": Request(
        "What is selected now: n bits, least significant first. Never changes a row. `goes` is how many rows a drop would take, of `groups` "
        "dialogues or documents where the table has those, and `note` says what would go or stay beside what is selected.",
        {"source": "dict?"},
        "{ count: number; clusters: Tally[]; labels: Tally[]; examples: Point[]; silhouette: number | null; goes: number; groups: number; note: string }",
        "bits",
    ),
    "selection": Request("The selection as Python knows it.", {}, "{ count: number; source: string }", "", "bits"),
    "save": Request("Keep the selection under a name: `w.selections[name]`.", {"name": "str"}, "{ name: string; count: number }"),
    "recall": Request("Select what was saved under a name.", {"name": "str"}, "{ count: number }", "", "bits"),
    "drop": Request(
        "Drop rows. `decision` is an id made by the page: a retry never applies twice.", _DECISION, "Outcome", "bits"
    ),
    "keep_only": Request("Drop every kept row but these.", _DECISION, "Outcome", "bits"),
    "keep": Request("These were looked at and stay.", _DECISION, "Outcome", "bits"),
    "restore": Request("Bring rows back.", _DECISION, "Outcome", "bits"),
    "rename": Request("Name a cluster.", {"decision": "str", "cluster": "int", "name": "str"}, "Outcome"),
    "undo": Request("Take the last decision back.", {"decision": "str"}, "Outcome"),
    "redo": Request("Do again what was taken back.", {"decision": "str"}, "Outcome"),
    "goto": Request(
        "Go back to where the session stood after a round or decision of the history (an empty `to` is the beginning). It is a decision itself: undo "
        "leads here again, and nothing is lost.",
        {"decision": "str", "to": "str"},
        "Outcome",
    ),
    "revisit": Request(
        "A decision as it was made: the rows it was about, its lasso and camera in `source`. Changes nothing.",
        {"id": "str"},
        "{ kind: string; reason: string; count: number; source: Record<string, unknown> }",
        "",
        "bits",
    ),
    "look": Request(
        'Show an earlier round as it was, by its id; "" shows the current one again. Decides nothing.', {"round": "str"}
    ),
    "preview": Request(
        "What the next round's clusters would be over a range of the clusterer's main parameter. Acknowledged; a new `preview` revision follows.",
        {"clusterer": "dict"},
    ),
    "previewed": Request("The answer to the last `preview`.", {}, "{ sweep: Sweep | null; error: string }"),
    # -- coming back
    "afresh": Request(
        "Put every decision aside, in a file beside the journal, and begin with the whole table. Nothing is deleted.",
        {"decision": "str"},
        "Outcome",
    ),
    "bring_along": Request(
        "Take over what was decided about a table with many of the same rows, where `state` offers it.",
        {},
        "{ decisions: number }",
    ),
    "hold": Request(
        "Of two kernels on one journal: decide here from now on (`how` is take), or go on in a journal of its own (copy), which is in `folder`.",
        {"how": "str"},
        "{ folder: string }",
    ),
    "save_again": Request("Try once more to write what is not saved yet.", {}, "{ saved: boolean; problem: string }"),
    "settings": Request(
        "Settings of the next round; what is absent stays as it is.", {"decision": "str", "settings": "dict"}, "Outcome"
    ),
    "run": Request("Start a round; acknowledged at once, reported through `status`.", {}),
    "refine": Request(
        "Relax the map: points move a little towards their neighbours. Acknowledged; new `layout` revisions follow.", {}
    ),
    "cancel": Request("Stop what runs. The last whole round stays.", {}, "{ cancelled: boolean }"),
    "analyze": Request("Judge clusters again: those named, or all that changed.", {"clusters": "list?"}),
    "explain": Request(
        "What is the selection, does it belong? Acknowledged; the answer comes with a new `analysis` revision.", {}
    ),
    "explanation": Request("The answer to the last `explain`.", {}, "{ explanation: Explanation | null }"),
    "judge_rows": Request(
        "Have the analyst judge these rows by a criterion: keep, drop or unsure for each. It removes nothing. Acknowledged; new `analysis` revisions follow.",
        {"criterion": "str"},
        "Record<string, never>",
        "bits",
    ),
    "judged": Request(
        "How far that is, and what came of it. The bits are the rows with that `verdict` that still stay.",
        {"verdict": "str?"},
        "RowsJudged",
        "",
        "bits",
    ),
    # -- evidence and suggestions
    "suggestions": Request(
        "What elute would do, with its evidence: nothing happens until it is accepted. `looks` is the order of clusters for a quick look, what was decided in it, and "
        "what to say where nothing stands out; `checked` says what was looked for.",
        {},
        "{ suggestions: Suggestion[]; looks: Looks; checked: string[]; dismissed: number; pending: boolean }",
    ),
    "suggestion": Request(
        "The rows of a suggestion, and more examples of it.",
        {"id": "str", "offset": "int?"},
        "{ id: string; count: number; examples: Example[] }",
        "",
        "bits",
    ),
    "halves": Request(
        "The two kinds of texts in a cluster, the one more unlike the rest first, and examples of each; none where it is read whole. The bits are the first one's rows.",
        {"cluster": "int", "offset": "int?"},
        "{ examples: Example[][] }",
        "",
        "bits",
    ),
    "accept": Request(
        "Do what these suggestions propose, as one decision that one undo takes back. `action` chooses between what they offer.",
        {"decision": "str", "ids": "strings", "action": "str?"},
        "Outcome",
    ),
    "advice": Request(
        "What the analyst's advice would do, all of these together, each row counted once; `accept` with the action `advised` does it.",
        {"ids": "strings"},
        "{ rows: number; ids: string[]; effect: string; next: string }",
    ),
    "dismiss": Request("Never show this suggestion again.", {"decision": "str", "id": "str"}, "Outcome"),
    "worth": Request(
        "Of these rows, those that look worth keeping: rare, well labelled, typical of a kept cluster. Selects nothing.",
        {},
        "{ count: number; points: Point[]; why: string[] }",
        "bits",
        "bits",
    ),
    "learn": Request(
        "Learn from what was dropped and kept (or give a name to what was learned); acknowledged, a new `evidence` revision follows.",
        {"name": "str?"},
    ),
    "learned": Request("What was learned last.", {}, "{ learned: Learned | null; error: string }"),
    "duplicates": Request(
        "Groups of rows that say the same, side by side, the largest first. `kind` is near (edit-checked), conflict (near, with different labels) or meaning (cosine at "
        "least `threshold`). The bits are all rows of all groups but those that would stay. `pending` says that they come with a new `evidence` revision.",
        {"kind": "str", "threshold": "float?", "offset": "int", "limit": "int"},
        "{ total: number; rows: number; groups: DuplicateGroup[]; pending: boolean }",
        "",
        "bits",
    ),
    "confusion": Request(
        "How many rows that bear a label look like another one: pairs of labels, most rows first.",
        {},
        "{ labels: string[]; given: number[]; looks: number[]; counts: number[]; pending: boolean }",
    ),
    "confused": Request(
        "The rows of one cell of `confusion`. Selects nothing.", {"given": "str", "looks": "str"}, "{ count: number }", "", "bits"
    ),
    "pairs": Request(
        "Pairs of clusters that mix, most first: in the full space, in 3D and in 2D.", {}, "{ pairs: Pair[]; pending: boolean }"
    ),
    "accuracy": Request(
        "With labels: accuracy on a fixed part of the rows, by round, and beside it that of random removal of as many.",
        {},
        "{ course: Accuracy[]; best: number | null; why: string; pending: boolean }",
    ),
    "compare": Request(
        "Cluster with each of these and score them in the same space. Acknowledged; a new `compare` revision follows.",
        {"clusterers": "dicts"},
    ),
    "compared": Request(
        "What the last `compare` found so far; `note` says in the end whether one leads by more than chance.",
        {},
        "{ rows: Compared[]; running: boolean; error: string; note: string }",
    ),
    "tag": Request(
        "Tag rows, with a note; an empty tag takes all tags off.",
        {"decision": "str", "name": "str", "note": "str?"},
        "Outcome",
        "bits",
    ),
    "tags": Request("Tags that rows bear, and how many rows are pinned.", {}, "{ tags: Tag[]; pinned: number }"),
    "pin": Request(
        "Pin rows: no decision drops them until they are let go (`on` false).",
        {"decision": "str", "on": "bool"},
        "Outcome",
        "bits",
    ),
    "relabel": Request(
        "Propose another label for rows; it stands in a column of its own.",
        {"decision": "str", "label": "str"},
        "Outcome",
        "bits",
    ),
    # -- what the analyst is told
    "prompts": Request(
        "What the analyst is told in the person's own words: now, as it comes (the cell's, else elute's; an empty field restores it), and by round; `changed` names "
        "the fields that were set since. `goes_by` says what rules read, where no model is asked.",
        {},
        "{ now: Prompts; standard: Prompts; changed: string[]; earlier: (Prompts & { round: number })[]; placeholders: { name: string; means: string }[]; goes_by: string[] }",
    ),
    "check_prompts": Request(
        'What is wrong with each field; "" where nothing is. Sends and changes nothing.',
        {"system": "str", "user": "str", "task": "str"},
        "{ problems: Prompts }",
    ),
    "set_prompts": Request(
        "Tell the analyst this from now on; every cluster is judged by it.",
        {"decision": "str", "system": "str", "user": "str", "task": "str"},
        "Outcome",
    ),
    "prompt": Request(
        "Make the exact prompt about a cluster, by these words where they are given, and say what judging every cluster would take; nothing is sent. Acknowledged; a new "
        "`analysis` revision follows.",
        {"cluster": "int", "system": "str?", "user": "str?", "task": "str?"},
    ),
    "prompted": Request("The answer to the last `prompt`.", {}, "{ asked: number | null; prompt: Prompt | null; error: string }"),
    "calls": Request(
        "Calls to the model so far, the newest first: what was sent and what came back, whole.",
        {"offset": "int", "limit": "int"},
        "{ total: number; calls: Call[] }",
    ),
    "calls_file": Request(
        "All calls as JSON lines, one chunk of bytes at a time.", {"chunk": "int"}, "{ chunks: number }", "", "data"
    ),
    "report": Request(
        "One readable page about a round, by its id; the round that is shown where none is given. With `write` the model puts it into words, where `writes` says that there is "
        "one: refused until the person agreed to its provider. `pending` says that it comes with a new `report` revision.",
        {"round": "str?", "write": "bool?"},
        "{ report: Report | null; pending: boolean; error: string; writes: boolean }",
    ),
    "report_file": Request(
        "The report that was asked for last as a file; `kind` is html or md.", {"kind": "str"}, "{ name: string }", "", "data"
    ),
    "paper": Request(
        "Have a paper of the whole session made: `kind` is report (a page), card, manifest or code. Without `texts` no text, name or label is in it. `pending` says that it "
        "comes with a new `report` revision.",
        {"kind": "str", "texts": "bool?"},
        "{ pending: boolean; error: string; name: string; chunks: number }",
    ),
    "paper_file": Request(
        "The paper that was asked for last, one chunk of bytes at a time.", {"chunk": "int"}, "{ chunks: number }", "", "data"
    ),
    "consent": Request("The person's answer before anything is sent to a remote provider.", {"granted": "bool"}),
}
"""Every request the page may make."""

READINGS = (
    "hello state frame column kept clusters values points text hits grow selection revisit previewed explanation judged suggestions "
    "suggestion halves advice worth learned duplicates confusion confused pairs accuracy compared tags prompts check_prompts prompted calls "
    "calls_file report_file paper paper_file"
).split()
"""Requests that may be answered any number of times. Every other one is an act, done once."""
ERRORS = ("unknown", "invalid", "stale", "refused", "failed", "early")
"""Kinds of error replies: no such request, parameters that don't fit, an old frame, not possible now, it broke, not its turn yet."""

_TS = {
    "int": "number",
    "float": "number",
    "str": "string",
    "bool": "boolean",
    "dict": "Record<string, unknown>",
    "list": "number[]",
    "strings": "string[]",
    "dicts": "Record<string, unknown>[]",
}
_PY: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "float": (int, float),
    "str": str,
    "bool": bool,
    "dict": dict,
    "list": list,
    "strings": list,
    "dicts": list,
}
_ITEMS: dict[str, type] = {"list": int, "strings": str, "dicts": dict}
_SAFE = 2**53
_DEEP, _LONG = 12, 500_000
"""Levels and values of an object of the page: a lasso's outline has thousands of numbers, one below the other five."""


def misfit(name: str, params: object) -> str:
    """Why ``params`` do not fit request ``name``; empty if they do.

    >>> misfit("text", {"row": 3})
    ''
    >>> misfit("text", {"row": "3"})
    'row must be int'
    """
    if not isinstance(params, dict):
        return "params must be an object"
    wanted = REQUESTS[name].params
    for key in params:
        if key not in wanted:
            return f"unknown parameter {key[:40]!r}"
    for key, kind in wanted.items():
        value, optional = params.get(key), kind.endswith("?")
        if value is None and optional:
            continue
        kind = kind.rstrip("?")
        if isinstance(value, bool) != (kind == "bool") or not isinstance(value, _PY[kind]):
            return f"{key} must be {kind}"
        if isinstance(value, float) and not isfinite(value):
            return f"{key} must be a finite number"
        if isinstance(value, (int, float)) and abs(value) > _SAFE:
            return f"{key} is out of range"
        item = _ITEMS.get(kind)
        if (
            item is not None
            and isinstance(value, list)
            and not all(isinstance(one, item) and not isinstance(one, bool) for one in value)
        ):
            return f"{key} must be {kind}"
        if isinstance(value, (dict, list)) and not _light(value, _DEEP, [_LONG]):
            return f"{key} is too long or too deep"
    return ""


def _light(value: object, deep: int, left: list[int]) -> bool:
    """Whether JSON holds no more than ``left`` values, none more than ``deep`` levels down."""
    left[0] -= 1
    if not isinstance(value, (dict, list)):
        return left[0] >= 0
    inside = value.values() if isinstance(value, dict) else value
    return left[0] >= 0 and deep > 0 and all(_light(one, deep - 1, left) for one in inside)


def typescript() -> str:
    """The same protocol as TypeScript source."""
    lines = [
        "// Made from src/elute/widget/protocol.py by `make protocol`: change it there.",
        "",
        f"export const PROTOCOL = {PROTOCOL};",
        f"export const MESSAGE_LIMIT = {MESSAGE_LIMIT};",
        "",
        "/** Requests that may be answered any number of times. Every other one is an act, done once. */",
        f"export const READINGS: ReadonlySet<string> = new Set({json.dumps(READINGS)});",
        "",
    ]
    lines += [f"export type {name} = {body};" for name, body in TYPES.items()]
    lines += ["", "/** Synced traits, each with its one writer. */", "export interface Traits {"]
    lines += [f"  /** {doc} */\n  {name}: {kind};" for name, (kind, doc) in TRAITS.items()]
    lines += [
        "}",
        "",
        "/** Every request: its parameters, its result, and which buffer goes (`sends`) or comes (`gets`). */",
        "export interface Requests {",
    ]
    for name, request in REQUESTS.items():
        params = "; ".join(
            f"{key.rstrip('?')}{'?' if kind.endswith('?') else ''}: {_TS[kind.rstrip('?')]}"
            for key, kind in request.params.items()
        )
        lines.append(f"  /** {request.doc} */")
        lines.append(
            f"  {name}: {{ params: {f'{{ {params} }}' if params else 'Record<string, never>'}; result: {request.result}; sends: {str(bool(request.buffer_in)).lower()}; "
            f"gets: {str(bool(request.buffer_out)).lower()} }};"
        )
    lines += ["}", "", f"export type ErrorKind = {' | '.join(f'{chr(34)}{kind}{chr(34)}' for kind in ERRORS)};", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(typescript(), end="")
