#!/usr/bin/env bash
# Colours films on a Slurm cluster: an array job of pieces for each, then a job that joins them.
#
#   colorize_slurm.sh FOLDER FILM... [-- SETTING...]
#
# FOLDER takes the plans, the pieces and the results (FILM.mkv); it and the films must lie where all
# machines see them. SETTING... goes to colorize-film. SBATCH_OPTIONS holds options for each piece
# (--gres=gpu:1, --partition=...), COLORIZE_FILM the program where it is not in PATH. A piece that
# fails is tried three times; where a machine dies, Slurm puts its pieces back into the queue.
# Prints the number of the joining job of each film.
set -euo pipefail

program=${COLORIZE_FILM:-colorize-film}
read -r -a options <<<"${SBATCH_OPTIONS:-}"
if [ $# -lt 2 ]; then
  sed -n 's/^# \{0,1\}//; 2,12p' "$0" >&2
  exit 2
fi
folder=$(realpath "$1")
shift
films=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  films+=("$(realpath "$1")")
  shift
done
[ $# -eq 0 ] || shift

for film in "${films[@]}"; do
  name=$(basename "$film")
  plan=$folder/$name.plan.json
  [ -e "$plan" ] || "$program" --set threads="${SLURM_PIECE_CPUS:-1}" "$@" --plan "$plan" "$film" >&2
  pieces=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["pieces"]))' "$plan")
  array=$(sbatch --parsable --requeue --open-mode=append --job-name="$name" \
    --cpus-per-task="${SLURM_PIECE_CPUS:-1}" --array="0-$((pieces - 1))" \
    --output="$folder/$name.%a.log" "${options[@]}" <<EOS
#!/usr/bin/env bash
for try in 1 2 3; do
  "$program" --piece "$plan" "\$SLURM_ARRAY_TASK_ID" && exit 0
  echo "try \$try failed"
done
exit 1
EOS
  )
  sbatch --parsable --dependency="afterok:$array" --job-name="join $name" \
    --output="$folder/$name.join.log" <<EOS
#!/usr/bin/env bash
"$program" --force --join "$plan" "$folder/${name%.*}.mkv"
EOS
done
