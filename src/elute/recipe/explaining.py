"""A recipe in sentences: what it reads, what goes and why, what goes by content only, and what it can't do again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from elute.corpus import FromColumn
from elute.options import to_dict
from elute.plain import many
from elute.recipe.rules import LOST, ROW, RULE, SETTING, UNDONE, Rule, Told

if TYPE_CHECKING:
    from elute.recipe.recipe import Recipe

WHY = {
    "edit": "A text is edited row by row; new rows are cleaned as the settings say.",
    "relabel": "Labels that were proposed are of single rows.",
    "tag": "Tags are of single rows.",
    "judged": "What a model said of single rows holds for these only.",
    "rename": "Names of clusters are left out: recipe(texts=True) takes them along.",
    "learned": "Its rows go by their content and no others: the journal does not have the filter that named them, or texts are embedded "
    "otherwise now. Learn again and accept what is named then.",
}
"""Why a kind does not replay."""


def explain(recipe: Recipe) -> list[str]:
    """See :meth:`elute.recipe.Recipe.explain`."""
    known = recipe.known
    n = int(known.own.sum())
    said = [
        f"Made with elute {recipe.made.get('elute', '?')} from {many(n, 'row')}, of which {int((known.keep & known.own).sum()):,} stay.",
        *_reference(recipe),
        _reads(recipe),
        *_fills(recipe.reads.fill),
        _prepares(recipe),
        _embeds(recipe),
    ]
    said += [_rule(recipe, number, rule) for number, rule in enumerate(recipe.rules)]
    if not recipe.rules:
        said.append("No decision of the session holds for rows that it did not know: new rows stay, but for what is said below.")
    if recipe.across.groups:
        said.append(f"A row that goes takes with it all of its {recipe.reads.group!r}.")
    if recipe.reads.chats:
        said.append(_chats(recipe))
    # a drop that is no rule, though it should be one, still holds for its own rows
    single = (told for told in recipe.decisions if told.replays in (RULE, ROW) or (told.kind, told.replays) == ("drop", LOST))
    by_content = sum(told.rows - told.by_rule for told in single)
    said.append(
        f"On the {many(n, 'row')} that the session knew its own word counts, by their content{_beside(recipe)}: that is all "
        f"that carries {many(by_content, 'decision')} on single rows."
    )
    said += _not_again(recipe.decisions)
    return said


def _beside(recipe: Recipe) -> str:
    """What tells equal texts apart."""
    columns = [repr(column) for column in (recipe.reads.label, None if recipe.reads.chats else recipe.reads.group) if column]
    return f", equal texts by {' and '.join(columns)} too" if columns and recipe.known.whose is not None else ""


def _reads(recipe: Recipe) -> str:
    reads = recipe.reads
    text = reads.text if isinstance(reads.text, str) else " and ".join(map(repr, reads.text))
    label = f", labels from {reads.label!r}" if reads.label else ""
    return f"The text of a row is read from {text if isinstance(reads.text, tuple) else repr(text)}{label}."


def _reference(recipe: Recipe) -> list[str]:
    """Which rows are no part of what stays, though no decision drops them."""
    marks, count = recipe.reads.reference, int((~recipe.known.own).sum())
    of = [f"{many(count, 'row')} of the reference that the session had"] if count else []
    of += [f"rows that {marks!r} marks"] if marks else []
    return [f"Left out, as by clean(): {' and '.join(of)}."] if of else []


def _fills(fill: Any) -> list[str]:
    """What stands for a missing part."""
    each = fill if isinstance(fill, Mapping) else {} if fill is None else {"": fill}
    said = [f"a missing {repr(name) if name else 'part'} is {_filled(one)}" for name, one in each.items()]
    return [f"A{', '.join(said)[1:]}."] if said else []


def _filled(one: Any) -> str:
    if isinstance(one, FromColumn):
        return f"taken from {one.name!r}"
    return f"filled with {one!r}" if one else "left empty"


def _chats(recipe: Recipe) -> str:
    written = "written as it came, as long as one of them stays" if recipe.across.groups else "written without those that go"
    return f"Of a file of chats each message is a row, and a conversation is {written}."


def _prepares(recipe: Recipe) -> str:
    told = to_dict(recipe.prepare)
    on = [name for name in ("encoding", "markup", "control", "whitespace") if told[name]]
    return (
        f"It is made clean on a working copy ({', '.join(on) or 'nothing repaired'}) and cut at {told['max_chars']:,} characters."
    )


def _embeds(recipe: Recipe) -> str:
    made = recipe.embedding
    if made.kind == "none":
        return "There are no vectors: the session had no round."
    if made.kind == "given":
        return f"Vectors of {made.dimension} numbers came from {made.name}, which is not in here: they are given with the rows."
    if made.kind == "vocabulary":
        return f"It is embedded by TF-IDF as it was fitted ({made.dimension} numbers a vector; its terms are kept as hashes)."
    where = ", which sends texts off the machine" if made.remote else ""
    return f"It is embedded by {made.name}{where} ({made.package}; {made.dimension} numbers a vector; version {made.key[:40] or '?'})."


def _rule(recipe: Recipe, number: int, rule: Rule) -> str:
    took = f"(round {rule.round}; in the session {many(rule.rows, 'row')})"
    if rule.kind == "cluster":
        at = [place for place in range(len(recipe.clusters)) if recipe.clusters.rule[place] == number]
        reach = f" within {recipe.clusters.radius[at[0]]:.2f} of its centroid" if at else ""
        named = (
            f", “{recipe.names[int(recipe.clusters.number[at[0]])]}”,"
            if at and int(recipe.clusters.number[at[0]]) in recipe.names
            else ""
        )
        return f"Rows nearest to a cluster that was dropped{named}{reach} go {took}."
    if rule.kind == "noise":
        return f"Rows that are out of reach of every cluster go, as noise {took}."
    if rule.kind == "filter":
        told = next(told for at, told in recipe.filters if at == number)
        tried = "" if told.precision is None else f", precision {told.precision:.2f} in cross-validation"
        return f"Rows that a learned filter puts at .5 or more go{tried} {took}."
    if rule.kind == "no text":
        return f"Rows without a text go {took}."
    across = recipe.across
    if rule.kind == "balance" and across.balance is not None:
        of = f"{many(len(across.balance.only), across.balance.by)}" if across.balance.only else f"every {across.balance.by}"
        times, most = across.balance.times, across.balance.most
        bounds = ["" if times is None else f"{times:.2g} times the median", "" if most is None else many(most, "row")]
        bound = " and no more than ".join(filter(None, bounds))
        return f"Of {of} no more than {bound} stay, counted in the data at hand, chosen by content and seed {took}."
    label = " under the same label" if across.duplicates is not None and across.duplicates.label else ""
    by = "a letter or a small word" if across.duplicates is not None and 3 in across.duplicates.costs else "a letter or two"
    how = f"equal, or {by} apart," if rule.kind == "near copies" else "equal once prepared"
    return f"Of rows that are {how}{label} the first stays {took}."


def _not_again(decisions: Sequence[Told]) -> list[str]:
    said = []
    for told in decisions:
        if told.replays == LOST:
            said.append(f"Not replayable: decision {told.number}, {told.what} ({many(told.rows, 'row')}). {told.why}")
    undone = [told.number for told in decisions if told.replays == UNDONE]
    if undone:
        said.append(f"Taken back by later decisions, so no rule: {', '.join(map(str, undone))}.")
    settings = sum(told.replays == SETTING for told in decisions)
    if settings:
        said.append(f"{many(settings, 'choice')} of settings: how texts are prepared and embedded is what it was last.")
    return said
