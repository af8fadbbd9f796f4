#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hearth/train/trainer.h"
#include "kit/log.h"

namespace hearth::kit {

using Json = nlohmann::ordered_json;

/// Numbers that JSON can't hold become null.
Json number(double value);

/// Where a run writes everything: config.yaml, environment.json, metrics.jsonl and .csv, log.txt, checkpoints/,
/// model.safetensors, model.json, summary.json.
class RunFolder {
 public:
  /// `out`, or runs/<YYYYmmdd-HHMMSS>_<name> where it is "". FileError where it can't be made; ValueError where it
  /// holds a run already.
  static RunFolder create(const std::string& out, const std::string& name);
  /// An existing one. FileError, with what is missing, where it holds no run.
  static RunFolder open(const std::string& path);

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  void write_json(const std::string& name, const Json& content) const;
  Json read_json(const std::string& name) const;

 private:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

bool exists(const std::string& path);
bool is_folder(const std::string& path);

/// What a run was made with: command line, folder, git state, version, threads, processor, host, seed, time.
Json environment(const std::vector<std::string>& words, int64_t seed);

/// Writes metrics.jsonl and metrics.csv, a line for each record, at once.
class RecordWriter : public train::Callback {
 public:
  /// Keeps the first `records` lines of files that are there: what came after them is done again.
  RecordWriter(const RunFolder& folder, int64_t records);
  ~RecordWriter() override;
  void on_record(train::Trainer& trainer, const train::Record& record) override;

 private:
  void write(const char* name, std::FILE* file, const std::string& line);
  void start_csv(const train::Trainer& trainer, const train::Record& record);
  void csv_line(const Json& line);

  RunFolder folder_;
  std::FILE *jsonl_ = nullptr, *csv_ = nullptr;
  std::vector<Json> kept_;
  std::vector<std::string> columns_;
};

}  // namespace hearth::kit
