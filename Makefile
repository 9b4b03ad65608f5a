# Meson does the work; this file only remembers the words.  `make help` lists them.
BUILD := build
PREFIX ?= /usr/local

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

deps:
	@dist/install-packages dist/packages-build
	@dist/npm src/page/web src/wire/places
deps-check:
	@dist/install-packages dist/packages-build dist/packages-check
	@dist/npm src/page/web src/wire/places test/page

build: deps ## the release binary at build/keisoku
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) -Dtests=false >$(BUILD).log 2>&1 || (cat $(BUILD).log; exit 1)
	@ninja -C $(BUILD) --quiet
	@ln -sf src/keisoku $(BUILD)/keisoku
demo: build ## the main job on a simulated room; prints the verdict; ends by itself
	@test/scene/demo
serve: build ## the same room with the page left up at http://127.0.0.1:4270/
	@test/scene/serve
check: deps-check ## everything: sanitizers, all tests; ends in `N passed, N failed`
	@test/run-check
lint: deps-check ## the static analysers (gcc -fanalyzer, cppcheck)
	@test/lint/run
coverage: deps-check ## branch coverage, by the unit tests and by all tests
	@test/coverage
fuzz: deps-check ## every fuzz target for 60 s
	@test/fuzz/run 60
reach: deps-check ## branches of the parsers that the fuzz seeds reach
	@test/fuzz/coverage
query: build deps-check ## PromQL: a thousand more made expressions held against the packaged Prometheus
	@python3 test/query/compare.py $(BUILD)/keisoku 1000
soak: build deps-check ## an hour with every real peer at once, each value held to what it must be
	@KS_KEISOKU=$(BUILD)/keisoku python3 test/fault/every_peer.py 1
fresh: ## demo and check inside a minimal Debian 12
	@test/fresh
fault: build deps-check ## the long forms: power cuts, kills, full disks, failed calls (hours)
	@test/fault/run
install: build ## into PREFIX, with the unit file and the manual
	@DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) dist/install
clean:
	rm -rf build build-*

.PHONY: help deps deps-check build demo serve check fault lint coverage fuzz reach query soak fresh install clean
