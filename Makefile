# The one door: every way to build, try, test and measure.

SWIFT ?= swift
# Static, because a dynamic build would look for its runtime in the toolchain's folder. Sources are named
# from this folder on, and the cache of C's modules not at all, so that a build in another folder makes
# the same programs.
RELEASE = -c release --static-swift-stdlib $(shell packaging/link/flags.sh) \
  -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=." -Xswiftc -Xfrontend -Xswiftc -no-clang-module-breadcrumbs \
  -Xcc "-ffile-prefix-map=$(CURDIR)=."
RELEASE_BIN = .build/release
# One after the other: attacks and faults would starve the rest. What hangs ends, and fails.
TIMED_TEST = timeout --kill-after=10 900 $(SWIFT) test --skip-build

.PHONY: help demo test host-test attack bench fuzz soak sanitize package dist reproducible format lint build release deps clean

help: ## what each of these does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: deps release ## tamper with three homes in a throwaway root, and watch each restore
	packaging/demo.sh $(RELEASE_BIN)

test: deps ## everything that runs without a booted host
	packaging/lint.sh
	$(SWIFT) build --build-tests
	$(TIMED_TEST) --skip '^(AttackTests|FaultTests)\.'
	$(TIMED_TEST) --filter '^AttackTests\.'
	$(TIMED_TEST) --filter '^FaultTests\.'
	Tests/Schemas/run.sh --mcpolicyctl "$$($(SWIFT) build --show-bin-path)/mcpolicyctl"
	Tests/Metrics/run.sh "$$($(SWIFT) build --show-bin-path)"
	Tests/Reports/run.sh --mcpolicyctl "$$($(SWIFT) build --show-bin-path)/mcpolicyctl"
	Tests/Integrations/run.sh
	Tests/Docs/check.py --mcpolicyctl "$$($(SWIFT) build --show-bin-path)/mcpolicyctl"

host-test: deps release ## the installed daemon on booted hosts of Debian 12 and 13, and attacked there (needs root)
	MCPOLICYD_BIN=$(RELEASE_BIN)/mcpolicyd MCPOLICYCTL_BIN=$(RELEASE_BIN)/mcpolicyctl \
	  Tests/HostTests/run.sh
	MCPOLICY_HOST_SUITE=trixie MCPOLICY_HOST_STRICT=1 \
	  MCPOLICYD_BIN=$(RELEASE_BIN)/mcpolicyd MCPOLICYCTL_BIN=$(RELEASE_BIN)/mcpolicyctl \
	  Tests/HostTests/run.sh
	MCPOLICYD_BIN=$(RELEASE_BIN)/mcpolicyd MCPOLICYCTL_BIN=$(RELEASE_BIN)/mcpolicyctl \
	  Tests/Ansible/run.sh
	$(SWIFT) build --build-tests
	MCPOLICYD_BIN=$(RELEASE_BIN)/mcpolicyd MCPOLICYCTL_BIN=$(RELEASE_BIN)/mcpolicyctl \
	  ATTACK_PRODUCTS="$$($(SWIFT) build --show-bin-path)" Tests/HostTests/attacks.sh

ATTACK_ROUNDS ?= 100000
ATTACK_PAGE ?= docs/Attacks.md

attack: deps ## every attack of AttackTests with all its rounds, as a table and as docs/Attacks.md (root)
	$(SWIFT) build --build-tests
	rm -f .build/attacks.jsonl
	status=0; ATTACK_ROUNDS=$(ATTACK_ROUNDS) ATTACK_RESULTS=$(CURDIR)/.build/attacks.jsonl \
	  $(SWIFT) test --skip-build --filter '^AttackTests\.' || status=$$?; \
	  Tests/AttackTests/table.py .build/attacks.jsonl --page $(ATTACK_PAGE) && exit $$status

bench: release ## how fast each tampering is undone beside other ways to do it, and what the daemon costs
	@packaging/deps.sh gcc libc6-dev libssl-dev inotify-tools incron python3-watchdog procps
	$(SWIFT) build -c release --package-path Benchmarks
	Benchmarks/compare.py --json Benchmarks/results.json
	Benchmarks/figures/figures.py --json Benchmarks/figures.json
	Benchmarks/.build/release/judge-bench

FUZZ_SECONDS ?= 1800
FUZZ_DOCUMENTS ?= 1000000

fuzz: deps release ## libFuzzer over the pure rooms, and our digests against CPython's
	Tests/Fuzz/run.sh $(FUZZ_SECONDS)
	python3 Tests/Differential/differential.py --mcpolicyctl $(RELEASE_BIN)/mcpolicyctl --count $(FUZZ_DOCUMENTS)

soak: deps release ## random tampering by 50 users with random faults and restarts (SOAK_SECONDS=1200)
	$(RELEASE_BIN)/soak

sanitize: deps ## the tests under ThreadSanitizer and AddressSanitizer; long
	Tests/Sanitizers/run.sh thread
	Tests/Sanitizers/run.sh address

package: dist ## deb and rpm in dist/, checked by lintian and rpmlint, and made twice with the same bytes
	Tests/SBOM/run.sh $(RELEASE_BIN)
	packaging/check.sh dist
	packaging/reproducible.sh packages $(RELEASE_BIN) dist

dist: release
	rm -rf dist
	packaging/deb.sh $(RELEASE_BIN) dist
	packaging/rpm.sh $(RELEASE_BIN) dist

reproducible: ## build everything from the sources in two folders, and compare the packages; long
	packaging/reproducible.sh sources

format: ## format all sources
	$(SWIFT) format --in-place --recursive Sources Tests Benchmarks/Sources Package.swift Benchmarks/Package.swift

lint: ## what `make test` checks before it builds
	packaging/lint.sh

build: deps
	$(SWIFT) build

release: deps
	$(SWIFT) build $(RELEASE)

deps:
	@packaging/deps.sh

clean:
	rm -rf .build .build-thread .build-address dist Benchmarks/.build Tests/Fuzz/.build
