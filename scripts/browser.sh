#!/bin/sh
# The journeys of end2end/ against the debug server, in the distribution's Chromium.
. "$(dirname -- "$0")/environment.sh"

[ -x target/debug/wallclock ] || cargo build --workspace --all-targets
for name in chromium chromium-browser google-chrome; do
    if [ -z "${CHROMIUM:-}" ] && have "$name"; then
        CHROMIUM=$(command -v "$name")
    fi
done
export CHROMIUM
# The distribution's browser is used; the library's own would be another download of 150 MB.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

cd end2end
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund
fi
exec npx --no-install playwright test "$@"
