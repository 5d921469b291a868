"""Step 3: coords in 2D and 3D, by PCA, UMAP, t-SNE or a person's own projector."""

from __future__ import annotations

from elute.project.pca import PCA
from elute.project.result import Projection
from elute.project.run import PROJECTORS, as_projector, project, reduce
from elute.project.stay import place, refine
from elute.project.tsne import TSNE
from elute.project.umap import UMAP

__all__ = ["PCA", "PROJECTORS", "TSNE", "UMAP", "Projection", "as_projector", "place", "project", "reduce", "refine"]
