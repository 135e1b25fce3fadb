#!/usr/bin/env bash
# Makes the image that the tests run, without any registry: Debian's static busybox and nothing else.
# Does nothing if the image of this very recipe is there.
set -euo pipefail

IMAGE=berth-test/busybox:1
RECIPE=$(sha256sum "$0" | cut -c1-16)
scripts=$(dirname "$0")/../../scripts
# shellcheck source=scripts/packages.sh
source "$scripts/packages.sh"

docker() { "$scripts/with-docker.sh" docker "$@"; }

if [ "$(docker image inspect --format '{{index .Config.Labels "berth-test.recipe"}}' "$IMAGE" 2>/dev/null)" = "$RECIPE" ]; then
  say "image $IMAGE is there"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/package" "$work/root"/{bin,dev,etc,proc,root,run,sys,tmp,var/www}

# Fetching and unpacking needs neither root nor an installation; only an empty package list needs root once.
fetch() { (cd "$work" && apt-get download -q busybox-static >"$work/log" 2>&1); }
fetch || { as_root apt-get update -qq && fetch; } || {
  cat "$work/log" >&2
  fail "Debian's package busybox-static could not be fetched"
}
dpkg-deb -x "$work"/busybox-static_*.deb "$work/package"

root=$work/root
busybox=$(find "$work/package" -type f -name busybox -perm -u+x | head -n 1)
install -m 755 "$busybox" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
  [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
chmod 1777 "$root/tmp"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
echo 'hello from berth-test' >"$root/var/www/index.html"

replaced=$(docker image inspect --format '{{.Id}}' "$IMAGE" 2>/dev/null || true)
tar -C "$root" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -c . |
  docker import --change 'ENV PATH=/bin' --change 'CMD ["/bin/sh"]' --change "LABEL berth-test.recipe=$RECIPE" \
    - "$IMAGE" >/dev/null
# The image of an older recipe is nameless now; containers that still run keep it.
[ -z "$replaced" ] || docker image rm "$replaced" >/dev/null 2>&1 || true
say "made the image $IMAGE"
