#!/bin/sh
# Runs a command beside its own PostgreSQL, or starts one that tests share.
#
#   scripts/with-postgres.sh COMMAND…        a fresh cluster for this command alone, stopped and removed at its end;
#                                            the command finds its address in WALLCLOCK_TEST_POSTGRES
#   scripts/with-postgres.sh --shared DIR    starts one in DIR unless it runs already, prints its address; it stops
#                                            itself once nobody has asked for it for two minutes
#   scripts/with-postgres.sh --schema NAME   makes an empty schema in $WALLCLOCK_TEST_POSTGRES, or else in a shared one,
#                                            and prints the address that leads into it
#
# The cluster listens on a socket inside its own folder and on no port. Flushing stays on: durability is tested here.
set -eu

tools() {
    for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(dirname "$(command -v pg_ctl || echo /nowhere/pg_ctl)")"; do
        if [ -x "$candidate/pg_ctl" ] && [ -x "$candidate/initdb" ]; then
            echo "$candidate"
            return
        fi
    done
    echo "with-postgres: no initdb and pg_ctl found; install the package postgresql" >&2
    exit 69
}

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

address() {
    echo "postgres://wallclock@localhost/postgres?host=$1"
}

start() {
    [ "$(id -u)" != 0 ] || chown postgres "$1"
    chmod 711 "$1"
    if [ ! -f "$1/data/PG_VERSION" ]; then
        as_owner "$bin/initdb" -D "$1/data" -U wallclock -A trust -E UTF8 --locale=C --no-sync >"$1.log" 2>&1 ||
            { cat "$1.log" >&2; exit 1; }
    fi
    as_owner "$bin/pg_ctl" -D "$1/data" -w -s -l "$1/server.log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$1' -c unix_socket_permissions=0777 -c max_connections=300 -c shared_buffers=64MB -c max_wal_size=512MB" \
        start >/dev/null || { cat "$1/server.log" >&2; exit 1; }
}

stop() {
    as_owner "$bin/pg_ctl" -D "$1/data" -s -m immediate stop >/dev/null 2>&1 || true
}

bin=$(tools)
self=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/$(basename -- "$0")
cd /

if [ "${1:-}" = "--schema" ]; then
    server=${WALLCLOCK_TEST_POSTGRES:-$("$self" --shared /tmp/wallclock-test-postgres)}
    "$bin/psql" "$server" -q -v ON_ERROR_STOP=1 -c "set client_min_messages = warning" \
        -c "drop schema if exists $2 cascade" -c "create schema $2" >&2
    echo "$server&options=-c%20search_path%3D$2"
    exit 0
fi

if [ "${1:-}" = "--shared" ]; then
    folder=$2
    mkdir -p "$folder"
    exec 9>"$folder.lock"
    flock 9
    touch "$folder/asked"
    if ! as_owner "$bin/pg_ctl" -D "$folder/data" status >/dev/null 2>&1; then
        rm -rf "$folder/data" "$folder"/.s.PGSQL.*
        start "$folder" 9>&-
        # Watches from outside: whoever asked may be gone, and nobody else would stop it.
        (
            exec 9>&- >/dev/null 2>&1 </dev/null
            while [ -n "$(find "$folder/asked" -mmin -2 2>/dev/null)" ]; do sleep 5; done
            stop "$folder"
        ) &
    fi
    address "$folder"
    exit 0
fi

[ $# -gt 0 ] || { sed -n '2,11p' "$0" >&2; exit 2; }
where=$OLDPWD
folder=$(mktemp -d "${TMPDIR:-/tmp}/wallclock-postgres.XXXXXX")
finish() {
    stop "$folder"
    rm -rf "$folder" "$folder.log"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start "$folder"
cd "$where"
WALLCLOCK_TEST_POSTGRES=$(address "$folder") "$@"
