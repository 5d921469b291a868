"""Reports and papers, and the consent to send anything."""

from elute.widget.requests.request import Request

PAPERS = {
    "report": Request(
        "One readable page about a round, by its id; the round that is shown where none is given. With `write` the model puts it into words, where `writes` says that there is "
        "one: refused until the person agreed to its provider; false is by rules. Without it nothing is sent: words of that round that are there or on their way stay, and `moved` says that something was "
        "decided or named since. `pending` says that it comes with a new `report` revision.",
        {"round": "str?", "write": "bool?"},
        "{ report: Report | null; pending: boolean; error: string; writes: boolean; written: boolean; moved: boolean }",
    ),
    "report_file": Request(
        "The report of a round that was asked for, by its number, as a file; the one that was asked for last where none is given. `kind` is html or md.",
        {"kind": "str", "round": "int?"},
        "{ name: string }",
        "",
        "data",
    ),
    "paper": Request(
        "Have a paper of the whole session made: `kind` is report (a page), card, manifest, code or map (a page to look at with no Python). Without `texts` no text, name or label is in it. `pending` says that it "
        "comes with a new `report` revision.",
        {"kind": "str", "texts": "bool?"},
        "{ pending: boolean; error: string; name: string; chunks: number; key: string }",
    ),
    "paper_file": Request(
        "A paper that was made, by its `key`, one chunk of bytes at a time. Refused as `stale` where another one was made since.",
        {"key": "str", "chunk": "int"},
        "{ chunks: number }",
        "",
        "data",
    ),
    "consent": Request(
        "The person's answer before anything is sent to a remote provider: `provider` and `purpose` are those of the question that they read. A yes to what is not asked "
        "any more is refused as `stale`.",
        {"granted": "bool", "provider": "str", "purpose": "str"},
    ),
    "withdraw_consent": Request(
        "The person takes back that texts may go to a remote provider: what sends there stops, and they are asked again where they want something of it.",
        {"provider": "str"},
    ),
}
