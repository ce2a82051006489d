PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
TESTERS ?= 4
BESIDE := --numprocesses $(TESTERS) --dist loadfile

# Where this is set, each of the thousand processes that tests start compiles all it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run install install-dev check manifests fix test acceptance chaos bench scale audit image lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## Start everything on this machine; Ctrl-C stops it all
	@exec $(BIN)/larkspur up

install: .venv/.installed ## Install what running needs into .venv
install-dev: .venv/.installed-dev ## Install what developing needs into .venv

check: install-dev ## Format, lint, types, imports, the compose file, manifests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@$(MAKE) --no-print-directory manifests

manifests: install-dev ## Build the manifests of k8s/ and judge them
	$(BIN)/pytest -q $(BESIDE) tests/unit/kubernetes tests/unit/test_monitoring.py tests/unit/test_compose.py

fix: install-dev ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: install-dev ## Run every test, TESTERS files at a time
	$(BIN)/pytest $(BESIDE)

acceptance: install-dev ## Run only the promises, on real processes
	$(BIN)/pytest $(BESIDE) tests/acceptance

chaos: install-dev ## Minutes of messages, kills and outages (CHAOS_MINUTES, CHAOS_MESSAGES, CHAOS_SEED)
	$(BIN)/pytest -s tests/chaos

bench: install-dev ## Measure, and write benchmarks/results.json
	$(BIN)/python -m benchmarks

scale: install-dev ## Measure how far it scales, and write docs/scaling.md
	$(BIN)/python -m benchmarks.scale

audit: .venv/uv ## Ask the package index for known vulnerabilities of what is locked
	$(UV) tool run pip-audit --strict --disable-pip --require-hashes -r requirements.lock

image: ## Build the image larkspur:0.1.0
	docker build --tag larkspur:0.1.0 .

lock: .venv/uv ## Resolve the dependencies anew into the lock files
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove .venv and the local data
	rm -rf .venv .larkspur

.venv/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@touch $@

.venv/.installed: .venv/uv requirements.lock pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements.lock
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
