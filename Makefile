# The index of commands. `make` alone prints it.

.DEFAULT_GOAL := help
.PHONY: help demo test dist dev bench bench-web fuzz soak soak-kill lint clean test-build-fallback

help: ## this list
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s%s\n", $$1, $$2 }'

demo: ## start with a sample organisation on http://127.0.0.1:3000 (first time 15 to 20 minutes, then a second)
	@scripts/demo.sh

test: ## everything that must hold, on both databases and in a browser (25 to 35 minutes from clean on two cores, 10 when warm)
	@scripts/test.sh

dist: ## one self-contained binary, dist/wallclock (15 to 20 minutes from clean)
	@scripts/dist.sh

dev: ## build and serve the sample organisation again on every change (seconds a change)
	@scripts/dev.sh

lint: ## formatting, lints, licences (5 minutes from clean, seconds when warm)
	@scripts/lint.sh

bench: ## speed of import and of questions, as ratios within one run (a release build, then 5 minutes)
	@scripts/bench.sh

bench-web: ## bytes and time of each page in a browser (a release build, then a minute)
	@scripts/bench_web.sh

fuzz: ## readers on bytes changed at random and property tests, very many cases (FUZZ_CASES=100000; a release build, then 15 minutes; FUZZ_SECONDS=60: a smoke run)
	@scripts/fuzz.sh

soak-kill: ## kill the server 1,000 times during ingest, on both databases (ROUNDS=1000; an hour or two)
	@scripts/soak_kill.sh

soak: ## fuzz and soak-kill, one after the other (hours)
	@scripts/fuzz.sh
	@scripts/soak_kill.sh

test-build-fallback: ## build the browser half with the distribution's Rust, as a machine without rustup would (5 minutes)
	@scripts/site.sh --force-fallback --out target/site/fallback

clean: ## remove everything that was built
	rm -rf target dist end2end/node_modules end2end/test-results end2end/playwright-report
