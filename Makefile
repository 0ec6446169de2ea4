# The commands of Halte. Each starts what it needs and stops it again.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check build services lock

run:
	@$(PYTHON) tools/run.py

build:
	@$(PYTHON) tools/steps.py everything

test:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(PYTHON) tools/services.py run $(BIN)/python tools/test.py

check:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python tools/check.py

# Starts PostgreSQL and Redis for the tests and stays in front; Ctrl-C stops them.
services:
	@$(PYTHON) tools/services.py hold

# Compile the full locks from the short lists.
lock:
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --python-version 3.10 bot/requirements.in -o bot/requirements.txt
