#!/usr/bin/env python3
"""tests/gpu.sh without a card: what it runs, measures and skips, with programs of the test's own."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

TESTS = pathlib.Path(__file__).resolve().parent
CARD = 'NVIDIA H200, 555.42, 9.0'

# As fpsdisplaysink prints it: a second to warm up at 100 frames/s, then 400.
REPORTS = ''.join(
    f'/GstPipeline:p/GstFPSDisplaySink:s: last-message = rendered: {rendered}, dropped: 0, current: {rate:.2f}, '
    f'average: 1.00\n'
    for rendered, rate in [(50, 100), (100, 100), (180, 400), (260, 400), (340, 400)])

PROGRAMS = {
    'nvidia-smi': '''case "$*" in
  *memory.used*) cat "$HERE/used" ;;
  *) echo "$CARD"; [ -n "$CARD" ] ;;
esac''',
    'gst-launch-1.0': '''use() {
  for now in "$1" 1000; do echo "$now" >"$HERE/now"; mv "$HERE/now" "$HERE/used"; sleep 0.5; done
}
echo "$@" >>"$HERE/launched"
case "$*" in
  *fpsdisplaysink*) printf '%s' "$REPORTS" ;;
  *cgancolorize*cgancolorize*) use 3000 ;;
  *) use 2900 ;;
esac
[ -z "$LAUNCH_FAILS" ] || { echo "ERROR: from element: $LAUNCH_FAILS"; exit 1; }''',
    'gst-inspect-1.0': '[ -z "$NO_DECODER" ]',
    'pkg-config': '[ -z "$NO_GSTREAMER" ]',
    'meson': 'exit 0',
    'ninja': '''tests=$2/tests
mkdir -p "$tests/colorizer" "$tests/benchmark"
printf '#!/bin/sh\\necho "[==========] 3 tests from 1 test suite ran."; echo "[  PASSED  ] 3 tests."\\n' >"$tests/colorizer/colorizer-tests"
printf '#!/bin/sh\\necho measured\\n' >"$tests/benchmark/card-benchmark"
chmod +x "$tests"/*/*''',
    'g++': 'exit 0',
    'nvcc': 'exit 0',
    'compute-sanitizer': 'while [ "${1#--}" != "$1" ]; do case $1 in --tool | --error-exitcode) shift 2 ;; *) shift ;; esac; done\nexec "$@"',
}


class Gpu(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        (self.here / 'tests').mkdir()
        for name in ('gpu.sh', 'card_films.py'):
            shutil.copy(TESTS / name, self.here / 'tests' / name)
        (self.here / 'bin').mkdir()
        for name, body in PROGRAMS.items():
            program = self.here / 'bin' / name
            program.write_text(f'#!/bin/bash\n{body}\n')
            program.chmod(0o755)
        (self.here / 'used').write_text('1000\n')

    def bring_films(self):
        """What fetch leaves, with a meson that does nothing, and no packages."""
        (self.here / 'carry').mkdir(exist_ok=True)
        with zipfile.ZipFile(self.here / 'carry' / 'meson-0-py3-none-any.whl', 'w') as wheel:
            wheel.writestr('mesonbuild/__init__.py', '')
            wheel.writestr('mesonbuild/mesonmain.py', '')
        for height in (1080, 2160):
            (self.here / 'carry' / f'film-{height}.h264').write_bytes(b'film')

    def run_all(self, **environment):
        """Exit status, phases by name, and all of gpu.json; gpu.md is in self.table."""
        path = f'{self.here}/bin:{os.environ["PATH"]}'
        known = {'HERE': str(self.here), 'CARD': CARD, 'REPORTS': REPORTS, 'LAUNCH_FAILS': '', 'NO_DECODER': '',
                 'NO_GSTREAMER': '', 'PATH': path, 'LIBTORCH': '/torch', 'BUILD_DIR': str(self.here / 'build')}
        done = subprocess.run(['bash', self.here / 'tests' / 'gpu.sh'], env={**os.environ, **known, **environment},
                              capture_output=True, text=True)
        results = self.here / 'build' / 'results'
        self.table = (results / 'gpu.md').read_text()
        found = json.loads((results / 'gpu.json').read_text())
        return done.returncode, {phase['phase']: phase for phase in found['phases']}, found

    def states(self, phases, *names):
        return [phases[name]['state'] for name in names]

    FILMS = ('film-card-1080', 'film-card-2160', 'film-host-1080', 'film-memory', 'film-decoder-1080',
             'film-decoder-2160')

    def test_a_run_measures_films_decoded_on_the_card(self):
        self.bring_films()
        status, phases, found = self.run_all()
        with self.subTest('speed'):
            self.expect_speed(status, phases, found)
        with self.subTest('memory'):
            self.expect_memory(found)
        with self.subTest('pipelines'):
            self.expect_pipelines()

    def expect_speed(self, status, phases, found):
        """Without the first second, beside what must be reached."""
        self.assertEqual(status, 0, phases)
        self.assertEqual({phase['state'] for phase in phases.values()}, {'passed'}, phases)
        films = {film['name']: film for film in found['films']}
        self.assertEqual(set(films), set(self.FILMS))
        for name, bound, reached in (('film-card-1080', 500, False), ('film-card-2160', 200, True),
                                     ('film-host-1080', 300, True)):
            film = films[name]
            self.assertEqual((film['frames_per_second'], film['frames']), (400, 240))
            self.assertEqual((film['must_reach'], film['reached']), (bound, reached))
        self.assertNotIn('must_reach', films['film-decoder-1080'])
        self.assertIn('| film-card-1080 | at least 500 frames/s | 400 | not reached |', self.table)
        self.assertIn('| film-card-2160 | at least 200 frames/s | 400 | reached |', self.table)

    def expect_memory(self, found):
        """Of the second element, what is used beyond the first."""
        memory = next(film for film in found['films'] if film['name'] == 'film-memory')
        self.assertEqual((memory['first_MB'], memory['second_MB']), (1992, 105))  # 1900 and 100 MiB
        self.assertIn('| film-memory |  |  | first_MB 1992, second_MB 105 |', self.table)

    def expect_pipelines(self):
        launched = (self.here / 'launched').read_text().splitlines()
        films = [line for line in launched if 'h264parse ! nvh264dec' in line]
        self.assertEqual(len(films), 7)  # twice for the memory
        build = self.here / 'build'
        self.assertEqual((build / 'film-2160.h264').read_bytes(), 5 * b'film')
        card = next(line for line in films if 'device-passes=true' in line)
        memory = 'video/x-raw(memory:CUDAMemory)'
        self.assertIn(f'{memory} ! cgancolorize device=cuda device-passes=true ! {memory} ! fpsdisplaysink', card)
        host = next(line for line in films if 'format=I420' in line)
        self.assertNotIn(memory, host)

    def test_a_pipeline_that_fails_fails_the_run_with_its_words(self):
        self.bring_films()
        status, phases, found = self.run_all(LAUNCH_FAILS='no such card')
        self.assertEqual(status, 1)
        self.assertEqual(phases['film-card-1080']['state'], 'failed')
        self.assertIn('no such card', phases['film-card-1080']['found'])
        self.assertEqual(found['films'], [])

    def test_what_cannot_run_is_skipped_with_its_reason(self):
        status, phases, _ = self.run_all()
        self.assertEqual(status, 0)
        self.assertEqual(self.states(phases, *self.FILMS), 6 * ['skipped'])
        self.assertIn('tests/gpu.sh fetch makes it', phases['film-card-2160']['found'])
        self.bring_films()
        for variable, reason in (('NO_DECODER', 'libnvcuvid'), ('NO_GSTREAMER', 'no GStreamer')):
            status, phases, _ = self.run_all(**{variable: '1'})
            self.assertEqual(status, 0)
            self.assertEqual(self.states(phases, *self.FILMS), 6 * ['skipped'])
            self.assertIn(reason, phases['film-host-1080']['found'])
        _, phases, _ = self.run_all(CARD='')
        self.assertEqual(self.states(phases, 'tests-on-host', 'tests-on-card', *self.FILMS),
                         ['passed'] + 7 * ['skipped'])
        self.assertIn('no CUDA card', phases['film-card-1080']['found'])

    def test_the_whole_ends_in_time(self):
        self.bring_films()
        script = self.here / 'tests' / 'gpu.sh'
        script.write_text(script.read_text().replace('readonly whole=480', 'readonly whole=100'))
        status, phases, _ = self.run_all()
        self.assertEqual(status, 0)
        self.assertEqual(self.states(phases, 'build', 'benchmark', *self.FILMS), 8 * ['skipped'])
        self.assertIn('s are left of 100', phases['build']['found'])


if __name__ == '__main__':
    sys.exit(unittest.main())
