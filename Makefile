# Two commands: make build, make test. Both set up what they need; Python 3.11 and make are all that has to be there.
.DEFAULT_GOAL := help
.PHONY: help build check-data pages test pytest test-superset parity dialects bench bench-small lint programs publish back docs catalogue demo clean

UV_VERSION := 0.13.9
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SETUP := .venv/.synced

export DBT_PROFILES_DIR := .
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(SETUP): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Rampline needs Python 3.11 or later: set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --inexact --compile-bytecode --quiet
	@touch $(SETUP)

build: $(SETUP) ## build and test the company, publish warehouse/rampline.duckdb
	@$(BIN)/python -m tools.build $(ARGS)

check-data: $(SETUP) ## say what is there of your own data: make check-data FOLDER=exports
	@$(BIN)/python -m tools.check_data $(FOLDER) $(ARGS)

publish: $(SETUP) ## publish the last whole dbt build
	@$(BIN)/python -m tools.publish

pages: $(SETUP) ## make the pages of the published file: warehouse/pages/index.html
	@$(BIN)/python -m reports $(ARGS)

lint: $(SETUP) ## ruff and sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m tools.garbage sqlfluff lint --nocolor --processes 2 models tests/singular analyses

# The tests open the pages in a browser and run Spark. What is not there is installed, if this may.
BROWSER := $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),,chromium fonts-dejavu-core)
JAVA := $(if $(shell command -v java),,openjdk-17-jre-headless)
pytest: MISSING := $(strip $(BROWSER) $(JAVA))
parity: MISSING := $(JAVA)
programs:
	@test -z "$(MISSING)" || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null; } \
		|| { echo "This needs a browser or Java 17 that is not there: install it (Debian: apt-get install $(MISSING))." >&2; exit 1; }
	@test -z "$(MISSING)" || { apt-get -qq update \
		&& DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $(MISSING) > /dev/null; }

# Side by side: each waits now and then, for a download, a browser, a server or a disk.
test: ## every check
	@$(MAKE) --no-print-directory --jobs 2 lint pytest

# Files by name: xdist would take those with few tests last, and they are the slow ones. One process more than there are cores.
PROCESSES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
pytest: $(SETUP) programs
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

SUPERSET := target/superset
test-superset: export RAMPLINE_BUILD_FILE := $(SUPERSET)/build.duckdb
test-superset: export RAMPLINE_PUBLISHED_FILE := $(SUPERSET)/rampline.duckdb
test-superset: export DBT_TARGET_PATH := $(SUPERSET)/dbt
test-superset: $(SETUP) ## Apache Superset on the demo's published file, in an environment of its own
	@$(BIN)/python -m tools.build
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(SUPERSET)/venv
	@$(BIN)/uv pip sync --quiet --python $(SUPERSET)/venv/bin/python tests/superset/requirements.txt
	@$(SUPERSET)/venv/bin/python -m pytest -p no:warnings tests/superset

parity: $(SETUP) programs ## the demo on DuckDB, PostgreSQL and Spark, every mart compared row for row
	@$(BIN)/python -m tools.parity

dialects: $(SETUP) ## compiled for Snowflake, BigQuery, Databricks and Trino without a connection, and read in their dialects
	@$(BIN)/python -m pytest -p no:warnings --numprocesses auto --dist load tests/dialects

bench: $(SETUP) ## measure companies of 1, 10 and 50 million activities, write docs/performance.md
	@$(BIN)/python -m tools.bench $(ARGS)

bench-small: $(SETUP) ## a build of the demo beside that of a project as large with nothing in it
	@$(BIN)/python -m tools.small_build $(ARGS)

back: $(SETUP) ## publish the file before the published one again
	@$(BIN)/python -m tools.publish --back

docs: $(SETUP) ## dbt's documentation site, in target/
	@$(BIN)/dbt docs generate --static

catalogue: $(SETUP) ## write docs/metrics.md, the list of every metric
	@$(BIN)/dbt --quiet parse
	@$(BIN)/python -m tools.metric_catalogue

demo: $(SETUP) ## write the demo company's seeds again (the same bytes)
	@$(BIN)/python -m tools.demo_company

clean: ## remove what can be made again
	@rm -rf target logs warehouse/pages warehouse/spark warehouse/bench warehouse/*.duckdb warehouse/*.wal warehouse/*.json .pytest_cache .ruff_cache
