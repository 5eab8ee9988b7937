# Everything a person or a machine does with this project. Plain make: works with GNU make 3.81 (macOS) and later.
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
TESTS := $(VENV)/.tests
# The first of these that is 3.11 or newer; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends
WORKERS ?= 3
# Thousands of small databases wait for the disk; where there is room in memory, they are made there.
ROOM := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt 2000000 ] && echo TMPDIR=/dev/shm)

.PHONY: run test lint bench screenshots help chromium

run: $(RUNS) ## start the dashboard on http://127.0.0.1:8050
	$(BIN)/python app.py

test: $(TESTS) chromium ## run all tests: SQLite, PostgreSQL and the browser
	$(ROOM) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(TESTS) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/mypy --strict dashboard app.py

bench: $(TESTS) ## measure against the floors; takes some minutes
	$(BIN)/python tests/benchmarks/run.py

screenshots: $(TESTS) chromium ## take a picture of every screen into .screenshots
	$(BIN)/python tests/screenshots.py .screenshots
	cp .screenshots/dashboard-desktop-light.png assets/screenshot.png

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Debian and Ubuntu ship Python without ensurepip; then a first venv fails and the package is fetched.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: install it, or pass PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		command -v apt-get >/dev/null || { echo "This Python has no ensurepip: install the venv package of your system" >&2; exit 1; }; \
		$(SUDO) apt-get update -qq && $(SUDO) env $(APT) python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(RUNS): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt
	@touch $@

$(TESTS): requirements.txt tests/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r tests/requirements.txt
	@touch $@ $(RUNS)

chromium:
	@browser=; for b in chromium chromium-browser google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
		command -v "$$b" >/dev/null 2>&1 && browser=$$b && break; done; \
	if [ -z "$$browser" ] || ! command -v chromedriver >/dev/null 2>&1; then \
		if command -v apt-get >/dev/null; then \
			$(SUDO) apt-get update -qq && { $(SUDO) env $(APT) chromium chromium-driver || $(SUDO) env $(APT) chromium-browser chromium-chromedriver; }; \
		else \
			echo "The browser tests need Chrome or Chromium and chromedriver: brew install --cask google-chrome chromedriver" >&2; exit 1; \
		fi; \
	fi
