#!/usr/bin/env bash
# Sets up .venv with elute, its extras and what tests and demo need, at the versions of constraints.txt, and builds the page.
# uv where there is one, pip otherwise. Does nothing where nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv/.ready
want=$(cat pyproject.toml constraints.txt scripts/setup.sh scripts/hatch_build.py | cksum)
if [ "$(cat $stamp 2>/dev/null)" != "$want" ]; then
  command -v node >/dev/null || { echo "Node 20 or newer is needed (https://nodejs.org)"; exit 2; }
  # a name on PATH may be a shim that only says it is not installed: take the first that really runs
  python=
  for name in python3 python3.11 python3.12 python3.13; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { python=$name; break; }
  done
  [ -n "$python" ] || { echo "Python 3.11 or newer is needed (https://www.python.org/downloads)"; exit 2; }
  [ -x .venv/bin/python ] || { echo "setup: .venv with $("$python" --version)"; "$python" -m venv .venv; }
  # bytecode is made of what is imported, when it is: of all that these packages hold it takes a minute
  # the CPU build of torch where pip is set up to find one; uv would take the CUDA build
  echo "setup: torch"
  .venv/bin/python -m pip install -q --no-compile -c constraints.txt torch==2.13.0 2>&1 | { grep -v "is ignored: it is neither" || true; }
  echo "setup: elute[all,dev] (a minute or two)"
  if command -v uv >/dev/null; then
    uv pip install -q --python .venv/bin/python -c constraints.txt -e '.[all,dev]'
  else
    .venv/bin/python -m pip install -q --no-compile -c constraints.txt -e '.[all,dev]' 2>&1 | { grep -v "is ignored: it is neither" || true; }
  fi
  .venv/bin/python -c 'import elute, jupyterlab, sentence_transformers'
  echo "$want" > $stamp
fi
# the page, where its sources are newer than the bundle
bundle=src/elute/widget/static/widget.js
if [ ! -f $bundle ] || [ -n "$(find js/src js/build.mjs js/package-lock.json -newer $bundle -print -quit)" ]; then
  [ -d js/node_modules ] && [ js/node_modules -nt js/package-lock.json ] || npm ci --prefix js --silent
  npm run build --prefix js --silent
fi
