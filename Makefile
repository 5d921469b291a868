# Two commands are sacred: `make demo` and `make test`. Both set up what they need.
SHELL := bash
PY := .venv/bin/python
# bytecode of what is imported is kept, whatever the shell says: setup makes none, and a hundred processes would each make it anew
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test help examples torture setup protocol reliability lint page-check page-test chromium pictures docs bench-page test-oldest test-newest licences release clean

demo: setup  ## one full cycle on real texts, then the notebook
	$(PY) examples/demo.py
	$(PY) examples/open_notebook.py

# two processes of tests on two cores: a pool of two threads in each would only get in its own way
test: setup chromium  ## everything: lint, types, page, Python, wheel, a real browser
	$(MAKE) -j2 lint page-check page-test
	OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile -m "not browser" --ignore tests/browser
	$(PY) -m pytest tests/browser

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

torture: setup chromium  ## what docs/reliability.md promises, tried in full, on both cores: hours
	ELUTE_TORTURE=1 npm test --prefix js -- test/machine.test.ts test/fuzz.test.ts
	ELUTE_TORTURE=1 OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile -v -m "torture and not browser" --ignore tests/browser
	ELUTE_TORTURE=1 $(PY) -m pytest -v -m torture tests/browser

setup:  ## .venv, js/node_modules and the page built; nothing where nothing changed
	@scripts/setup.sh

protocol: setup  ## js/src/protocol.ts from src/elute/widget/protocol.py
	$(PY) -m elute.widget.protocol > js/src/protocol.ts

reliability: setup  ## the tables of docs/reliability.md from tests/failure_modes.txt
	$(PY) scripts/reliability.py

lint: setup  ## ruff and mypy
	$(PY) -m ruff check .
	$(PY) -m ruff format --check -q src tests examples bench scripts
	$(PY) -m mypy

page-check: setup  ## types and lint of js/
	npm run check --prefix js --silent
	npm run lint --prefix js --silent

page-test: setup  ## the tests of js/
	npm test --prefix js --silent

chromium:
	@scripts/chromium.sh

pictures: setup chromium  ## the pictures of README and docs, and a contact sheet of the widget in pictures/
	$(PY) scripts/pictures.py

examples: setup  ## the example notebooks in full, on $$ELUTE_DATA where it is set
	$(PY) examples/run_notebooks.py

docs: setup  ## the documentation site into site/, without a warning
	$(PY) -m pip install -q -c constraints.txt -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

bench-page: setup chromium  ## the page against plotly and jupyter-scatter, as in docs/performance.md; RUNS=5
	$(PY) -m pip install -q -c constraints.txt -e '.[bench]'
	$(PY) bench/page.py --runs $(or $(RUNS),5)

test-oldest:  ## the fast tests on the lowest versions that pyproject.toml allows, in build/lowest-3.11; TESTS="tests/test_ledger.py"
	@scripts/matrix.sh lowest $(TESTS)

test-newest:  ## the same on the newest, whatever constraints.txt says, in build/highest-3.11; PYTHON=3.13 for another Python
	@scripts/matrix.sh highest $(TESTS)

licences: setup  ## every dependency's licence, Python and npm; fails on one that is neither permissive nor MPL-2.0
	@$(PY) scripts/licences.py

release: setup  ## a release built into dist/ and checked, but for the upload; FULL=1 runs make test and test-oldest first
	@$(if $(FULL),$(MAKE) test test-oldest)
	$(PY) scripts/release.py

clean:  ## away with all that is made, .venv and js/node_modules too
	rm -rf .venv js/node_modules src/elute/widget/static/* dist build .demo pictures site
