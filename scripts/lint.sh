#!/bin/sh
# Formatting and lints; every warning is an error.
. "$(dirname -- "$0")/environment.sh"

scripts/install.sh lint
status=0
cargo fmt --all --check || { say "run: cargo fmt --all"; status=1; }
cargo clippy --workspace --all-targets -- -D warnings || status=1
if cargo deny --version >/dev/null 2>&1; then
    cargo deny --log-level error check bans licenses sources || status=1
fi
exit $status
