#include "report/run_files.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace hearth::report {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kMostText = int64_t{64} << 20;

/// From a byte to the end, at most kMostText; "" where the file can't be read.
std::string rest_of(const std::string& path, int64_t from) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(from);
  std::string text;
  char block[1 << 16];
  while (file && static_cast<int64_t>(text.size()) < kMostText) {
    file.read(block, sizeof block);
    text.append(block, static_cast<size_t>(file.gcount()));
  }
  return text;
}

}  // namespace

Records read_records(const std::string& run, int64_t from) {
  const std::string path = run + "/metrics.jsonl";
  std::error_code error;
  const auto size = fs::file_size(path, error);
  Records out;
  if (error) {
    out.restart = from > 0;
    return out;
  }
  out.restart = from < 0 || from > static_cast<int64_t>(size);
  out.next = out.restart ? 0 : from;
  const std::string text = rest_of(path, out.next);
  size_t at = 0;
  for (size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    Json line = Json::parse(text.substr(at, end - at), nullptr, /*allow_exceptions=*/false);
    if (!line.is_object()) break;
    out.lines.push_back(std::move(line));
  }
  out.next += static_cast<int64_t>(at);
  return out;
}

std::string read_text(const std::string& run, const char* name) { return rest_of(run + "/" + name, 0); }

Json read_json(const std::string& run, const char* name) {
  Json content = Json::parse(read_text(run, name), nullptr, /*allow_exceptions=*/false);
  return content.is_discarded() ? Json() : content;
}

std::string base_name(const std::string& path) {
  fs::path p = fs::path(path).lexically_normal();
  if (p.filename().empty()) p = p.parent_path();
  if (p.filename() == "." || p.filename().empty()) p = fs::absolute(p).lexically_normal().parent_path();
  return p.filename().string();
}

std::map<std::string, Series> series_of(const Json& records) {
  std::map<std::string, Series> series;
  for (const Json& record : records) {
    if (!record.contains("step") || !record["step"].is_number()) continue;
    for (const auto& [key, value] : record.items()) {
      if (!value.is_number() || key == "step" || key == "epoch" || key == "time") continue;
      series[key].x.push_back(record["step"].get<double>());
      series[key].y.push_back(value.get<double>());
    }
  }
  return series;
}

std::string file_name(std::string key) {
  for (char& c : key)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '_';
  return key;
}

bool is_run(const std::string& path) {
  std::error_code error;
  return fs::exists(path + "/metrics.jsonl", error);
}

std::vector<std::string> find_runs(const std::string& path) {
  if (is_run(path)) return {path};
  std::error_code error;
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(path, error))
    if (is_run(entry.path().string())) out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace hearth::report
