# `make help` lists the targets. Every step is the same here and in CI (.ci/run calls `make test`).

SHELL := /bin/bash
.DEFAULT_GOAL := help
# In the order written, each once, also under -j: cheap failures come first, and cargo uses all processors anyway.
.NOTPARALLEL:
.PHONY: help setup setup-compiler setup-test image build up check test nextest e2e sim kills bench clean

TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
STEP := scripts/step.sh
WITH_DOCKER := scripts/with-docker.sh

# The clients mostly wait for containers, so there are more of them than processors.
E2E_WORKERS ?= 4

# What setup-test.sh put there comes first; cargo finds its subcommands on PATH too.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## a C toolchain and a Docker Engine, installed from the distribution where they lack
	@$(STEP) setup scripts/setup-docker.sh

setup-compiler: ## the C toolchain alone
	@$(STEP) setup-compiler scripts/setup-docker.sh ensure_c_toolchain

setup-test: ## the virtualenvs with the clients, and cargo's commands for the tests
	@$(STEP) setup-test scripts/setup-test.sh

image: setup ## the image that tests and examples run, made without a registry
	@$(STEP) image tests/image/build.sh

build: ## the release binary
	@$(STEP) build cargo build --release --locked

# --simulate needs no Docker, so none is installed for it. The image is for the first examples where no registry is
# reachable; Berth itself runs without it.
up: $(if $(findstring --simulate,$(ARGS)),setup-compiler,setup) build ## everything on this machine, in the foreground; options in ARGS="…"
	@$(if $(findstring --simulate,$(ARGS)),true,$(STEP) image tests/image/build.sh || true)
	@exec $(WITH_DOCKER) $(TARGET_DIR)/release/berth up $(ARGS)

check: setup-test ## all that needs no run: lock file, format, generated code, licences, lints, documentation
	@$(STEP) lock bash -c 'cargo metadata --locked --format-version 1 >/dev/null'
	@$(STEP) format cargo fmt --all --check
	@$(STEP) codegen python model/codegen/generate.py --check
	@$(STEP) deny cargo deny --log-level error check licenses bans sources
	@$(STEP) advisories scripts/check-advisories.sh
	@$(STEP) clippy cargo clippy --workspace --all-targets -- -D warnings
	@$(STEP) doc env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

test: setup check image nextest e2e ## set-up and every test

nextest: setup-test image ## the tests in Rust, simulation included
	@$(WITH_DOCKER) cargo nextest run --workspace

e2e: setup-test image ## the tests in Python: real clients, the real binary, real Docker
	@$(STEP) build-dev cargo nextest run --workspace --no-run
	@BERTH_BIN=$(TARGET_DIR)/debug/berth $(WITH_DOCKER) python -m pytest tests -n $(E2E_WORKERS) $(ARGS)

sim: setup-test ## the simulation alone; one run again with SEED=…
	@$(if $(SEED),BERTH_SIM_SEED=$(SEED)) cargo nextest run -p berth-engine --test sim --no-capture

# Tests that take long are the same ones as in `make e2e`, only more of it.
KILLS ?= 1000

kills: setup-test image ## agents killed KILLS times (1000) at random points over a run of tasks
	@$(STEP) build-dev cargo build --locked --bin berth
	@BERTH_BIN=$(TARGET_DIR)/debug/berth BERTH_KILLS=$(KILLS) $(WITH_DOCKER) python -m pytest tests/test_kills.py $(ARGS)

bench: image ## the measurements; the method of each stands at the head of its file
	@$(WITH_DOCKER) cargo bench --workspace

clean: ## removes what was built here; leaves Docker and data alone
	@cargo clean
	@rm -rf .venv .venv-workflow
