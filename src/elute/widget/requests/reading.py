"""What the page reads: how things stand, columns of the map, rows and their texts, what was searched for."""

from elute.widget.requests.request import Request

READING = {
    "hello": Request(
        "First of all: versions agree, and do buffers survive both ways? The page sends four bytes and gets them back. `journal` is the same for pages "
        "whose decisions go to the same place. `images`: rows have images, which `thumbnails` gives. `exported`: this is a page on its own, with no Python behind it.",
        {"protocol": "int"},
        "{ protocol: number; version: string; echoed: boolean; n: number; text_name: string; label_name: string | null; journal: string; "
        "embedders: Form[]; clusterers: Form[]; projectors: Form[]; prepare: Form; sources: string[]; images?: boolean; exported?: Exported }",
        "data",
        "data",
    ),
    "state": Request(
        "Where the session stands: rows kept, rounds, undo, settings, saved selections. `n` and `kept` count no rows of a reference, which the map shows too: those are `reference`. `resumed` says what came back, `offered` which decisions could "
        "be brought along, `problem` what is not saved yet, `read_only` that another kernel decides, `sampled` of how many rows these are a sample: each a line, empty where there is nothing to say.",
        {},
        "{ n: number; kept: number; reference?: number; decisions: number; undo: string | null; redo: string | null; saved: boolean; resumed: string; "
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
        "One attribute of every row, for colours, legend, filter and thresholds: n uint16. A category's code is its place in `categories`, the most "
        "frequent first, the last one standing for all others (`others` values) where there are too many; a flag's categories are yes and "
        "no; a number is lo + code / 65534 * (hi - lo), what is beyond lies at the end; 65535 is a row without a value. Thresholds of a number "
        "are the multiples of `unit / per` of its `grid`, or of `unit` microseconds since 1970 where it is `time` (its numbers are years then); "
        "n bits after the codes, least significant first, are the rows that are less than the multiple that has their code, and `beyond` says whether some lie lower than "
        "`lo` and higher than `hi`. Where `version` is the one the page holds already, `chunks` is 0 and nothing comes. An attribute of kind text has no codes.",
        {"key": "str", "chunk": "int?", "version": "int?"},
        "{ key: string; categories: Category[] | null; others: number; lo: number; hi: number; grid: Grid | null; chunks: number; version: number }",
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
    "thumbnails": Request(
        "Small images of rows, one after the other: so many bytes each, 0 where a row has none. Only where `images` of `hello` says so.",
        {"rows": "list"},
        "{ sizes: number[] }",
        "",
        "data",
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
        "What the last search found, of whichever view. `pending`: it is still to come, with a new `search` revision.",
        {},
        "{ query: string; mode: string; count: number; error: string; pending?: boolean }",
        "",
        "bits",
    ),
    "grow": Request(
        "These rows and their nearest neighbours among the rows that stay. Selects nothing.",
        {},
        "{ count: number }",
        "bits",
        "bits",
    ),
}
