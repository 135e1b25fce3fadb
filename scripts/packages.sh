# shellcheck shell=bash
# Sourced by the set-up scripts: what they say, and how they install packages of the distribution.

PATH="$PATH:/usr/sbin:/sbin"

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

have() { command -v "$1" >/dev/null; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    have sudo || fail "this needs root, and there is no sudo: $*"
    sudo "$@"
  fi
}

# Installs what is missing; what is there keeps its version.
install_packages() {
  have apt-get || fail "please install: $* (only Debian's apt-get is known here)"
  say "installing from the distribution: $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends --no-upgrade -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null
}
