"""A dataset card as Hugging Face lays it out: what elute knows is filled in, what only a person can say is left open and marked."""

from __future__ import annotations

import json
from collections.abc import Mapping

from elute.report.document import Section
from elute.report.markdown import escaped, section_markdown
from elute.report.whole import Whole
from elute.report.words import rows, share

OPEN = "[More Information Needed]"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
LABELS = 40
"""Labels that are listed at most."""
PROPOSED = {"elute_label": "label, with what was proposed", "elute_text": "text, with what was cleaned"}


def card(whole: Whole, *, label: str | None, text: str, columns: tuple[str, ...], proposed: Mapping[str, str]) -> str:
    """The card, as Markdown with a YAML head.

    Parameters
    ----------
    whole : Whole
    label : str or None
        The label column.
    text : str
        What the texts are made of.
    columns : tuple of str
        All columns of the table that came in.
    proposed : dict of str to str
        The columns that it has besides: ``elute_label`` and ``elute_text``, as they are named in it.
    """
    head = {
        "pretty_name": whole.title,
        # of a sample it is not known here how many rows the set has
        **({} if whole.sample else {"size_categories": [next((name for most, name in SIZES if whole.kept < most), "n>10M")]}),
        **({"task_categories": ["text-classification"]} if label else {}),
        "tags": ["elute"],
    }
    # JSON is YAML, and no string in it can end its line
    front = "\n".join(f"{name}: {json.dumps(value)}" for name, value in head.items())
    parts = [
        f"---\n{front}\n---",
        f"# Dataset Card for {escaped(whole.title)}",
        "## Dataset Details",
        f"### Dataset Description\n\n{escaped(_description(whole))}",
        _listed(("Curated by", OPEN), ("Language(s) (NLP)", OPEN), ("License", OPEN)),
        f"## Uses\n\n### Direct Use\n\n{escaped(whole.task) if whole.task else OPEN}\n\n### Out-of-Scope Use\n\n{OPEN}",
        "## Dataset Structure",
        _structure(whole, label, text, columns, proposed),
        "## Dataset Creation",
        f"### Curation Rationale\n\n{escaped(whole.task) if whole.task else OPEN}",
        f"### Source Data\n\n#### Data Collection and Processing\n\n{_processing(whole)}",
        f"#### Who are the source data producers?\n\n{OPEN}",
        f"#### Personal and Sensitive Information\n\n{OPEN}",
        f"## Bias, Risks, and Limitations\n\n{_limits()}",
        f"## Citation\n\n{OPEN}",
        f"## Dataset Card Authors\n\n{OPEN}",
        f"*Figures by elute {whole.versions['elute']}; `manifest.json` says the same for machines.*",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _description(whole: Whole) -> str:
    sample = f"{whole.sample} What follows is of the sample. " if whole.sample else ""
    return sample + (
        f"{whole.kept:,} of {whole.n:,} rows ({share(whole.kept / max(1, whole.n))}), purified with elute in {len(whole.rounds):,} "
        f"rounds of clustering and {len(whole.gone):,} decisions that removed rows."
    )


def _structure(whole: Whole, label: str | None, text: str, columns: tuple[str, ...], proposed: Mapping[str, str]) -> str:
    roles = {text: "text", **({label: "label"} if label else {}), **{column: PROPOSED[what] for what, column in proposed.items()}}
    listed = tuple((name, roles.get(name, "")) for name in (*columns, *proposed.values()))
    found = [section_markdown(Section("", tuple(whole.proposed.values()), ("Column", "Role"), listed))]
    if whole.labels:
        shown, more = whole.labels[:LABELS], whole.labels[LABELS:]
        table = tuple((name, f"{after:,}") for name, _, after in shown)
        lines = (f"{len(more):,} labels with fewer rows are not listed.",) if more else ()
        found.append(section_markdown(Section("", lines, ("Label", "Rows"), table)))
    return "\n\n".join(found)


def _processing(whole: Whole) -> str:
    found = []
    if whole.gone:
        table = tuple(
            (str(one.removal.round or "before"), f"{one.removal.rows:,}", one.why, one.removal.how) for one in whole.gone
        )
        found.append(section_markdown(Section("", ("What was removed:",), ("Round", "Rows", "Reason", "How"), table)))
    if whole.compared:
        found.append(
            section_markdown(Section("", (*whole.other, "Before and after:"), ("What", "Before", "After"), whole.compared))
        )
    if whole.settings:
        found.append(section_markdown(Section("", ("Settings of the last round:",), items=whole.settings)))
    return "\n\n".join(found) or escaped(f"{rows(whole.kept)}, and nothing was removed.")


def _limits() -> str:
    return (
        "Rows were removed by a person's decisions on clusters of embeddings, so what is rare in the set may have gone with what was "
        f"foreign to it; how many rows of each kind went is listed above. {OPEN}"
    )


def _listed(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"- **{name}:** {value}" for name, value in pairs)
