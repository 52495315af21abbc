#pragma once

// Turns what the colorizer reports into GStreamer's error domains, so that an application can tell
// a missing model from a missing card.
//
//   MODEL_NOT_FOUND   RESOURCE/NOT_FOUND        SETTINGS   LIBRARY/SETTINGS
//   MODEL_UNREADABLE  RESOURCE/OPEN_READ        FRAME      STREAM/FORMAT
//   MODEL_INVALID     RESOURCE/READ             MEMORY     RESOURCE/NO_SPACE_LEFT
//   DEVICE            LIBRARY/INIT              FAILED     STREAM/FAILED

#include <gst/gst.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

struct ErrorCode {
  GQuark domain;
  gint code;
};

ErrorCode error_code(CganErrorKind kind);

// Posts one error or warning message of `element`: `message` is the sentence for the user,
// `details` the facts for a developer. Thread-safety: any thread, without the object lock (posting
// takes it).
void post_error(GstElement* element, ErrorCode code, const char* message, const char* details);
void post_error(GstElement* element, const CganError& error);
void post_warning(GstElement* element, ErrorCode code, const char* message);
// Of a frame that contradicts its caps; `problem`: what was found and what was wanted.
void post_frame_error(GstElement* element, const std::string& problem);

}  // namespace cgan
