# All that a fresh clone needs: `make test`. Python 3.11 or newer, make and the internet (once) are the only demands.
PYTHON ?= python3
# The build of torch that is installed first. Where the package index answers with gigabytes of CUDA, name the index of
# CPU builds: make test TORCH="torch==2.13.0 --index-url URL"
TORCH ?= torch==2.13.0

BIN := .venv/bin
CORE := .venv/.core
STAMP := .venv/.installed
FILM := out/demo.mp4
PACKAGES := espeak-ng libespeak-ng1 flite festival festvox-italp16k festvox-itapc16k festvox-czech-ph \
	festvox-czech-machac festvox-ru festvox-suopuhe-lj festvox-suopuhe-mv festvox-hi-nsk festvox-te-nsk \
	festvox-mr-nsk festvox-ca-ona-hts festvox-us-slt-hts festvox-kallpc16k festvox-kdlpc16k festvox-czech-dita \
	festvox-czech-krb

.DEFAULT_GOAL := help
.PHONY: help demo install test voices

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: $(CORE) ## install what llia itself needs, then film a shipped portrait that says the shipped sentence
	@mkdir -p $(dir $(FILM))
	$(BIN)/llia animate maeve src/llia/assets/sentence.flac -o $(FILM)
	@echo "the film is in $(CURDIR)/$(FILM)"

install: $(STAMP) ## .venv with everything: llia, its extras, the tools of the tests

test: $(STAMP) ## install what is missing, then style, types and the whole test suite
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

$(CORE): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "expected Python 3.11 or newer, got `$(PYTHON) --version 2>&1`; run: make test PYTHON=python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing llia into .venv: a minute or two, once"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(STAMP): $(CORE)
	@echo "installing all extras into .venv: some minutes, once"
	$(BIN)/python -m pip install --quiet $(TORCH)
	$(BIN)/python -m pip install --quiet --editable '.[train,world,voice,dev]'
	@touch $@

voices: ## the speaking programs and voices that training data is made with (Debian, Ubuntu)
	@if ! command -v apt-get >/dev/null; then \
		echo "no apt-get here, nothing was installed. llia speaks with espeak-ng from the extra 'voice' all the same;"; \
		echo "for voices cut from real speakers install what your package manager has of: $(PACKAGES)"; \
		exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then root=""; \
	elif command -v sudo >/dev/null; then root=sudo; \
	else echo "apt-get needs root and there is no sudo; as root run: make voices"; exit 1; fi; \
	$$root apt-get update -qq || echo "could not refresh the list of packages; going on with the one at hand"; \
	known=""; unknown=""; \
	for package in $(PACKAGES); do \
		if apt-cache show $$package >/dev/null 2>&1; then known="$$known $$package"; else unknown="$$unknown $$package"; fi; \
	done; \
	if [ -n "$$unknown" ]; then echo "this system does not offer:$$unknown (llia goes on without them)"; fi; \
	if [ -z "$$known" ]; then echo "apt-get offers none of: $(PACKAGES)"; exit 1; fi; \
	echo "installing:$$known"; \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$known
