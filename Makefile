# The two commands of the README. Both need Python 3.11 and make, nothing else.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export CROSSMATCH_HOME ?= $(CURDIR)/.crossmatch

.PHONY: demo test check bench notebooks clean

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

notebooks: $(VENV)/.installed-test
	$(BIN)/python scripts/execute_notebooks.py

clean:
	rm -rf $(VENV) .crossmatch .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt torch==2.13.0
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install -c constraints.txt -e ".[test]"
	touch $@
