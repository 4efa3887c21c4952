#!/bin/sh
# Builds the release: pages, wasm, fonts and migrations in one binary, dist/wallclock.
. "$(dirname -- "$0")/environment.sh"

scripts/install.sh build
scripts/site.sh --release
cargo build --release -p server --bin wallclock
mkdir -p dist
# Replaced in one step, so that a running copy is never half overwritten.
cp target/release/wallclock dist/wallclock.new
mv dist/wallclock.new dist/wallclock
say "dist/wallclock is ready, $(du -m dist/wallclock | cut -f1) MB"
