"""What the analyst is told in the person's own words, and its calls."""

from elute.widget.requests.request import Request

TOLD = {
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
}
