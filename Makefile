# `make help` lists what can be done. Settings come from the environment and .env (.env.example).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
LOCK := CUSTOM_COMPILE_COMMAND='make lock' $(VENV)/lock/bin/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-annotate --no-emit-options
NPM := npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-package-lock --prefix

.PHONY: help run test dev lint format demo e2e clients interleavings drills bench lighthouse pictures lock
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z0-9]*\):.*## /\1	/p' Makefile | expand -t 15

run: $(VENV)/.installed ## Serve at http://localhost:8000, or PORT=…; set up and migrate first
	@$(MANAGE) setup
	@$(MANAGE) backup --if-sqlite
	@$(MANAGE) migrate --verbosity 0
	@exec $(MANAGE) serve

test: $(VENV)/.installed-dev ## Run the whole test suite on SQLite
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

dev: export DEBUG = true
dev: $(VENV)/.installed-dev ## Serve for development: auto-reload, debug toolbar, worker
	@$(MANAGE) setup
	@$(MANAGE) migrate --verbosity 0
	@exec $(MANAGE) serve --reload

lint: $(VENV)/.installed-dev ## Check style, types, imports, templates and common weaknesses
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/bandit --quiet --recursive --severity-level medium accounts todos todo_project manage.py
	@find templates -type f | xargs $(BIN)/djade --check
	@SECRET_KEY=$${SECRET_KEY:-for type checks alone, not for a server} $(BIN)/mypy

format: $(VENV)/.installed-dev ## Write code and templates in the one style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@find templates -type f | xargs $(BIN)/djade

demo: $(VENV)/.installed ## Make a demo account, or give it a new password
	@$(MANAGE) setup
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo

e2e: $(VENV)/.installed-dev ## Run the browser tests alone (needs Chromium)
	@$(BIN)/python -m pytest -q tests/e2e

interleavings: export INTERLEAVINGS = 1000
interleavings: $(VENV)/.installed-dev ## Let two threads write at random, a thousand times, and undo it
	@$(BIN)/python -m pytest -q -n auto tests/todos/test_interleavings.py

drills: export DRILLS = 1
drills: $(VENV)/.installed-dev ## Harm the server in every way that docs/reliability.md promises to survive
	@$(BIN)/python -m pytest -q -s tests/drills tests/test_wire.py

fuzz: export FUZZ = 100
fuzz: export FUZZ_SEED := $(or $(SEED),$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))
fuzz: $(VENV)/.installed-dev ## Do thousands of things at random over the API; SEED=… repeats them
	@echo "SEED=$(FUZZ_SEED)"
	@$(BIN)/python -m pytest -q tests/test_fuzz.py tests/test_stateful.py tests/todos/transfers/test_random_accounts.py

bench: $(VENV)/.installed-dev ## Measure the speed against a stock application (needs wrk); QUICK=1: in three minutes
	@$(BIN)/python -m bench $(if $(QUICK),quick,full) $(if $(RECORD),--record)

clients: ## Get the JavaScript clients that tests use, into .npm (needs npm)
	@$(NPM) .npm/original axios@0.27.2 axios-auth-refresh@3.3.4
	@$(NPM) .npm/newer axios@1.21.1 axios-auth-refresh@5.0.2

lighthouse: $(VENV)/.installed-dev ## Have Lighthouse judge Today with 50 tasks (needs npm, Chromium)
	@$(NPM) .npm/lighthouse lighthouse@12.8.2
	@$(BIN)/python bench/lighthouse.py

pictures: $(VENV)/.installed-dev ## Take the pictures of the README and the first page anew (needs Chromium)
	@SAVE_PICTURES=1 $(BIN)/python -m pytest -q tests/e2e/test_pictures.py

lock: ## Write requirements.txt and requirements-dev.txt, with hashes, from what the .in files name
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	@$(LOCK) requirements.in
	@$(LOCK) requirements-dev.in

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; choose one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt | $(VENV)/.python
	@echo "Installing requirements.txt into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/.python
	@echo "Installing requirements-dev.txt into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed
