#!/bin/sh
# Kills the server during ingest, again and again, and counts what it had acknowledged and then lost.
. "$(dirname -- "$0")/environment.sh"

scripts/dist.sh
scripts/install.sh postgres
exec sh end2end/soak/kill.sh
