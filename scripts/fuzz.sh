#!/bin/sh
# The property tests with far more cases than a test run has time for. FUZZ_CASES says how many each.
. "$(dirname -- "$0")/environment.sh"

scripts/install.sh build
PROPTEST_CASES=${FUZZ_CASES:-100000}
export PROPTEST_CASES
say "fuzz: every property test with $PROPTEST_CASES cases; a failing case is written beside its test"
# Optimised, or most of the time goes into checks the compiler could have proved.
exec cargo test --profile xtask -p domain -p formats -p metrics --no-fail-fast
