# What one can do here. `make help` lists it; each target sets up what it needs first.
# Written for GNU make 3.81 and newer.

MAKEFLAGS += --no-print-directory --no-builtin-rules
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help report preview codebook reproduce verify diff test bench lab clean variables environment

VENV := .venv
CONDA_NAME := impact-report

# The settings of the targets. Anything else given on the command line is taken for a slip of the pen.
SETTINGS := SURVEY SHEET FORMAT ENCODING DATA WAVE GROUP LANGUAGE REPORTS A B OUT PORT VERBOSE FORCE ARGS PYTHON
GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(name)))
UNKNOWN := $(sort $(filter-out $(SETTINGS) SHELL MAKEFLAGS,$(GIVEN)))

# Values go to the programs as they were typed, by the environment: make and the shell do not look into them.
override SURVEY := $(value SURVEY)
override SHEET := $(value SHEET)
override FORMAT := $(value FORMAT)
override ENCODING := $(value ENCODING)
override DATA := $(value DATA)
override WAVE := $(value WAVE)
override REPORTS := $(value REPORTS)
override PORT := $(value PORT)
override A := $(value A)
override B := $(value B)
override OUT := $(value OUT)
override VERBOSE := $(value VERBOSE)
override FORCE := $(value FORCE)
override PYTHON := $(value PYTHON)
# Some shells keep the user's own group in GROUP: from there only what has the form item=code is meant for us.
ifeq ($(origin GROUP),environment)
override GROUP := $(if $(findstring =,$(value GROUP)),$(value GROUP))
else
override GROUP := $(value GROUP)
endif
# In LANGUAGE many systems keep the languages of their user: only what stands on the command line is meant for us.
ifeq ($(origin LANGUAGE),environment)
override LANGUAGE :=
else
override LANGUAGE := $(value LANGUAGE)
endif
export SURVEY SHEET FORMAT ENCODING DATA WAVE GROUP LANGUAGE REPORTS A B OUT PORT VERBOSE FORCE PYTHON VENV CONDA_NAME SETTINGS UNKNOWN

# Inside the conda environment of environment.yml that one is used, elsewhere .venv.
ifeq ($(notdir $(CONDA_DEFAULT_ENV)),$(CONDA_NAME))
BIN := $(CONDA_PREFIX)/bin
else
BIN := $(VENV)/bin
endif
export BIN

## Make the report

report: environment ## build one edition: HTML, PDF, tables  [WAVE=name] [DATA=folder] [GROUP=region=2] [LANGUAGE=es] [REPORTS=folder] [FORCE=1] [VERBOSE=1]
	@$(call edition_command,build)

preview: environment ## show an edition in the browser, rebuilt while you write  [WAVE=name] [DATA=folder] [GROUP=region=2] [LANGUAGE=es] [PORT=8000] [VERBOSE=1]
	@$(call edition_command,preview)

codebook: environment ## draft a study folder from a raw export, ready for make report  SURVEY=export.csv [DATA=folder] [SHEET=name] [FORMAT=name] [ENCODING=name]
	@if [ -z "$$SURVEY" ]; then echo "Name the raw export: make codebook SURVEY=export.csv" >&2; exit 1; fi; \
	set -- codebook; \
	if [ -n "$$DATA" ]; then set -- "$$@" "--data=$$DATA"; fi; \
	if [ -n "$$SHEET" ]; then set -- "$$@" "--sheet=$$SHEET"; fi; \
	if [ -n "$$FORMAT" ]; then set -- "$$@" "--format=$$FORMAT"; fi; \
	if [ -n "$$ENCODING" ]; then set -- "$$@" "--encoding=$$ENCODING"; fi; \
	case "$$VERBOSE" in ''|0|no) ;; *) set -- "$$@" --verbose ;; esac; \
	exec "$$BIN/impact-report" "$$@" -- "$$SURVEY"

reproduce: environment ## clear everything derived, then build the edition again from the raw data
	@rm -rf data/processed
	@FORCE=1; $(call edition_command,build)

verify: environment ## build the edition again elsewhere and compare the bytes with what is published
	@$(call edition_command,verify)

diff: environment ## what changed between two editions: numbers, wording, bases, cleaning, method, data  A=edition B=edition [REPORTS=folder] [OUT=folder] [VERBOSE=1]
	@if [ -z "$$A" ] || [ -z "$$B" ]; then echo "Name two editions: make diff A=reconstruction B=rehearsal" >&2; exit 1; fi; \
	set -- diff; \
	if [ -n "$$REPORTS" ]; then set -- "$$@" "--reports=$$REPORTS"; fi; \
	if [ -n "$$OUT" ]; then set -- "$$@" "--out=$$OUT"; fi; \
	case "$$VERBOSE" in ''|0|no) ;; *) set -- "$$@" --verbose ;; esac; \
	exec "$$BIN/impact-report" "$$@" -- "$$A" "$$B"

## Work on it

test: environment ## check the style and run all tests  [ARGS="-k wave"]
	@"$$BIN/ruff" check --quiet src tests bench
	@"$$BIN/ruff" format --quiet --check src tests bench || { echo "Run: $$BIN/ruff format src tests bench"; exit 1; }
	@"$$BIN/python" -m pytest -n 2 $(ARGS)

bench: environment ## measure a million rows against plain scripts and survey packages  [ARGS="--rows 100000"]
	@"$$BIN/python" bench/rows.py $(ARGS)
	@"$$BIN/python" bench/design.py $(ARGS)

lab: environment ## open JupyterLab at the notebooks  [ARGS="--no-browser"]
	@if [ -e notebooks/explore.ipynb ]; then set -- notebooks/explore.ipynb; else set -- notebooks; fi; \
	PATH="$$BIN:$$PATH" "$$BIN/jupyter" lab "$$@" $(ARGS)

clean: ## remove what was built and is not committed: data/processed, caches (.venv stays)
	@rm -rf data/processed .pytest_cache .ruff_cache
	@find src tests notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

help: ## list what one can do
	@awk 'BEGIN { FS = ":.*## " } \
	  /^## / { printf "\n%s\n", substr($$0, 4) } \
	  /^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo

# The command with those settings that were given.
define edition_command
set -- $(1); \
if [ -n "$$DATA" ]; then set -- "$$@" "--data=$$DATA"; fi; \
if [ -n "$$WAVE" ]; then set -- "$$@" "--wave=$$WAVE"; fi; \
if [ -n "$$GROUP" ]; then set -- "$$@" "--group=$$GROUP"; fi; \
if [ -n "$$LANGUAGE" ]; then set -- "$$@" "--language=$$LANGUAGE"; fi; \
if [ -n "$$REPORTS" ]; then set -- "$$@" "--reports=$$REPORTS"; fi; \
if [ "$(1)" = preview ] && [ -n "$$PORT" ]; then set -- "$$@" "--port=$$PORT"; fi; \
case "$(1):$$FORCE" in build:|build:0|build:no|verify:*|preview:*) ;; *) set -- "$$@" --force ;; esac; \
case "$$VERBOSE" in ''|0|no) ;; *) set -- "$$@" --verbose ;; esac; \
exec "$$BIN/impact-report" "$$@"
endef

# ---------------------------------------------------------------------------------------------------------------------

variables:
	@[ -z "$$UNKNOWN" ] || sh -c "$$REFUSE_UNKNOWN"

environment: variables
	@sh -c "$$SET_UP"

# Name the nearest setting, if there is a Python to look for it; list them all in any case.
define REFUSE_UNKNOWN
for name in $$UNKNOWN; do
  nearest=$$(python3 -c '
import difflib, sys
found = difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2].split(), 1, 0.5)
print("; did you mean " + found[0] + "?" if found else "")
' "$$name" "$$SETTINGS" 2>/dev/null)
  echo "There is no setting $$name$$nearest" >&2
done
echo "Settings: $$SETTINGS" >&2
exit 1
endef
export REFUSE_UNKNOWN

# What is installed is what requirements.lock says, by hash, and this project itself. A note of what was installed is
# written last, so that a set-up which did not finish is not taken for one that did.
define SET_UP
set -eu

fail() { printf '%s\n' "$$@" >&2; exit 1; }

how_to_get_python() {
  fail "$$@" \
    "" \
    "How to get it:" \
    "  Debian, Ubuntu   sudo apt-get install python3 python3-venv" \
    "  Fedora           sudo dnf install python3" \
    "  macOS            brew install python" \
    "  conda            conda env create -f environment.yml && conda activate $$CONDA_NAME" \
    "A Python that is somewhere else: make report PYTHON=/path/to/python3"
}

is_new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make_environments() { "$$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

find_python() {
  old= bare=
  if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11 python; fi
  for candidate in "$$@"; do
    command -v "$$candidate" >/dev/null 2>&1 || continue
    if ! is_new_enough "$$candidate"; then
      old="$$old $$candidate ($$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo broken))"
    elif ! can_make_environments "$$candidate"; then
      bare=$$candidate
    else
      found=$$candidate
      return
    fi
  done
  if [ -n "$$bare" ]; then
    version=$$("$$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    how_to_get_python "Python's venv module is missing ($$bare). On Debian and Ubuntu: sudo apt-get install python$$version-venv"
  fi
  how_to_get_python "Python 3.11 or newer is needed, with its venv module; found:$${old:- none}."
}

python="$$BIN/python"
note="$${BIN%/bin}/.complete"
wanted="$$(cksum requirements.lock pyproject.toml) $$(pwd)"
if [ -f "$$note" ] && [ "$$(cat "$$note")" = "$$wanted" ] && "$$python" -c '' 2>/dev/null; then
  exit 0
fi

rm -f "$$note"
if [ "$$BIN" = "$$VENV/bin" ]; then
  find_python
  echo "Setting up $$VENV with $$found; this is done once and takes a minute or a few."
  "$$found" -m venv --clear "$$VENV" || how_to_get_python "No environment could be made with $$found."
else
  echo "Setting up the conda environment $$CONDA_NAME; this is done once."
fi
install() { "$$python" -m pip install --quiet --disable-pip-version-check --no-input "$$@"; }
install --require-hashes -r requirements.lock ||
  fail "The packages of requirements.lock could not be installed: see above. The next make tries again."
install --no-deps --no-build-isolation -e . ||
  fail "This project could not be installed: see above. The next make tries again."
printf '%s' "$$wanted" > "$$note"
endef
export SET_UP
