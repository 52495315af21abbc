#!/usr/bin/env bash
# Colours a film by one command on a fresh Debian 12: installs what is missing, builds, colours.
#
#   examples/quickstart.sh [FILM]      default: the example film beside this script
#
# Writes into the current folder, named after the film: NAME-colour.mp4 (of an .mkv: .mkv), the whole
# film with its sound, and NAME-before-after.png (one frame, original left, result right). The last
# line names both.
# A second call installs and builds nothing. Where colorize-film is installed, or its package lies in the
# repository or beside it, that is used and nothing is compiled.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
build=$root/build-quickstart
film=${1:-$here/market-street.mp4}

if [ $# -gt 1 ] || [[ $film == -* ]]; then
  echo "Usage: $0 [FILM]" >&2
  exit 2
fi
if [ ! -r "$film" ]; then
  echo "$0: cannot read the film '$film'." >&2
  exit 1
fi

# shellcheck source=examples/install_debian_packages.sh
. "$here/install_debian_packages.sh"

# The package that dpkg-buildpackage has made of this version, empty where there is none.
built_package() {
  local version architecture folder package
  version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" "$root/meson.build")
  architecture=$(dpkg --print-architecture 2>/dev/null) || return 0
  for folder in "$root" "$root/.." "$root/build-package"; do
    package=$folder/gstreamer1.0-cgancolorize_${version}_$architecture.deb
    if [ -f "$package" ]; then
      realpath "$package"
      return
    fi
  done
}

build_film_tool() {
  local log
  install_debian_packages "${film_packages[@]}"
  if [ ! -f "$build/build.ninja" ]; then
    log=$(meson setup "$build" "$root" --buildtype=release -Dtraining=false -Dtests=false \
      -Dphoto=disabled -Dman=disabled 2>&1) || {
      echo "$log" >&2
      exit 1
    }
  fi
  ninja -C "$build" --quiet
}

if is_installed gstreamer1.0-cgancolorize; then
  tool=colorize-film
elif package=$(built_package) && [ -n "$package" ]; then
  install_debian_packages "$package"
  tool=colorize-film
else
  build_film_tool
  export GST_PLUGIN_PATH=$build/plugin/element${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
  tool=$build/examples/colorize_film/colorize-film
fi

name=$(basename "$film")
[[ ${name,,} == *.mkv ]] && ending=mkv || ending=mp4
name=${name%.*}
"$tool" --force \
  --picture "./$name-before-after.png" -- "$film" "$name-colour.$ending"
echo "Done: $PWD/$name-colour.$ending (the film in colour), $PWD/$name-before-after.png (before and after)"
