#!/bin/sh
# Kills the writer at a random moment, again and again, on both databases, and counts what was acknowledged and lost.
#
#   ROUNDS=1000            rounds on each database
#   ENGINES="sqlite …"     which databases
#   WALLCLOCK_BINARY=…     the program under test
#
# Each writer names an event the moment it is acknowledged. The next one sends those lines again: every one must be
# known. Every 50 rounds log, facts and sums are verified, and a fresh database keeps the rounds short.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
binary=${WALLCLOCK_BINARY:-$root/dist/wallclock}
rounds=${ROUNDS:-1000}
engines=${ENGINES:-sqlite postgres}
fresh_every=50

[ -x "$binary" ] || { echo "soak-kill: no program at $binary" >&2; exit 1; }

# The rounds on PostgreSQL need a server of their own.
case " $engines " in
*" postgres "*)
    if [ -z "${WALLCLOCK_TEST_POSTGRES:-}" ]; then
        exec "$root/scripts/with-postgres.sh" "$0" "$@"
    fi
    ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/wallclock-soak.XXXXXX")
writer=
finish() {
    [ -z "$writer" ] || kill -9 "$writer" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A number below $1, from the system: the shell has none of its own.
random() {
    echo $(($(od -An -N2 -tu2 /dev/urandom) % $1))
}

fail() {
    echo "soak-kill: $1" >&2
    cat "$work/said" >&2
    exit 1
}

fresh() {
    rm -rf "$work/data" "$work/acked" "$work/before"
    unset DATABASE_URL WALLCLOCK_DATABASE_URL || true
    if [ "$1" = postgres ]; then
        WALLCLOCK_DATABASE_URL=$("$root/scripts/with-postgres.sh" --schema "soak_$$")
        export WALLCLOCK_DATABASE_URL
    fi
}

# One writer: waits until it has checked its predecessor's events, lets it write for a moment, kills it.
round() {
    : >"$work/acked"
    if [ -f "$work/before" ]; then
        "$binary" --data-dir "$work/data" soak --round "$1" --expect "$work/before" >"$work/acked" 2>"$work/said" &
    else
        "$binary" --data-dir "$work/data" soak --round "$1" >"$work/acked" 2>"$work/said" &
    fi
    writer=$!
    until [ -s "$work/acked" ]; do
        kill -0 "$writer" 2>/dev/null || fail "round $1 on $2: the writer ended before it wrote"
        sleep 0.01
    done
    sleep "0.$(printf %03d "$((20 + $(random 230)))")"
    kill -9 "$writer" 2>/dev/null || fail "round $1 on $2: the writer ended by itself"
    wait "$writer" 2>/dev/null || true
    writer=
    named=$(($(wc -l <"$work/acked") - 1))
    acknowledged=$((acknowledged + named))
    mv "$work/acked" "$work/before"
}

verify() {
    "$binary" --data-dir "$work/data" soak --round "$1" --expect "$work/before" --check-only >/dev/null 2>"$work/said" ||
        fail "after round $1 on $2"
    "$binary" --data-dir "$work/data" verify >"$work/said" 2>&1 || fail "after round $1 on $2: verify found differences"
}

for engine in $engines; do
    acknowledged=0
    number=0
    while [ "$number" -lt "$rounds" ]; do
        [ $((number % fresh_every)) -ne 0 ] || fresh "$engine"
        number=$((number + 1))
        round "$number" "$engine"
        if [ $((number % fresh_every)) -eq 0 ] || [ "$number" -eq "$rounds" ]; then
            verify "$number" "$engine"
            echo "soak-kill: $engine: $number of $rounds rounds, $acknowledged events acknowledged, 0 lost" >&2
        fi
    done
    echo "$engine: $rounds kills, $acknowledged events acknowledged, 0 lost"
done
