# Needs Python 3.11 or later with venv, and make. `make` alone lists what there is to do.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8050
SOURCE ?=
NETFLIX_EXPORT ?=
CATALOGUE ?=
POSTERS ?=
NAMES ?=
EVENTS ?= 10000000

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export UV_NO_PROGRESS := 1
export UV_PYTHON := $(CURDIR)/$(BIN)/python

# Only some shells expand a ~ behind an equals sign.
override SOURCE := $(patsubst ~/%,$(HOME)/%,$(SOURCE))
override NETFLIX_EXPORT := $(patsubst ~/%,$(HOME)/%,$(NETFLIX_EXPORT))
override CATALOGUE := $(patsubst ~/%,$(HOME)/%,$(CATALOGUE))
override POSTERS := $(patsubst ~/%,$(HOME)/%,$(POSTERS))
override NAMES := $(patsubst ~/%,$(HOME)/%,$(NAMES))

# One folder for each origin of data, so that figures of different origins never mix.
fingerprint = $(firstword $(shell { cd "$(1)" && pwd -P || echo "$(1)"; $(if $(2),echo "$(2)";) } 2>/dev/null | cksum))
ifneq ($(NETFLIX_EXPORT),)
  ORIGIN := data/netflix-$(call fingerprint,$(NETFLIX_EXPORT),$(CATALOGUE))
  DATA_SOURCE := $(ORIGIN)/source
  WATCHED := "$(NETFLIX_EXPORT)" $(if $(CATALOGUE),"$(CATALOGUE)")
  PREPARE_SOURCE := $(BIN)/marquee import netflix-export "$(NETFLIX_EXPORT)" --source $(DATA_SOURCE) \
    $(if $(CATALOGUE),--catalogue "$(CATALOGUE)")
else ifneq ($(POSTERS),)
  ORIGIN := data/posters-$(call fingerprint,$(POSTERS),$(NAMES))
  WATCHED := "$(POSTERS)" $(if $(NAMES),"$(NAMES)")
else ifneq ($(SOURCE),)
  ORIGIN := data/own-$(call fingerprint,$(SOURCE))
  DATA_SOURCE := $(SOURCE)
  WATCHED := "$(SOURCE)"
  PREPARE_SOURCE := $(BIN)/marquee check "$(SOURCE)"
else
  ORIGIN := data/demo
  DATA_SOURCE := $(ORIGIN)/source
  WATCHED :=
  PREPARE_SOURCE := $(BIN)/marquee demo --source $(DATA_SOURCE) --accounts 2000
endif
WAREHOUSE := $(ORIGIN)/warehouse
ifneq ($(POSTERS),)
  PREPARE := $(BIN)/marquee colours "$(POSTERS)" $(if $(NAMES),--names "$(NAMES)") --warehouse $(WAREHOUSE)
else
  PREPARE := $(PREPARE_SOURCE) && $(BIN)/marquee build --source "$(DATA_SOURCE)" --warehouse $(WAREHOUSE)
endif
BENCH := data/bench-$(EVENTS)
# What is newer than the build: our own code, or the person's data.
SINCE_BUILD := -cnewer $(WAREHOUSE)/current -print -quit
CHANGED := find definitions pipeline \( -name '*.py' -o -name '*.sql' \) $(SINCE_BUILD)
ifneq ($(WATCHED),)
  CHANGED += ; find -L $(WATCHED) $(SINCE_BUILD)
endif

.DEFAULT_GOAL := help
.PHONY: help run test check types sql format docs bench gallery verify lock chromium

help: ## list what there is to do
	@echo 'make run       serve Marquee at http://$(HOST):$(PORT), on a made-up service'
	@echo '  SOURCE=folder                            on your own tables (docs/connecting-your-data.md)'
	@echo '  NETFLIX_EXPORT=folder [CATALOGUE=file]   on a personal Netflix export'
	@echo '  POSTERS=folder [NAMES=file]              on a folder of posters alone'
	@echo '  PORT=8050 HOST=127.0.0.1                 somewhere else'
	@echo 'make test      everything: check, all tests, coverage'
	@echo 'make check     format, lint, types, SQL, imports, generated docs'
	@echo 'make format    put code and SQL into their format'
	@echo 'make docs      write docs/reference/ from the definitions'
	@echo 'make verify    compute the published numbers again from the raw rows, and compare'
	@echo 'make bench     measure builds, queries, pages and fifty users, beside other engines'
	@echo '  EVENTS=10000000                          on a demo world of so many player events, kept in data/bench-…'
	@echo 'make gallery   show every figure in both themes, filled, empty, with one point and with ten thousand'
	@echo 'make lock      compile requirements/ from pyproject.toml'
	@echo 'PYTHON=python3.12 chooses another Python.'

run: $(VENV)/run.stamp
	@if [ ! -e $(WAREHOUSE)/current ] || [ -n "$$($(CHANGED))" ]; then \
	  $(PREPARE); \
	fi
	@$(if $(SOURCE)$(NETFLIX_EXPORT)$(POSTERS),:,echo 'This is a made-up service. For your own: make run SOURCE=folder')
	@$(BIN)/marquee serve --warehouse $(WAREHOUSE) --host $(HOST) --port $(PORT)

# Each of the some hundred processes that the tests start would compile our own modules again.
test verify: export PYTHONDONTWRITEBYTECODE :=
test: check chromium
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(MAKE) --no-print-directory --jobs 2 types sql
	$(BIN)/lint-imports
	$(BIN)/python -m definitions.reference --check docs/reference

# Side by side, as types are checked on one core alone.
types: $(VENV)/test.stamp
	$(BIN)/mypy

sql: $(VENV)/test.stamp
	$(BIN)/sqlfluff lint --processes 2 queries pipeline/build

format: $(VENV)/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix queries pipeline/build

docs: $(VENV)/run.stamp
	$(BIN)/python -m definitions.reference docs/reference

bench: $(VENV)/bench.stamp
	$(BIN)/python -m tests.bench.build $(EVENTS) $(BENCH)
	$(BIN)/python -m tests.bench.overview $(BENCH)/warehouse
	$(BIN)/python -m tests.bench.queries $(BENCH)/warehouse
	$(BIN)/python -m tests.bench.timeline $(BENCH)/timeline
	$(BIN)/python -m tests.bench.engines $(BENCH)/warehouse
	$(BIN)/python -m tests.bench.page_load $(BENCH)/warehouse
	$(BIN)/python -m tests.bench.users $(BENCH)/warehouse
	$(BIN)/python -m tests.bench.exports
	$(BIN)/python -m tests.bench.colours
	$(BIN)/python -m tests.bench.covers $(BENCH)/covers

gallery: $(VENV)/test.stamp
	$(BIN)/python -m tests.gallery --port $(PORT)

verify: $(VENV)/test.stamp
	$(BIN)/pytest -m verify

lock: $(VENV)/uv.stamp
	$(COMPILE) --output-file requirements/run.txt requirements/build.in pyproject.toml
	$(COMPILE) --output-file requirements/test.txt --constraint requirements/run.txt \
	  requirements/build.in pyproject.toml --group test
	$(COMPILE) --output-file requirements/bench.txt --constraint requirements/test.txt \
	  requirements/build.in pyproject.toml --group test --group bench

# The one without windows, where there is one: each page a test opens spares a window with its toolbar.
chromium:
	@command -v chromium-headless-shell >/dev/null && exit 0; \
	whole="$$(command -v chromium || command -v chromium-browser || command -v google-chrome)"; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then sudo=''; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then sudo='sudo -n'; \
	elif [ -n "$$whole" ]; then exit 0; \
	else echo 'The browser tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium' >&2; exit 1; fi; \
	[ -n "$$whole" ] || $$sudo apt-get update -qq; \
	if apt-cache show chromium-headless-shell >/dev/null 2>&1 && \
	  $$sudo apt-get install -y -qq --no-install-recommends chromium-headless-shell; then exit 0; fi; \
	[ -n "$$whole" ] || $$sudo apt-get install -y -qq --no-install-recommends chromium

$(VENV)/uv.stamp: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Marquee needs Python 3.11 or later; $(PYTHON) is not. Choose one: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo '$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv' >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

# Where the test tools are installed, what running needs is updated along with them and nothing is taken away.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(VENV)/uv.stamp
	@if [ -e $(VENV)/test.stamp ]; then $(MAKE) --no-print-directory $(VENV)/test.stamp; \
	else $(call install,requirements/run.txt); fi
	@touch $@

# Where Python is told to write no bytecode, every process that the tests start would compile all packages again.
$(VENV)/test.stamp: export UV_COMPILE_BYTECODE := 1
$(VENV)/test.stamp: requirements/test.txt pyproject.toml $(VENV)/uv.stamp
	@$(call install,requirements/test.txt)
	@touch $@

# Test tools that are installed anew take away what only the benches need.
$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/test.stamp
	@$(call install,requirements/bench.txt)
	@touch $@

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

install = $(UV) pip sync --quiet --require-hashes $(1) && \
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
