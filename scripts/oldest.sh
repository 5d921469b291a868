#!/usr/bin/env bash
# The fast tests on the lowest versions that pyproject.toml allows, in build/oldest. Sentence-BERT is left out: its floor would
# bring a torch for GPUs. Test tools are the newest that go with the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
home=build/oldest
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  uv=$home/uv/bin/uv
  [ -x "$uv" ] || { python3 -m venv $home/uv && $home/uv/bin/python -m pip install -q uv; }
fi
mkdir -p $home
"$uv" pip compile -q pyproject.toml --extra openai --extra recipe --extra dask --extra xlsx \
  --resolution lowest-direct --python-version 3.11 -o $home/lowest.txt
want=$(cat $home/lowest.txt scripts/oldest.sh | cksum)
if [ "$(cat $home/.ready 2>/dev/null)" != "$want" ]; then
  rm -rf $home/env
  "$uv" venv -q --python 3.11 $home/env
  "$uv" pip install -q --python $home/env/bin/python -r $home/lowest.txt datasets hypothesis nbclient polars pytest
  "$uv" pip install -q --python $home/env/bin/python --no-deps -e .
  echo "$want" > $home/.ready
fi
grep -E "^(numpy|scipy|pandas|scikit-learn|numba|anywidget|ipywidgets|narwhals|plotly|pyarrow|dask)==" $home/lowest.txt | tr '\n' ' '; echo
if [ $# = 0 ]; then
  set -- tests/test_{corpus,cluster,metrics,journal,ledger,session,embed_tfidf,layout,findings,reading,recipe,recipe_folder,widget}.py
fi
$home/env/bin/python -m pytest -p no:cacheprovider -m "not browser and not torture" \
  --deselect "tests/test_corpus.py::test_what_is_no_table_gets_advice[list-str0]" "$@"  # a column was a plain list before datasets 4
