#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "base/fail.h"
#include "cli/settings.h"
#include "hearth/io/text_file.h"
#include "kit/run_folder.h"
#include "report/chart.h"
#include "report/run_files.h"

namespace hearth::cli {

namespace {

using Table = std::vector<std::vector<std::string>>;

/// Columns as wide as their widest cell; the first row is the head.
std::string table_text(const Table& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i) {
      if (i == widths.size()) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string number(const report::Json& summary, const char* part, const char* key) {
  if (!summary.is_object() || !summary.contains(part) || !summary[part].is_object() || !summary[part].contains(key))
    return "-";
  const report::Json& v = summary[part][key];
  return v.is_number() ? fmt::format("{:.5g}", v.get<double>()) : v.is_string() ? v.get<std::string>() : "-";
}

/// Settings in which any two of the runs differ, a row each.
Table differing_settings(const std::vector<std::string>& runs, const Context& context) {
  std::vector<train::Config> configs;
  for (const std::string& run : runs) {
    configs.push_back(empty_config(context));
    configs.back().read_file(run + "/config.yaml");
  }
  std::map<std::string, std::map<size_t, std::string>> values;
  for (size_t i = 1; i < configs.size(); ++i)
    for (const std::string& d : configs[0].differences(configs[i])) {  // "key: a and b"
      const size_t colon = d.find(": "), both = d.rfind(" and ");
      values[d.substr(0, colon)][0] = d.substr(colon + 2, both - colon - 2);
      values[d.substr(0, colon)][i] = d.substr(both + 5);
    }
  Table rows;
  for (auto& [key, by_run] : values) {
    if (key == "run.out" || key == "run.name") continue;
    rows.push_back({key});
    for (size_t i = 0; i < runs.size(); ++i) rows.back().push_back(by_run.count(i) ? by_run[i] : by_run[0]);
  }
  return rows;
}

Table comparison(const std::vector<std::string>& runs, const Context& context) {
  Table rows{{""}};
  for (const std::string& run : runs) rows[0].push_back(report::base_name(run));
  for (auto& row : differing_settings(runs, context)) rows.push_back(std::move(row));
  std::vector<report::Json> summaries;
  std::vector<std::string> scores;
  for (const std::string& run : runs) {
    summaries.push_back(report::read_json(run, "summary.json"));
    const report::Json& s = summaries.back();
    if (s.is_object() && s.contains("test") && s["test"].is_object())
      for (const auto& [name, value] : s["test"].items())
        if (std::find(scores.begin(), scores.end(), name) == scores.end()) scores.push_back(name);
  }
  const auto row = [&](const std::string& name, auto&& cell) {
    rows.push_back({name});
    for (const report::Json& s : summaries) rows.back().push_back(cell(s));
  };
  row("status", [](const report::Json& s) { return s.is_object() ? s.value("status", "?") : "unfinished"; });
  row("epochs", [](const report::Json& s) {
    return s.is_object() && s.contains("epochs") ? s["epochs"].dump() : std::string("-");
  });
  row("seconds", [](const report::Json& s) {
    return s.is_object() && s.contains("seconds") && s["seconds"].is_number()
               ? fmt::format("{:.1f}", s["seconds"].get<double>())
               : "-";
  });
  row("best", [](const report::Json& s) { return number(s, "best", "value"); });
  for (const std::string& name : scores)
    row("test " + name, [&](const report::Json& s) { return number(s, "test", name.c_str()); });
  return rows;
}

/// A chart for each quantity that a run recorded: a curve for each run that did.
std::map<std::string, report::Chart> overlaid(const std::vector<std::string>& runs) {
  std::map<std::string, report::Chart> charts;
  for (const std::string& run : runs) {
    for (auto& [key, s] : report::series_of(report::read_records(run).lines)) {
      report::Chart& chart = charts[key];
      chart.title = key;
      chart.x_label = "step";
      s.name = report::base_name(run);
      chart.series.push_back(std::move(s));
    }
  }
  return charts;
}

}  // namespace

void add_compare(CLI::App& command, Context& context) {
  auto runs = std::make_shared<std::vector<std::string>>();
  auto out = std::make_shared<std::string>();
  command.add_option("runs", *runs, "folders of runs, two or more")->required();
  command.add_option("--out", *out, "a folder for overlaid curves, SVG and PNG; it is made");
  command.callback([runs, out, &context] {
    if (runs->size() < 2) fail("[compare] there is one run; give at least two");
    for (const std::string& run : *runs) kit::RunFolder::open(run);
    fmt::print("{}", table_text(comparison(*runs, context)));
    if (out->empty()) return;
    context.status_of_errors = 1;
    io::make_folders(*out);
    for (const auto& [key, chart] : overlaid(*runs)) report::write_chart(chart, *out + "/" + report::file_name(key));
    fmt::print("curves: {}\n", *out);
  });
}

}  // namespace hearth::cli
