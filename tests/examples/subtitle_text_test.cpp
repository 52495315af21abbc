#include "examples/colorize_film/subtitle_text.h"

#include <gtest/gtest.h>

using colorize_film::plain_subtitle;

TEST(PlainSubtitle, TurnsEntitiesIntoTheirCharacters) {
  EXPECT_EQ(plain_subtitle("Tom &amp; Jerry &lt;3 &quot;x&quot; it&apos;s &gt;", true),
            "Tom & Jerry <3 \"x\" it's >");
}

TEST(PlainSubtitle, ReadsAnEntityOnlyOnce) {
  EXPECT_EQ(plain_subtitle("&amp;lt;", true), "&lt;");
}

TEST(PlainSubtitle, KeepsOrDropsTags) {
  EXPECT_EQ(plain_subtitle("<i>Street</i>", true), "<i>Street</i>");
  EXPECT_EQ(plain_subtitle("<i>Street</i>", false), "Street");
}

TEST(PlainSubtitle, SurvivesAnUnfinishedTagAndALoneAmpersand) {
  EXPECT_EQ(plain_subtitle("a <i", false), "a ");
  EXPECT_EQ(plain_subtitle("a & b &", false), "a & b &");
}
