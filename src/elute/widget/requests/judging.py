"""The analyst asked: about clusters, a selection, rows by a criterion."""

from elute.widget.requests.request import Request

JUDGING = {
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
}
