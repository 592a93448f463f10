# Two commands matter: `make run` and `make test`. Everything they need is set up by themselves.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
UV_SYNC := $(UV) sync --quiet --frozen --all-packages --all-groups
FUZZ_SECONDS ?= 300
FUZZ_TARGETS ?= probe decode render prepared
# The renderer's JPEG library: libjpeg-turbo where it can be built. OPENPOSTERDB_CODEC=turbo|pure decides instead.
RENDER_FEATURES = $(shell $(PYTHON) scripts/codec.py --quiet)
TEST_FEATURES = $(if $(findstring turbo,$(RENDER_FEATURES)),--features turbo)
SOURCES := service operator/src render_ext/python tests loadtests scripts

S3S_FS := 0.12.0

.PHONY: help setup run demo test lint format test-rust test-python wheel test-servers test-fuzz test-neon test-sanitized fuzz fuzz-requests fuzz-render bench bench-render bench-hits bench-previews bench-storm bench-login-flood loadtest golden docs-images image sbom e2e charts clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## .venv with the service and the renderer, built in release mode
	@$(PYTHON) scripts/prerequisites.py
	@test -d $(VENV) || echo "Setting up; the first time this takes a few minutes, most of it the renderer's build."
	@test -x "$(UV)" || command -v "$(UV)" >/dev/null || { $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@test -d $(VENV) || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	@features=$$($(PYTHON) scripts/codec.py) && MATURIN_PEP517_ARGS="--features $$features" $(UV_SYNC)

run: setup web ## serve on port 3000: your upstreams when TMDB_API_KEY is set (environment or .env), else the demo
	@exec $(BIN)/python -m openposterdb run

demo: setup web ## serve the demo catalogue on port 3000, whatever is configured
	@exec $(BIN)/python -m openposterdb demo

test: lint test-rust test-python test-web ## linters, type checks, Rust and Python tests

lint: setup ## formatting, lint, types and import contracts
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/pyright
	$(BIN)/lint-imports
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets --locked $(TEST_FEATURES) -- -D warnings

format: setup ## rewrite Python and Rust sources in the house style
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	cargo fmt --all

test-rust: setup ## tests of the renderer's crate
	cargo test --quiet --workspace --locked $(TEST_FEATURES)

web: ## the admin web, built into admin_web/dist where Node is there
	@$(PYTHON) scripts/web.py build

test-web: ## lint, types and unit tests of the admin web
	@$(PYTHON) scripts/web.py check

test-browser: setup web ## the admin web in Chromium, against the service with the demo's catalogue
	@$(PYTHON) scripts/web.py browser

screenshots: setup web ## pictures of every page of the admin web, into docs/screenshots
	@$(PYTHON) scripts/web.py screenshots && $(BIN)/python scripts/screenshots.py

wheel: setup web ## the service (with the admin web in it) and the renderer as wheels, into dist
	@MATURIN_PEP517_ARGS="--features $(RENDER_FEATURES)" $(BIN)/python scripts/wheel.py

test-servers: ## the S3-compatible server of the tests, built once into .tools
	@test -x .tools/bin/s3s-fs || { echo "Building the S3 server of the tests; once, about two minutes."; \
	  cargo install --quiet --locked --debug --root .tools --features binary s3s-fs@$(S3S_FS); }

test-python: setup test-servers ## unit, HTTP and end-to-end tests
	$(BIN)/python -m pytest --timeout 300
	@echo "Left out: the tests against a Kubernetes cluster (tests/cluster). Run them with: make e2e (needs Go and root; LEVEL=control-plane needs Go alone)"

image: ## container images of the service and the operator, with docker, podman or buildah
	containers/build.sh

sbom: setup ## what is in the images, as CycloneDX, into build/sbom
	$(PYTHON) scripts/sbom.py build/sbom "$(UV)"

e2e: setup ## operator, charts and images on KUBECONFIG's cluster, else on ones made here (Go, root; a quarter of an hour the first time)
	tests/cluster/run.sh $(BIN)/python

charts: setup ## write the generated files of the charts again
	$(BIN)/python -m openposterdb_operator.chart charts

fuzz: fuzz-requests fuzz-render ## odd requests, then hostile pictures, at length (half an hour and more)

fuzz-requests: setup ## thousands of odd requests against a real server, others every time (a quarter of an hour)
	FUZZ_EXAMPLES=300 $(BIN)/python -m pytest tests/e2e/test_any_request_gets_a_documented_answer.py

bench: bench-render bench-hits ## renders per second per core, cached hits per second, CPU per request

bench-render: setup ## the renderer against Pillow and libvips on the same jobs, into docs/benchmarks/rendering.md
	$(BIN)/python -m loadtests.bench_render --write

bench-hits: setup ## cached hits against a bare function on the same server, into docs/benchmarks.md
	$(BIN)/python -m loadtests.bench_hits --repeat 3 --rounds 15 --seconds 1 --write

bench-previews: setup ## what a designer waits for a preview, by the parameter that changed
	$(BIN)/python -m loadtests.bench_previews

bench-storm: setup ## a change of settings for everything: CPU against the first render, the store's size, misses of memory
	$(BIN)/python -m loadtests.settings_storm

bench-login-flood: setup ## cached hits alone and beside a flood of logins, into docs/benchmarks.md
	$(BIN)/python -m loadtests.bench_login_flood --write

fuzz-render: ## fuzz the renderer, FUZZ_SECONDS for each target; needs `cargo install cargo-fuzz` and a nightly toolchain
	cargo test --quiet --test hostile -- --ignored seeds_for_the_fuzzer
	cd render_ext && for target in $(FUZZ_TARGETS); do \
		cargo +nightly fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) -timeout=60 -rss_limit_mb=2048 -max_len=100000 || exit 1; \
	done

loadtest: setup ## a fleet of three replicas under load, scenario by scenario, into docs/benchmarks.md (a few minutes)
	$(BIN)/python -m loadtests.fleet --write

test-fuzz: ## the renderer's fuzz targets for 20 seconds each, where cargo-fuzz and a nightly toolchain are there
	@if cargo +nightly fuzz --version >/dev/null 2>&1; then $(MAKE) --no-print-directory fuzz-render FUZZ_SECONDS=20; \
	else echo "Left out: fuzzing, for want of cargo-fuzz and a nightly toolchain. The repeatable round of hostile bytes is part of test-rust."; fi

test-neon: ## the renderer's unit tests as ARM runs them: NEON against portable code, checksums of pictures; QEMU unless it is ARM
	@$(PYTHON) scripts/neon.py

test-sanitized: ## the renderer's tests with AddressSanitizer, `unsafe` and all; needs a nightly toolchain, cmake and nasm
	RUSTFLAGS=-Zsanitizer=address cargo +nightly test --quiet --locked --package openposterdb-render --features turbo \
		--target $(shell rustc -vV | sed -n 's/^host: //p') --target-dir target/sanitized --lib --test codecs --test drawing --test hostile

golden: setup ## draw the golden pictures and take their fingerprints again; look at them before you commit them
	$(BIN)/python -m tests.golden.sheets
	$(BIN)/python -m tests.golden.kept

docs-images: setup ## draw the pictures of the README again
	$(BIN)/python scripts/docs_images.py

clean: ## remove what setup and the tests made
	rm -rf $(VENV) .tools target .pytest_cache .ruff_cache .hypothesis demo-data
