#!/usr/bin/env bash
# Builds the Debian packages from the tracked files, asks lintian, and tries them in a bare Debian that is
# made for it: the element is found, the tools say their version, examples/quickstart.sh colours the film
# without a compiler and colorize-photo a picture, the manuals open, and a removal leaves nothing. Ends
# with the time from the bare Debian to the coloured film, without the download.
#
#   tests/package.sh
#
# Environment: BUILD_DIR  where the packages and the bare Debian are made (default: build-package in the
#                         repository); the packages stay there
#              DEB_BUILD_PROFILES=pkg.cgancolorize.notrainer  leaves the trainer out, which is four fifths
#                         of the compile
# Needs root, for chroot. Debian's packages are fetched once and kept under
# ${XDG_CACHE_HOME:-~/.cache}/cgancolorize-ci.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build-package}
debs=${XDG_CACHE_HOME:-$HOME/.cache}/cgancolorize-ci/debs
architecture=$(dpkg --print-architecture)
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" "$root/meson.build")
plugin=gstreamer1.0-cgancolorize
trainer=cgancolorize-training
# Seconds of processor time from the bare Debian to the coloured film: 60 on a machine of its own, more
# where others share the caches.
limit=90

# shellcheck source=examples/install_debian_packages.sh
. "$root/examples/install_debian_packages.sh"
install_debian_packages "${film_packages[@]}" debhelper dpkg-dev fakeroot lintian mmdebstrap help2man \
  appstream libstb-dev libcli11-dev libvips-dev libexiv2-dev git

fail() {
  echo "tests/package.sh: $*" >&2
  exit 1
}

# As for the sanitizers, compiled by -O1 and without debug information: nobody ships these.
build_packages() {
  rm -rf "$build"
  mkdir -p "$build/source"
  git -C "$root" ls-files -z | tar -C "$root" --null -T - -cf - | tar -C "$build/source" -xf -
  # debhelper gives the compiler another home, and a cache there would be a new one each time.
  export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ccache}
  export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}
  (
    cd "$build/source"
    DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym nocheck"
    DEB_CXXFLAGS_STRIP="-g -O2" DEB_CXXFLAGS_APPEND=-O1
    export DEB_BUILD_OPTIONS DEB_CXXFLAGS_STRIP DEB_CXXFLAGS_APPEND
    dpkg-buildpackage -us -uc -b >"$build/build.log" 2>&1
  ) || { tail -n 40 "$build/build.log" >&2 && fail "the packages do not build, see above."; }
  appstreamcli validate --no-net "$build"/source/data/*.metainfo.xml
  lintian --allow-root --fail-on error "$build"/*.changes
}

# The commands run as root of the bare Debian; /proc is there where mounts are allowed.
in_bare() {
  local enter=(chroot "$build/bare")
  if unshare --mount true 2>/dev/null; then
    # shellcheck disable=SC2016  # expanded inside
    enter=(unshare --mount bash -c
      'mount -t proc proc "$0/proc" 2>/dev/null || true; exec chroot "$0" "$@"' "$build/bare")
  fi
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    "${enter[@]}" "$@"
}

keep_debs() {
  find "$build/bare/var/cache/apt/archives" -maxdepth 1 -name '*.deb' ! -name "$plugin*" \
    ! -name "$trainer*" -exec cp -n -t "$debs" {} +
}

make_bare() {
  local mode=root
  unshare --mount true 2>/dev/null || mode=chrootless
  mkdir -p "$debs"
  # What was fetched before is not fetched again.
  mmdebstrap --mode="$mode" --variant=apt --quiet --skip=essential/unlink --skip=cleanup/apt \
    --setup-hook="mkdir -p \"\$1/var/cache/apt/archives/partial\"" \
    --setup-hook="find '$debs' -name '*.deb' -exec cp -t \"\$1/var/cache/apt/archives\" {} +" \
    bookworm "$build/bare"
  keep_debs
  printf '#!/bin/sh\nexit 101\n' >"$build/bare/usr/sbin/policy-rc.d" # nothing is started in there
  chmod +x "$build/bare/usr/sbin/policy-rc.d"
  # A repository with its packages beside it, as dpkg-buildpackage leaves them.
  mkdir "$build/bare/srv/cgancolorize"
  cp -r "$root/meson.build" "$root/examples" "$build/bare/srv/cgancolorize"
  cp "$build"/*.deb "$build/bare/srv"
}

# Every file that a package could leave; not the records and caches of apt, dpkg and the libraries.
files_of_bare() {
  (cd "$build/bare" && find . -xdev \( -path ./proc -o -path ./srv -o -path ./tmp -o -path ./var/log \
    -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache \) -prune -o -print | sort)
}

install_and_use() {
  local package=/srv/${plugin}_${version}_$architecture.deb
  local get=(apt-get -q=2 -y --no-install-recommends -o Dpkg::Use-Pty=0)
  in_bare "${get[@]}" --download-only install "$package" gstreamer1.0-tools man-db >/dev/null
  keep_debs
  # No compiler is there: this takes the package.
  local TIMEFORMAT='%R %U %S' failed=0
  {
    time in_bare bash -c 'cd /srv && cgancolorize/examples/quickstart.sh' >"$build/install.log" 2>&1
  } 2>"$build/time.log" || failed=1
  [ "$failed" = 0 ] ||
    { tail -n 20 "$build/install.log" >&2 && fail "the package does not colour a film, see above."; }

  local packages=(gstreamer1.0-tools man-db) programs=(colorize-film colorize-photo)
  if [ -f "$build/bare/srv/${trainer}_${version}_$architecture.deb" ]; then
    packages+=("/srv/${trainer}_${version}_$architecture.deb")
    programs+=(cgan-train cgan-age cgan-average cgan-calibrate cgan-evaluate cgan-evaluate-video
      cgan-train-classifier)
  fi
  in_bare "${get[@]}" install "${packages[@]}" >"$build/install.log" 2>&1 ||
    { tail -n 20 "$build/install.log" >&2 && fail "the packages do not install, see above."; }
  [[ $(in_bare gst-inspect-1.0 cgancolorize) =~ Version\ +$version ]] ||
    fail "gst-inspect-1.0 does not find the element of version $version."
  [ "$(in_bare colorize-film --version)" = "colorize-film $version" ] ||
    fail "colorize-film --version is not $version."
  in_bare gst-launch-1.0 -q filesrc location=/srv/market-street-colour.mp4 ! decodebin ! videoconvert ! \
    pngenc snapshot=true ! filesink location=/srv/frame.png
  in_bare colorize-photo --set on-color=recolor /srv/frame.png /srv/photo.jpg
  local program
  for program in "${programs[@]}"; do
    [[ $(in_bare man "$program") == *NAME*"$program "*--help* ]] || fail "There is no manual of $program."
    in_bare "$program" --help >/dev/null || fail "$program does not start."
  done
}

remove_without_trace() {
  local with
  with=$(files_of_bare)
  grep -q '/colorize-film$' <<<"$with" || fail "the list of files misses the package itself."
  in_bare dpkg --purge "$trainer" "$plugin" >/dev/null 2>&1
  local left
  left=$(files_of_bare | grep -i -E 'cgan|colorize' || true)
  [ -z "$left" ] || fail "the removal leaves: $left"
}

build_packages
make_bare
install_and_use
remove_without_trace
rm -rf "$build/bare" "$build/source"
read -r wall user system <"$build/time.log"
echo "From the bare Debian to the coloured film: $wall s, without the download;" \
  "of processor time $user s and $system s of the system's."
# The clock counts what else the machine does.
awk "BEGIN { exit $user + $system > $limit }" || fail "that is more processor time than $limit s."
