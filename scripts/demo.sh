#!/bin/sh
# Builds Wallclock if need be and starts it with a sample organisation.
. "$(dirname -- "$0")/environment.sh"

if [ ! -x target/release/wallclock ]; then
    say "the first time takes 15 to 20 minutes on two cores and 3 GB of disk; later starts take a second"
fi
scripts/install.sh build
scripts/site.sh --release
cargo build --release -p server --bin wallclock
exec target/release/wallclock demo
