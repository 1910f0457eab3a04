# `make demo` and `make test` do everything on a fresh Debian machine with a Swift toolchain.
CONFIGURATION ?= debug
SEEDS ?= 1..200
BIN = $(shell swift build -c $(CONFIGURATION) --show-bin-path)

.PHONY: help setup build demo test lint format simulate clean

help:
	@echo "make demo       a three-node cluster, a real analysis, a failover (DEMO=once: then end)"
	@echo "make test       all tests"
	@echo "make test-api   hold a real node to its OpenAPI document with schemathesis"
	@echo "make lint       check the format"
	@echo "make format     put the format right"
	@echo "make simulate   simulate faults; SEEDS=1..200, SEEDS=7 or SEEDS=fresh:100"
	@echo "make mutants    plant bugs and see them found; MUTANTS=\"NAME …\" for some of them"
	@echo "make determinism  compare simulated runs of debug and release builds"
	@echo "make states     compare states that one log of 100,000 commands came to in many ways"
	@echo "make bench      measure; see docs/benchmarks.md"
	@echo "make bench-consensus  measure protocol, log and simulator alone"
	@echo "make bench-analysis  measure reading and each detector"
	@echo "make bench-accuracy  find flipped labels in public datasets, beside clean and cleanlab"
	@echo "make bench-state  compare states of 1,000 and of 1,000,000 workspaces"

setup:
	@Scripts/setup

build: setup
	swift build -c $(CONFIGURATION)

demo: setup
	swift build -c $(CONFIGURATION) --product clean-node
	swift build -c $(CONFIGURATION) --product clean-ctl
	@BIN="$(BIN)" Scripts/demo

# Analyses and simulations keep every thread of Swift's pool busy; tests that wait for answers of servers have a
# process of their own. Many of those run nodes: all at once they are thousands of threads.
COMPUTING = ^(AnalysisTests|ChaosCommandTests|CloudStateTests|HistoryTests|SimulatorTests)\.

test: setup
	swift build --build-tests
	swift test --skip-build --parallel --filter '$(COMPUTING)'
	swift test --skip-build --parallel --skip '$(COMPUTING)|^ProcessTests\.' \
	  --experimental-maximum-parallelization-width 16
	swift test --skip-build --filter '^ProcessTests\.'

.PHONY: test-api
test-api: setup
	@Scripts/test-api

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources chaos Tests Benchmarks Examples

format:
	swift format --in-place --parallel --recursive Package.swift Sources chaos Tests Benchmarks Examples

simulate: setup
	swift build -c release --product chaos
	"$$(swift build -c release --show-bin-path)/chaos" simulate --seeds $(SEEDS)

.PHONY: mutants
mutants: setup
	Scripts/mutants $(MUTANTS)

.PHONY: determinism
determinism: setup
	Scripts/check-determinism

.PHONY: states
states: setup
	Scripts/check-states

.PHONY: bench
bench: setup
	Benchmarks/run

.PHONY: bench-consensus
bench-consensus: setup
	Benchmarks/consensus

.PHONY: bench-analysis
bench-analysis: setup
	Benchmarks/analysis

.PHONY: bench-accuracy
bench-accuracy: setup
	Benchmarks/accuracy $(DATASETS)

.PHONY: bench-state
bench-state: setup
	Benchmarks/large-state

clean:
	rm -rf .build .build-* .schemathesis
