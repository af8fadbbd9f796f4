#include "hearth/data/table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "base/faulty_files.h"
#include "hearth/hearth.h"

namespace hearth::data {
namespace {

using hearth::testing::spit;
using hearth::testing::TemporaryFolder;
using io::CsvOptions;
using io::CsvReader;

std::vector<std::vector<std::string>> rows_of(const std::string& text, CsvOptions options = {}) {
  CsvReader csv(text, "t.csv", std::move(options));
  std::vector<std::vector<std::string>> out;
  while (csv.next()) {
    auto& row = out.emplace_back();
    for (size_t i = 0; i < csv.columns(); ++i) row.emplace_back(csv.cell(i));
  }
  return out;
}
using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsQuotesLineEndsAndMarks) {
  CsvOptions plain;
  plain.header = false;
  plain.delimiter = ',';
  EXPECT_EQ(rows_of("a,b\r\n1,2", plain), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("\xef\xbb\xbf"
                    "a,b\n\n\n1,\n",
                    plain),
            (Rows{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(rows_of("\"a,\"\"x\"\"\",\"two\nlines\"\n\"\",5\" pipe\n", plain),
            (Rows{{"a,\"x\"", "two\nlines"}, {"", "5\" pipe"}}));
  EXPECT_EQ(rows_of(",\r,\r", plain), (Rows{{"", ""}, {"", ""}}));
  EXPECT_EQ(rows_of("\"x\"\"y\"", plain), (Rows{{"x\"y"}}));
}

TEST(Csv, FindsDelimiterAndHeader) {
  for (const char d : {',', ';', '\t', '|'}) {
    std::string text = "name;height;note\nann;1.5;\"a,b\"\nbob;2;c\n";
    std::replace(text.begin(), text.end(), ';', d);
    const CsvReader csv(text, "t.csv", {});
    EXPECT_EQ(csv.delimiter(), d);
    EXPECT_TRUE(csv.has_header());
    EXPECT_EQ(csv.names(), (std::vector<std::string>{"name", "height", "note"}));
  }
  EXPECT_FALSE(CsvReader("1,2\n3,4\n", "t", {}).has_header());
  EXPECT_EQ(CsvReader("1,2\n3,4\n", "t", {}).names()[1], "column_2");
  EXPECT_FALSE(CsvReader("emma\nolivia\n", "t", {}).has_header()) << "a list of names";
  EXPECT_TRUE(CsvReader("x\n1\n2\n", "t", {}).has_header());
  EXPECT_TRUE(CsvReader("size,colour\nbig,red\nsmall,red\n", "t", {}).has_header());
  EXPECT_FALSE(CsvReader("big,red\nsmall,red\nbig,blue\n", "t", {}).has_header()) << "the first row repeats";
  EXPECT_EQ(CsvReader(",a\n0,5\n", "t", {}).names()[0], "column_1") << "row numbers without a name";
  EXPECT_EQ(CsvReader("a b\n1 2\n", "t", {' ', std::nullopt, {}}).names()[1], "b");
}

TEST(Csv, SaysLineAndColumnOfDamage) {
  const auto refuses = [](const std::string& text, const std::string& where, int64_t offset) {
    try {
      rows_of(text);
      ADD_FAILURE() << "nothing was thrown for " << text;
    } catch (const FileError& e) {
      EXPECT_NE(std::string(e.what()).find(where), std::string::npos) << e.what();
      EXPECT_EQ(e.path, "t.csv");
      EXPECT_EQ(e.offset, offset) << e.what();
    }
  };
  refuses("a,b\n1,2\n\n1,2,3\n", "line 4, column 3: the row has 3 cells where the first has 2", 15);
  refuses("a,b\n1,\"x\ny\"\n1\n", "line 4, column 2: the row has 1 cells", 14);
  refuses("a,b\n1,\"2\n3,4\n", "line 2, column 2: nothing closes the quote", 6);
  refuses("a,b\n\"1\"2,3\n", "line 2, column 1: text follows a closing quote", 7);
  refuses(std::string("a,b\n1,\0\n", 8), "line 2, column 2: a zero byte", 6);
  refuses(
      "\xff\xfe"
      "a",
      "UTF-16", 0);
  refuses("", "no rows", 0);
  refuses("\n\n", "no rows", 0);
  refuses("a,b,a\n1,2,3\n", "\"a\" stands twice", 0);
  EXPECT_THROW(CsvReader("/no/such/file.csv"), FileError);
}

TEST(Csv, EveryCutIsReadOrRefused) {
  const std::string whole = "\xef\xbb\xbfname,\"a \"\"b\"\"\"\r\n\"x\ny\",1.5\r\nz,?\r\n";
  for (size_t n = 0; n <= whole.size(); ++n) {
    try {
      const Table t = Table::read_csv(CsvReader(whole.substr(0, n), "t.csv", {}));
      EXPECT_LE(t.rows(), 2) << n;
    } catch (const FileError& e) {
      EXPECT_NE(std::string(e.what()).find("t.csv"), std::string::npos);
    }
  }
}

TEST(Csv, WritesWhatItReads) {
  const std::vector<std::string> cells = {"a", "b,c", "say \"x\"", "two\nlines", " spaced ", "", "1"};
  CsvOptions plain;
  plain.header = false;
  EXPECT_EQ(rows_of(io::csv_line(cells) + "\r\n", plain), (Rows{cells}));
  plain.delimiter = ';';
  EXPECT_EQ(rows_of(io::csv_line({"a;b", "c"}, ';'), plain), (Rows{{"a;b", "c"}}));
  EXPECT_EQ(io::csv_line({""}), "\"\"");
}

TEST(Csv, Numbers) {
  EXPECT_EQ(io::parse_number(" +1.5e3 "), 1500);
  EXPECT_EQ(io::parse_number("-.5"), -.5);
  EXPECT_EQ(io::parse_number("1,5", ','), 1.5);
  for (const char* bad : {"", "1.5x", "inf", "-inf", "nan", "-nan", "0x10", "1e999", "-", ".", "--1", "1 2", "+-1"})
    EXPECT_FALSE(io::parse_number(bad)) << bad;
}

TEST(Times, ParsesIsoAndPrintsIt) {
  EXPECT_EQ(parse_time("1970-01-02"), 86400);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(parse_time("2024-02-29 12:30:15.5+02:00"), parse_time("2024-02-29T10:30:15Z").value() + .5);
  EXPECT_EQ(parse_time("2000/3/1"), parse_time("2000-02-29").value() + 86400);
  EXPECT_EQ(parse_time("2000-03"), parse_time("2000-03-01"));
  for (const char* bad :
       {"", "2024", "2023-02-29", "2024-13-01", "2024-01-32", "2024-01/02", "2024-01-01T25:00", "12-01-01",
        "2024-01-01x", "2024-01-01T10", "2024-01-01T10:00:61", "2024-01-01T10:00+9", "2024/01"})
    EXPECT_FALSE(parse_time(bad)) << bad;
  for (const char* same : {"2024-05-01", "1903-12-17T10:35:00", "1600-02-29"})
    EXPECT_EQ(time_text(parse_time(same).value()), same);
  EXPECT_EQ(month_number("September"), 9);
  EXPECT_EQ(month_number("sep"), 9);
  EXPECT_EQ(month_number("Sept."), 9);
  EXPECT_EQ(month_number("MAY"), 5);
  EXPECT_EQ(month_number("Ma"), 0);
  EXPECT_EQ(month_number("monday"), 0);
}

Table table(const std::string& text, const TableOptions& options = {}) {
  return Table::read_csv(CsvReader(text, "t.csv", options.csv), options);
}

TEST(Tables, InferKinds) {
  std::string text = "n,late,day,colour,name,empty\n";
  for (int i = 0; i < 50; ++i)
    text += fmt::format("{},{},2024-01-{:02},{},name {},\n", i % 7 ? fmt::format("{}.5", i) : "NA",
                        i == 40 ? "x" : std::to_string(i), i % 31 + 1, i % 2 ? "red" : "blue", i);
  const Table t = table(text);
  ASSERT_EQ(t.rows(), 50);
  EXPECT_EQ(t.column("n").kind, ColumnKind::kNumeric);
  EXPECT_EQ(t.column("n").missing, 8);
  EXPECT_TRUE(std::isnan(t.column("n").numbers[7]));
  EXPECT_EQ(t.column("n").numbers[8], 8.5);
  EXPECT_EQ(t.column("late").kind, ColumnKind::kText);
  EXPECT_EQ(t.column("late").text(39), "39") << "the second pass";
  EXPECT_EQ(t.column("late").note, "numbers up to line 42, where \"x\" stands");
  EXPECT_EQ(t.column("day").kind, ColumnKind::kTime);
  EXPECT_EQ(t.column("day").text(3), "2024-01-04");
  EXPECT_EQ(t.column("colour").kind, ColumnKind::kCategorical);
  EXPECT_EQ(t.column("colour").levels, (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(t.column("name").kind, ColumnKind::kText);
  EXPECT_EQ(t.column("empty").missing, 50);
  EXPECT_EQ(t.rows_with("n").size(), 42U);
  EXPECT_EQ(t.line(40), 42);
  const Table part = t.select({3, 0});
  EXPECT_EQ(part.column("name").text(0), "name 3");
  EXPECT_EQ(part.column("n").missing, 1);
  EXPECT_EQ(part.line(1), 2);
  EXPECT_THROW(t.select({50}), IndexError);
  EXPECT_THROW(t.column("nonsense"), ValueError);
  EXPECT_EQ(table("a,b\n1,x\n\n2,\"y\nz\"\n3,x\n").line(2), 6) << "blank lines and long cells count";
}

TEST(Tables, TakeKindsAsTold) {
  TableOptions options;
  options.kinds = {{"zip", ColumnKind::kCategorical}, {"nowhere", ColumnKind::kTime}};
  EXPECT_EQ(table("zip,x\n01234,1\n99999,2\n", options).column("zip").text(0), "01234");
  options.kinds = {{"x", ColumnKind::kNumeric}};
  try {
    table("zip,x\n1,1\n2,two\n", options);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const FileError& e) {
    EXPECT_NE(std::string(e.what()).find("t.csv' line 3, column 2: (\"x\") \"two\" is no number"), std::string::npos)
        << e.what();
  }
  options = {};
  options.decimal = ',';
  EXPECT_EQ(table("a;b\n1,5;2\n2,5;3\n", options).column("a").numbers[1], 2.5);
}

TableEncoder fit(const Table& t, const std::string& target, std::vector<int64_t> rows = {}) {
  TableEncoderOptions options;
  options.target = target;
  return rows.empty() ? TableEncoder::fit(t, options) : TableEncoder::fit(t, rows, options);
}

TEST(Encoder, IsFittedOnTheTrainingRowsAlone) {
  const Table t = table("x,c,y\n1,a,p\n3,b,q\n,a,p\n100,z,q\n50,,q\n");
  const TableEncoder e = fit(t, "y", {0, 1, 2});
  EXPECT_EQ(e.feature_names(), (std::vector<std::string>{"x", "x missing", "c=a", "c=b", "c=?"}));
  EXPECT_EQ(e.labels(), (std::vector<std::string>{"p", "q"}));
  TableEncoder::Counts counts;
  const Tensor f = e.transform(t, &counts);
  EXPECT_TRUE(allclose(f, tensor({{-1.0, 0.0, 1.0, 0.0, 0.0},
                                  {1.0, 0.0, 0.0, 1.0, 0.0},
                                  {0.0, 1.0, 1.0, 0.0, 0.0},
                                  {98.0, 0.0, 0.0, 0.0, 1.0},
                                  {48.0, 0.0, 0.0, 0.0, 1.0}})))
      << "mean 2, deviation 1, median 2 of 1 and 3";
  EXPECT_EQ(counts.missing, 2);
  EXPECT_EQ(counts.unknown, 1);
  EXPECT_EQ(counts.by_column.at("c"), 2);
  EXPECT_TRUE(equal(e.targets(t), tensor({0, 1, 0, 1, 1})));
  EXPECT_THROW(e.targets(table("x,c,y\n1,a,r\n")), ValueError);
  EXPECT_THROW(e.transform(table("x\n1\n2\n")), ValueError);
  EXPECT_THROW(e.transform(table("x,c\nred,a\nblue,b\n")), ValueError);
}

TEST(Encoder, LeavesOutWhatTeachesNothing) {
  std::string text = "id,constant,name,x,y\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("{},7,somebody {},{},{}\n", i, i, i * i % 17, i % 13 * .5);
  const TableEncoder e = fit(table(text), "y");
  EXPECT_EQ(e.feature_names(), (std::vector<std::string>{"x"}));
  ASSERT_EQ(e.dropped().size(), 3U);
  EXPECT_EQ(e.dropped()[0].column, "constant");
  EXPECT_NE(e.dropped()[1].why.find("60 different"), std::string::npos);
  EXPECT_EQ(e.dropped()[2].column, "id");
  EXPECT_FALSE(e.is_classification());
  EXPECT_EQ(fit(table("x,y\n0,1.5\n1,2\n2,2.5\n3,4\n4,5\n5,6\n6,7\n7,8\n8,9\n9,10\n10,11\n"), "y").features(), 1)
      << "a count is kept where it is all there is";
  EXPECT_THROW(fit(table(text), "constant"), ValueError);
  EXPECT_THROW(fit(table(text), "name"), ValueError) << "as many classes as rows";
  EXPECT_THROW(fit(table("x,y\n1,1\n1,2\n"), "y"), ValueError) << "no feature is left";
  EXPECT_THROW(fit(table("x,y\n1,1\n2,\n"), "y", {0, 1}), ValueError) << "a missing target";
  TableEncoderOptions options;
  options.target = "y";
  options.ignore = {"x"};
  EXPECT_THROW(TableEncoder::fit(table(text), options), ValueError);
  options.ignore = {"z"};
  EXPECT_THROW(TableEncoder::fit(table(text), options), ValueError);
}

TEST(Encoder, ScalesTargetsAndBack) {
  const Table t = table("x,y\n1,10\n2,20\n5,40.5\n");
  const TableEncoder e = fit(t, "y");
  const Tensor y = e.targets(t);
  EXPECT_EQ(y.sizes(), (std::vector<int64_t>{3, 1}));
  EXPECT_NEAR(y.mean().item<double>(), 0, 1e-6);
  EXPECT_TRUE(allclose(e.inverse_target(y), tensor({{10.0}, {20.0}, {40.5}})));
  EXPECT_THROW(e.targets(table("x,y\n1,\n")), ValueError);
  const TableEncoder c = fit(table("x,y\n1,1\n2,0\n3,10\n5,1\n6,0\n7,10\n"), "y");
  EXPECT_EQ(c.labels(), (std::vector<std::string>{"0", "1", "10"})) << "numbers in their order";
  EXPECT_THROW(c.inverse_target(y), ValueError);
}

TEST(Encoder, KnowsTimes) {
  std::string text = "when,y\n";
  for (int i = 0; i < 28; ++i) text += fmt::format("2024-02-{:02}T{:02}:00,{}\n", i + 1, i % 24, i * 1.5);
  const Table t = table(text);
  const TableEncoder e = fit(t, "y");
  EXPECT_EQ(e.features(), 7);
  const Tensor f = e.transform(t);
  const Tensor sine = f.select(1, 3), cosine = f.select(1, 4);
  EXPECT_TRUE(allclose(sine * sine + cosine * cosine, ones({28})));
  EXPECT_NEAR(f[6][5].item<double>(), 1, 1e-6) << "six in the morning is a quarter of a day";
}

TEST(Encoder, GivesIndicesForEmbeddings) {
  const Table t = table("c,x,y\na,1,p\nb,2,q\na,4,p\n");
  TableEncoderOptions options;
  options.target = "y";
  options.categories = TableEncoderOptions::Categories::kIndex;
  const TableEncoder e = TableEncoder::fit(t, options);
  EXPECT_EQ(e.features(), 1);
  EXPECT_EQ(e.category_sizes(), (std::vector<int64_t>{3}));
  TableEncoder::Counts counts;
  EXPECT_TRUE(
      equal(e.categories(table("c,x,y\nb,1,p\nz,1,p\na,1,q\n,1,q\n"), &counts), tensor({2, 0, 1, 0}).view({4, 1})));
  EXPECT_EQ(counts.unknown, 1);
  EXPECT_EQ(counts.missing, 1);
  EXPECT_THROW(fit(t, "y").categories(t), ValueError);
}

TEST(Encoder, IsKeptAsJson) {
  const Table t = table("x,c,when,y\n1,\xe4,2024-01-01,p\n3,b,2024-02-01,q\n,\xe4,2024-01-05,p\n");
  const TableEncoder e = fit(t, "y"), same = TableEncoder::from_json(e.to_json());
  EXPECT_TRUE(equal(e.transform(t), same.transform(t))) << "with a level that is no UTF-8";
  EXPECT_TRUE(equal(e.targets(t), same.targets(t)));
  EXPECT_EQ(e.feature_names(), same.feature_names());
  EXPECT_EQ(e.to_json(), same.to_json());
  const std::string text = e.to_json();
  for (size_t n = 0; n < text.size(); ++n) EXPECT_THROW(TableEncoder::from_json(text.substr(0, n)), FileError) << n;
  for (const char* bad : {"{}", "[]", "1", "{\"format\":\"hearth table encoder\",\"version\":2}"})
    EXPECT_THROW(TableEncoder::from_json(bad), FileError);
  const Table again = Table::read_csv(CsvReader("x,c,y\n7,1,p\n", "t", {}), same.table_options());
  EXPECT_EQ(again.column("c").kind, ColumnKind::kCategorical) << "as in training, though it looks like a number";
}

TEST(Encoder, RefusesWhatNoFloatHolds) {
  const Table train = table("x,y\n1,1\n2,3\n4,2\n"), far = table("x,y\n1,1\n7e151,2\n3,-1e300\n");
  const TableEncoder e = fit(train, "y");
  for (const bool features : {true, false}) try {
      features ? e.transform(far) : e.targets(far);
      ADD_FAILURE() << "not refused";
    } catch (const ValueError& error) {
      EXPECT_NE(std::string(error.what()).find(features ? "line 3: \"x\" is 7e+151" : "line 4: \"y\" is -1e+300"),
                std::string::npos)
          << error.what();
    }
}

TEST(Encoder, RealTables) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const std::string folder = std::string(data) + "/tabular/";
  const Table penguins = Table::read_csv(folder + "penguins.csv");
  const TableEncoder p = fit(penguins, "species");
  EXPECT_EQ(p.labels().size(), 3U);
  EXPECT_TRUE(p.is_classification());
  EXPECT_EQ(penguins.column("sex").missing, 11);
  EXPECT_EQ(p.features(), 4 + 8 + 3) << "island and sex each with an unknown, four numbers with indicators";
  const Table mpg = Table::read_csv(folder + "mpg.csv");
  const TableEncoder m = fit(mpg, "mpg");
  EXPECT_FALSE(m.is_classification());
  ASSERT_EQ(m.dropped().size(), 1U);
  EXPECT_EQ(m.dropped()[0].column, "name");
  EXPECT_EQ(m.features(), 6 + 1 + 4);
  EXPECT_TRUE(m.transform(mpg).isfinite().all().item<bool>());
  // Least squares on these features explains more than 0.8 of the variance.
  const Tensor x = cat({m.transform(mpg), ones({mpg.rows(), 1})}, 1).to(kDouble), y = m.targets(mpg).to(kDouble);
  const Tensor w = linalg::solve(x.t().matmul(x) + 1e-6 * eye(x.size(1), kDouble), x.t().matmul(y));
  EXPECT_LT((x.matmul(w) - y).pow(2).mean().item<double>(), 0.2);
}

TEST(TableDataset, GivesRows) {
  const Table t = table("x,y\n1,a\n3,b\n");
  datasets::TableDataset d(t, fit(t, "y"));
  EXPECT_EQ(*d.size(), 2U);
  EXPECT_EQ(d.get(1).data.item<float>(), 1);
  EXPECT_EQ(d.get(1).target.item<int64_t>(), 1);
}

}  // namespace
}  // namespace hearth::data
