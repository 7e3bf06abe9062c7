.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8080
KAFKA_PORT ?= 9092
ROUNDS ?= 3
SEED := $(or $(SEED),$(shell date +%s))
EXAMPLES ?= 20
MUTANTS ?= 300
MUTANTS_SECONDS ?= 3600
SCALE ?= 0.1
MINUTES ?= 30
RATE ?= 300
SECONDS ?= 60
WORKERS ?= $(shell echo $$((2 * $$(nproc))))
BIN := .venv/bin

.PHONY: help setup system-packages lock run test check format bench bench-peers accuracy warnings-accuracy torture soak fuzz nightly interchange mutants pictures sbom audit clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.venv/.installed: requirements.lock deploy/fonts.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "tiendo needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked dependencies into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes --upgrade --target .venv/share/tiendo/fonts -r deploy/fonts.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/.installed ## fill .venv with the locked dependencies and tiendo itself

system-packages: ## install what the browser and Kafka tests need from the system (Debian, as root)
	@deploy/install-test-packages.sh

lock: ## resolve the dependencies of pyproject.toml anew into requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-emit-find-links --no-annotate --quiet --upgrade --custom-compile-command "make lock" --output-file requirements.lock
	$(BIN)/uv pip compile deploy/supply_chain/sbom-tools.in --universal --generate-hashes --python-version 3.11 --no-emit-find-links --no-annotate --quiet --upgrade --custom-compile-command "make lock" --output-file deploy/supply_chain/sbom-tools.lock

run: setup ## start everything on an embedded database, with the demonstration data (PORT=8080; KAFKA=1: and a broker)
	@exec deploy/under-make $(if $(filter-out 0,$(KAFKA)),$(BIN)/python deploy/kafka/run_demonstration.py --port $(PORT) --kafka-port $(KAFKA_PORT),$(BIN)/tiendo up --demo --port $(PORT))

test: setup system-packages check ## everything that CI runs: checks and all tests (WORKERS=: processes, two a core, for tests wait much)
	@$(BIN)/python -m compileall -q -j $$(nproc) libs services migrations tests # once, and not in each process that a test starts
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: setup ## format, lint, types and architecture, without running the product
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@! ls migrations/tiendo_migrations/versions | grep -o '^r[0-9]*' | uniq -d | sed 's/$$/: two migrations have this number/' | grep .

format: setup ## put the code into the house form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure speed, each row beside its floor (ROW=list; ROW=NAME; SCALE=0.1, 1: 200,000 cases; BENCH_DATA=folder to keep)
	$(BIN)/python -m tests.bench $(ROW) --scale $(SCALE) $(if $(BENCH_DATA),--data "$(BENCH_DATA)")

bench-peers: setup ## tiendo beside programs that do a part of the same, each in an environment of its own (build/peers)
	$(BIN)/python -m tests.bench.peers

warnings-accuracy: setup ## how often early warnings were right, into docs/warnings.md (SCALE=0.05)
	nice $(BIN)/python -m tests.early_warning --scale $(if $(filter 0.1,$(SCALE)),0.05,$(SCALE))

accuracy: setup ## compare every simulated case with what truly happened, into docs/accuracy.md (SCALE=0.1; 1: 200,000 cases)
	nice $(BIN)/python -m tests.simulation.accuracy --scale $(SCALE)

torture: setup ## the crash and concurrency tests, many rounds (ROUNDS=50; FAULT=kill|disk|fsync|clock|connections: that alone, on tiendo up; SEED=)
	ROUNDS=$(if $(filter 3,$(ROUNDS)),50,$(ROUNDS)) $(if $(FAULT),FAULT=$(FAULT) SEED=$(SEED) )nice $(BIN)/python -m pytest -rP -m torture $(if $(FAULT),tests/system/test_torture.py $(if $(filter connections,$(FAULT)),tests/system/relaying/test_whatever_is_killed.py),tests/client tests/event_store tests/migrations tests/poller tests/projector tests/system)

soak: setup ## events at a steady rate for long, questions beside them, and the memory of each process (MINUTES=30, RATE=300 a second)
	nice $(BIN)/python -m tests.system.soak --minutes $(MINUTES) --rate $(RATE)

fuzz: setup ## read files of every format with bytes changed at random (SECONDS=60 each), guided by coverage where atheris has a wheel
	$(BIN)/python -m tests.sources.fuzzing --seconds $(SECONDS)
	if $(BIN)/uv pip install --quiet --only-binary :all: --target build/fuzz atheris; then \
	  for format in csv xlsx xes ocel ndjson; do \
	    PYTHONPATH=build/fuzz:. $(BIN)/python -m tests.sources.fuzzing --guided --seconds $(SECONDS) $$format || exit 1; done; \
	else echo "atheris has no wheel here: only random changes were tried"; fi

nightly: setup ## the properties with other examples every time, and more of them (EXAMPLES=20 times as many; SEED= repeats a run)
	@echo "seed $(SEED): to repeat this run, make nightly SEED=$(SEED) EXAMPLES=$(EXAMPLES)"
	EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 --dist loadgroup -m hypothesis --hypothesis-seed=$(SEED) --timeout=3600 || { echo "failed with seed $(SEED)"; exit 1; }

interchange: setup ## what `tiendo export` writes, read back by pm4py in an environment made for it
	$(BIN)/python -m tests.cli.read_by_pm4py

mutants: setup ## change the domain in one place at a time, and show which changes no test notices (MUTANTS=300, MUTANTS_SECONDS=3600)
	nice -n 15 $(BIN)/python -m tests.mutants --count $(MUTANTS) --seconds $(MUTANTS_SECONDS)

pictures: setup ## take the pictures of docs/huong-dan.md anew, by the clicks of its test
	PICTURES=docs/pictures $(BIN)/python -m pytest tests/month/test_guide.py

sbom: setup ## what the product consists of, as CycloneDX, into build/tiendo.cdx.json
	@$(BIN)/python -m deploy.supply_chain.sbom build/tiendo.cdx.json

audit: setup ## known vulnerabilities of what the lock file names (ADVISORIES=: a zip, folder or file of OSV; else fetched)
	@$(BIN)/python -m deploy.supply_chain.audit requirements.lock $(if $(ADVISORIES),"$(ADVISORIES)")

clean: ## remove everything that the other targets made
	rm -rf bench-results .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist deploy/kafka/target deploy/keycloak/target
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
