# Two commands on a fresh machine: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check audit bench docs clean
.DEFAULT_GOAL := demo

$(VENV)/.demo: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[all]'
	touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/.demo ## price the national contract, set the proposals beside it and write the report, on the synthetic England
	$(BIN)/gpcontract demo --out out/demo

test: $(VENV)/.test ## all tests; those in a browser where Chromium is or can be installed
	tools/chromium.sh
	$(BIN)/python -m pytest -q

check: $(VENV)/.test ## style and types
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy

audit: $(VENV)/.test ## known weaknesses of the packages it rests on, where the registry tells them
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.7,<3'
	$(BIN)/python -m pip_audit --skip-editable || echo 'NOT ALL AUDITED: see above' >&2

bench: $(VENV)/.test ## speed, with ratios against peers in one run
	$(BIN)/python benchmarks/bench.py

docs: $(VENV)/.test ## tables in the docs that are made from the code
	$(BIN)/python docs/make_tables.py

clean:
	rm -rf $(VENV) .venv-peers out build dist src/*.egg-info
