# Two commands are enough: `make run` serves the demo, `make test` runs every test on SQLite and PostgreSQL.
# Both set up .venv on first use and are quick afterwards. `make help` lists the rest.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PACKAGING := setup.cfg setup.py pyproject.toml constraints.txt

# The database that the tests use beside SQLite; it is theirs to write in. KASSA_TEST_SQLITE_ONLY=1 leaves it out.
KASSA_TEST_POSTGRES ?= postgresql://root@127.0.0.1:5432/test
export KASSA_TEST_POSTGRES

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint type docs bench constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## set up, load the demo once, serve it and say what to open
	@$(BIN)/kassa demo --serve

test: $(VENV)/.development ## run every test on SQLite and PostgreSQL (more arguments: make test PYTEST="-k sale")
	@$(BIN)/python tests/require_postgres.py
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n auto --dist worksteal $(PYTEST)

lint: $(VENV)/.development ## ruff, and the contracts on who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo

type: $(VENV)/.development ## mypy --strict
	@$(BIN)/mypy

docs: $(VENV)/.development ## build the documentation into docs/_build; a warning is an error
	@$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build
	@echo "Open docs/_build/index.html"

bench: $(VENV)/.development ## measure beside raw SQL on both databases
	@$(BIN)/python tests/require_postgres.py
	@$(BIN)/python -m bench $(BENCH)

constraints: ## renew constraints.txt from the newest versions that the ranges allow
	@rm -rf $(VENV)-constraints
	@$(PYTHON) -m venv $(VENV)-constraints
	@$(VENV)-constraints/bin/pip install --quiet --upgrade pip setuptools
	@$(VENV)-constraints/bin/pip install --quiet --no-build-isolation -e '.[dev,docs]'
	@grep '^#' constraints.txt > constraints.new
	@$(VENV)-constraints/bin/pip freeze --all --exclude pip --exclude kassa --exclude-editable >> constraints.new
	@mv constraints.new constraints.txt
	@rm -rf $(VENV)-constraints

clean: ## remove the environment, caches and builds; databases stay
	@rm -rf $(VENV) .tox build dist docs/_build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit("Kassa needs Python 3.11 or later; $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The build tool is pinned like everything else, so it is installed first and building is not isolated.
$(VENV)/.build: $(VENV)/.created constraints.txt
	@$(PIP) install --quiet -c constraints.txt setuptools
	@touch $@

$(VENV)/.runtime: $(VENV)/.build $(PACKAGING)
	@echo "Installing Kassa and its libraries into $(VENV)"
	@$(PIP) install --quiet -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.development: $(VENV)/.build $(PACKAGING)
	@echo "Installing Kassa with the tools of its developers into $(VENV)"
	@$(PIP) install --quiet -c constraints.txt --no-build-isolation -e '.[dev,docs]'
	@touch $(VENV)/.runtime $@
