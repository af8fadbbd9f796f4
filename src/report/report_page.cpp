#include "report/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hearth/error.h"
#include "hearth/io/text_file.h"
#include "report/assets.h"
#include "report/chart.h"
#include "report/run_files.h"

namespace hearth::report {

namespace {

std::string base64(const std::string& bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](size_t j) { return j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0u; };
    const uint32_t three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += digits[three >> 18];
    out += digits[three >> 12 & 63];
    out += i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? digits[three & 63] : '=';
  }
  return out;
}

/// JSON that may stand in a <script>: nothing in it ends the element.
std::string for_script(const Json& content) {
  std::string out;
  for (const char c : content.dump(-1, ' ', false, Json::error_handler_t::replace))
    out += c == '<' ? "\\u003c" : std::string(1, c);
  return out;
}

std::string page(const std::string& title, const Json& content) {
  return fmt::format(R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>{}</title>
<style>{}</style><style>{}</style></head><body>
<script>{}</script>
<script>const HEARTH={};</script>
<script>{}</script>
</body></html>
)",
                     escaped(title), kUPlotStyle, kReportStyle, kUPlotScript, for_script(content), kReportScript);
}

/// Pictures that the summary names become part of it.
void inline_pictures(const std::string& run, Json& summary) {
  if (!summary.is_object() || !summary.contains("worst") || !summary["worst"].is_array()) return;
  for (Json& sample : summary["worst"]) {
    if (!sample.is_object() || !sample.contains("image") || !sample["image"].is_string()) continue;
    const std::string name = sample["image"];
    const std::string bytes = name.find("..") == std::string::npos ? read_text(run, name.c_str()) : "";
    if (bytes.empty()) {
      sample.erase("image");
    } else {
      sample["image"] = "data:image/png;base64," + base64(bytes);
    }
  }
}

/// "train/loss" and "val/loss" are two curves of "loss".
std::map<std::string, Chart> charts_of(const Json& records) {
  std::map<std::string, Chart> charts;
  for (auto& [key, series] : series_of(records)) {
    const size_t slash = key.find('/');
    const std::string first = key.substr(0, slash), rest = slash == std::string::npos ? "" : key.substr(slash + 1);
    const bool by_layer = first == "grad_norm" && !rest.empty();
    const std::string title = by_layer ? "grad_norm by layer" : rest.empty() ? key : rest;
    Chart& chart = charts[title];
    chart.title = title;
    chart.x_label = "step";
    series.name = by_layer ? rest : rest.empty() ? "" : first;
    chart.series.push_back(std::move(series));
  }
  return charts;
}

}  // namespace

std::string report_page(const std::string& run) {
  Json summary = read_json(run, "summary.json");
  inline_pictures(run, summary);
  const Json content = {{"live", false},
                        {"runs",
                         {{{"name", base_name(run)},
                           {"records", read_records(run).lines},
                           {"summary", summary},
                           {"config", read_text(run, "config.yaml")},
                           {"model", read_text(run, "model.txt")},
                           {"environment", read_json(run, "environment.json")}}}}};
  return page(base_name(run), content);
}

std::string board_page(const std::string& title) {
  return page(title, {{"live", true}, {"title", title}, {"runs", Json::array()}});
}

void write_report(const std::string& run) {
  const Records records = read_records(run);
  if (records.lines.empty())
    throw FileError(fmt::format("[report] {}/metrics.jsonl has no records; name the folder of a run", run),
                    run + "/metrics.jsonl");
  io::make_folders(run + "/plots");
  for (const auto& [quantity, chart] : charts_of(records.lines))
    write_chart(chart, run + "/plots/" + file_name(quantity));

  io::write_text(run + "/report.html", report_page(run));
}

}  // namespace hearth::report
