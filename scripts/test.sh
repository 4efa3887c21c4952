#!/bin/sh
# Everything that must hold: formatting, lints, unit and integration tests on both databases, documentation
# examples, and the journeys in a browser. One profile throughout, so that nothing is built twice.
. "$(dirname -- "$0")/environment.sh"

# Cargo's progress bar redraws a line; a log wants lines.
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"
LOGS=target/test-logs
PASSED=0
FAILED=0
BROKEN=

# A step that has no count of its own fails as one.
step_failed() {
    FAILED=$((FAILED + 1))
    BROKEN="$BROKEN, $1"
    say "FAILED: $1"
}

# Runs a command with its output on the terminal and in a file, and returns the command's own status.
logged() {
    log=$1
    shift
    {
        result=0
        "$@" 2>&1 </dev/null || result=$?
        echo "$result" >"$log.status"
    } | tee "$log"
    return "$(cat "$log.status")"
}

count() {
    PASSED=$((PASSED + $1))
    FAILED=$((FAILED + $2))
    [ "$2" -eq 0 ] || BROKEN="$BROKEN, $3"
}

# The sums of lines like `test result: ok. 12 passed; 0 failed; …`.
sum_of() {
    sed -n "s/.*test result:.* \([0-9][0-9]*\) $2.*/\1/p" "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}

count_cargo() {
    passed=$(sum_of "$1" passed)
    failed=$(sum_of "$1" failed)
    # A status of failure without a failed test means that something did not compile.
    if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    count "$passed" "$failed" "$3"
}

# nextest's last line: `Summary [ 9.1s] 812 tests run: 810 passed, 1 failed, 1 timed out, 0 skipped`.
count_nextest() {
    summary=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E 'Summary \[.*tests? run:' | tail -n 1)
    run=$(printf '%s' "$summary" | sed -n 's/.*\] *\([0-9]*\)\(\/[0-9]*\)\{0,1\} tests\{0,1\} run:.*/\1/p')
    passed=$(printf '%s' "$summary" | sed -n 's/.*run: *\([0-9]*\) passed.*/\1/p')
    run=${run:-0}
    passed=${passed:-0}
    failed=$((run - passed))
    if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    count "$passed" "$failed" "$3"
}

run_rust() {
    status=0
    if cargo nextest --version >/dev/null 2>&1; then
        logged "$LOGS/rust" scripts/with-postgres.sh cargo nextest run --workspace --all-targets --no-fail-fast || status=$?
        count_nextest "$LOGS/rust" "$status" "unit and integration tests"
    else
        logged "$LOGS/rust" scripts/with-postgres.sh cargo test --workspace --all-targets --no-fail-fast || status=$?
        count_cargo "$LOGS/rust" "$status" "unit and integration tests"
    fi
}

run_examples() {
    status=0
    logged "$LOGS/examples" cargo test --workspace --doc --no-fail-fast || status=$?
    count_cargo "$LOGS/examples" "$status" "documentation examples"
}

run_browser() {
    status=0
    logged "$LOGS/browser" scripts/browser.sh || status=$?
    closing=$(sed -n 's/^end2end: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$LOGS/browser" | tail -n 1)
    passed=$(echo "${closing:-0 0}" | cut -d' ' -f1)
    failed=$(echo "${closing:-0 0}" | cut -d' ' -f2)
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    count "$passed" "$failed" "journeys in the browser"
}

started=$(date +%s)
say "make test: lint, build, unit and integration tests on SQLite and PostgreSQL, then a browser."
say "From a clean clone it takes about 20 minutes on two cores and 8 GB of disk; it installs what is missing."
mkdir -p "$LOGS"
scripts/install.sh test

say "== lint"
scripts/lint.sh || step_failed "lint"
say "== the browser half"
if scripts/site.sh; then
    say "== unit and integration tests"
    run_rust
    say "== documentation examples"
    run_examples
    say "== journeys in a browser"
    run_browser
else
    step_failed "the browser half"
fi

minutes=$((($(date +%s) - started + 59) / 60))
[ -z "$BROKEN" ] || say "not as it should be: ${BROKEN#, }"
say "took $minutes minutes"
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
