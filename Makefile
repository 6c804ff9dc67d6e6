# The portal's commands. `make run` starts it, `make test` tests it; both build first what they need, and ask nothing.
#   make run PORT=8001            another port
#   make test ARGS=tests/portal   some of the tests, or any option of pytest
#   make run PYTHON=python3.12    another Python; VENV=folder, another virtual environment

PORT ?= 8000
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

.DELETE_ON_ERROR: # half a virtual environment is none
.PHONY: help install install-dev run dev check test translate logins prepare

help: ## what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s%s\n", $$1, $$2}' Makefile

install: $(PY) ## the virtual environment that runs the portal
	@cmp -s requirements.txt $(VENV)/requirements.txt || { \
		echo "Installing what the portal needs into $(VENV) (about a minute)"; \
		$(PIP) -r requirements.txt && cp requirements.txt $(VENV)/requirements.txt; }

install-dev: install
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || { \
		echo "Installing what checks and tests need into $(VENV)"; \
		$(PIP) -r requirements-dev.txt && cp requirements-dev.txt $(VENV)/requirements-dev.txt; }

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The portal needs Python 3.11 or newer: install it, or name it, as in: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: install it (on Debian or Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

.env:
	@echo "Making .env with a secret key of this machine's own"
	@umask 077 && key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') && \
		printf '%s\n' '# Made by make for this machine; .env.example says what else it may hold.' "SECRET_KEY=$$key" \
		'ALLOWED_HOSTS=localhost,127.0.0.1,[::1]' '# Nothing but this machine is served:' 'HTTPS=off' > $@

prepare: install .env
	@echo "Bringing the database up to date"
	@$(PY) manage.py compile_catalogue --verbosity 0
	@$(PY) manage.py migrate --no-input --verbosity 0
	@echo "Loading the demonstration where the database is empty (half a minute)"
	@$(PY) manage.py load_demo --if-empty
	@$(PY) manage.py rebuild_search --verbosity 0
	@echo "Logins of this machine for /admin/ (make logins shows them again):"
	@$(PY) manage.py make_logins

staticfiles/.collected: $(shell find static -type f 2>/dev/null) requirements.txt
	@echo "Collecting and compressing static files"
	@$(PY) manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

run: prepare staticfiles/.collected ## start the portal on PORT, as in production, with its demonstration
	@exec $(PY) manage.py serve --port $(PORT)

dev: prepare ## start it for development: it reloads, and errors explain themselves
	@DEBUG=on exec $(PY) manage.py runserver $(PORT)

logins: install .env ## show the demonstration logins again
	@$(PY) manage.py make_logins

test: install-dev ## run all tests, those in chromium too where it is installed
	@$(PY) -m pytest -n auto $(ARGS)

check: install-dev ## lint, format, templates, types, arrows between apps, migrations, catalogue, deployment
	@echo "Python: lint and format" && $(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --quiet --check .
	@echo "Templates: format" && find templates -name '*.html' -print0 | xargs -0r $(VENV)/bin/djade --check --target-version 5.2
	@echo "Types" && $(VENV)/bin/mypy --no-error-summary
	@echo "Arrows between the apps" && said=$$($(VENV)/bin/lint-imports --no-cache) || { echo "$$said"; exit 1; }
	@echo "Migrations" && $(TESTED) $(PY) manage.py makemigrations --check --dry-run
	@echo "Catalogue" && $(TESTED) $(PY) manage.py check_catalogue --verbosity 0
	@echo "Deployment" && $(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	@echo "Lines of Python outside tests and migrations:" \
		$$(find * -name '*.py' -not -path 'tests/*' -not -path '*/migrations/*' | xargs cat | wc -l)
	@echo "All is well."

translate: install-dev ## write new texts of the interface into the catalogues, and say what is to be translated
	@command -v xgettext > /dev/null || { echo "xgettext is missing (on Debian or Ubuntu: apt install gettext)"; exit 1; }
	@$(TESTED) $(PY) manage.py check_catalogue --update

TESTED := DJANGO_SETTINGS_MODULE=tests.settings
DEPLOYED := SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') DEBUG=off HTTPS=on \
	ALLOWED_HOSTS=portal.example.org BEHIND_PROXY=on EMAIL_URL=smtp://mail.example.org \
	DATABASE_URL=postgres:///portal

.PHONY: bench bench-scale

bench: install-dev ## what a page costs, with the cache and without, beside a bare application on the same server
	@$(PY) -m tests.bench

bench-scale: install-dev ## how the cost of pages grows with 10, 1,000 and 10,000 partners
	@$(PY) -m tests.bench scale
