#!/usr/bin/env bash
# A film coloured by a real Slurm cluster on this machine: munge, slurmctld and slurmd with two
# processors; one piece is killed in the middle. The result must be that of one run, to the bit.
#
#   tests/cluster/slurm.sh COLORIZE_FILM    (the element is found as that program finds it)
#
# Needs root, for munge and Slurm's daemons, and the Debian packages slurm-wlm and munge.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/film.sh
. "$here/film.sh"
program=$(realpath "$1")
work=$(mktemp -d)
chmod 755 "$work"
daemons=()

clean() {
  local process
  for process in "${daemons[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${daemons[@]}"; do wait "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean EXIT

start_munge() {
  local place=$work/munge
  mkdir -p "$place"
  head -c 1024 /dev/urandom >"$place/key"
  chmod 400 "$place/key"
  munged --foreground --force --key-file="$place/key" --socket="$place/socket" \
    --pid-file="$place/pid" --log-file="$place/log" --seed-file="$place/seed" &
  daemons+=($!)
  wait_for munge -n -S "$place/socket"
}

start_slurm() {
  local host place=$work/slurm
  host=$(hostname -s)
  mkdir -p "$place/state" "$place/spool"
  cat >"$place/slurm.conf" <<EOS
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$((20000 + $$ % 10000))
SlurmdPort=$((30000 + $$ % 10000))
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
MinJobAge=600
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP OverSubscribe=NO
EOS
  export SLURM_CONF=$place/slurm.conf
  slurmctld -D -c >"$work/slurmctld.out" 2>&1 &
  daemons+=($!)
  slurmd -D -c >"$work/slurmd.out" 2>&1 &
  daemons+=($!)
  wait_for up
}

up() {
  [ "$(sinfo --noheader --format=%t)" = idle ]
}

# Kills the program of the first piece that has begun and is not finished.
kill_one_piece() { # ARRAY JOB
  local task job process
  while read -r task job; do
    for process in $(scontrol listpids "$job" 2>/dev/null | awk 'NR > 1 { print $1 }'); do
      grep -q -- --piece <(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null) || continue
      [ "$(readlink "/proc/$process/exe")" = "$program" ] || continue
      kill -KILL "$process" && echo "killed the program of piece $task" && return 0
    done
  done < <(squeue --noheader --states=RUNNING --format='%K %A' --name="$1")
  return 1
}

ended() { # JOB
  case $(scontrol show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p') in
    COMPLETED | FAILED | CANCELLED | TIMEOUT | NODE_FAIL) ;;
    *) return 1 ;;
  esac
}

make_film "$work/film.mkv"
settings=(--set work-size=64 --encoder avenc_ffv1)
"$program" "${settings[@]}" --pieces 0 "$work/film.mkv" "$work/whole.mkv"
start_munge
start_slurm
mkdir "$work/out"
join=$(COLORIZE_FILM=$program "$here/../../examples/cluster/colorize_slurm.sh" "$work/out" \
  "$work/film.mkv" -- "${settings[@]}" --pieces 2)
wait_for kill_one_piece film.mkv
wait_for ended "$join"
grep -h 'try 1 failed' "$work"/out/*.log
if ! diff <(hash_of "$work/whole.mkv") <(hash_of "$work/out/film.mkv"); then
  tail -n 20 "$work"/out/*.log "$work"/slurm/*.log >&2
  echo "The film of the cluster is not that of one run." >&2
  exit 1
fi
echo "Slurm: $(hash_of "$work/out/film.mkv" | grep -c ,) frames and the sound as in one run."
