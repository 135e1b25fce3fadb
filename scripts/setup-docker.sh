#!/usr/bin/env bash
# Makes sure that Rust's crates find a C toolchain and that a Docker Engine answers on this machine.
#
# Usage: setup-docker.sh [ensure_c_toolchain], with which Docker is left out.
#
# An engine that answers is never touched. Otherwise a Docker that is installed is started, and one that is not is
# installed from the Debian distribution first. Everything done is said. Root or sudo is needed only for doing something.
set -euo pipefail
# shellcheck source=scripts/packages.sh
source "$(dirname "$0")/packages.sh"

# First contact loads kernel modules and makes a bridge: seconds on a slow disk, never minutes.
ENGINE_START_SECONDS=60
SOCKET=/var/run/docker.sock
DAEMON_LOG=/var/log/dockerd.log

main() {
  ensure_c_toolchain
  local version
  version=$(engine_version)
  if [ -n "$version" ]; then
    say "Docker Engine $version answers; it is left as it is"
    return
  fi
  [ -z "${DOCKER_HOST:-}" ] || fail "no Docker Engine answers at DOCKER_HOST=$DOCKER_HOST; start it, or unset DOCKER_HOST"
  if pidof dockerd >/dev/null; then ensure_access; fi
  if ! engine_runs; then
    have dockerd || install_engine
    start_engine
  fi
  ensure_access
  say "Docker Engine $(as_root "$BASH" "$0" ask_socket) answers"
}

# rusqlite, aws-lc and ring carry C: they need a compiler, make and the C library's headers.
ensure_c_toolchain() {
  if ! { have make && have cc && printf '#include <stdlib.h>\n' | cc -E - >/dev/null 2>&1; }; then
    install_packages build-essential
  fi
}

install_engine() {
  local packages=(docker.io iptables)
  # Images come over TLS. Not upgraded where present: an upgrade rewrites the machine's list of trusted certificates.
  [ -e /etc/ssl/certs/ca-certificates.crt ] || packages+=(ca-certificates)
  # Where the kernel enforces AppArmor the engine loads its profile with this parser, and fails without it.
  if grep -qs Y /sys/module/apparmor/parameters/enabled; then packages+=(apparmor); fi
  install_packages "${packages[@]}"
  # Newer Debian keeps the client in a package of its own.
  have docker || install_packages docker-cli
  if [ "$(id -u)" != 0 ]; then
    say "adding $(id -un) to the group docker, who may use the engine"
    as_root usermod -aG docker "$(id -un)"
  fi
}

# Tries the ways to start the engine, the usual one first. Each later one is for machines where those before fail:
# without systemd; with an init script that may not raise its limits, as in a container; without a packet filter.
start_engine() {
  choose_iptables
  if [ -d /run/systemd/system ]; then
    say "starting docker.service"
    as_root systemctl start docker && wait_until_running && return
    fail "docker.service does not answer; see: journalctl -u docker"
  fi
  if [ -x /etc/init.d/docker ]; then
    say "starting the service docker"
    if as_root service docker start >/dev/null 2>&1 && wait_until_running; then return; fi
    say "the service does not start here (log: /var/log/docker.log)"
  fi
  # dockerd finds a storage driver that works by itself; a packet filter it takes for granted.
  say "starting dockerd in the background (log: $DAEMON_LOG)"
  start_detached
  wait_until_running && return
  if ! as_root iptables -t nat -S >/dev/null 2>&1; then
    say "iptables does not work here; starting dockerd without: ports are published, containers reach nothing outside"
    start_detached --iptables=false
    wait_until_running && return
  fi
  as_root tail -n 5 "$DAEMON_LOG" >&2
  fail "dockerd does not start; its last words are above, the rest is in $DAEMON_LOG"
}

# The engine must outlive this script, its terminal and whatever holds the other end of an inherited pipe.
start_detached() {
  # shellcheck disable=SC2016  # expanded by the inner shell
  as_root bash -c '
    log=$1; shift
    for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done 2>/dev/null
    ulimit -Sn hard
    cd /
    setsid dockerd "$@" </dev/null >>"$log" 2>&1 &
  ' bash "$DAEMON_LOG" "$@"
}

# Debian's iptables speaks nf_tables; a kernel without it may still have the older interface.
choose_iptables() {
  if ! as_root iptables -t nat -S >/dev/null 2>&1 && as_root iptables-legacy -t nat -S >/dev/null 2>&1; then
    say "this kernel has no nf_tables: setting the alternative iptables to iptables-legacy"
    as_root update-alternatives --set iptables /usr/sbin/iptables-legacy >/dev/null
    as_root update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy >/dev/null
  fi
}

# Succeeds as soon as the engine answers; fails when it has ended or its time is over.
wait_until_running() {
  local deadline=$((SECONDS + ENGINE_START_SECONDS)) gone=0
  while [ $SECONDS -lt $deadline ] && [ $gone -lt 10 ]; do
    engine_runs && return
    # A background start takes a moment before the process can be seen.
    if pidof dockerd >/dev/null; then gone=0; else gone=$((gone + 1)); fi
    sleep 0.2
  done
  return 1
}

# A new member of the group docker is one from the next login on; scripts/with-docker.sh bridges the time until then.
ensure_access() {
  if [ "$(id -u)" = 0 ] || [ -w $SOCKET ] || id -nG "$(id -un)" | grep -qw docker; then return; fi
  fail "a Docker Engine runs, but $(id -un) may not use it. To allow it (it amounts to root):" \
    "  sudo usermod -aG docker $(id -un)"
}

# The version of the engine this user reaches, or nothing. A client may be on PATH with no engine behind it, and an
# engine may answer where no client is installed.
engine_version() {
  if have docker; then
    "$(dirname "$0")/with-docker.sh" timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null || true
  else
    ask_socket
  fi
}

engine_runs() { [ -n "$(as_root "$BASH" "$0" ask_socket)" ]; }

# The engine's version asked for with what every Debian has, or nothing.
ask_socket() {
  [ -S $SOCKET ] || return 0
  # shellcheck disable=SC2016  # perl's own variables
  timeout 10 perl -MIO::Socket::UNIX -e '
    my $engine = IO::Socket::UNIX->new(Peer => shift) or exit;
    print $engine "GET /version HTTP/1.0\r\n\r\n";
    my ($version) = join("", <$engine>) =~ /"Version":"([^"]+)","ApiVersion"/ or exit;
    print "$version\n"' $SOCKET || true
}

"${1:-main}"
