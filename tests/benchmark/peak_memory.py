#!/usr/bin/env python3
"""Peak memory of a pipeline that colours frames, above that of the same pipeline without the
element but with LibTorch loaded: what colouring costs beside the library.

    meson devenv -C build -w . tests/benchmark/peak_memory.py [PROPERTY=VALUE...]
"""

import glob
import os
import re
import subprocess
import sys

SIZES = {"1920x1080": (1920, 1080), "3840x2160": (3840, 2160), "7680x4320": (7680, 4320)}
FRAMES = 20


def colorizer_library() -> str:
    for folder in os.environ.get("GST_PLUGIN_PATH", "").split(":"):
        for file in glob.glob(os.path.join(folder, "../colorizer/libcgancolorizer.so")):
            return file
    sys.exit("no build of the plugin is on GST_PLUGIN_PATH; run this within `meson devenv -C build`")


def libtorch_of(library: str) -> str:
    """Its libraries of LibTorch, as LD_PRELOAD wants them."""
    linked = subprocess.run(["ldd", library], check=True, capture_output=True, text=True).stdout
    return " ".join(re.findall(r"=> (\S*/lib(?:torch|c10)\S*)", linked))


def peak_mb(element: list, width: int, height: int, preload: str = "") -> float:
    pipeline = ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={FRAMES}", "!",
                f"video/x-raw,format=I420,width={width},height={height}", "!", *element, "!",
                "fakesink"]
    environment = dict(os.environ, LD_PRELOAD=preload)
    child = os.posix_spawnp(pipeline[0], pipeline, environment)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"this pipeline failed: {' '.join(pipeline)}")
    return usage.ru_maxrss / 1024


def main() -> None:
    colorize = ["cgancolorize", "on-color=recolor", *sys.argv[1:]]
    libtorch = libtorch_of(colorizer_library())
    print(f"{'size':12}{'LibTorch':>12}{'colouring':>12}{'above it':>12}  MB")
    for name, (width, height) in SIZES.items():
        own = peak_mb(["identity"], width, height, libtorch)
        peak = peak_mb(colorize, width, height)
        print(f"{name:12}{own:12.0f}{peak:12.0f}{peak - own:12.0f}")


if __name__ == "__main__":
    main()
