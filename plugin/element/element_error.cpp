#include "plugin/element/element_error.h"

namespace cgan {

ErrorCode error_code(CganErrorKind kind) {
  switch (kind) {
    case CGAN_ERROR_MODEL_NOT_FOUND:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND};
    case CGAN_ERROR_MODEL_UNREADABLE:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ};
    case CGAN_ERROR_MODEL_INVALID:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case CGAN_ERROR_DEVICE:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT};
    case CGAN_ERROR_SETTINGS:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS};
    case CGAN_ERROR_FRAME:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT};
    case CGAN_ERROR_MEMORY:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT};
    case CGAN_ERROR_FAILED:
    case CGAN_ERROR_NONE:
      break;
  }
  return {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED};
}

void post_error(GstElement* element, ErrorCode code, const char* message, const char* details) {
  gst_element_message_full(element, GST_MESSAGE_ERROR, code.domain, code.code, g_strdup(message),
                           g_strdup(details), __FILE__, __func__, __LINE__);
}

void post_warning(GstElement* element, ErrorCode code, const char* message) {
  gst_element_message_full(element, GST_MESSAGE_WARNING, code.domain, code.code, g_strdup(message),
                           nullptr, __FILE__, __func__, __LINE__);
}

void post_error(GstElement* element, const CganError& error) {
  post_error(element, error_code(error.kind), error.message, error.details);
}

void post_frame_error(GstElement* element, const std::string& problem) {
  post_error(element, error_code(CGAN_ERROR_FRAME),
             "A frame does not have the size that its caps announce: the element that made it is "
             "at fault.",
             problem.c_str());
}

}  // namespace cgan
