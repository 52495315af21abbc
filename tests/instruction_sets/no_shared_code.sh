#!/bin/sh
# Code for one instruction set must not stand in for everybody's: of an inline function that several
# files have, the linker takes any one, and a processor without that set then stops at it.
#
#   no_shared_code.sh LIBRARY...
for library; do
  if nm -C "$library" | grep ' [uVvWw] '; then
    echo "$library shares the above with files for other processors: make them static or local." >&2
    exit 1
  fi
done
