"""The share of each cluster's rows that stay, over rounds and restarts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pages import table

import elute
from elute.rounds.round import Round
from elute.widget.members import Members


@pytest.fixture
def session(tmp_path: Path) -> elute.Session:
    made = elute.Session(table(), "text", embedder="tfidf", clusterer=elute.KMeans(3), projector="pca", path=tmp_path / "j")
    made.run()
    return made


def dropped(session: elute.Session, cluster: int, count: int) -> Round:
    rows = np.flatnonzero(session.round.labels == cluster)[:count]
    session.drop(rows)
    return session.run()


def test_rows_that_were_dropped_count_to_the_cluster_they_were_in(session: elute.Session) -> None:
    members = Members(60)
    assert members.kept(session.round, session.state.keep, None) == {0: 1.0, 1: 1.0, 2: 1.0}
    before = session.round
    rows = np.flatnonzero(before.labels == 1)[:5]
    session.drop(rows)
    assert members.kept(before, session.state.keep, None) == {0: 1.0, 1: 0.75, 2: 1.0}, "also before the next round"
    made = session.run()
    assert members.kept(made, session.state.keep, None) == {0: 1.0, 1: 0.75, 2: 1.0}
    session.restore(rows)
    assert members.kept(made, session.state.keep, None)[1] == 1.0
    session.undo()
    assert members.kept(session.run(), session.state.keep, None)[1] == 0.75
    made = dropped(session, 0, 20)
    assert members.kept(made, session.state.keep, None)[1] == 0.75
    session.undo()
    assert members.kept(session.run(), session.state.keep, None) == {0: 1.0, 1: 0.75, 2: 1.0}


def test_after_a_restart_the_nearest_centroid_says_where_rows_were(session: elute.Session) -> None:
    made = dropped(session, 2, 10)
    again = Members(60)
    assert again.kept(made, session.state.keep, None) == {}, "without vectors nothing is known"
    assert again.kept(made, session.state.keep, session.known_space) == {0: 1.0, 1: 1.0, 2: 0.5}


def test_clusters_made_anew_do_not_inherit(session: elute.Session) -> None:
    members = Members(60)
    members.kept(session.round, session.state.keep, None)
    made = dropped(session, 2, 10)
    members.kept(made, session.state.keep, None)
    session.configure(clusterer=elute.KMeans(6))
    made = session.run()
    shares = members.kept(made, session.state.keep, session.known_space)
    sizes = np.bincount(made.labels[made.labels >= 0])
    ever = sum(size / shares[number] for number, size in enumerate(sizes) if size)
    assert ever == pytest.approx(60), "each dropped row counts once"


def test_means_are_those_of_the_rows(session: elute.Session) -> None:
    space, made = session.space(), session.round
    names, means = Members(60).means(made, space)
    assert names.tolist() == [0, 1, 2]
    for name, mean in zip(names, means, strict=True):
        np.testing.assert_allclose(mean, space.X[space.of[made.labels == name]].mean(axis=0), atol=1e-6)
