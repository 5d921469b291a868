"""The wire between Python and the page, on one screen; ``js/src/protocol.ts`` is made from this file.

Three concepts: small synced **traits** (below), **requests** from the page with exactly one reply each, and a new **revision**, which
tells the page to ask for what it lacks. No text, vector or point is ever in a trait: traits end up in the saved notebook.

    page -> Python   {id, name, params} + buffers
    Python -> page   {id, ok: true, result} + buffers   |   {id, ok: false, error: {kind, message}}

Where a host loses buffers (``hello`` finds out), the same bytes travel as base64 text under ``data`` beside ``params`` or ``result``.

``python -m elute.widget.protocol`` prints the TypeScript; a test holds the two files equal.
"""

from __future__ import annotations

from dataclasses import dataclass

PROTOCOL = 1
MESSAGE_LIMIT = 4_000_000
"""Bytes of one message either way; Databricks allows 5 MB. Longer columns travel in chunks."""
CHUNK = 2_000_000
"""Bytes of one chunk of a column."""
PARTS = ("round", "layout", "decision", "selection", "analysis", "settings")
"""What ``revision`` counts. A part's number moves when the page should ask for that part again."""
TRAITS = {
    "revision": ("Record<Part, number>", "One counter a part. Written by Python."),
    "status": ("Status", "What runs, how far, how long still. Written by Python, at most ten times a second."),
    "height": ("number", "Height of the widget in CSS pixels. Written by Python."),
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
    "Column": '{ name: "coords3" | "coords2" | "labels"; dtype: "uint16" | "int16"; items: number; chunks: number; version: number }',
    "Field": '{ name: string; kind: "int" | "float" | "bool" | "choice" | "str"; default: unknown; low: number | null; high: number | null; '
    "choices: string[] | null; help: string; optional: boolean }",
    "Form": "{ name: string; title: string; when: string; fields: Field[] }",
    "Choice": "{ name: string } & Record<string, unknown>",
    "Settings": "{ clusterer: Choice; projector: Choice; prepare: Choice; analyst: string; embedder: string; automatic: boolean }",
    "Verdict": '"keep" | "trim" | "drop" | "unsure"',
    "Cluster": "{ cluster: number; name: string; size: number; share: number; silhouette: number | null; density: number | null; "
    "duplicates: number; label: string | null; label_share: number | null; foreign: number | null; why: string; verdict: Verdict | null; reasons: string[]; summary: string; "
    'quality: number | null; source: string; status: "ok" | "failed" | "pending"; error: string }',
    "Metrics": "{ silhouette: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; dbcv: number | null; noise: number; balance: number; "
    "clusters: number; largest_to_smallest: number }",
    "Round": "{ number: number; kept: number; clusterer: string; projector: string; seconds: number; metrics: Metrics; notes: string[] }",
    "Curve": "{ title: string; x_name: string; y_name: string; x: number[]; y: number[]; chosen: number }",
    "Count": "{ step: string; title: string; before: number; after: number; changed: number }",
    "Overview": "{ more_or_fewer: string; suggested: number | null; reason: string; imbalance: string; next: string; merge: [number, number][]; "
    "split: number[]; source: string }",
    "Decision": "{ number: number; kind: string; rows: number; reason: string; source: string; round: number; time: string; undone: boolean }",
    "Point": "{ row: number; text: string; clipped: boolean; label: string | null; cluster: number; kept: boolean; flags: string[] }",
    "Tally": "{ key: number | string; count: number; of: number }",
    "Consent": "{ provider: string; purpose: string; texts: number; tokens: number | null; cost: number | null; examples: string[] }",
    "Explanation": '{ what: string; belongs: "yes" | "no" | "partly" | "unsure"; reasons: string[]; source: string; rows: number }',
    "Outcome": "{ kept: number; rows: number; saved: boolean; applied: boolean }",
}

_DECISION = {"decision": "str", "reason": "str?", "source": "dict?"}

REQUESTS = {
    "hello": Request(
        "First of all: versions agree, and do buffers survive both ways? The page sends four bytes and gets them back.",
        {"protocol": "int"},
        "{ protocol: number; version: string; echoed: boolean; n: number; text_name: string; label_name: string | null; "
        "clusterers: Form[]; projectors: Form[]; prepare: Form; sources: string[] }",
        "data",
        "data",
    ),
    "state": Request(
        "Where the session stands: rows kept, rounds, undo, settings, saved selections.",
        {},
        "{ n: number; kept: number; decisions: number; undo: string | null; redo: string | null; saved: boolean; resumed: string; "
        "round: Round | null; rounds: Round[]; draft: boolean; stale: boolean; settings: Settings; history: Decision[]; "
        "selections: { name: string; count: number }[]; counts: Count[]; curve: Curve | null; overview: Overview | null; "
        "consent: Consent | null; notes: string[] }",
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
    "points": Request(
        "A slice of rows to read. `within` is all, kept, dropped, selection or cluster.",
        {"within": "str", "cluster": "int?", "query": "str?", "offset": "int", "limit": "int"},
        "{ total: number; points: Point[] }",
    ),
    "text": Request("The whole text of one row.", {"row": "int"}, "{ row: number; text: string }"),
    "search": Request(
        "Rows whose text holds the words (or matches the regular expression).",
        {"query": "str", "regex": "bool?"},
        "{ count: number }",
        "",
        "bits",
    ),
    "select": Request(
        "What is selected now: n bits, least significant first. Never changes a row.",
        {"source": "dict?"},
        "{ count: number; clusters: Tally[]; labels: Tally[]; examples: Point[]; silhouette: number | null }",
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
    "consent": Request("The person's answer before anything is sent to a remote provider.", {"granted": "bool"}),
}
"""Every request the page may make."""

ERRORS = ("unknown", "invalid", "stale", "refused", "failed")
"""Kinds of error replies: no such request, parameters that don't fit, an old frame, not possible now, it broke."""

_TS = {
    "int": "number",
    "float": "number",
    "str": "string",
    "bool": "boolean",
    "dict": "Record<string, unknown>",
    "list": "number[]",
}
_PY: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "float": (int, float),
    "str": str,
    "bool": bool,
    "dict": dict,
    "list": list,
}


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
    return ""


def typescript() -> str:
    """The same protocol as TypeScript source."""
    lines = [
        "// Made from src/elute/widget/protocol.py by `make protocol`: change it there.",
        "",
        f"export const PROTOCOL = {PROTOCOL};",
        f"export const MESSAGE_LIMIT = {MESSAGE_LIMIT};",
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
