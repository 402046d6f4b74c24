#!/usr/bin/env bash
# Small Debian systems in a folder, to try the project where nothing is installed. To be run as root.
# Usage: tools/debian_root.sh new SUITE DIR        a minimal SUITE with git, make and sudo, and a user dev, in DIR
#        tools/debian_root.sh in DIR USER COMMAND  runs a shell command there as USER, from the user's home
#        tools/debian_root.sh remove DIR
# Mirror and proxy are those of the host's apt, index and certificates those of its pip. What debootstrap made is kept as DIR/../SUITE.tar for the next time.
# Mounts live in a mount namespace of the command alone, so nothing stays mounted, however the command ends.
set -euo pipefail

say() { echo "debian_root: $*" >&2; }

# The first archive that the host's apt asks for Debian, security archives excepted.
mirror() {
  local found
  found=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 2>/dev/null |
    awk '$1 ~ /^https?:/ && $1 !~ /security/ && $2 ~ /^(bookworm|trixie|bullseye|stable|testing|sid)$/ {print $1; exit}')
  echo "${found:-http://deb.debian.org/debian}"
}

remove_root() {
  local root=$1
  [[ -e $root ]] || return 0
  if grep -qF " $(realpath "$root")/" /proc/self/mounts; then
    say "something is mounted below $root; not removed"
    return 1
  fi
  rm -rf --one-file-system "$root"
}

new_root() {
  local suite=$1 root=$2 cache
  mkdir -p "$(dirname "$root")"
  cache=$(dirname "$root")/$suite.tar
  remove_root "$root"
  if [[ ! -s $cache ]]; then
    say "debootstrap $suite from $(mirror), once"
    remove_root "$root.new"
    debootstrap --variant=minbase --include=git,make,sudo,ca-certificates "$suite" "$root.new" "$(mirror)" >"$cache.log" 2>&1 ||
      { tail -n 5 "$cache.log" >&2; return 1; }
    # How the host's apt reaches its archives holds here too.
    apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' >"$root.new/etc/apt/apt.conf.d/90host" || true
    chroot "$root.new" apt-get clean
    tar -C "$root.new" -cf "$cache.part" .
    mv "$cache.part" "$cache"
    remove_root "$root.new"
  fi
  mkdir "$root"
  tar -C "$root" -xpf "$cache"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  # How the host's pip reaches its index, and whom it trusts.
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  if [[ -f /etc/pip.conf ]]; then cp -L /etc/pip.conf "$root/etc/"; fi
  chroot "$root" useradd --create-home --home-dir /srv/dev --shell /bin/bash dev
  echo 'dev ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/dev"
}

in_root() {
  local root=$1 user=$2 command=$3
  # shellcheck disable=SC2016  # expanded by the inner shell
  unshare --mount --propagation private bash -euc '
    root=$1 user=$2 command=$3
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec env -i TERM=dumb LANG=C.UTF-8 JOBS="${JOBS:-$(nproc)}" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
      chroot "$root" su --whitelist-environment=JOBS,LANG --login "$user" -c "$command"
  ' bash "$root" "$user" "$command" </dev/null
}

case ${1:-} in
  new) new_root "$2" "$3" ;;
  in) in_root "$2" "$3" "$4" ;;
  remove) remove_root "$2" ;;
  *)
    sed -n '2,7s/^# //p' "$0" >&2
    exit 2
    ;;
esac
