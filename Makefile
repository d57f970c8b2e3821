# Two commands: `make run` (the night over data/raw, or the demo where it is empty) and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# What one process has compiled the next need not: else every start pays seconds for its imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test env wheelhouse browser format lint types pytest

run: $(STAMP)
	@if [ -n "$$(find data/raw -type f -not -name '.*' -print -quit)" ]; then \
		$(BIN)/carryover nightly; \
	else \
		echo "data/raw/ is empty: here is the demo athlete, in demo/. Put your own files there and run again."; \
		if [ -f demo/demo_truth.json ]; then $(BIN)/carryover nightly --home demo; \
		else $(BIN)/carryover demo --home demo; fi; \
	fi

env: $(STAMP)

# uv installs the same hash-pinned lock many times faster than pip; it is itself in the lock.
# Where it cannot reach a package index that pip is configured for, pip does the work.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "carryover needs Python 3.11 to 3.13; say PYTHON=python3.12 make …"; exit 2; }
	$(PYTHON) -m venv .venv
	@awk '/^uv==/{take=1} take{print} take&&!/\\$$/{exit}' requirements.lock > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@echo "installing the packages of requirements.lock"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock 2>.venv/uv.log \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Everything that a machine without a network needs, checked by hash as it comes: docs/install.md.
wheelhouse: $(STAMP)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --require-hashes -r requirements.lock --wheel-dir $@
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir $@ .

test: $(STAMP) browser format lint types pytest

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "installing chromium for the page tests" \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
		|| echo "no chromium here and no right to install it: page tests will be skipped"

format: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

pytest: $(STAMP)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder
