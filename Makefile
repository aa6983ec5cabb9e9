# What a person types: make run, make test, make lint, make bench, make fuzz, make demo.
# Everything is set up on the way: .venv, locked dependencies, the compiled engine.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
FUZZ_SECONDS ?= 60
PYTEST_ARGS  ?=

.PHONY: run demo test lint bench fuzz setup tools clean

run: $(VENV)/.run
	@$(BIN)/ratop top --or-demo

demo: $(VENV)/.run
	@$(BIN)/ratop demo

# What measures or needs the machine for itself runs alone, after all else ran on all cores.
test: setup tools lint
ifeq ($(PYTEST_ARGS),)
	$(BIN)/pytest -n auto --dist worksteal -m "not system and not root"
	$(BIN)/pytest -m "system or root"
else
	$(BIN)/pytest $(PYTEST_ARGS)
endif

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.bench

fuzz: setup
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

setup: $(VENV)/.dev

tools:
	@sh tests/tools.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ratop needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "cannot make $(VENV); on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml setup.py ratop_py/flow/engine.py ratop_py/export/lines.py ratop_py/net/sha1.py
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps -e .
	@$(BIN)/python -m compileall -q ratop_py
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
	find ratop_py -name '*.so' -delete
