# make        sets up what is missing and builds every handout into dist/
# make verify reads them back, and says what is not as it should be
# make test   sets up what the tests need and passes all of them
# All may be run again; what is there is left alone. What is fetched is said in a line.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r
# Where a package or the Python of .venv has gone, setup does its work again.
WHOLE = $(shell $(RUN) -m handouts.dependencies 2>/dev/null && echo yes)

# Pango sets the type, fontconfig finds fonts, Noto has every script.
SYSTEM := libpango-1.0-0 libpangoft2-1.0-0 fontconfig fonts-noto-core fonts-noto-cjk
# pdftotext and pdftoppm, which read handouts back.
SYSTEM_VERIFY := poppler-utils
# msgfmt and msgcat; a real browser, with and without windows, and what its driver is linked to; a Perl parser of messages.
SYSTEM_TEST := $(SYSTEM_VERIFY) gettext chromium chromium-headless-shell libatomic1 libmime-tools-perl
# Mail servers and clients, and a web server, that other people wrote; tests that need them are skipped without.
SYSTEM_SERVERS := dovecot-imapd swaks msmtp nginx-light
# Node runs pdf.js, with which Firefox reads PDFs; a Node from elsewhere will do.
SYSTEM_NODE := $(if $(shell command -v npm),,nodejs npm)

# What Python compiles is kept: the suite starts this program a few hundred times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := build
.SILENT:
.PHONY: build setup system system-verify setup-verify verify setup-sign-in setup-cluster system-test setup-test setup-node setup-servers test lint check lock clean again

build: setup
	$(RUN) build.py

setup: system $(VENV)/.ready

setup-verify: setup system-verify $(VENV)/.ready-verify

# Sign-in to Microsoft 365 and Google Workspace, and the machine's keyring.
setup-sign-in: setup $(VENV)/.ready-mail

# Several machines: what a scheduler, each worker and whoever builds by them need.
setup-cluster: setup $(VENV)/.ready-cluster

setup-test: setup system-test $(VENV)/.ready-test

# One command for a person, where this one may not install: it is printed whole.
define install
	command -v dpkg-query >/dev/null || { echo "This system has no dpkg: nothing is installed. Debian 12 and 13, Ubuntu and WSL work as they are; elsewhere install what “python3 build.py doctor” names."; exit 0; }; \
	missing=""; \
	for package in $(1); do \
	  dpkg-query -W -f='$${Status}\n' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as=""; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as="sudo"; \
	else echo "This machine lacks:$$missing"; echo "Run: sudo apt-get install -y --no-install-recommends$$missing"; exit 1; fi; \
	echo "Fetching from Debian:$$missing"; \
	$$as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing" >/dev/null
endef

# A Python from elsewhere brings its own venv; Debian's needs a package for it.
system:
	$(call install,$(SYSTEM) $(shell $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv))

system-verify:
	$(call install,$(SYSTEM_VERIFY))

system-test:
	$(call install,$(SYSTEM_TEST))

# Tests that need Node are skipped, with the reason, where this was not run.
setup-node:
	$(call install,$(SYSTEM_NODE))
	echo "Fetching Node packages (tests/node)"
	npm ci --silent --no-audit --no-fund --prefix tests/node

setup-servers:
	$(call install,$(SYSTEM_SERVERS))

$(VENV)/.ready: requirements.lock $(if $(WHOLE),,again)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and this is " + sys.version.split()[0] + ". Debian 12 and 13 and Ubuntu 24.04 have one; or name yours: make PYTHON=…")'
	test -x $(RUN) || $(PYTHON) -m venv --clear $(VENV)
	echo "Fetching Python packages ($<)"
	$(PIP) $<
	touch $@

again:

$(VENV)/.ready-verify: requirements-verify.lock $(VENV)/.ready
	echo "Fetching Python packages ($<)"
	$(PIP) $<
	touch $@

$(VENV)/.ready-mail: requirements-mail.lock $(VENV)/.ready
	echo "Fetching Python packages ($<)"
	$(PIP) $<
	touch $@

$(VENV)/.ready-cluster: requirements-cluster.lock $(VENV)/.ready
	echo "Fetching Python packages ($<)"
	$(PIP) $<
	touch $@

$(VENV)/.ready-test: requirements-test.lock $(VENV)/.ready
	echo "Fetching Python packages ($<)"
	$(PIP) $<
	touch $@

# With COVERAGE=yes, as CI runs it, lines and branches are counted, which takes half as long again.
# Half as many workers again as processors: tests wait for servers, browsers and clocks.
SUITE := -m pytest -q -n $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 ))) --dist loadgroup
test: setup-test lint
ifeq ($(COVERAGE),yes)
	rm -rf .coverage
	$(RUN) -m coverage run $(SUITE)
	$(RUN) -m coverage combine -q
	$(RUN) -m coverage report
else
	$(RUN) $(SUITE)
endif

lint: setup-test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

verify: build setup-verify
	$(RUN) build.py verify

check: setup
	$(RUN) build.py check

# After a change of a version in pyproject.toml. Hashes only: a lock file names no address.
COMPILE := $(RUN) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml
lock: setup-test
	$(COMPILE) -o requirements.lock
	$(COMPILE) -c requirements.lock --extra verify -o requirements-verify.lock
	$(COMPILE) -c requirements.lock --extra mail -o requirements-mail.lock
	$(COMPILE) -c requirements.lock --extra cluster -o requirements-cluster.lock
	$(COMPILE) -c requirements.lock --extra test --extra verify --extra mail --extra cluster -o requirements-test.lock

clean:
	rm -rf dist .cache
