# Sourced by the other scripts: where the workspace is, where cargo is, how to say something, how to install.

set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$ROOT"

# A shell that was not opened by logging in does not know rustup's folder.
if [ -d "$HOME/.cargo/bin" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
    export PATH
fi

# The oldest compiler the workspace accepts, as Cargo.toml states it.
RUST_MIN=$(sed -n 's/^rust-version = "1\.\([0-9]*\)".*/\1/p' Cargo.toml)

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "installing packages needs root: run this once as root, or install sudo, or install yourself: $*"
    fi
}
