"""What replies are made of, as TypeScript types: one entry a type."""

from __future__ import annotations

PARTS = (
    "round",
    "layout",
    "decision",
    "selection",
    "analysis",
    "settings",
    "search",
    "preview",
    "evidence",
    "suggestions",
    "compare",
    "report",
)
"""What ``revision`` counts. A part's number moves when the page should ask for that part again."""
TYPES = {
    "Part": " | ".join(f'"{part}"' for part in PARTS),
    "Status": "{ stage: string; done: number; total: number; seconds_left: number | null; message: string; busy: boolean; error: string }",
    "Column": '{ name: "coords3" | "coords2" | "labels"; dtype: "uint16" | "int16" | "int8"; items: number; chunks: number; version: number }',
    "Field": '{ name: string; kind: "int" | "float" | "bool" | "choice" | "str"; default: unknown; low: number | null; high: number | null; '
    "choices: string[] | null; help: string; optional: boolean }",
    "Attribute": '{ key: string; title: string; kind: "category" | "number" | "flag" | "text"; group: "" | "column" | "finding" }',
    "Category": "{ name: string; count: number }",
    "Grid": "{ unit: number; per: number; time: boolean; beyond: [boolean, boolean] }",
    "Form": "{ name: string; title: string; when: string; fields: Field[] }",
    "Choice": "{ name: string } & Record<string, unknown>",
    "Settings": "{ embedder: Choice; clusterer: Choice; projector: Choice; prepare: Choice; analyst: string; automatic: boolean }",
    "Verdict": '"keep" | "trim" | "drop" | "unsure"',
    "Cluster": "{ cluster: number; name: string; size: number; share: number; kept: number | null; whole?: number | null; outliers: number | null; silhouette: number | null; density: number | null; "
    "duplicates: number; label: string | null; label_share: number | null; foreign: number | null; confidence: number | null; signals: Signal[]; tiny: boolean; why: string; verdict: Verdict | null; reasons: string[]; summary: string; "
    'quality: number | null; source: string; status: "ok" | "failed" | "pending"; error: string; trim: number[] }',
    "Metrics": "{ silhouette: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; dbcv: number | null; noise: number; balance: number; "
    "clusters: number; largest_to_smallest: number; effective?: number }",
    "Round": "{ id: string; number: number; kept: number; clusterer: string; projector: string; seconds: number; metrics: Metrics; notes: string[]; before: number | null; undone: boolean }",
    "Curve": "{ title: string; x_name: string; y_name: string; x: number[]; y: number[]; chosen: number }",
    "Count": "{ step: string; title: string; before: number; after: number; changed: number }",
    "Overview": "{ more_or_fewer: string; suggested: number | null; reason: string; imbalance: string; next: string; merge: [number, number][]; "
    "split: number[]; source: string }",
    "Decision": "{ id: string; number: number; kind: string; rows: number; reason: string; source: string; round: number; time: string; undone: boolean; drawn: boolean }",
    "Point": "{ row: number; text: string; clipped: boolean; label: string | null; cluster: number; kept: boolean; flags: string[]; "
    "values: (string | number | null)[]; similarity: number | null }",
    "Flag": "{ name: string; title: string; why: string; score: number | null }",
    "Sweep": "{ clusterer: string; parameter: string; values: number[]; clusters: number[]; noise: number[]; chosen: number | null }",
    "Tally": "{ key: number | string; count: number; of: number }",
    "Analyst": "{ name: string; model: string; provider: string; asks: boolean; remote: boolean; consented: boolean; spent: number | null; limit: number | null }",
    "Prompts": "{ system: string; user: string; task: string }",
    "Prompt": "{ cluster: number; messages: { role: string; content: string }[]; texts: number; calls: number; tokens: number; cost: number | null }",
    "Call": "{ id: string; time: string; kind: string; cluster: number | null; model: string; provider: string; messages: { role: string; content: string }[]; answer: string; "
    "status: string; error: string; sent: number; answered: number; cost: number | null; seconds: number }",
    "Consent": "{ provider: string; purpose: string; texts: number; tokens: number | null; cost: number | null; examples: string[] }",
    "Explanation": '{ what: string; belongs: "yes" | "no" | "partly" | "unsure"; reasons: string[]; source: string; rows: number }',
    "Signal": "{ name: string; title: string; value: number }",
    "Tier": '"safe" | "look"',
    "Example": "{ point: Point; after: string | null; beside: Point | null; why: string }",
    "Suggestion": "{ id: string; tier: Tier; kind: string; action: string; other: string | null; title: string; why: string; count: number; cluster: number | null; "
    "clusters: number[]; confidence: number | null; meaning: string; effect: string; overlaps: string[]; examples: Example[]; settings: Record<string, unknown> | null; "
    "analyst?: string; advised?: string | null }",
    "Figure": "{ name: string; title: string; digits: number; before: number; after: number; better: boolean | null }",
    "Effect": "{ id: string; title: string; analyst: string; rows: number; before_round: number; after_round: number; beside: number; figures: Figure[] }",
    "Looks": "{ order: number[]; done: number; dropped: number; kept: number; nothing: string }",
    "DuplicateGroup": "{ survivor: number; count: number; conflict: boolean; similarity: number | null; points: Point[] }",
    "Pair": "{ a: number; b: number; full: number; in3: number | null; in2: number | null; why: string }",
    "Accuracy": "{ round: number; kept: number; accuracy: number; error: number; random: number | null }",
    "Compared": "{ clusterer: Choice; title: string; silhouette: number | null; spread: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; clusters: number; "
    "largest: number; smallest: number; sizes: number[]; noise: number; agreement: number | null; label: number | null; seconds: number; note: string; error: string }",
    "Learned": "{ name: string; precision: number | null; precision_error: number | null; recall: number | null; recall_error: number | null; examples: number; needed: number; "
    "more: number; uncertain: Point[]; note: string }",
    "ReportSection": "{ title: string; lines: string[]; head: string[]; rows: string[][]; bars: number[]; items: string[] }",
    "Report": "{ round: number; title: string; sections: ReportSection[]; source: string; note: string }",
    "RowsJudged": "{ running: boolean; done: number; of: number; error: string; result: { criterion: string; source: string; "
    "counts: { keep: number; drop: number; unsure: number }; failed: number; known: number; left: number; error: string; read: string } | null }",
    "Tag": "{ name: string; count: number; note: string }",
    "Exported": "{ texts: boolean; said: string }",
    "Outcome": "{ kept: number; rows: number; saved: boolean; applied: boolean; note: string }",
}
