"""What is selected, and decisions about rows: taken, taken back, seen again."""

from elute.widget.requests.request import DECISION, Request

DECIDING = {
    "select": Request(
        "What is selected now: n bits, least significant first. Never changes a row. `goes` is how many rows a drop would take, of `groups` "
        "dialogues or documents where the table has those, and `note` says what would go or stay beside what is selected.",
        {"source": "dict?"},
        "{ count: number; clusters: Tally[]; labels: Tally[]; examples: Point[]; silhouette: number | null; goes: number; groups: number; note: string }",
        "bits",
    ),
    "going": Request(
        "What a drop of these rows would take, of those that stay: the bits are the rows that go, the others as in `select`. Selects nothing.",
        {},
        "{ goes: number; groups: number; note: string }",
        "bits",
        "bits",
    ),
    "selection": Request("The selection as Python knows it.", {}, "{ count: number; source: string }", "", "bits"),
    "save": Request("Keep the selection under a name: `w.selections[name]`.", {"name": "str"}, "{ name: string; count: number }"),
    "recall": Request("Select what was saved under a name.", {"name": "str"}, "{ count: number }", "", "bits"),
    "drop": Request("Drop rows. `decision` is an id made by the page: a retry never applies twice.", DECISION, "Outcome", "bits"),
    "keep_only": Request("Drop every kept row but these.", DECISION, "Outcome", "bits"),
    "keep": Request("These were looked at and stay.", DECISION, "Outcome", "bits"),
    "restore": Request("Bring rows back.", DECISION, "Outcome", "bits"),
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
}
