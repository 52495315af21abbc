#!/usr/bin/env bash
# Colours a film by one command on a fresh Debian 12: installs what is missing, builds, colours.
#
#   examples/quickstart.sh [FILM]      default: the example film beside this script
#
# Writes into the current folder, named after the film: NAME-colour.mp4 (of an .mkv: .mkv), the whole
# film with its sound, and NAME-before-after.png (one frame, original left, result right). The last
# line names both.
# A second call installs and builds nothing.
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
install_debian_packages "${film_packages[@]}"

if [ ! -f "$build/build.ninja" ]; then
  log=$(meson setup "$build" "$root" --buildtype=release -Dtraining=false -Dtests=false 2>&1) || {
    echo "$log" >&2
    exit 1
  }
fi
ninja -C "$build" --quiet

name=$(basename "$film")
[[ ${name,,} == *.mkv ]] && ending=mkv || ending=mp4
name=${name%.*}
export GST_PLUGIN_PATH=$build/plugin/element${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
"$build/examples/colorize_film/colorize-film" --force \
  --picture "./$name-before-after.png" -- "$film" "$name-colour.$ending"
echo "Done: $PWD/$name-colour.$ending (the film in colour), $PWD/$name-before-after.png (before and after)"
