# Needs Python >= 3.11 (with venv and pip) and make, nothing else. `make help` lists the targets.
PYTHON ?= python3
export PYTHON
# The services that the tests start a hundred times would be compiled a hundred times.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
PART := sh scripts/part.sh
PACKAGES := bot handlers storage procedure
LOCK := $(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

# What `make test` tries on PostgreSQL too; `make test-postgresql` tries all of it there.
ON_BOTH := tests/storage tests/bot/test_turn.py tests/bot/test_migrate_from.py tests/bot/test_backup_server.py \
  tests/channels/rooms/test_rooms_telegram.py tests/kills/test_replicas.py \
  tests/faults/test_points_on_a_server.py tests/faults/test_server_away.py \
  tests/scenarios/test_vv01.py

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run run-telegram test test-postgresql lint fmt lock kills soak fuzz office audit bench screenshots clean venv venv-dev

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

run: venv ## set everything up and serve the bot at 127.0.0.1:8080
	@exec $(PY) -m bot run

run-telegram: venv-dev ## serve the bot beside a local Telegram: chat at 127.0.0.1:9100
	@exec sh scripts/run-telegram.sh

test: ## set everything up, then lint, types, import rules and all tests
	@$(PART) "set-up" sh scripts/venv.sh requirements.lock requirements-dev.lock
	@$(PART) "browser" sh scripts/chromium.sh
	@$(PART) "axe" sh scripts/axe.sh
	@$(MAKE) --no-print-directory lint
	@$(PART) "pytest" $(PY) -m pytest -n 2 --dist loadfile --duties=docs/duties.md $(ARGS)
	@[ -n "$(ARGS)" ] || MDM_DATABASE=postgresql \
	  $(PART) "pytest on PostgreSQL" $(PY) -m pytest -n 2 --dist loadfile $(ON_BOTH)

test-postgresql: venv-dev ## all tests once more, on PostgreSQL
	@MDM_DATABASE=postgresql $(PY) -m pytest -n 2 --dist loadfile $(ARGS)

lint: venv-dev ## ruff, mypy --strict and the import rules
	@$(PART) "ruff check" $(PY) -m ruff check .
	@$(PART) "ruff format" $(PY) -m ruff format --check .
	@$(PART) "mypy" $(PY) -m mypy --strict $(PACKAGES)
	@$(PART) "import rules" $(PY) .venv/bin/lint-imports

fmt: venv-dev ## format the code and mend what ruff can mend
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

lock: venv-dev ## make both locks from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(LOCK) $(ARGS) --extra dev -o requirements-dev.lock
	@$(LOCK) $(ARGS) -c requirements-dev.lock -o requirements.lock

kills: venv-dev ## kill -9 in all six incidents on both channels (MDM_KILL_SEED repeats a run)
	@MDM_KILL_BOTH=1 MDM_KILLS=$${MDM_KILLS:-8} $(PY) -m pytest tests/kills -s $(ARGS)

soak: venv-dev ## kills and outages for half an hour, then docs/reliability.md (MDM_SOAK_MINUTES)
	@$(PY) -m tests.faults

fuzz: venv-dev ## the fuzzers of everything that faces the outside (MDM_FUZZ: examples of each)
	@MDM_FUZZ=$${MDM_FUZZ:-2000} $(PY) -m pytest tests/security -k fuzz -n 2 $(ARGS)

office: venv-dev ## open what the register writes out in LibreOffice itself
	@sh scripts/office.sh
	@MDM_OFFICE=1 $(PY) -m pytest tests/office

audit: venv-dev ## bandit over our code, pip-audit over the locks; needs the network
	@sh scripts/audit.sh

bench: venv-dev ## every row beside its peer, written to docs/benchmarks.md (ARGS=echo: one part anew)
	@$(PY) -m tests.bench $(ARGS)

screenshots: venv-dev ## play VV-01 in Chromium and draw docs/screenshots anew
	@sh scripts/chromium.sh
	@$(PY) -m tests.e2e.screenshots

clean: ## remove .venv, node_modules and the caches; the bot's data stays
	@rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find $(PACKAGES) templates tests scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

venv:
	@sh scripts/venv.sh requirements.lock

venv-dev:
	@sh scripts/venv.sh requirements.lock requirements-dev.lock
