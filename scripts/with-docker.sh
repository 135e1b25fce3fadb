#!/usr/bin/env bash
# Runs a command that needs Docker: with-docker.sh COMMAND [ARGUMENT...]
#
# Someone who has just been added to the group docker is not in it before the next login; until then the command runs
# in that group through sg(1).
set -euo pipefail

socket=/var/run/docker.sock
if [ -n "${DOCKER_HOST:-}" ] || [ -w $socket ] || ! id -nG "$(id -un)" | grep -qw docker; then
  exec "$@"
fi
exec sg docker -c "exec $(printf '%q ' "$@")"
