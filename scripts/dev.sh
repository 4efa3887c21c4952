#!/bin/sh
# Builds and serves the sample organisation, and does so again whenever a source file changes. Ctrl-C ends it.
. "$(dirname -- "$0")/environment.sh"

WATCHED="Cargo.toml app crates server migrations style public"
STAMP=target/dev-stamp
server=

stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}

trap 'stop_server; exit 0' INT TERM

scripts/install.sh build
mkdir -p target
while :; do
    touch "$STAMP"
    # The old server keeps answering until the new one compiles.
    if scripts/site.sh && cargo build --workspace --all-targets; then
        stop_server
        target/debug/wallclock demo &
        server=$!
    else
        say "waiting for a change that compiles"
    fi
    # shellcheck disable=SC2086 # a list of folders
    while [ -z "$(find $WATCHED -newer "$STAMP" -type f -print -quit)" ]; do
        sleep 1
    done
done
