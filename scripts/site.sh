#!/bin/sh
# Builds the browser half. Takes the arguments of `xtask site`.
. "$(dirname -- "$0")/environment.sh"

scripts/install.sh build
# The builder itself takes half a minute to compile the first time: that much should be seen.
quiet=--quiet
[ -x target/xtask/xtask ] || quiet=
exec cargo run $quiet --profile xtask -p xtask -- site "$@"
