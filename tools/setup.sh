#!/usr/bin/env bash
# Installs the Debian packages of the named groups (tools/packages.txt) where they are missing.
# Usage: tools/setup.sh GROUP...      With everything in place it costs one dpkg-query.
set -euo pipefail

list="$(dirname "$0")/packages.txt"
packages=()
for group in "$@"; do
  mapfile -t found < <(sed -n "s/^$group: *//p" "$list" | tr ' ' '\n')
  if ((${#found[@]} == 0)); then
    echo "setup: no group '$group' in $list; it has: $(sed -n 's/^\([a-z0-9-]*\):.*/\1/p' "$list" | sort -u | xargs)" >&2
    exit 2
  fi
  packages+=("${found[@]}")
done

if ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system, so nothing is installed; needed are: ${packages[*]}" >&2
  exit 0
fi

# A foreign package is listed as name:arch, a native one by its bare name; either spelling is looked up.
installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n${db:Status-Abbrev}${Package}:${Architecture}\n' | sed -n 's/^ii *//p')
missing=()
for package in "${packages[@]}"; do
  grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "setup: missing packages need root; as root, run: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
apt() {  # quiet; what it said comes out where it failed
  local said
  said=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" 2>&1) ||
    { echo "$said" >&2; exit 1; }
}
apt update
apt install -y --no-install-recommends "${missing[@]}"
