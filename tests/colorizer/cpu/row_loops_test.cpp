#include "plugin/colorizer/cpu/row_loops.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include "plugin/colorizer/backend.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_film.h"
#include "tests/colorizer/synthetic_frame.h"
#include "tests/model/instruction_sets.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

std::vector<float> random_numbers(int64_t count, float lowest, float highest, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> spread(lowest, highest);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = spread(random);
  return numbers;
}

/// Not EXPECT_EQ of floats: 0 and -0 are two.
testing::AssertionResult same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return testing::AssertionFailure() << a.size() << " and " << b.size();
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::memcmp(&a[i], &b[i], sizeof(float)) != 0)
      return testing::AssertionFailure() << a[i] << " and " << b[i] << " at " << i;
  }
  return testing::AssertionSuccess();
}

/// What the passes over frames of one stream make of random ones.
struct Written {
  std::vector<float> work;
  std::vector<uint8_t> bytes;
  std::vector<ColourMeasure> measures;
};

Written written_by(InstructionSet set, int64_t width, int64_t height, CganFormat from,
                   CganFormat to) {
  WorkerPool pool(2);
  const std::unique_ptr<Backend> backend = make_cpu_backend(pool, set);
  const StreamFormat format = StreamFormat::from(test::stream_of(width, height, from, to));
  const WorkSize size = work_size_for(width, height, 64, {32, 32, 2});
  Written written;
  for (const int64_t scale : {1, 2}) {
    const int64_t across = size.padded_width / scale, down = size.padded_height / scale;
    const auto passes = backend->frame_passes(FramePlan::of(format, size, across, down, scale),
                                              CGAN_MEMORY_HOST, {});
    std::vector<float> work(size.padded_width * size.padded_height);
    // The second frame is held to the first.
    for (uint32_t seed = 0; seed < 2; ++seed) {
      SyntheticFrame in(from, width, height, 5, 1), out(to, width, height, 3, 1);
      in.fill_random(1);
      in.fill_random_chroma(2);
      const InputView view = view_input(in.frame(), format);
      passes->read(view.luma, work.data());
      if (format.in.has_chroma()) {
        passes->measure(view, 0);
        written.measures.push_back(passes->measured(0));
      }
      const auto chroma = random_numbers(2 * across * down, -0.5f, 0.5f, 3 + seed);
      const WorkPicture picture = {work.data(), chroma.data()};
      passes->write(view, &picture, test::split(0.2), view_output(out.frame(), format));
      passes->complete();
      written.work.insert(written.work.end(), work.begin(), work.end());
      for (int plane = 0; plane < 3; ++plane) {
        const std::vector<uint8_t> bytes = out.bytes(plane);
        written.bytes.insert(written.bytes.end(), bytes.begin(), bytes.end());
      }
    }
  }
  return written;
}

class EveryRowLoops : public test::EveryInstructionSet {};

TEST_P(EveryRowLoops, WriteTheSameFrames) {
  struct Formats {
    CganFormat in, out;
  };
  for (const auto [in, out] : {Formats{CGAN_FORMAT_I420, CGAN_FORMAT_I420},
                               Formats{CGAN_FORMAT_NV21, CGAN_FORMAT_P010_10LE},
                               Formats{CGAN_FORMAT_Y42B, CGAN_FORMAT_Y444_12LE},
                               Formats{CGAN_FORMAT_P012_LE, CGAN_FORMAT_P012_LE},
                               Formats{CGAN_FORMAT_GRAY16_LE, CGAN_FORMAT_Y444}}) {
    for (const int64_t width : {3, 101, 603}) {
      SCOPED_TRACE(testing::Message() << "format " << in << " to " << out << ", width " << width);
      const Written expected = written_by(InstructionSet::kBaseline, width, 77, in, out);
      const Written written = written_by(GetParam(), width, 77, in, out);
      EXPECT_TRUE(same_bits(written.work, expected.work));
      EXPECT_EQ(written.bytes, expected.bytes);
      ASSERT_EQ(written.measures.size(), expected.measures.size());
      for (size_t i = 0; i < written.measures.size(); ++i) {
        EXPECT_EQ(written.measures[i].coloured, expected.measures[i].coloured);
        EXPECT_EQ(written.measures[i].picture, expected.measures[i].picture);
        EXPECT_EQ(written.measures[i].lightest, expected.measures[i].lightest);
      }
    }
  }
}

TEST_P(EveryRowLoops, FindTheSameTints) {
  for (const int64_t count : {1, 15, 16, 4099}) {
    const auto position = random_numbers(count, 0.0f, 5.0f, 1);
    const auto weights = random_numbers(count, 0.0f, 1.0f, 2);
    const auto cb = random_numbers(count, -99.0f, 99.0f, 3);
    const auto cr = random_numbers(count, -99.0f, 99.0f, 4);
    const ToneRun run = {position.data(), weights.data(), count};
    const auto found = [&](InstructionSet set) {
      const Tint tint = row_loops_of(set).tint_of_tone(run, 2.0f, cb.data(), cr.data());
      return std::vector<float>{tint.cb, tint.cr};
    };
    EXPECT_TRUE(same_bits(found(GetParam()), found(InstructionSet::kBaseline)));
  }
}

/// What the passes over time make of a film that pans under grain, with an object on its way.
std::vector<float> steadied_by(InstructionSet set, int64_t width, int64_t height, int64_t scale) {
  WorkerPool pool(1);
  const std::unique_ptr<Backend> backend = make_cpu_backend(pool, set);
  const auto passes = backend->temporal_passes(width, height, scale);
  const int64_t samples = (width / scale) * (height / scale);
  std::vector<float> made, evidence(samples);
  const auto keep = [&made](const float* from, int64_t count) {
    made.insert(made.end(), from, from + count);
  };
  for (int64_t i = 0; i < 6; ++i) {
    test::Picture picture = test::scenery(width, height, 1, 3 * i, i % 3 - i);
    test::paint_square(picture, 5 * i, 20 + i, 24, 0.1f, 0.2f);
    test::add_grain(picture, 0.02f, static_cast<uint32_t>(i));
    const auto chroma = random_numbers(2 * samples, -0.5f, 0.5f, static_cast<uint32_t>(i));
    if (i == 0) {
      passes->begin(picture.luma.data(), width, chroma.data());
      continue;
    }
    passes->take(picture.luma.data(), width);
    const PictureDifference difference = passes->compare();
    for (const double number : {difference.unexplained, difference.weights, difference.detail,
                                difference.spread, difference.correlation})
      made.push_back(static_cast<float>(number));
    passes->compensate();
    made.push_back(passes->uncertain_share());
    if (i % 2 == 0)
      passes->fill();
    else
      passes->mix(chroma.data(), 0.95f);
    passes->compensated_evidence(0.95f, evidence.data());
    keep(evidence.data(), samples);
    passes->remember();
    keep(passes->output(TemporalPasses::Picture::kPast), 2 * samples);
    passes->past_evidence(0.95f, evidence.data());
    keep(evidence.data(), samples);
  }
  return made;
}

TEST_P(EveryRowLoops, SteadyFilmsTheSame) {
  for (const int64_t scale : {1, 2}) {
    for (const int64_t width : {2, 74, 160}) {
      SCOPED_TRACE(testing::Message() << "scale " << scale << ", width " << width);
      EXPECT_TRUE(same_bits(steadied_by(GetParam(), width, 66, scale),
                            steadied_by(InstructionSet::kBaseline, width, 66, scale)));
    }
  }
}

TEST_P(EveryRowLoops, FindTheSameMotion) {
  // Codes of few levels: many motions fit alike, and the first one counts.
  constexpr int64_t kStride = 96, kRows = 64, kBlocks = 8;
  std::mt19937 random(1);
  for (const int levels : {1, 2, 3, 256}) {
    std::vector<uint8_t> present(kStride * kRows), reference(present.size());
    for (auto* codes : {&present, &reference}) {
      for (uint8_t& code : *codes) code = static_cast<uint8_t>(random() % levels * 255 / levels);
    }
    const int64_t at = 24 * kStride + 8;
    for (const int64_t shift : {int64_t{0}, 3 * kStride - 2, -7 * kStride + 7}) {
      if (shift != 0) {
        for (int64_t i = 8 * kStride; i < (kRows - 8) * kStride; ++i)
          present[i] = reference[i + shift];
      }
      const auto found = [&](InstructionSet set) {
        std::vector<pixel::Motion> motions(kBlocks);
        row_loops_of(set).search_blocks(
            {present.data() + at, reference.data() + at, kStride, kBlocks, 0}, motions.data());
        return motions;
      };
      EXPECT_EQ(found(GetParam()), found(InstructionSet::kBaseline));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, EveryRowLoops, test::every_instruction_set(), test::name_of_set);

TEST(RowLoopsOf, ThrowsWhereTheProcessorDoesNotRunThem) {
  for (const auto set : {InstructionSet::kAvx2, InstructionSet::kAvxVnni, InstructionSet::kAvx512,
                         InstructionSet::kAvx512Vnni}) {
    if (runs_here(set)) continue;
    EXPECT_THROW(row_loops_of(set), std::invalid_argument);
  }
}

}  // namespace
}  // namespace cgan
