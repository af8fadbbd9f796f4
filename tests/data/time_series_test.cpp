#include "hearth/data/time_series.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "hearth/hearth.h"

namespace hearth::data {
namespace {

using Gaps = SeriesOptions::Gaps;

Series series(const std::string& csv, const SeriesOptions& options = {}) {
  return read_series(Table::read_csv(io::CsvReader(csv, "t.csv", {})), options);
}
SeriesOptions with(Gaps gaps) {
  SeriesOptions options;
  options.gaps = gaps;
  return options;
}
void refuses(const std::string& csv, const std::string& part, const SeriesOptions& options = {}) {
  try {
    series(csv, options);
    ADD_FAILURE() << "nothing was thrown for " << csv;
  } catch (const ValueError& e) {
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
  }
}

TEST(Series, SortsByTimeAndFindsTheStep) {
  const Series s = series("day,a,b\n2024-01-03,3,30\n2024-01-01,1,10\n2024-01-02,2,20\n");
  EXPECT_TRUE(equal(s.values, tensor({{1.0, 10.0}, {2.0, 20.0}, {3.0, 30.0}})));
  EXPECT_EQ(s.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(s.step_text(), "1 day");
  EXPECT_EQ(s.season(), 7);
  EXPECT_EQ(series("t,a\n2024-01-01T00:00,1\n2024-01-01T00:15,2\n").step_text(), "15 minutes");
  EXPECT_EQ(series("t,a\n2024-01,1\n2024-02,2\n2024-03,2\n").step_text(), "1 month") << "of 31 and 29 days";
  EXPECT_EQ(series("t,a\n2024-01,1\n2024-04,2\n2024-07,2\n").season(), 4);
  EXPECT_EQ(series("year,a\n2001,1\n2002,2\n").step_text(), "1 year");
  EXPECT_EQ(series("YEAR,Month,Day,a\n2001,jan,31,1\n2001,2,1,2\n").step_text(), "1 day");
  EXPECT_EQ(series("x,a\n5,1\n3,2\n").step_text(), "steps") << "no time: in the table's order";
  EXPECT_TRUE(equal(series("x,a\n5,1\n3,2\n").values, tensor({{5.0, 1.0}, {3.0, 2.0}})));
  SeriesOptions options;
  options.values = {"b", "a"};
  EXPECT_EQ(series("day,a,b\n2024-01-03,3,30\n2024-01-04,1,10\n", options).names[0], "b");
}

TEST(Series, SaysWhatIsWrongWithTimes) {
  refuses("t,a\n2024-01-01,1\n2024-01-02,1\n2024-01-02,2\n", "lines 3 and 4 are both of 2024-01-02");
  refuses("t,a\n2024-01-01,1\n2024-01-02,1\n2024-01-05,2\n",
          "1 day apart, but 2024-01-02 (line 3) is followed by 2024-01-05");
  refuses("t,a\n2024-01-01,1\n2024-01-02,\n2024-01-03,3\n", "line 3: \"a\" is missing");
  refuses("t,a\n2024-01-01,1\n,2\n", "line 3, column \"t\": \"\" is no time");
  refuses("year,month,a\n2001,13,1\n2001,2,1\n", "\"13\" is no month");
  refuses("year,month,a\n2001,Foo,1\n2001,Bar,1\n", "\"Foo\" is no month");
  refuses("year,month,day,a\n2001,2,29,1\n2001,2,28,1\n", "no day of that month");
  refuses("t,u,a\n2024-01-01,2024-01-01,1\n", "2 columns of dates");
  refuses("t,a\n2024-01-01,x\n", "0 columns of numbers");
  refuses("t,a\n2024-01-01,1\n2024-01-02,2\n2024-01-03T11:00,3\n", "followed by", with(Gaps::kFill));
  refuses("t,a\n2000-01-01T00:00:00,1\n2000-01-01T00:00:01,2\n2020-01-01,3\n", "check the times", with(Gaps::kFill));
}

TEST(Series, FillsOrKeepsGaps) {
  const std::string csv = "t,a\n2024-01,1\n2024-02,2\n2024-05,8\n2024-06,\n2024-07,10\n";
  const Series filled = series(csv, with(Gaps::kFill));
  EXPECT_TRUE(allclose(filled.values.squeeze(1), tensor({1.0, 2.0, 4.0, 6.0, 8.0, 9.0, 10.0})));
  EXPECT_EQ(filled.filled, 2);
  EXPECT_EQ(time_text(filled.times[2]), "2024-03-01");
  const Series kept = series("t,a\n2024-01-01,1\n2024-01-02,2\n2024-01-09,8\n", with(Gaps::kKeep));
  EXPECT_EQ(kept.length(), 3);
  EXPECT_EQ(time_text(kept.times[2]), "2024-01-09");
}

TEST(SeriesScaler, LearnsFromThePastAlone) {
  Series s;
  s.values = tensor({{1.0, 5.0}, {3.0, 5.0}, {100.0, 6.0}});
  const SeriesScaler scaler(s, 2);
  EXPECT_TRUE(allclose(scaler.transform(s.values), tensor({{-1.0, 0.0}, {1.0, 0.0}, {98.0, 1.0}})));
  EXPECT_TRUE(allclose(scaler.inverse(scaler.transform(s.values)), s.values));
  const SeriesScaler same = SeriesScaler::from_json(scaler.to_json());
  EXPECT_EQ(same.mean(), scaler.mean());
  EXPECT_THROW(SeriesScaler(s, 0), ValueError);
  EXPECT_THROW(SeriesScaler(s, 4), ValueError);
  EXPECT_THROW(SeriesScaler::from_json("{}"), FileError);
  EXPECT_THROW(SeriesScaler::from_json(R"({"format":"hearth series scaler","mean":[1],"deviation":[0]})"), FileError);
}

TEST(SeriesWindows, ForecastWithinTheirRange) {
  using datasets::SeriesWindows;
  const Tensor v = arange(20, kFloat).view({10, 2});
  const SeriesSplit split = split_in_time(10, 0.2, 0.2);
  EXPECT_EQ(split.train.end, 6);
  EXPECT_EQ(split.test.begin, 8);
  SeriesWindows train(v, split.train, {3, 2, 1, {}});
  ASSERT_EQ(*train.size(), 2U);
  EXPECT_TRUE(equal(train.get(1).data, v.narrow(0, 1, 3)));
  EXPECT_TRUE(equal(train.get(1).target, v.narrow(0, 4, 2))) << "steps 4 and 5: the last of the training part";
  SeriesWindows validation(v, split.validation, {3, 1, 1, {1}});
  ASSERT_EQ(*validation.size(), 2U);
  EXPECT_EQ(validation.target_begin(0), 6);
  EXPECT_TRUE(equal(validation.get(0).data, v.narrow(0, 3, 3))) << "what was seen before";
  EXPECT_TRUE(equal(validation.get(0).target, tensor({{13.0}})));
  EXPECT_EQ(*SeriesWindows(v, {0, 10}, {3, 1, 2, {}}).size(), 4U);
  EXPECT_THROW(SeriesWindows(v, {0, 4}, {3, 2, 1, {}}), ValueError);
  EXPECT_THROW(SeriesWindows(v, {0, 11}, {3, 2, 1, {}}), IndexError);
  EXPECT_THROW(SeriesWindows(v, {0, 10}, {3, 0, 1, {}}), ValueError);
  EXPECT_THROW(SeriesWindows(v[0], {0, 2}, {1, 1, 1, {}}), ShapeError);
  EXPECT_THROW(train.get(2), IndexError);
  EXPECT_THROW(split_in_time(10, 0.5, 0.5), ValueError);
}

TEST(SeasonalNaive, RepeatsTheLastSeason) {
  const Tensor v = tensor({1.0, 2.0, 3.0, 4.0, 5.0}).view({5, 1});
  EXPECT_TRUE(equal(seasonal_naive(v, 2, 5).squeeze(1), tensor({4.0, 5.0, 4.0, 5.0, 4.0})));
  EXPECT_TRUE(allclose(seasonal_naive_error(v, {2, 5}, 2, 2), tensor({2.0})));
  EXPECT_THROW(seasonal_naive(v, 6, 1), ShapeError);
  EXPECT_THROW(seasonal_naive_error(v, {1, 5}, 2, 1), ShapeError);
}

TEST(Series, RealPassengers) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const Series s = read_series(Table::read_csv(std::string(data) + "/tabular/flights.csv"));
  EXPECT_EQ(s.length(), 144);
  EXPECT_EQ(s.names, std::vector<std::string>{"passengers"});
  EXPECT_EQ(s.season(), 12);
  EXPECT_EQ(time_text(s.times.back()), "1960-12-01");
  EXPECT_EQ(s.values[143].item<float>(), 432);
}

}  // namespace
}  // namespace hearth::data
