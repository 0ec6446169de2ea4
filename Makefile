# The commands of Halte. Each starts what it needs and stops it again.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check build services lock bench bench-assistant bench-pages simulate drill rewrap prove-deletion diagram evaluate evaluate-dialogues model-card learning-curve

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

# Beside the bare relay, with the goals; WHAT, ROUNDS, SECONDS, JSON and DOCS as bench/run.py says. Half an hour.
bench:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m bench.run $(if $(WHAT),--what $(WHAT)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(JSON),--json $(JSON)) $(if $(DOCS),--docs)

# The assistant beside Rasa's own default, with its goals; EVERY=10 trains the default on a tenth, AGAIN on nothing, MESSAGES, DOCS. Fifteen minutes.
bench-assistant:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m bench.assistant $(if $(MESSAGES),--messages $(MESSAGES)) $(if $(EVERY),--every $(EVERY)) \
		$(if $(AGAIN),--again) $(if $(DOCS),--docs)

# Lighthouse on its simulated phone: home, an article, the page before the chat, the chat; RUNS (3), DOCS. Three minutes.
bench-pages:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m bench.pages $(if $(RUNS),--runs $(RUNS)) $(if $(DOCS),--docs)

# Under load, each part of the service dies in turn; ONLY, FAULTS and VISITORS as docs/drill.md says. Ten minutes.
drill:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m drills

# The queue's policy on a simulated clock, with its goals; WEEKS of each kind (6). Writes docs/queue.md and docs/queue.svg. A quarter of a minute.
simulate:
	@$(PYTHON) -m simulation --write $(if $(WEEKS),--weeks $(WEEKS))

# All keys under the current MASTER_KEY_ID, while the service runs; see docs/keys-and-deletion.md.
rewrap:
	@$(BIN)/python -m web.cli rewrap-keys

# Plants words in services of its own, lets a day and a month pass, and searches all files for them. Three minutes.
prove-deletion:
	@$(PYTHON) tools/steps.py web_environment dev_environment front_end catalogues
	@$(BIN)/python -m tools.prove_deletion $(KIND)

# docs/states.md from the table in web/core/states.py.
diagram:
	@$(PYTHON) tools/diagram.py

# Starts PostgreSQL and Redis for the tests and stays in front; Ctrl-C stops them.
services:
	@$(PYTHON) tools/services.py hold

# Compile the full locks from the short lists.
lock:
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(BIN)/python -m uv pip compile -q -U --no-emit-index-url --python-version 3.10 bot/requirements.in -o bot/requirements.txt

# The assistant on messages that nobody trained on, through the real path; SET=FILE.yaml [JSON=OUT.json] [GATE=1] [FAILURES=1].
evaluate:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m evaluation messages $(or $(SET),data/nlu/test/dev.nl.yml data/nlu/test/dev.en.yml) \
		$(if $(JSON),--json $(JSON)) $(if $(GATE),--gate) $(if $(FAILURES),--failures)

# Whole conversations, turn by turn; SET=FILE.yaml [JSON=OUT.json] [GATE=1].
evaluate-dialogues:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m evaluation dialogues $(or $(SET),$(wildcard tests/dialogues/*.yml)) \
		$(if $(JSON),--json $(JSON)) $(if $(GATE),--gate)

# docs/assistant.md and the public page 'how our assistant works', from the sets that nobody works with. Five minutes.
model-card:
	@$(PYTHON) tools/steps.py everything dev_environment
	@$(BIN)/python -m evaluation messages data/nlu/test/held.nl.yml data/nlu/test/held.en.yml --json .halte/held.json
	@$(BIN)/python -m evaluation dialogues $(wildcard tests/dialogues/*.yml) --json .halte/dialogues.json
	@$(BIN)/python -m evaluation.card .halte/held.json .halte/dialogues.json $(wildcard docs/learning-curve.json)

# docs/learning-curve.json: the model on 10 to 100 % of the lines. Four minutes.
learning-curve:
	@$(PYTHON) tools/steps.py everything dev_environment
	@cd bot && .venv/bin/python -m helpline.curve
