#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test and ends with the runner's
# summary and one line 'N passed, N failed, N skipped' (cases, not programs).
#
#   tests/run.sh [MESON-SETUP-ARGUMENT...]     e.g. tests/run.sh -Dlibtorch=/opt/libtorch
#
# Environment: BUILD_DIR  where to build (default: build-tests in the repository)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-$root/build-tests}

# shellcheck source=examples/install_debian_packages.sh
. "$root/examples/install_debian_packages.sh"
install_debian_packages "${film_packages[@]}" \
  libgtest-dev libgmock-dev libbenchmark-dev libstb-dev libcli11-dev libvips-dev libexiv2-dev exiv2 ffmpeg appstream \
  libgstreamer-plugins-bad1.0-dev \
  python3-gi gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0

# A compiler cache takes what includes a precompiled header only when told so.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

if [ -f "$build/build.ninja" ]; then
  [ $# -eq 0 ] || meson configure "$build" "$@"
else
  meson setup "$build" "$root" --buildtype=release "$@"
fi
ninja -C "$build"

# The tests of one run share two cores with each other's threads: two at a time. Their time limits,
# which are only there to end what hangs, leave room for sanitizers.
status=0
meson test -C "$build" --no-rebuild --print-errorlogs --num-processes 2 --timeout-multiplier 4 ||
  status=$?

python3 - "$build/meson-logs" "$status" <<'PYTHON'
# The cases of the gtest programs are in the JUnit file; a program that died before it wrote its
# own is known only to testlog.json.
import json, sys, xml.etree.ElementTree as xml

logs, status = sys.argv[1], int(sys.argv[2])
passed = failed = skipped = 0
for case in xml.parse(f"{logs}/testlog.junit.xml").iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif case.find("skipped") is not None or case.get("result") == "skipped":
        skipped += 1
    else:
        passed += 1
with open(f"{logs}/testlog.json") as lines:
    programs = [json.loads(line) for line in lines]
bad = [p["name"] for p in programs if p["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")]
failed = max(failed, len(bad))
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(0 if status == 0 and failed == 0 and passed > 0 else 1)
PYTHON
