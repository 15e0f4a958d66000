# The two commands of the README. Both need Python 3.11 and make, nothing else.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export CROSSMATCH_HOME ?= $(CURDIR)/.crossmatch

.PHONY: demo test check bench bench-peers notebooks clean

demo: $(VENV)/.installed
	$(BIN)/crossmatch index build
	$(BIN)/crossmatch match --samples -k 5 --asked-by demo
	$(BIN)/crossmatch log list --limit 5

test: check
	$(BIN)/python -m pytest

check: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.speed

bench-peers: $(BENCH)/.installed
	$(BENCH)/bin/python -m benchmarks.peers.end_to_end
	$(BENCH)/bin/python -m benchmarks.peers.search
	$(BENCH)/bin/python -m benchmarks.peers.workshop
	$(BENCH)/bin/python -m benchmarks.peers.api

notebooks: $(VENV)/.installed-test
	$(BIN)/python scripts/execute_notebooks.py

clean:
	rm -rf $(VENV) $(BENCH) .crossmatch .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt torch==2.13.0
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install -c constraints.txt -e ".[test]"
	touch $@

# Apart: what the benchmarks compare with is a gigabyte that nobody else needs.
$(BENCH)/.installed: pyproject.toml constraints.txt benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install -c constraints.txt -r benchmarks/requirements.txt -e .
	touch $@
