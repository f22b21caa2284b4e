# Each target does all of its own set-up: it makes .venv, installs into it what has changed in the
# requirements, and builds the index where one is needed. Nothing is written outside this folder.

SHELL := /bin/sh
# Where this file lies, whatever folder make is called from; the path may hold spaces.
ROOT := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)
PYTHON ?= python3
.DEFAULT_GOAL := help
.SUFFIXES:

# The question reaches the program through the environment, unexpanded, and is never pasted into a
# command: it may hold quotes, $, backticks and spaces.
export QUESTION := $(value Q)
unexport Q
# A program that the user has set up elsewhere must not be mixed into ours.
unexport PYTHONPATH PYTHONHOME

RUN := cd "$(ROOT)" && .venv/bin/python

.PHONY: help app ask test eval check install index clean

help: ## list the targets
	@echo 'make TARGET, with TARGET one of'
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## /\1\t/p' "$(ROOT)/Makefile" | awk -F '\t' '{printf "  %-12s %s\n", $$1, $$2}'

app: install ## open the web page on http://127.0.0.1:7860
	@$(RUN) app.py

ask: install ## answer one question: make ask Q="…"
	@if [ -z "$$QUESTION" ]; then echo '请写上问题 / give a question: make ask Q="2025年中国AI+安防市场规模预计是多少？"' >&2; exit 2; fi
	@$(RUN) -m rag -- "$$QUESTION"

test: install-dev ## run the tests
	@$(RUN) -m pytest

eval: install ## ask the evaluation cases and print how good the answers are
	@$(RUN) -m eval

check: install-dev ## lint, types and tests
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(RUN) -m pytest

index: install ## build the index, or bring it up to date
	@$(RUN) -m index build

install: ## make .venv and install what the program needs
	@$(call install,requirements.txt,.venv/.installed)

install-dev: install ## install the tools of the developers as well
	@$(call install,requirements-dev.txt,.venv/.installed-dev)

clean: ## delete .venv and the caches; the index stays, it may hold documents of yours
	@cd "$(ROOT)" && rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: install-dev

# The stamp holds what was installed, so a changed or half-finished installation is done again, and
# an unchanged one costs nothing.
define install
	cd "$(ROOT)" && { \
	  if ! .venv/bin/python -c '' 2>/dev/null; then \
	    "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	      echo 'Python 3.11 或更高版本是必需的 / Python 3.11 or newer is needed; found: '"`$(PYTHON) --version 2>/dev/null || echo none`"'. 请安装后重试，或 make PYTHON=/path/to/python3.12 …' >&2; exit 1; }; \
	    "$(PYTHON)" -m venv --clear .venv || { \
	      echo 'venv 模块缺失 / the venv module is missing (Debian, Ubuntu: apt install python3-venv)' >&2; rm -rf .venv; exit 1; }; \
	  fi; \
	  wanted=`cat requirements.txt requirements-milvus.txt $(1) | cksum`; \
	  if [ "$$wanted" != "`cat $(2) 2>/dev/null`" ]; then \
	    echo '正在安装 $(1)（首次需要几分钟）/ installing $(1) (the first time takes minutes)' >&2; \
	    .venv/bin/python -m pip install --disable-pip-version-check -r $(1) || exit 1; \
	    printf '%s\n' "$$wanted" > $(2); \
	  fi; \
	}
endef
