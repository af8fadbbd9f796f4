#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/chart.h"

namespace hearth::report {

using Json = nlohmann::ordered_json;

/// Lines of a run's metrics.jsonl, from a byte on.
struct Records {
  Json lines = Json::array();
  int64_t next = 0;      ///< where to go on: after the last whole line
  bool restart = false;  ///< the file is shorter than `from`: these are all its lines
};
/// A line that is no JSON object (one that is being written, or a damaged one) ends what is read. A missing file has
/// none.
Records read_records(const std::string& run, int64_t from = 0);

/// A JSON file of a run; null where it is missing or not JSON.
Json read_json(const std::string& run, const char* name);
/// A text file of a run; "" where it is missing.
std::string read_text(const std::string& run, const char* name);

/// The numbers that records hold, a curve for each of their keys, over the step.
std::map<std::string, Series> series_of(const Json& records);
/// "train/loss" as part of a file's name: "train_loss".
std::string file_name(std::string key);

/// Whether a folder holds a run.
bool is_run(const std::string& path);
/// The folders below `path` that hold a metrics.jsonl, by name; `path` itself, under the name of its folder, if it
/// does.
std::vector<std::string> find_runs(const std::string& path);
/// The last part of a path.
std::string base_name(const std::string& path);

}  // namespace hearth::report
