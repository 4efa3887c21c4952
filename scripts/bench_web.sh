#!/bin/sh
# What does each page cost a reader? Serves a sample organisation from the release and opens every page in Chromium.
. "$(dirname -- "$0")/environment.sh"

say "bench-web: a release build, then about a minute"
scripts/install.sh browser
scripts/dist.sh
cd end2end
[ -d node_modules ] || PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
cd ..
exec node scripts/bench_web.mjs
