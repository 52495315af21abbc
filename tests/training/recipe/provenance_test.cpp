#include "training/recipe/provenance.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "../pictures.h"

namespace cgan::testing {
namespace {

using nlohmann::json;

Weights weights_of(const json& provenance, const std::string& file) {
  Weights weights;
  weights.header.provenance = provenance.dump();
  weights.source = "/folder/" + file;
  return weights;
}

int depth_of(const json& value) {
  int deepest = 0;
  if (value.is_structured())
    for (const auto& inside : value) deepest = std::max(deepest, 1 + depth_of(inside));
  return deepest;
}

TEST(Provenance, OfARandomStartNamesNoLegs) {
  EXPECT_EQ(provenance_after({{"program", "p"}}, {}),
            json({{"program", "p"}, {"from", json::array()}}));
}

TEST(Provenance, ListsTheLegsInOrderHoweverMany) {
  auto provenance = provenance_after({{"leg", 0}, {"recipe", {{"augment", {"flip"}}}}}, {});
  for (int leg = 1; leg < 50; ++leg)
    provenance = provenance_after({{"leg", leg}, {"recipe", {{"augment", {"flip"}}}}},
                                  {weights_of(provenance, "w" + std::to_string(leg - 1))});
  EXPECT_EQ(provenance["leg"], 49);
  EXPECT_EQ(provenance["from"], json::array({48}));
  ASSERT_EQ(provenance["started_from"].size(), 49u);
  for (int leg = 0; leg < 49; ++leg) {
    const auto& one = provenance["started_from"][leg];
    EXPECT_EQ(one["leg"], leg);
    EXPECT_EQ(one["file"], "w" + std::to_string(leg));
    EXPECT_EQ(one["from"], leg == 0 ? json::array() : json::array({leg - 1}));
  }
  EXPECT_LE(depth_of(provenance), 5);
}

TEST(Provenance, HoldsALegOnceThatTwoPartsOfAnAverageShare) {
  const auto root = weights_of(provenance_after({{"leg", "root"}}, {}), "root");
  const auto a = weights_of(provenance_after({{"leg", "a"}}, {root}), "a");
  const auto b = weights_of(provenance_after({{"leg", "b"}}, {root}), "b");
  const auto average = provenance_after({{"shares", {0.5, 0.5}}}, {a, b});
  ASSERT_EQ(average["started_from"].size(), 3u);
  EXPECT_EQ(average["from"], json::array({1, 2}));
  EXPECT_EQ(average["started_from"][1]["from"], json::array({0}));
  EXPECT_EQ(average["started_from"][2]["from"], json::array({0}));
  const auto after = provenance_after({{"leg", "c"}}, {weights_of(average, "average")});
  EXPECT_EQ(after["from"], json::array({3}));
  EXPECT_EQ(after["started_from"][3]["from"], json::array({1, 2}));
}

TEST(Provenance, OfNestedHistoriesIsMadeFlat) {
  const json encoder = {{"file", "encoder"}}, first = {{"file", "first"}};
  json a = {{"file", "a"}, {"share", 0.7}, {"started_from", {encoder, first}}};
  json b = {
      {"file", "b"}, {"share", 0.3}, {"started_from", {encoder, first, {{"file", "steady"}}}}};
  const auto flat = flat_provenance(weights_of(
      {{"program", "cgan-average"}, {"average_of", {a, b}}, {"int8", {{"pictures", 9}}}}, "photo"));
  EXPECT_EQ(flat["program"], "cgan-average");
  EXPECT_EQ(flat["int8"]["pictures"], 9);
  EXPECT_EQ(flat["shares"], json::array({0.7, 0.3}));
  EXPECT_FALSE(flat.contains("average_of"));
  const auto& legs = flat["started_from"];
  const char* names[] = {"encoder", "first", "a", "steady", "b"};
  const json from[] = {json::array(), json::array({0}), json::array({1}), json::array({1}),
                       json::array({3})};
  ASSERT_EQ(legs.size(), 5u);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(legs[i], json({{"file", names[i]}, {"from", from[i]}})) << i;
  EXPECT_EQ(flat["from"], json::array({2, 4}));
  EXPECT_EQ(flat_provenance(weights_of(flat, "photo")), flat) << "flat stays as it is";
}

TEST(Provenance, TakesTheNameOfAFileForALeg) {
  const auto flat = flat_provenance(weights_of({{"started_from", "old.safetensors"}}, "w"));
  EXPECT_EQ(flat["from"], json::array({0}));
  EXPECT_EQ(flat["started_from"][0]["file"], "old.safetensors");
}

TEST(Provenance, RefusesAHistoryThatNamesNoLegs) {
  for (const json& from :
       {json::array({7}), json("x"), json::array({-1}), json::array({json::object()})})
    EXPECT_THROW(flat_provenance(weights_of({{"from", from}}, "w")), std::invalid_argument) << from;
}

TEST(Provenance, OfTheShippedWeightsCanBeGoneOnFromAndRead) {
  const auto shipped = read_weights(find_weights("photo"));
  Weights next = shipped;
  next.header.provenance = provenance_after({{"program", "cgan-train"}}, {shipped}).dump();
  TemporaryFolder folder;
  const auto path = (folder / "next.safetensors").string();
  write_weights(path, next, StorageType::kFloat16);
  const auto legs = json::parse(read_weights(path).header.provenance)["started_from"];
  ASSERT_EQ(legs.size(), 27u);
  EXPECT_EQ(legs.back()["file"], "photo.safetensors");
  EXPECT_EQ(legs.back()["from"].size(), 2u);
}

}  // namespace
}  // namespace cgan::testing
