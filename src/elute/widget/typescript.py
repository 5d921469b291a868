"""The protocol as TypeScript source: ``js/src/protocol.ts``."""

from __future__ import annotations

import json

from elute.widget.protocol import ERRORS, MESSAGE_LIMIT, PROTOCOL, READINGS, REQUESTS, TRAITS
from elute.widget.shapes import TYPES

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
