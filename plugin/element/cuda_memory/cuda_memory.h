#pragma once

// One element's part in frames that never leave a CUDA card, by GStreamer's library gstcuda. Where
// the program is built without that library, stub.cpp stands for it: then no stream takes this way.
//
// Addresses of one CUDA context mean nothing in another. LibTorch works in the card's primary one,
// and GStreamer's elements make another unless somebody gives them one. So this gives them the
// primary: it answers the queries of its neighbours, also before the element leaves NULL, and posts
// it as HAVE_CONTEXT. Of frames that come in another context all the same, each is copied across,
// or through the host's memory where the driver refuses that or they lie there; one warning says
// so.

#include <gst/video/video.h>

#include <mutex>
#include <string>

typedef struct _GstCudaContext GstCudaContext;

namespace cgan {

class CudaMemory {
 public:
  // `owner`: posts the messages; outlives this.
  explicit CudaMemory(GstElement* owner);
  ~CudaMemory();
  CudaMemory(const CudaMemory&) = delete;
  CudaMemory& operator=(const CudaMemory&) = delete;

  // ---- Any thread.

  // Whether frames may lie on the card; `expected` where neither open() nor refuse() has said so.
  bool takes_frames(bool expected) const;
  // A context that the application or a bin hands to the element.
  void hear(GstContext* context);
  // Answers a CONTEXT query where the card is known, by open() or `card` (-1: not known).
  bool answer(GstQuery* query, int card);

  // ---- The thread that changes states, while no data flows.

  // Takes the context of the card of this number and tells the pipeline. False: what `problem` says
  // failed, nothing where the program is built without; then as after refuse().
  bool open(int card, std::string& problem);
  // Frames lie in the host's memory only.
  void refuse();
  // As at first. The context lives on with those who hold it.
  void close();

  // ---- The streaming thread.

  // `is_on_card`: where the frames lie from now on; only where takes_frames().
  void begin_stream(bool is_on_card);
  bool is_used() const { return is_used_; }
  // The flags to map a frame of the stream with.
  GstMapFlags to_map(GstMapFlags flags) const;
  // The picture of `frame`, of `caps`, in the context of the card, all that was asked of the card
  // for it done: `frame` itself where it lies there, else a copy (transfer full) of the picture
  // alone. NULL: what `problem` says failed.
  GstBuffer* take_in(GstBuffer* frame, GstCaps* caps, std::string& problem);
  // Puts a pool of the card's first in an ALLOCATION query from upstream.
  void propose(GstQuery* query) const;
  // Chooses downstream's pool where it is one of this context that is not in use already, else an
  // own one. False: what `problem` says failed.
  bool decide(GstQuery* query, std::string& problem) const;

 private:
  enum class Stage { kUnknown, kOpen, kRefused };

  bool ensure_context(int card, std::string& problem);
  bool copy(GstBuffer* frame, GstBuffer* to, GstCaps* caps, std::string& problem);
  void warn_of_copies(bool is_through_host);

  GstElement* const owner_;

  mutable std::mutex mutex_;  // around these
  Stage stage_ = Stage::kUnknown;
  GstCudaContext* context_ = nullptr;  // owned
  GstCudaContext* offered_ = nullptr;  // owned; of the pipeline, perhaps a foreign one

  bool is_used_ = false;
  bool has_warned_ = false;
  bool has_no_peers_ = false;        // the driver has refused to copy across
  GstBufferPool* copies_ = nullptr;  // owned, active; of frames that came in other memory
};

}  // namespace cgan
