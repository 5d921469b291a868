"""Rows marked: tags, pins, labels proposed."""

from elute.widget.requests.request import Request

MARKING = {
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
}
