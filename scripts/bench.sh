#!/bin/sh
# How fast are reading, folding and importing? Runs every example called *_speed, then imports generated events into
# an empty SQLite and says events a second and peak memory. EVENTS says how many.
. "$(dirname -- "$0")/environment.sh"

EVENTS=${EVENTS:-1000000}

say "bench: a release build, then about 5 minutes; close other programs, or the figures say more about them"
scripts/dist.sh

for example in crates/*/examples/*_speed.rs; do
    crate=$(echo "$example" | cut -d/ -f2)
    name=$(basename "$example" .rs)
    say "== $crate: $name"
    cargo run --quiet --release -p "$crate" --example "$name"
done

say "== import of $EVENTS events into SQLite, beside bare inserts of the same rows and beside PostgreSQL"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
scripts/with-postgres.sh sh -c 'dist/wallclock bench import --events "$1" --folder "$2" --postgres "$WALLCLOCK_TEST_POSTGRES"' \
    bench "$EVENTS" "$folder"
