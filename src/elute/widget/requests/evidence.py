"""Evidence, suggestions, and what was learned from decisions."""

from elute.widget.requests.request import Request

EVIDENCE = {
    "suggestions": Request(
        "What elute would do, with its evidence: nothing happens until it is accepted. `looks` is the order of clusters for a quick look, what was decided in it, and "
        "what to say where nothing stands out; `checked` says what was looked for; `together` is how many rows the safe ones that may be accepted together are about.",
        {},
        "{ suggestions: Suggestion[]; looks: Looks; checked: string[]; dismissed: number; together: number; pending: boolean }",
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
        {"cluster": "int"},
        "{ examples: Example[][] }",
        "",
        "bits",
    ),
    "read": Request(
        "Of these rows, of those that stay, the next few to read whole, from all over the table. Selects nothing.",
        {},
        "{ examples: Example[] }",
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
        "least `threshold`). The bits are all rows of all groups that may go: neither the first of each, nor those under another label, nor the `left` others that "
        "were decided on or are in a group with rows that stay. `pending` says that they come with a new `evidence` revision, `error` why there are none; `again` asks "
        "for them once more.",
        {"kind": "str", "threshold": "float?", "offset": "int", "limit": "int", "again": "bool?"},
        "{ total: number; rows: number; left: number; groups: DuplicateGroup[]; pending: boolean; error: string }",
        "",
        "bits",
    ),
    "confusion": Request(
        "How many rows that bear a label look like another one: pairs of places in `labels`, most rows first. `codes` are the labels' own numbers.",
        {},
        "{ labels: string[]; codes: number[]; given: number[]; looks: number[]; counts: number[]; pending: boolean }",
    ),
    "confused": Request(
        "The rows of one cell of `confusion`, by the `codes` of its labels. Selects nothing.",
        {"given": "int", "looks": "int"},
        "{ count: number }",
        "",
        "bits",
    ),
    "pairs": Request(
        "Pairs of clusters that mix, most first: in the full space, in 3D and in 2D; or why they are not known. `again` asks for them once more.",
        {"again": "bool?"},
        "{ pairs: Pair[]; pending: boolean; error: string }",
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
        "What the last `compare` found so far; `note` says in the end whether one leads by more than chance, `round` and `kept` of which round and how many rows it is.",
        {},
        "{ rows: Compared[]; running: boolean; error: string; note: string; round: number; kept: number }",
    ),
}
