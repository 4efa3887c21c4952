#!/bin/sh
# The property tests and the changed inputs of crates/fuzz, with far more cases than a test run has time for.
#
#   FUZZ_CASES=1000000   so many cases each
#   FUZZ_SECONDS=60      a smoke run: every target of crates/fuzz for so long instead; FUZZ_FIRST goes on from that round
#   FUZZ_BUILD=test      as tests are built, which is there already: slower rounds, and no build of many minutes before
. "$(dirname -- "$0")/environment.sh"

scripts/install.sh build
FUZZ_CASES=${FUZZ_CASES:-100000}
PROPTEST_CASES=$FUZZ_CASES
export FUZZ_CASES PROPTEST_CASES
status=0
say "fuzz: inputs changed at random; a finding names its file and round"
# Optimised, or most of the time goes into checks the compiler could have proved.
case ${FUZZ_BUILD:-release} in
    release) cargo test --release -p fuzz --no-fail-fast || status=1 ;;
    test) cargo test --workspace --test targets --no-fail-fast || status=1 ;;
    *) die "FUZZ_BUILD is \`$FUZZ_BUILD\`, expected \`release\` or \`test\`" ;;
esac
if [ -z "${FUZZ_SECONDS:-}" ]; then
    say "fuzz: every property test with $PROPTEST_CASES cases; a failing case is written beside its test"
    cargo test --profile xtask -p domain -p formats -p metrics --no-fail-fast || status=1
fi
exit $status
