#!/bin/sh
# Installs what is missing to build or test Wallclock, from the distribution's packages or rustup, asking nothing.
#
#   scripts/install.sh build     a C compiler and Rust
#   scripts/install.sh lint      rustfmt and clippy
#   scripts/install.sh wasm      the distribution's Rust for wasm; called by xtask when rustup has no wasm target
#   scripts/install.sh browser   Chromium, Node and npm
#   scripts/install.sh postgres  PostgreSQL's programs; the tests start a server of their own
#   scripts/install.sh test      all of the above but wasm, and PostgreSQL
. "$(dirname -- "$0")/environment.sh"

packages() {
    have apt-get || die "this needs the packages $*, and only apt is known here: install them by hand and try again"
    say "installing $*"
    # A package list that is out of date is a reason to fetch a new one, not one to give up.
    if ! quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; then
        as_root apt-get update -q >&2
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
    fi
}

quietly() {
    "$@" >/dev/null 2>&1
}

# Whether a version like 1.96.0+dfsg1-1 is new enough.
new_enough() {
    minor=$(printf '%s' "$1" | sed -n 's/^1\.\([0-9]*\).*/\1/p')
    [ -n "$minor" ] && [ "$minor" -ge "$RUST_MIN" ]
}

cargo_is_new_enough() {
    have cargo && new_enough "$(cargo --version 2>/dev/null | sed 's/^cargo //')"
}

# The version apt would install of a package; Debian's cargo calls itself 0.N for cargo 1.N-1 on old releases, which
# is too old in any case.
candidate() {
    apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p'
}

install_build() {
    have cc || packages build-essential
    [ -e /etc/ssl/certs/ca-certificates.crt ] || packages ca-certificates
    cargo_is_new_enough || install_rust
}

install_rust() {
    say "Rust 1.$RUST_MIN or newer is needed and not here"
    if have rustup && rustup toolchain install stable --profile minimal >&2 && rustup default stable >&2; then
        cargo_is_new_enough && return
    fi
    have apt-get || die "install Rust 1.$RUST_MIN or newer, then try again"
    as_root apt-get update -q >&2
    if new_enough "$(candidate cargo)"; then
        packages cargo rustc
    elif new_enough "$(candidate cargo-web)"; then
        packages cargo-web rustc-web
    elif [ -n "$(candidate rustup)" ]; then
        packages rustup
        rustup toolchain install stable --profile minimal >&2
        rustup default stable >&2
    fi
    hash -r
    cargo_is_new_enough || die "this release of the distribution has no Rust 1.$RUST_MIN: install rustup, then try again"
}

is_rustup_cargo() {
    have rustup && rustup which cargo >/dev/null 2>&1
}

install_lint() {
    if quietly cargo fmt --version && quietly cargo clippy --version; then
        return
    fi
    if is_rustup_cargo; then
        rustup component add rustfmt clippy >&2
    elif quietly dpkg -s rustc-web; then
        packages rustfmt-web rust-web-clippy
    else
        packages rustfmt rust-clippy
    fi
}

install_wasm() {
    if quietly dpkg -s rustc && new_enough "$(rustc --version | sed 's/^rustc //')"; then
        packages libstd-rust-dev-wasm32 lld
    elif new_enough "$(candidate rustc-web)"; then
        packages rustc-web cargo-web rust-web-src lld-19
    else
        die "this release of the distribution has no Rust 1.$RUST_MIN that makes wasm"
    fi
}

install_browser() {
    have chromium || have chromium-browser || have google-chrome || packages chromium
    if ! have node || ! have npm; then
        packages nodejs npm
    fi
}

install_postgres() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || packages postgresql
}

[ $# -eq 1 ] || die "usage: scripts/install.sh build|lint|wasm|browser|postgres|test"
case $1 in
    build) install_build ;;
    lint) install_build && install_lint ;;
    wasm) install_wasm ;;
    browser) install_browser ;;
    postgres) install_postgres ;;
    test) install_build && install_lint && install_browser && install_postgres ;;
    *) die "unknown: $1" ;;
esac
