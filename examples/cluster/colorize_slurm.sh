#!/usr/bin/env bash
# Colours films on a Slurm cluster: an array job of pieces for each, then a job that joins them.
#
#   colorize_slurm.sh FOLDER FILM... [-- SETTING...]
#
# FOLDER takes the plans, the pieces and the results (FILM.mkv); it and the films must lie where all
# machines see them. SETTING... goes to colorize-film. SBATCH_OPTIONS holds options for each piece
# (--gres=gpu:1, --partition=...), COLORIZE_FILM the program where it is not in PATH. A piece that
# fails is tried three times; those of one shot are made by one task, one after the other; where a machine dies, Slurm puts its pieces back into the queue.
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
  # The pieces that need no other one before, and the number of all.
  read -r firsts pieces < <(python3 -c '
import json, sys
pieces = json.load(open(sys.argv[1]))["pieces"]
firsts = [str(number) for number, piece in enumerate(pieces) if not piece["in-shot"]]
print(",".join(firsts), len(pieces))' "$plan")
  array=$(sbatch --parsable --requeue --open-mode=append --job-name="$name" \
    --cpus-per-task="${SLURM_PIECE_CPUS:-1}" --array="$firsts" \
    --output="$folder/$name.%a.log" "${options[@]}" <<EOS
#!/usr/bin/env bash
colour() {
  for try in 1 2 3; do
    "$program" --piece "$plan" "\$1" && return
    echo "try \$try failed"
  done
  exit 1
}
number=\$SLURM_ARRAY_TASK_ID
colour "\$number"
while number=\$((number + 1)); [ "\$number" -lt $pieces ] && [[ ,$firsts, != *,"\$number",* ]]; do
  colour "\$number"
done
EOS
  )
  sbatch --parsable --dependency="afterok:$array" --job-name="join $name" \
    --output="$folder/$name.join.log" <<EOS
#!/usr/bin/env bash
"$program" --force --join "$plan" "$folder/${name%.*}.mkv"
EOS
done
