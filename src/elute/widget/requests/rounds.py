"""Rounds and their settings, and coming back to what was decided before."""

from elute.widget.requests.request import Request

ROUNDS = {
    "look": Request(
        'Show an earlier round as it was, by its id; "" shows the current one again. Decides nothing.', {"round": "str"}
    ),
    "preview": Request(
        "What the next round's clusters would be over a range of the clusterer's main parameter. Acknowledged; a new `preview` revision follows.",
        {"clusterer": "dict"},
    ),
    "previewed": Request("The answer to the last `preview`.", {}, "{ sweep: Sweep | null; error: string }"),
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
}
