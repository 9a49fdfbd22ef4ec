# What a person or a machine does with this checkout. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that run tests; 0 runs them in pytest's own process (for a debugger).
JOBS   ?= 2
# Given to pytest as they stand: make test ARGS="-k settle --rows"
ARGS   ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# The stamps carry a sum of the file's content: a checkout that only touches it installs nothing anew.
SUM   := $(shell cksum < pyproject.toml | cut -d ' ' -f 1)
USE   := $(VENV)/.installed-$(SUM)
DEV   := $(VENV)/.installed-dev-$(SUM)

.DEFAULT_GOAL := help
.PHONY: help setup test test-all demo bench bench-peers lint lint-style lint-form lint-types lint-imports format clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(DEV)  ## Make .venv and install everything that development needs

test: $(DEV)  ## Run every test on SQLite, and a part on PostgreSQL too (JOBS=2, ARGS="-k word --rows")
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --sampled $(ARGS)

test-all: $(DEV)  ## Run every test on both databases (JOBS=2, ARGS="-k word --rows")
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

demo: $(USE)  ## See a morning in a shop with its web orders, against a sandbox of Locally on this machine
	@$(BIN)/tillbridge demo

bench: $(DEV)  ## Measure the main job beside its floor and a naive importer (ARGS="--rounds 1")
	@PYTHONPATH=tests $(BIN)/python -m benchmarks $(ARGS)

bench-peers: $(DEV)  ## Measure it beside dlt, Singer and django-oscar (ARGS="--rounds 1")
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.peers $(ARGS)

lint: lint-style lint-form lint-types lint-imports  ## Check style, types and the direction of imports

lint-style: $(DEV)
	@$(BIN)/ruff check --quiet

lint-form: $(DEV)
	@$(BIN)/ruff format --check --quiet

lint-types: $(DEV)
	@$(BIN)/mypy core/tillbridge plugins/*/tillbridge_*
	@$(BIN)/mypy --allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls tests
	@$(BIN)/mypy -p benchmarks

lint-imports: $(DEV)
	@$(BIN)/lint-imports --no-logo

format: $(DEV)  ## Write the code in the house's form
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

clean:  ## Remove .venv and everything that tools have left
	rm -rf $(VENV) benchmarks/.peers .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "tillbridge needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }

$(USE): | $(BIN)/python
	@echo "Installing tillbridge"
	@$(BIN)/python -m pip install -qq --editable '.[sandbox]'
	@touch $@

$(DEV): | $(BIN)/python
	@echo "Installing tillbridge and what its development needs"
	@$(BIN)/python -m pip install -qq --editable '.[dev]'
	@$(BIN)/python tests/node_sdk.py
	@$(BIN)/python tests/own_environments.py
	@rm -f $(VENV)/.installed-* && touch $@ $(USE)
