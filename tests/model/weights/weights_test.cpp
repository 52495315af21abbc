#include "model/weights/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace cgan {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using Kind = ModelFileError::Kind;

// An independent FNV-1a, checked against a published value below.
std::string fnv1a64(const std::string& data) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : data) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  char text[32];
  std::snprintf(text, sizeof text, "fnv1a64:%016llx", static_cast<unsigned long long>(hash));
  return text;
}

// A weights file in its parts: each test breaks one of them.
struct File {
  json header;
  std::string data;

  void sign() { header["__metadata__"]["checksum"] = fnv1a64(data); }
  std::string bytes() const { return bytes(header.dump()); }
  std::string bytes(const std::string& header_text) const {
    return length(header_text.size()) + header_text + data;
  }
  static std::string length(uint64_t value) {
    std::string text;
    for (int i = 0; i < 8; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
  }
};

std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// Tensors "a" of shape (2, 2) with 0..3 and "b" of shape (2) with 4, 5.
File valid_file() {
  File file;
  file.header = {{"__metadata__",
                  {{"format", "cgancolorize-1"},
                   {"architecture", "report-generator"},
                   {"options", R"({"tile":32})"},
                   {"colour_space", "rgb"},
                   {"provenance", R"({"program":"test"})"}}},
                 {"a", {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {0, 16}}}},
                 {"b", {{"dtype", "F32"}, {"shape", {2}}, {"data_offsets", {16, 24}}}}};
  file.data = floats({0, 1, 2, 3, 4, 5});
  file.sign();
  return file;
}

Weights parse(const std::string& bytes) {
  return parse_weights(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "x.st");
}

// The message of the refusal; it must be of kind kInvalid and name the file.
std::string refusal(const std::string& bytes) {
  try {
    parse(bytes);
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, Kind::kInvalid);
    EXPECT_THAT(error.what(), HasSubstr("'x.st'"));
    return error.what();
  }
  ADD_FAILURE() << "the file was taken";
  return "";
}

// The message of the refusal of a valid file after `change`, its checksum put right.
template <typename Change>
std::string refusal_after(Change change) {
  auto file = valid_file();
  change(file);
  file.sign();
  return refusal(file.bytes());
}

class TemporaryFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("cgan-weights-") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  size_t file_count() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Weights weights_of(const torch::Tensor& tensor) {
  Weights weights;
  weights.header = {"report-generator", R"({"tile":32})", "rgb", R"({"date":"today"})"};
  weights.tensors["a"] = tensor;
  return weights;
}

TEST(ParseWeights, RefusesJsonThatIsNestedWithoutEnd) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THAT(refusal_after([&](auto& file) {
                file.header["a"]["shape"] = nlohmann::json::parse("[[[[[[[[[[1]]]]]]]]]]");
              }),
              HasSubstr("too deeply"));
  EXPECT_THAT(refusal_after([&](auto& file) {
                file.header["__metadata__"]["options"] = "{\"tile\":" + deep + "}";
              }),
              HasSubstr("options"));
}

TEST(ParseWeights, RefusesASideThatOverflowsBesideAnEmptyOne) {
  EXPECT_THAT(refusal_after([](auto& file) {
                file.header["a"]["shape"] = {0, UINT64_MAX};
                file.header["a"]["data_offsets"] = {0, 0};
              }),
              HasSubstr("overflows"));
}

TEST(ParseWeights, ReadsWhatTheFormatSays) {
  ASSERT_EQ(fnv1a64("a"), "fnv1a64:af63dc4c8601ec8c");
  const auto weights = parse(valid_file().bytes());
  EXPECT_EQ(weights.header.architecture, "report-generator");
  EXPECT_EQ(weights.header.options, R"({"tile":32})");
  EXPECT_EQ(weights.header.colour_space, "rgb");
  EXPECT_EQ(weights.header.provenance, R"({"program":"test"})");
  EXPECT_EQ(weights.source, "x.st");
  ASSERT_EQ(weights.tensors.size(), 2u);
  EXPECT_TRUE(
      torch::equal(weights.tensors.at("a"), torch::tensor({0.F, 1.F, 2.F, 3.F}).view({2, 2})));
  EXPECT_TRUE(torch::equal(weights.tensors.at("b"), torch::tensor({4.F, 5.F})));
}

TEST(ParseWeights, ReadsFromAnyAddress) {
  const auto bytes = valid_file().bytes();
  const std::string shifted = "." + bytes;
  const auto weights =
      parse_weights(reinterpret_cast<const std::byte*>(shifted.data()) + 1, bytes.size(), "x.st");
  EXPECT_TRUE(torch::equal(weights.tensors.at("b"), torch::tensor({4.F, 5.F})));
}

TEST(ParseWeights, RefusesAFileWithoutALength) {
  EXPECT_THAT(refusal(""), HasSubstr("truncated"));
  EXPECT_THAT(refusal("1234567"), HasSubstr("truncated: 7 bytes hold no header length"));
}

TEST(ParseWeights, RefusesAHugeHeader) {
  const auto file = valid_file();
  const auto header = file.header.dump();
  EXPECT_THAT(refusal(File::length(uint64_t{1} << 62) + header + file.data),
              HasSubstr("claims a header of 4611686018427387904 bytes"));
}

TEST(ParseWeights, RefusesAFileThatEndsWithinTheHeader) {
  EXPECT_THAT(refusal(valid_file().bytes().substr(0, 100)),
              AllOf(HasSubstr("truncated"), HasSubstr("does not fit into the 92 that follow")));
}

TEST(ParseWeights, RefusesAFileThatEndsWithinTheTensors) {
  auto bytes = valid_file().bytes();
  bytes.resize(bytes.size() - 1);
  EXPECT_THAT(refusal(bytes), HasSubstr("truncated: tensor 'b' ends at byte 24 of 23"));
}

TEST(ParseWeights, RefusesEveryTruncation) {
  const auto bytes = valid_file().bytes();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse(bytes.substr(0, size)), ModelFileError) << size << " bytes";
}

TEST(ParseWeights, RefusesAHeaderThatIsNotJson) {
  EXPECT_THAT(refusal(valid_file().bytes("{\"a\": ")), HasSubstr("not JSON"));
  EXPECT_THAT(refusal(valid_file().bytes("\x80\x02pickle")), HasSubstr("not JSON"));
}

TEST(ParseWeights, RefusesAHeaderThatIsNotAnObject) {
  EXPECT_THAT(refusal(valid_file().bytes("[1, 2]")), HasSubstr("not a JSON object"));
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THAT(refusal(valid_file().bytes(deep)), HasSubstr("too deeply"));
}

TEST(ParseWeights, RefusesDuplicateNames) {
  const auto file = valid_file();
  auto text = file.header.dump();
  text.insert(text.size() - 1, ",\"a\":" + file.header["a"].dump());
  EXPECT_THAT(refusal(file.bytes(text)), HasSubstr("names 'a' twice"));
}

TEST(ParseWeights, RefusesDuplicateKeysWithinATensor) {
  const auto file = valid_file();
  auto text = file.header.dump();
  const std::string shape = "\"shape\":[2]";
  text.insert(text.find(shape), shape + ",");
  EXPECT_THAT(refusal(file.bytes(text)), HasSubstr("names 'shape' twice"));
}

TEST(ParseWeights, RefusesAHeaderWithoutMetadata) {
  auto file = valid_file();
  file.header.erase("__metadata__");
  EXPECT_THAT(refusal(file.bytes()), HasSubstr("has no metadata"));
}

TEST(ParseWeights, RefusesEachMissingPieceOfMetadata) {
  for (const std::string key :
       {"format", "architecture", "options", "colour_space", "provenance", "checksum"}) {
    auto file = valid_file();
    file.header["__metadata__"].erase(key);
    EXPECT_THAT(refusal(file.bytes()), HasSubstr("lacks '" + key + "'"));
  }
}

TEST(ParseWeights, RefusesMetadataOfAnotherKind) {
  EXPECT_THAT(refusal_after([](File& f) { f.header["__metadata__"]["colour_space"] = 3; }),
              HasSubstr("'colour_space' is not a text"));
  EXPECT_THAT(refusal_after([](File& f) { f.header["__metadata__"]["options"] = "[1]"; }),
              HasSubstr("'options' is not a JSON object"));
  EXPECT_THAT(refusal_after([](File& f) { f.header["__metadata__"]["provenance"] = "none"; }),
              HasSubstr("'provenance' is not a JSON object"));
}

TEST(ParseWeights, RefusesAnotherFormat) {
  EXPECT_THAT(refusal_after([](File& f) { f.header["__metadata__"]["format"] = "cgancolorize-9"; }),
              AllOf(HasSubstr("'cgancolorize-9'"), HasSubstr("'cgancolorize-1'")));
}

TEST(ParseWeights, RefusesAnUnknownType) {
  EXPECT_THAT(refusal_after([](File& f) { f.header["a"]["dtype"] = "I64"; }),
              HasSubstr("tensor 'a' has the type 'I64'"));
}

TEST(ParseWeights, RefusesATensorWithoutItsParts) {
  for (const std::string key : {"dtype", "shape", "data_offsets"})
    EXPECT_THAT(refusal_after([&](File& f) { f.header["a"].erase(key); }),
                HasSubstr("tensor 'a' has no valid '" + key + "'"));
  EXPECT_THAT(refusal_after([](File& f) { f.header["a"] = 1; }),
              HasSubstr("tensor 'a' is not described by an object"));
}

TEST(ParseWeights, RefusesAShapeThatDoesNotMatchTheBytes) {
  EXPECT_THAT(refusal_after([](File& f) {
                f.header["a"]["shape"] = {2, 3};
              }),
              HasSubstr("needs 24 bytes and has 16"));
}

TEST(ParseWeights, RefusesAShapeWhoseProductOverflows) {
  // 2^62 numbers of four bytes are 2^64 bytes: 0, if multiplied without care.
  EXPECT_THAT(refusal_after([](File& f) {
                f.header["a"]["shape"] = {uint64_t{1} << 31, uint64_t{1} << 31};
                f.header["a"]["data_offsets"] = {0, 0};
              }),
              HasSubstr("overflows"));
}

TEST(ParseWeights, RefusesAShapeOfOtherThingsThanSizes) {
  for (const json& shape : {json{-2, -2}, json{2.5, 2}, json{"2", 2}, json(9, json(1))})
    EXPECT_THAT(refusal_after([&](File& f) { f.header["a"]["shape"] = shape; }),
                HasSubstr("not a list of at most 8 sizes"));
}

TEST(ParseWeights, RefusesAByteRangeThatIsNone) {
  for (const json& range : {json{16, 0}, json{0}, json{0, 8, 16}, json{-16, 0}, json{0, 16.5}})
    EXPECT_THAT(refusal_after([&](File& f) { f.header["a"]["data_offsets"] = range; }),
                HasSubstr("not [begin, end]"));
}

TEST(ParseWeights, RefusesOffsetsPastTheEnd) {
  EXPECT_THAT(refusal_after([](File& f) {
                f.header["b"]["data_offsets"] = {UINT64_MAX - 8, UINT64_MAX};
              }),
              HasSubstr("tensor 'b' ends at byte 18446744073709551615 of 24"));
}

TEST(ParseWeights, RefusesOverlappingRanges) {
  EXPECT_THAT(refusal_after([](File& f) {
                f.header["b"]["data_offsets"] = {12, 20};
                f.data.resize(20);
              }),
              HasSubstr("tensor 'b' overlap"));
}

TEST(ParseWeights, RefusesHolesBetweenBeforeAndAfterTheTensors) {
  EXPECT_THAT(refusal_after([](File& f) {
                f.header["b"]["data_offsets"] = {20, 28};
                f.data += "hole";
              }),
              HasSubstr("hole of 4 bytes lies before tensor 'b'"));
  EXPECT_THAT(refusal_after([](File& f) { f.header.erase("a"); }),
              HasSubstr("hole of 16 bytes lies before tensor 'b'"));
  EXPECT_THAT(refusal_after([](File& f) { f.data += "more"; }),
              HasSubstr("4 bytes at its end belong to no tensor"));
}

TEST(ParseWeights, RefusesAWrongSum) {
  auto file = valid_file();
  file.data[5] ^= 1;
  EXPECT_THAT(refusal(file.bytes()), HasSubstr("damaged: its checksum is"));
}

TEST(ParseWeights, RefusesNumbersThatAreNotFinite) {
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    EXPECT_THAT(refusal_after([&](File& f) { std::memcpy(&f.data[8], &value, sizeof value); }),
                HasSubstr("number 2 of tensor 'a' is not finite"));
}

TEST(ParseWeights, ThrowsNothingElseWhateverByteIsDamaged) {
  const auto bytes = valid_file().bytes();
  for (size_t i = 0; i < bytes.size(); ++i)
    for (const unsigned char value : {0x00, 0x22, 0x39, 0x7b, 0xff}) {
      auto damaged = bytes;
      damaged[i] = static_cast<char>(value);
      try {
        parse(damaged);
      } catch (const ModelFileError&) {
      } catch (const std::exception& error) {
        ADD_FAILURE() << "byte " << i << " = " << int(value) << ": " << error.what();
      }
    }
}

using ReadWeights = TemporaryFolder;

TEST_F(ReadWeights, SaysWhereThereIsNoFile) {
  try {
    read_weights(path("none.safetensors"));
    FAIL() << "a missing file was read";
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, Kind::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr(path("none.safetensors")));
  }
}

TEST_F(ReadWeights, RefusesFoldersAndDevices) {
  for (const auto& place : {folder_.string(), std::string("/dev/null")}) {
    try {
      read_weights(place);
      FAIL() << place << " was read";
    } catch (const ModelFileError& error) {
      EXPECT_EQ(error.kind, Kind::kUnreadable);
      EXPECT_THAT(error.what(), HasSubstr("is a folder or a device"));
    }
  }
}

TEST_F(ReadWeights, RefusesAFileBeyondTheSizeOfAnyModelWithoutReadingIt) {
  std::ofstream(path("film.safetensors")).put('x');
  fs::resize_file(path("film.safetensors"), uint64_t{1} << 40);
  EXPECT_THROW(read_weights(path("film.safetensors")), ModelFileError);
}

using WriteWeights = TemporaryFolder;

TEST_F(WriteWeights, RoundTripInFloat32IsExact) {
  auto weights = weights_of(torch::randn({3, 4, 2, 2}, at::detail::createCPUGenerator(1)));
  weights.tensors["b"] = torch::tensor({1e-30F, -3e38F, 0.F});
  write_weights(path("w"), weights, StorageType::kFloat32);
  const auto read = read_weights(path("w"));
  EXPECT_EQ(read.header.architecture, weights.header.architecture);
  EXPECT_EQ(read.header.options, weights.header.options);
  EXPECT_EQ(read.header.colour_space, weights.header.colour_space);
  EXPECT_EQ(read.header.provenance, weights.header.provenance);
  EXPECT_EQ(read.source, path("w"));
  ASSERT_EQ(read.tensors.size(), 2u);
  for (const auto& [name, tensor] : weights.tensors)
    EXPECT_TRUE(torch::equal(read.tensors.at(name), tensor)) << name;
}

TEST_F(WriteWeights, Float16IsRoundedToTheNearestAndReadAsFloat32) {
  // Steps of float16 above 1 are 2^-10; a tie goes to the even neighbour.
  const float step = std::ldexp(1.F, -10);
  write_weights(path("w"),
                weights_of(torch::tensor(
                    {1 + 0.49F * step, 1 + 0.5F * step, 1 + 0.51F * step, 1 + 1.5F * step})),
                StorageType::kFloat16);
  const auto read = read_weights(path("w")).tensors.at("a");
  EXPECT_EQ(read.scalar_type(), torch::kFloat);
  EXPECT_TRUE(torch::equal(read, torch::tensor({1.F, 1.F, 1 + step, 1 + 2 * step})));
}

TEST_F(WriteWeights, StoresNonContiguousTensorsInTheirOrder) {
  const auto tensor = torch::arange(6, torch::kFloat).view({2, 3}).t();
  write_weights(path("w"), weights_of(tensor), StorageType::kFloat32);
  EXPECT_TRUE(torch::equal(read_weights(path("w")).tensors.at("a"), tensor));
}

TEST_F(WriteWeights, LeavesIntegerTensorsOut) {
  auto weights = weights_of(torch::ones({2}));
  weights.tensors["count"] = torch::tensor(int64_t{3});
  write_weights(path("w"), weights, StorageType::kFloat32);
  EXPECT_EQ(read_weights(path("w")).tensors.count("count"), 0u);
}

TEST_F(WriteWeights, WritesTheSameBytesAgainAndLeavesNothingBeside) {
  const auto weights = weights_of(torch::ones({5}));
  write_weights(path("w"), weights, StorageType::kFloat16);
  const auto first = content(path("w"));
  write_weights(path("w"), weights, StorageType::kFloat16);
  EXPECT_EQ(content(path("w")), first);
  EXPECT_EQ(file_count(), 1u);
}

TEST_F(WriteWeights, RefusesNumbersThatAreNotFiniteOnceStoredAndKeepsTheOldFile) {
  write_weights(path("w"), weights_of(torch::ones({1})), StorageType::kFloat16);
  const auto before = content(path("w"));
  const auto large = weights_of(torch::tensor({70000.F}));
  EXPECT_THROW(write_weights(path("w"), large, StorageType::kFloat16), std::runtime_error);
  EXPECT_EQ(content(path("w")), before);
  EXPECT_EQ(file_count(), 1u);
  write_weights(path("w"), large, StorageType::kFloat32);
  const auto nan = weights_of(torch::full({1}, NAN));
  EXPECT_THROW(write_weights(path("w"), nan, StorageType::kFloat32), std::runtime_error);
}

TEST_F(WriteWeights, SaysWhichFolderRefuses) {
  try {
    write_weights(path("none/w"), weights_of(torch::ones({1})), StorageType::kFloat32);
    FAIL() << "a file was written into a missing folder";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("Cannot create"), HasSubstr(path("none/w"))));
  }
}

}  // namespace
}  // namespace cgan
