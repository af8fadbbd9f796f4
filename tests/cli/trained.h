#pragma once

#include <nlohmann/json.hpp>

#include "cli/command.h"

namespace hearth {

/// Trainings by the command, and what they leave in their folders.
class Trained : public Command {
 protected:
  std::string out(const std::string& name) const { return (folder_ / name).string(); }
  /// Behind a command: sends it a signal once it has written so many checkpoints, and ends with its status.
  std::string when_checkpoints(const std::string& name, int count, const std::string& signal) const {
    return " & pid=$!; until [ \"$(ls " + out(name) + "/checkpoints 2>/dev/null | grep -c 'ckpt$')\" -ge " +
           std::to_string(count) + " ]; do kill -0 $pid 2>/dev/null || break; done; kill -" + signal +
           " $pid; wait $pid; exit $?";
  }
  nlohmann::json summary(const std::string& name) const {
    return nlohmann::json::parse(slurp(out(name) + "/summary.json"));
  }
  std::string weights(const std::string& name) const { return slurp(out(name) + "/model.safetensors"); }
  /// metrics.jsonl without what hangs on the clock.
  std::vector<std::string> records(const std::string& name) const {
    std::vector<std::string> lines;
    const std::string text = slurp(out(name) + "/metrics.jsonl");
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      nlohmann::json line = nlohmann::json::parse(text.substr(at, text.find('\n', at) - at));
      for (const char* key : {"time", "samples_per_second", "data_wait", "memory_bytes"}) {
        EXPECT_TRUE(line.contains(key)) << key;
        line.erase(key);
      }
      lines.push_back(line.dump());
    }
    return lines;
  }
};

}  // namespace hearth
