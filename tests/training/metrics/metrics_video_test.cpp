#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <stb_image_write.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/colour.h"
#include "reference.h"
#include "training/metrics/clip_scores.h"
#include "training/metrics/colour_consistency.h"
#include "training/metrics/frame_folders.h"
#include "training/metrics/grey_film.h"
#include "training/metrics/picture_files.h"
#include "training/metrics/static_flicker.h"
#include "training/metrics/video_evaluation.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

// One colour over (1, 3, height, width), given in codes of Y', Cb and Cr.
at::Tensor field(double luma, double cb, double cr, int64_t height = 4, int64_t width = 6) {
  const auto ycbcr = at::tensor({luma, cb, cr}).to(at::kFloat).div(255).view({1, 3, 1, 1});
  return ycbcr_to_rgb(ycbcr).expand({1, 3, height, width}).contiguous();
}

TEST(ClipScores, AreThoseOfNumpy) {
  const auto expected = nlohmann::json::parse(std::ifstream(CGAN_VIDEO_REFERENCE));
  const auto frames = [&](const char* key) {
    return tensor(expected[key]).permute({0, 3, 1, 2}).div(255).to(at::kFloat).contiguous();
  };
  const auto original = frames("original"), result = frames("result"), grey = frames("grey");
  ClipScores scores;
  for (int64_t i = 0; i < original.size(0); ++i)
    scores.add({original.narrow(0, i, 1), result.narrow(0, i, 1), grey.narrow(0, i, 1)});
  const auto json = scores.json();
  EXPECT_EQ(json["frames"], original.size(0));
  for (const auto& [key, value] : expected.items()) {
    if (!value.is_number()) continue;
    const double number = value.get<double>();
    EXPECT_NEAR(json[key].get<double>(), number, 1e-4 * number) << key;
  }
  EXPECT_NEAR(json["psnr_gain_pooled"].get<double>(),
              json["psnr_pooled"].get<double>() - json["psnr_pooled_grey"].get<double>(), 1e-9);
}

TEST(ClipScores, HaveNoRatioToAnOriginalWithoutColours) {
  // Grey that moves by a code: float32 leaves a trace of chroma.
  ClipScores scores;
  for (int i = 0; i < 3; ++i)
    scores.add({field(77 + i, 0, 0), field(77 + i, 10 * i, 0), field(77 + i, 0, 0)});
  EXPECT_TRUE(scores.json()["static_flicker_ratio"].is_null());
  EXPECT_GT(scores.json()["static_flicker"].get<double>(), 1);
}

TEST(ColourConsistency, IsZeroForAStillFilmAndLog2ForColoursThatNeverMeet) {
  ColourConsistency still, restless;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(still.score().has_value(), i > 4) << "the largest lag has a pair from five on";
    still.add(field(100, 20, -30));
    restless.add(field(20 + 30 * i, 0, 0));
  }
  EXPECT_NEAR(*still.score(), 0, 1e-12);
  EXPECT_NEAR(*restless.score(), std::log(2), 1e-12);
}

TEST(StaticFlicker, IsTheMeanStepOfCbAndCr) {
  StaticFlicker flicker;
  EXPECT_FALSE(flicker.add(field(100, 10, 0), field(100, 4, 0)).has_value());
  EXPECT_FALSE(flicker.score().has_value());
  const auto step = flicker.add(field(100, 11, 0), field(100, -4, 2));
  ASSERT_TRUE(step.has_value());
  EXPECT_NEAR(step->result, (8 + 2) / 2.0, 1e-3);
  EXPECT_NEAR(step->original, 1 / 2.0, 1e-3);
  flicker.add(field(100, 11, 0), field(100, -4, 2));
  EXPECT_NEAR(flicker.score()->result, 5 / 2.0, 1e-3) << "the second step was none";
}

TEST(StaticFlicker, LeavesOutPixelsWhoseLumaChangedByMoreThanTwoCodes) {
  const auto halves = [](double left, double right) {
    return at::cat({field(left, 0, 0), field(right, 0, 0)}, 3);
  };
  StaticFlicker flicker;
  flicker.add(halves(100, 100), at::cat({field(100, 0, 0), field(100, 0, 0)}, 3));
  // The result's own luma may do what it likes: grain is no motion.
  flicker.add(halves(102, 103), at::cat({field(150, 6, 0), field(100, 60, 0)}, 3));
  EXPECT_NEAR(flicker.score()->result, 3, 1e-3);
  EXPECT_NEAR(*flicker.still_share(), 0.5, 1e-9);
  EXPECT_FALSE(flicker.add(halves(200, 200), halves(200, 200)).has_value()) << "nothing is still";
}

// A folder of its own for each test, gone afterwards.
class VideoFolders : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("cgan-video-") +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  void write_frame(const std::string& name, const at::Tensor& rgb) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    const auto bytes =
        rgb[0].mul(255).round().clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
    const int height = static_cast<int>(bytes.size(0)), width = static_cast<int>(bytes.size(1));
    ASSERT_NE(
        stbi_write_png(path(name).c_str(), width, height, 3, bytes.data_ptr<uint8_t>(), 3 * width),
        0);
  }

  // Still originals and results whose Cb jumps by `step` codes from frame to frame.
  void write_clip(const std::string& clip, int frames, double step) const {
    for (int i = 0; i < frames; ++i) {
      const auto name = clip + "/" + std::to_string(i) + ".png";
      write_frame("originals/" + name, field(120, 30, -30));
      write_frame("results/" + name, field(120, 20 + (i % 2) * step, -10));
    }
  }

  VideoEvaluationOptions options() const { return {path("originals"), path("results"), ""}; }

  // What evaluate_video says is wrong.
  std::string complaint() const {
    try {
      evaluate_video(options());
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing";
  }
  void expect_complaint(const std::vector<std::string>& parts) const {
    const auto text = complaint();
    for (const auto& part : parts) EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  fs::path folder_;
};

TEST_F(VideoFolders, ScoreEachClipAndTheMean) {
  write_clip("calm", 6, 0);
  write_clip("wild", 12, 8);
  const auto scores = evaluate_video(options());
  EXPECT_EQ(scores["clips"], 2);
  EXPECT_EQ(scores["frames"], 18);
  const auto& wild = scores["per_clip"]["wild"];
  // Frames of 8 bits round R, G and B, and with them Cb.
  EXPECT_NEAR(wild["static_flicker"].get<double>(), 4, 0.3);
  EXPECT_NEAR(scores["per_clip"]["calm"]["static_flicker"].get<double>(), 0, 1e-4);
  EXPECT_NEAR(scores["static_flicker"].get<double>(), wild["static_flicker"].get<double>() / 2,
              1e-4)
      << "clips count alike, whatever their length";
  EXPECT_TRUE(wild["static_flicker_ratio"].is_null()) << "the originals do not flicker";
  EXPECT_NEAR(
      scores["colourfulness_ratio"].get<double>(),
      scores["colourfulness"].get<double>() / scores["colourfulness_original"].get<double>(), 1e-9);
  EXPECT_GT(scores["psnr_gain"].get<double>(), 1);
  EXPECT_GT(scores["cdc"].get<double>(), scores["cdc_grey"].get<double>());
  for (const auto& [key, values] : scores["per_frame"]["wild"].items())
    EXPECT_EQ(values.size(), 12u) << key;
  EXPECT_TRUE(scores["per_frame"]["wild"]["static_flicker"][0].is_null());

  const auto table = video_score_table(scores);
  EXPECT_NE(table.find("static flicker"), std::string::npos);
  EXPECT_NE(table.find("wild"), std::string::npos);
  EXPECT_EQ(table.find("per_frame"), std::string::npos);
}

TEST_F(VideoFolders, TakeTheGreyThatWasColouredWhereItIsNamed) {
  write_clip("a", 2, 0);
  auto wanted = options();
  const double of_luma = evaluate_video(wanted)["psnr_grey"].get<double>();
  for (const char* name : {"grey/a/0.png", "grey/a/1.png"}) write_frame(name, field(60, 0, 0));
  wanted.grey_input = path("grey");
  EXPECT_LT(evaluate_video(wanted)["psnr_grey"].get<double>(), of_luma - 0.5);
  fs::remove(path("grey/a/1.png"));
  EXPECT_THROW(evaluate_video(wanted), std::runtime_error);
}

TEST_F(VideoFolders, OfOneFrameHaveColoursButNoUnrest) {
  write_clip(".", 1, 0);
  const auto scores = evaluate_video(options());
  EXPECT_EQ(scores["frames"], 1);
  EXPECT_GT(scores["psnr"].get<double>(), 10);
  EXPECT_GT(scores["per_clip"]["clip"]["ciede2000"].get<double>(), 1);
  for (const char* key : {"cdc", "cdc_original", "cdc_grey", "static_flicker", "static_share",
                          "static_flicker_original", "static_flicker_ratio"})
    EXPECT_TRUE(scores.at(key).is_null()) << key;
  EXPECT_NE(video_score_table(scores).find(" -"), std::string::npos);
}

TEST_F(VideoFolders, NameTheFramesThatAreMissing) {
  write_clip("a", 10, 0);
  for (const char* frame : {"3", "7"}) fs::remove(path("results/a/") + frame + ".png");
  expect_complaint({"results/a lacks 2 of the 10 frames", "(3, 7)"});
  for (const char* frame : {"0", "1", "2", "4", "5", "6"})
    fs::remove(path("results/a/") + frame + ".png");
  expect_complaint({"lacks 8", "(0, 1, 2, 3, 4 and 3 more)"});
}

TEST_F(VideoFolders, NameFramesWithoutOriginal) {
  write_clip("a", 3, 0);
  fs::remove(path("originals/a/1.png"));
  expect_complaint({"originals/a lacks 1 of the 3 frames", "(1)"});
}

TEST_F(VideoFolders, NameTheClipsThatAreMissing) {
  write_clip("a", 1, 0);
  write_clip("b", 1, 0);
  fs::remove_all(path("results/b"));
  expect_complaint({path("results"), "b;"});
}

TEST_F(VideoFolders, RefuseFramesThatDifferInSize) {
  write_clip("a", 3, 0);
  write_frame("results/a/2.png", field(120, 0, 0, 4, 5));
  expect_complaint({"results/a/2.png is 5x4 pixels", "originals/a/0.png 6x4"});
  write_frame("originals/a/2.png", field(120, 0, 0, 4, 5));
  expect_complaint({"originals/a/2.png is 5x4 pixels"});
}

TEST_F(VideoFolders, RefuseFilesBesideClipsAndFoldersWithoutFrames) {
  expect_complaint({"cannot read the folder"});
  write_clip("a", 1, 0);
  std::ofstream(path("originals/scores.json")) << "{}";
  expect_complaint({"files beside its sub-folders"});
  fs::remove(path("originals/scores.json"));
  fs::create_directories(path("originals/b"));
  expect_complaint({"no .png, .jpg or .bmp pictures"});
}

TEST_F(VideoFolders, AreReadInTheOrderOfTheirNumbers) {
  write_clip("a", 11, 0);
  const auto clips = find_clips(path("originals"));
  ASSERT_EQ(clips.size(), 1u);
  for (int i = 0; i < 11; ++i) EXPECT_EQ(clips[0].frames[i].name, std::to_string(i));
}

TEST_F(VideoFolders, BecomeGreyByTheirLuma) {
  write_clip("a", 2, 0);
  write_grey_film(path("originals"), path("grey"), {});
  const auto grey = read_picture(path("grey/a/1.png"));
  EXPECT_TRUE(is_grey(grey));
  EXPECT_NEAR(grey.mean().item<double>() * 255, 120, 0.51);
  // A clip that is the folder itself.
  write_grey_film(path("originals/a"), path("alone"), {});
  EXPECT_TRUE(at::equal(read_picture(path("alone/1.png")), grey));
}

TEST_F(VideoFolders, GetGrainThatIsTheSameForTheSameSeed) {
  for (const char* name : {"originals/0.png", "originals/1.png"})
    write_frame(name, field(128, 0, 0, 60, 90));
  const auto film = [&](const char* folder, uint64_t seed) {
    write_grey_film(path("originals"), path(folder), {5, seed});
    return read_picture(path(std::string(folder) + "/0.png"));
  };
  const auto first = film("first", 1);
  EXPECT_NEAR(first.std().item<double>() * 255, 5, 0.5);
  EXPECT_NEAR(first.mean().item<double>() * 255, 128, 0.5);
  EXPECT_TRUE(at::equal(first, film("again", 1)));
  EXPECT_FALSE(at::equal(first, film("other", 2)));
  EXPECT_FALSE(at::equal(first, read_picture(path("first/1.png")))) << "grain moves";
}

}  // namespace
}  // namespace cgan
