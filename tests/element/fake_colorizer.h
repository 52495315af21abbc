#pragma once

// A colorizer library without a network: it writes chroma that tells which settings and look
// arrived, fails on request, and keeps a record. The element opens it through
// $CGANCOLORIZE_LIBRARY; the tests link it too, so that both see one record.
//
// Requests are model names:
//   "create-N"    create fails with the error kind N
//   "stream-N"    set_stream fails with it
//   "frame-N"     colorize and submit fail with it
//   "warning"     it has a warning
//   "notice"      it gives something up at each frame
//   "cuts"        no frame is carried, whatever its look
//   "states"      every frame begins a shot and has a state, which is the model's name
//   "restore-N"   restore fails with the error kind N
// Every other name works. Cb is 128 + 32 * strength * saturation, Cr is 128 + variant, both times
// 2^(n-8) in n bits; luma is as colorizer_interface.h promises. Of its frames 1 was a cut, 3 were
// kept, those were carried whose look allows it, and the others generated; this is counted when so
// many later ones are submitted as the delay says, or when they are finished. Each took 2 ms of
// network, 1 ms of filter and 1 ms of passes. finish() fails for another frame than the one that
// was submitted.
//
// It runs on the card that it is asked for (auto: the first one) where the passes over frames do,
// and takes frames there: at addresses that this process can read (cuda_memory/fake_cuda.h). Else
// it runs on the CPU.

#include <set>
#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

struct FakeRecord {
  int created = 0;  // colorizers that came into being, and how many of them are alive
  int alive = 0;
  std::string model, device;   // what the latest one was made with
  CganSettings settings = {};  // its strings are not valid
  int streams = 0;             // successful calls of set_stream
  CganStreamInfo stream = {};
  int frames = 0;
  std::string scans;  // of these: F a frame, T a top field, B a bottom field
  int carried = 0, generated = 0;
  size_t most_waiting = 0;  // submitted and not yet finished, at the same time
  int resets = 0;
  std::set<const void*> read;                // first rows of luma on a card that it may still read
  bool is_in_place = false;                  // of the latest frame
  const void *in = nullptr, *out = nullptr;  // its first rows of luma
  uint32_t best_delay = 0;                   // what the library says, to be set by a test
  CganLook look = {};                        // of colorize and submit
  CganLook finish_look = {};
  int marks = 0;         // frames of which the state was asked for
  std::string restored;  // the state that came last
};

// Thread-safety: read it while no frame is on its way.
__attribute__((visibility("default"))) FakeRecord& fake_record();
