# Every target installs what it needs, at pinned versions. It takes Go, Python 3.10 or newer, and for the browser
# tests Chromium.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# The processor of the functions on AWS: arm64 (the template's default) or amd64 (Architecture=x86_64).
ARCH ?= arm64
# What `make test` tests, and how: make test PKG=./shared/... ARGS='-run Login -v'
PKG ?= ./...
ARGS ?=

# How long `make fuzz` looks in each target.
TIME ?= 30s

# How many: histories of `make simulate` (1000), requests of `make attack` (5000).
N ?=
# The seed of the first history (0: any), and about how many acts each has.
SEED ?= 0
ACTS ?= 30

.PHONY: help run test race fuzz simulate attack lint build deploy bench clean

help: ## list the targets
	@echo "make TARGET, one of:"; sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run: ## run the whole customer area on this machine (PORT=8080, AWS_PORT=4566)
	@[ -x build/run ] || echo "Building; the first time this takes a few minutes"
	@mkdir -p build && go build -o build/run ./infra/local && exec build/run

test: ## run all tests on one fresh local cloud (PKG=./... ARGS=...)
	@mkdir -p build && go build -o build/run ./infra/local && exec build/run -- go test -timeout 40m $(PKG) $(ARGS)

race: ## run the unit tests with the race detector (needs a C compiler); what needs the local cloud is for `make test`
	env -u CI CGO_ENABLED=1 go test -race ./functions/... ./shared/...

fuzz: ## look for inputs that break what must hold, in each fuzz target (TIME=30s); what is found is kept in testdata/fuzz
	@grep -rl '^func Fuzz' --include=*_test.go functions infra shared | xargs -n1 dirname | sort -u | while read -r folder; do \
	  for target in $$(go test -list '^Fuzz' ./$$folder | grep ^Fuzz); do \
	    echo "$$folder $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(TIME) -fuzzminimizetime 2s ./$$folder || exit 1; \
	  done; done

simulate: ## random histories of everybody's acts with faults (N=1000 ACTS=30); SEED=… N=1 plays one again and tells it
	@go test ./infra/simulate -run History -count=1 -timeout 0 -v -simulate.n $(or $(N),1000) -simulate.seed $(SEED) -simulate.acts $(ACTS) | \
	  grep -vE '^(=== |    --- PASS)'

attack: build/.attack/done ## requests that schemathesis makes up from openapi.json (N=5000), and whether times of answers tell something
	@go test ./infra/site -run 'Generated|TimeOfAnAnswer' -count=1 -timeout 0 -v -generated $(or $(N),5000) -timed 200

build/.attack/done: infra/local/attack-requirements.txt
	@mkdir -p build
	@python3 -m venv --clear build/.attack
	@build/.attack/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

lint: ## gofmt, go vet, staticcheck, govulncheck, and the checkers of templates, policies and workflow
	@unformatted=$$(gofmt -l functions infra shared); [ -z "$$unformatted" ] || { echo "gofmt these files:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 -run 'Checkers|OwnLibrary' ./infra/awsrules
	@out=$$(go run $(GOVULNCHECK) ./... 2>&1) && echo "$$out" || { echo "$$out"; \
	  grep -q 'fetching vulnerabilities' <<<"$$out" || exit 1; \
	  echo "NOT CHECKED for known vulnerabilities: their database cannot be reached from here. The other checks passed."; }

# In a folder with a dot, which Go passes over when it looks for packages.
build/.lint/done: infra/local/lint-requirements.txt
	@mkdir -p build
	@python3 -m venv --clear build/.lint
	@build/.lint/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

build: ## build the functions for AWS into build/functions (ARCH=arm64 or amd64)
	@for main in functions/*/bootstrap; do \
	  name=$$(basename $$(dirname $$main)); \
	  CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) go build -trimpath -ldflags "-s -w" -tags lambda.norpc,nethttpomithttp2 \
	    -o build/functions/$$name/bootstrap ./$$main; \
	  ls -lh build/functions/$$name/bootstrap | awk '{print $$5 "\t" $$9}'; \
	done

deploy: ## deploy a stage after showing what changes (STAGE=prod, EDGE_SECRETS=... the first time)
	@[ -n "$(STAGE)" ] || { echo "make deploy STAGE=prod (or another file of infra/deploy/*.conf)"; exit 2; }
	@go run ./infra/deploy $(STAGE)

bench: ## measure: CPU, round trips, first answers, sizes, growth; into build/bench.txt and .json (BASE=revision to compare, ARGS=-help)
	@mkdir -p build/bench && go build -o build/bench/tool ./infra/bench && BASE=$(BASE) build/bench/tool $(ARGS)

clean: ## remove everything built, installed and kept
	rm -rf build .local .venv
