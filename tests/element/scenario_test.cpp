// What players do, in whole pipelines: seek, scrub, play in reverse, change caps and properties.
// Every frame that comes out is one that went in, with its time and its luma, and in the order of
// playback.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

constexpr GstClockTime kFrame = GST_SECOND / 25;
constexpr GstClockTime kPatience = 20 * GST_SECOND;

struct Shown {
  GstClockTime time;
  std::string caps;
  std::vector<uint8_t> luma;
  bool operator==(const Shown& other) const { return time == other.time && luma == other.luma; }
};

std::vector<GstClockTime> times_of(const std::vector<Shown>& frames) {
  std::vector<GstClockTime> times;
  for (const Shown& frame : frames) times.push_back(frame.time);
  return times;
}

// `count` frames from `first` on, forwards or backwards.
std::vector<GstClockTime> times_from(GstClockTime first, int count, bool backwards = false) {
  std::vector<GstClockTime> times;
  for (int i = 0; i < count; ++i)
    times.push_back(backwards ? first - i * kFrame : first + i * kFrame);
  return times;
}

// A moving picture that has no end but that of a seek. The source is not live, so that the delay is
// what the colorizer calls the best.
struct Held {
  guint lookahead, best_delay;
};

class ScenarioTest : public testing::TestWithParam<Held> {
 protected:
  void SetUp() override {
    fake_record().best_delay = GetParam().best_delay;
    fake_record().most_waiting = 0;
    const std::string text =
        "videotestsrc pattern=ball ! capsfilter name=size caps=\"" + caps_text("I420", 64, 48) +
        "\" ! cgancolorize name=colorize lookahead=" + std::to_string(GetParam().lookahead) +
        " ! fakesink name=sink sync=false signal-handoffs=true";
    pipeline_ = gst_parse_launch(text.c_str(), nullptr);
    ASSERT_NE(pipeline_, nullptr);
    colorize_ = gst_bin_get_by_name(GST_BIN(pipeline_), "colorize");
    size_ = gst_bin_get_by_name(GST_BIN(pipeline_), "size");
    sink_ = gst_bin_get_by_name(GST_BIN(pipeline_), "sink");
    g_signal_connect(sink_, "handoff", G_CALLBACK(handed_off), this);
    g_signal_connect(sink_, "preroll-handoff", G_CALLBACK(prerolled), this);
    GstPad* pad = gst_element_get_static_pad(colorize_, "sink");
    gst_pad_add_probe(
        pad,
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_FLUSH),
        went_in, this, nullptr);
    gst_object_unref(pad);
  }

  void TearDown() override {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    fake_record().best_delay = 0;
    for (GstElement* element : {colorize_, size_, sink_, pipeline_}) gst_object_unref(element);
  }

  // Waits until the state is reached, with it the first frame.
  void go(GstState state) {
    ASSERT_NE(gst_element_set_state(pipeline_, state), GST_STATE_CHANGE_FAILURE);
    settle();
  }

  void settle() {
    ASSERT_EQ(gst_element_get_state(pipeline_, nullptr, nullptr, kPatience),
              GST_STATE_CHANGE_SUCCESS);
  }

  // What came before is forgotten.
  void seek(double rate, GstClockTime start, GstClockTime stop) {
    ASSERT_TRUE(gst_element_seek(
        pipeline_, rate, GST_FORMAT_TIME,
        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE), GST_SEEK_TYPE_SET,
        static_cast<gint64>(start), GST_SEEK_TYPE_SET, static_cast<gint64>(stop)));
  }

  // Until the end of the segment that was sought.
  void play_out() {
    ASSERT_NE(gst_element_set_state(pipeline_, GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
    GstBus* bus = gst_element_get_bus(pipeline_);
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, kPatience, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    EXPECT_TRUE(message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS);
    for (const ErrorMessage& error : take_errors(bus)) ADD_FAILURE() << error.text << error.debug;
    if (message != nullptr) gst_message_unref(message);
    gst_object_unref(bus);
  }

  // Of the streaming thread, before each frame, with how many went in before it since the flush.
  std::function<void(size_t)> before_frame_ = [](size_t) {};

  std::vector<Shown> in_, out_;
  GstClockTime preroll_ = GST_CLOCK_TIME_NONE;
  std::mutex mutex_;  // around these three
  GstElement *pipeline_ = nullptr, *colorize_ = nullptr, *size_ = nullptr, *sink_ = nullptr;

 private:
  static Shown shown(GstPad* pad, GstBuffer* buffer) {
    GstCaps* caps = gst_pad_get_current_caps(pad);
    gchar* const text = gst_caps_to_string(caps);
    Shown result{GST_BUFFER_PTS(buffer), text, plane_of(buffer, text, 0)};
    g_free(text);
    gst_caps_unref(caps);
    return result;
  }

  static GstPadProbeReturn went_in(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    auto& test = *static_cast<ScenarioTest*>(self);
    if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
      size_t before = 0;
      {
        const std::lock_guard<std::mutex> lock(test.mutex_);
        before = test.in_.size();
        test.in_.push_back(shown(pad, GST_PAD_PROBE_INFO_BUFFER(info)));
      }
      test.before_frame_(before);
    } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_FLUSH_STOP) {
      const std::lock_guard<std::mutex> lock(test.mutex_);
      test.in_.clear();
      test.out_.clear();
    }
    return GST_PAD_PROBE_OK;
  }

  static void handed_off(GstElement*, GstBuffer* buffer, GstPad* pad, gpointer self) {
    auto& test = *static_cast<ScenarioTest*>(self);
    const std::lock_guard<std::mutex> lock(test.mutex_);
    test.out_.push_back(shown(pad, buffer));
  }

  static void prerolled(GstElement*, GstBuffer* buffer, GstPad*, gpointer self) {
    auto& test = *static_cast<ScenarioTest*>(self);
    const std::lock_guard<std::mutex> lock(test.mutex_);
    test.preroll_ = GST_BUFFER_PTS(buffer);
  }
};

TEST_P(ScenarioTest, PlaysASegmentToItsEnd) {
  go(GST_STATE_PAUSED);
  seek(1.0, 0, 40 * kFrame);
  play_out();
  EXPECT_EQ(times_of(out_), times_from(0, 40));
  EXPECT_TRUE(out_ == in_);
  const guint held = GetParam().lookahead + GetParam().best_delay;
  EXPECT_EQ(fake_record().most_waiting, held == 0 ? 0 : held + 1);
}

TEST_P(ScenarioTest, SeeksWhilePlaying) {
  go(GST_STATE_PLAYING);
  for (const GstClockTime start : {500 * kFrame, 3 * kFrame, 100 * kFrame}) {
    seek(1.0, start, start + 10 * kFrame);
    play_out();
    EXPECT_EQ(times_of(out_), times_from(start, 10));
    EXPECT_TRUE(out_ == in_);
  }
}

TEST_P(ScenarioTest, ShowsTheFrameOfEveryPlaceThatIsScrubbedOver) {
  go(GST_STATE_PAUSED);
  std::mt19937 random(1);
  for (int i = 0; i < 60; ++i) {
    const GstClockTime place = random() % 1000 * kFrame;
    seek(i % 3 == 0 ? -1.0 : 1.0, i % 3 == 0 ? 0 : place, place + 100 * kFrame);
    if (i % 2 == 0) continue;  // the next seek comes before the frame
    settle();
    const std::lock_guard<std::mutex> lock(mutex_);
    EXPECT_EQ(preroll_, i % 3 == 0 ? place + 99 * kFrame : place) << i;
  }
}

TEST_P(ScenarioTest, PlaysInReverse) {
  constexpr GstClockTime kStop = 40 * kFrame;
  go(GST_STATE_PAUSED);
  seek(-1.0, 0, kStop);
  play_out();
  EXPECT_EQ(times_of(out_), times_from(39 * kFrame, 40, true));
  // The source begins with the frame at the stop, which is outside.
  in_.erase(std::remove_if(in_.begin(), in_.end(),
                           [](const Shown& frame) { return frame.time >= kStop; }),
            in_.end());
  EXPECT_TRUE(out_ == in_);
}

TEST_P(ScenarioTest, SizeAndFormatChangeInMidStream) {
  const std::string sizes[] = {caps_text("NV12", 96, 64), caps_text("GRAY8", 50, 70),
                               caps_text("Y444", 64, 48), caps_text("I420", 64, 48)};
  before_frame_ = [&](size_t frames) {
    if (frames % 10 != 9) return;
    const std::string& text = sizes[frames / 10 % std::size(sizes)];
    GstCaps* caps = gst_caps_from_string(text.c_str());
    g_object_set(size_, "caps", caps, nullptr);
    gst_caps_unref(caps);
  };
  go(GST_STATE_PAUSED);
  seek(1.0, 0, 100 * kFrame);
  play_out();
  EXPECT_EQ(times_of(out_), times_from(0, 100));
  EXPECT_TRUE(out_ == in_);
  std::vector<std::string> caps;
  for (const Shown& frame : in_) {
    if (caps.empty() || caps.back() != frame.caps) caps.push_back(frame.caps);
  }
  EXPECT_GE(caps.size(), 8u);
}

TEST_P(ScenarioTest, EveryPropertyOfTheLookChangesWhilePlaying) {
  const std::pair<const char*, std::vector<const char*>> properties[] = {
      {"strength", {"0", "0.5", "1"}},   {"saturation", {"0", "1", "4"}},
      {"warmth", {"-1", "0", "1"}},      {"split", {"0", "0.5", "1"}},
      {"vividness", {"-1", "0", "1"}},   {"temporal", {"0", "0.95", "1"}},
      {"refresh", {"0", "1", "7"}},      {"cut-threshold", {"0", "0.55", "1"}},
      {"on-color", {"keep", "recolor"}},
  };
  std::mt19937 random(1);
  before_frame_ = [&](size_t) {
    const auto& [name, values] = properties[random() % std::size(properties)];
    gst_util_set_object_arg(G_OBJECT(colorize_), name, values[random() % values.size()]);
  };
  go(GST_STATE_PAUSED);
  seek(1.0, 0, 200 * kFrame);
  play_out();
  EXPECT_EQ(times_of(out_), times_from(0, 200));
  EXPECT_TRUE(out_ == in_);
}

INSTANTIATE_TEST_SUITE_P(Held, ScenarioTest,
                         testing::Values(Held{0, 0}, Held{3, 0}, Held{0, 3}, Held{1, 2}),
                         [](const auto& info) {
                           return "Lookahead" + std::to_string(info.param.lookahead) + "Delay" +
                                  std::to_string(info.param.best_delay);
                         });

}  // namespace
