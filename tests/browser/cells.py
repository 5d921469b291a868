"""Cells that several tests run."""

TABLE = """import json, blobs, elute
df, vectors = blobs.table()"""
WIDGET = f"""{TABLE}
w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca")
w"""
DBSCAN = """import json, blobs, elute
df, vectors = blobs.table(noise=True)
w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.DBSCAN(eps=0.05), projector="pca")
w"""
FRESH = f"""import os, tempfile
os.environ["ELUTE_HOME"] = tempfile.mkdtemp(dir=".")  # no journal and no cache of a test before
{WIDGET}"""
SELECTED = "print(json.dumps(df[w.selected].index.tolist()))"
KEPT = "print(json.dumps(df[w.keep].index.tolist()))"
SELECT = 'print(w.select(df.label == "cassock"))'
