#include "kit/run_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>

#include "base/fail.h"
#include "hearth/cpu.h"
#include "hearth/io/text_file.h"
#include "hearth/threads.h"
#include "hearth/version.h"

namespace hearth::kit {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

bool exists(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0;
}
bool is_folder(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

namespace {
std::string time_text(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}
}  // namespace

RunFolder RunFolder::create(const std::string& out, const std::string& name) {
  std::string path = out;
  if (path.empty()) {
    const std::string base = "runs/" + time_text("%Y%m%d-%H%M%S") + "_" + name;
    path = base;
    for (int i = 2; exists(path); ++i) path = fmt::format("{}_{}", base, i);
  }
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  // A run that was killed while its folder was being made has no configuration yet, and is none.
  if (exists(path + "/metrics.jsonl") || exists(path + "/config.yaml"))
    fail("[run] {} holds a run already; give another folder with --out, or go on with --resume {}", path, path);
  io::make_folders(path + "/checkpoints");
  if (::access(path.c_str(), W_OK) != 0)
    throw FileError(
        fmt::format("[run] the folder {} can't be written: {}; give another with --out", path, std::strerror(errno)),
        path, -1, errno);
  return RunFolder(path);
}

RunFolder RunFolder::open(const std::string& path) {
  if (!is_folder(path)) throw FileError(fmt::format("[run] there is no run folder {}; check the path", path), path);
  if (!exists(path + "/config.yaml"))
    throw FileError(fmt::format("[run] {} holds no run: there is no config.yaml in it", path), path);
  return RunFolder(path);
}

void RunFolder::write_json(const std::string& name, const Json& content) const {
  io::write_text(file(name), content.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}
Json RunFolder::read_json(const std::string& name) const {
  const std::string path = file(name);
  try {
    return Json::parse(io::read_text(path, int64_t{1} << 30));
  } catch (const Json::exception& e) {
    throw FileError(fmt::format("[run] {} is damaged: {}", path, e.what()), path);
  }
}

namespace {
/// The first line that a command prints; "" where it fails.
std::string line_of(const char* command) {
  std::FILE* pipe = ::popen(command, "r");
  if (!pipe) return {};
  char text[512] = "";
  if (!std::fgets(text, sizeof text, pipe)) text[0] = 0;
  ::pclose(pipe);
  return std::string(text, std::strcspn(text, "\n"));
}
}  // namespace

Json environment(const std::vector<std::string>& words, int64_t seed) {
  char host[256] = "", folder[4096] = "";
  ::gethostname(host, sizeof host - 1);
  if (!::getcwd(folder, sizeof folder)) folder[0] = 0;
  Json e = {{"command", words},
            {"folder", folder},
            {"hearth", version()},
            {"threads", get_num_threads()},
            {"instruction_set", instruction_set()},
            {"seed", seed},
            {"host", host},
            {"started", time_text("%Y-%m-%dT%H:%M:%S%z")}};
  if (const std::string commit = line_of("git rev-parse HEAD 2>/dev/null"); !commit.empty()) {
    e["git_commit"] = commit;
    e["git_changed"] = !line_of("git status --porcelain --untracked-files=no 2>/dev/null").empty();
  }
  return e;
}

RecordWriter::RecordWriter(const RunFolder& folder, int64_t records) : folder_(folder) {
  const std::string path = folder_.file("metrics.jsonl");
  std::string lines;
  if (records > 0) {
    const std::string all = io::read_text(path);
    size_t at = 0;
    for (int64_t i = 0; i < records; ++i) {
      const size_t end = all.find('\n', at);
      if (end == std::string::npos)
        throw FileError(fmt::format("[run] {} has {} lines, and the checkpoint is from after {}", path, i, records),
                        path);
      kept_.push_back(Json::parse(all.substr(at, end - at), nullptr, false));
      at = end + 1;
    }
    lines = all.substr(0, at);
  }
  io::write_text(path, lines);
  jsonl_ = std::fopen(path.c_str(), "a");
  if (!jsonl_)
    throw FileError(fmt::format("[run] {} can't be written: {}", path, std::strerror(errno)), path, -1, errno);
}
RecordWriter::~RecordWriter() {
  if (jsonl_) std::fclose(jsonl_);
  if (csv_) std::fclose(csv_);
}

void RecordWriter::write(const char* name, std::FILE* file, const std::string& line) {
  if (std::fwrite(line.data(), 1, line.size(), file) == line.size() && std::fflush(file) == 0) return;
  const std::string path = folder_.file(name);
  throw FileError(
      fmt::format("[run] {} can't be written: {}; make room and go on with --resume", path, std::strerror(errno)), path,
      -1, errno);
}

void RecordWriter::on_record(train::Trainer& trainer, const train::Record& record) {
  Json line = {{"step", record.step}, {"epoch", record.epoch}, {"time", number(record.seconds)}};
  for (const auto& [name, value] : record.values) line[name] = number(value);
  write("metrics.jsonl", jsonl_, line.dump() + "\n");
  if (!csv_) start_csv(trainer, record);
  csv_line(line);
}

/// Columns are fixed from the start: all that a record can have.
void RecordWriter::start_csv(const train::Trainer& trainer, const train::Record& record) {
  columns_ = {"step", "epoch", "time"};
  const train::Scores scores = trainer.training_scores();
  for (const char* part : {"train", "val"})
    for (const auto& [name, value] : scores) columns_.push_back(part + name.substr(name.find('/')));
  for (const auto& [name, value] : record.values)
    if (name.find('/') == std::string::npos || name.starts_with("grad_norm/")) columns_.push_back(name);
  std::string header;
  for (const std::string& c : columns_) header += (header.empty() ? "" : ",") + c;
  const std::string path = folder_.file("metrics.csv");
  csv_ = std::fopen(path.c_str(), "w");
  if (!csv_) throw FileError(fmt::format("[run] {} can't be written: {}", path, std::strerror(errno)), path, -1, errno);
  write("metrics.csv", csv_, header + "\n");
  for (const Json& line : kept_) csv_line(line);
  kept_.clear();
}
void RecordWriter::csv_line(const Json& line) {
  std::string text;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const auto value = line.find(columns_[i]);
    text += (i > 0 ? "," : "") + (value == line.end() || value->is_null() ? "" : value->dump());
  }
  write("metrics.csv", csv_, text + "\n");
}

}  // namespace hearth::kit
