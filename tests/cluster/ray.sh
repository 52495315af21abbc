#!/usr/bin/env bash
# A film coloured by a real Ray cluster on this machine: two workers with a processor each, one of
# which is killed in the middle of a piece. The result must be that of one run, to the bit.
#
#   tests/cluster/ray.sh COLORIZE_FILM    (the element is found as that program finds it)
#
# Ray comes from the Python package index into a virtual environment, kept under
# ${XDG_CACHE_HOME:-~/.cache}/cgancolorize-ci.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/film.sh
. "$here/film.sh"
program=$(realpath "$1")
environment=${XDG_CACHE_HOME:-$HOME/.cache}/cgancolorize-ci/ray-2.40.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -f "$environment/complete" ]; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet ray==2.40.0
  touch "$environment/complete"
fi

make_film "$work/film.mkv"
settings=(--set work-size=64 --encoder avenc_ffv1)
"$program" "${settings[@]}" --pieces 0 "$work/film.mkv" "$work/whole.mkv"
"$environment/bin/python" "$here/ray_cluster.py" "$work/out" \
  "$environment/bin/python" "$here/../../examples/cluster/colorize_ray.py" --program "$program" \
  --out "$work/out" "$work/film.mkv" -- "${settings[@]}" --pieces 2
if ! diff <(hash_of "$work/whole.mkv") <(hash_of "$work/out/film.mkv"); then
  echo "The film of the cluster is not that of one run." >&2
  exit 1
fi
echo "Ray: $(hash_of "$work/out/film.mkv" | grep -c ,) frames and the sound as in one run."
