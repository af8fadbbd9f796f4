#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/fail.h"
#include "cli/settings.h"
#include "hearth/io/text_file.h"
#include "kit/session.h"

namespace hearth::cli {

namespace {

/// A folder that goes away with everything in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hearth-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw FileError("[verify-resume] can't make a folder in " + name, name);
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Knows the step that a training is at.
struct StepWatch : train::Callback {
  void on_step_end(train::Trainer& t) override { step = t.state().step; }
  int64_t step = 0;
};

/// metrics.jsonl without what hangs on the clock.
std::string records_of(const std::string& folder) {
  std::string out;
  const std::string text = io::read_text(folder + "/metrics.jsonl");
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    kit::Json line = kit::Json::parse(text.substr(at, end - at));
    for (const char* key : {"time", "samples_per_second", "data_wait", "memory_bytes"}) line.erase(key);
    out += line.dump() + "\n";
    at = end + 1;
  }
  return out;
}

void train_in(const Context& context, const train::Config& config, const std::string& folder, bool resume,
              int64_t stop_at) {
  const auto watch = std::make_shared<StepWatch>();
  kit::TrainRequest request;
  request.config = config;
  request.config.set("run.out", folder, "verify-resume");
  request.models = context.models;
  request.datasets = context.datasets;
  if (resume) request.resume = folder;
  request.watchers = {watch};
  if (stop_at > 0) request.stop = [watch, stop_at] { return watch->step >= stop_at; };
  kit::run_training(request);
}

void verify(const Settings& settings, int64_t steps, Context& context) {
  train::Config config = make_config(settings, context);
  if (!config.is_set("run.max_steps")) config.set("run.max_steps", steps, "verify-resume");
  config.set("run.log_every", int64_t{1}, "verify-resume");
  const int64_t all = config.integer("run.max_steps");
  if (all < 2) fail("[verify-resume] a run of {} step can't be interrupted; give --steps at least 2", all);
  const ScratchFolder scratch;
  context.status_of_errors = 1;
  train_in(context, config, scratch / "whole", false, 0);
  const std::string records = records_of(scratch / "whole");
  const std::string weights = io::read_text(scratch / "whole/model.safetensors");
  int64_t wrong = 0;
  for (const int64_t at : {int64_t{1}, all / 2, all - 1}) {
    const std::string folder = scratch / fmt::format("at{}", at);
    train_in(context, config, folder, false, at);
    train::Config other = config;
    other.set("run.workers", config.integer("run.workers") == 0 ? int64_t{2} : int64_t{0}, "verify-resume");
    train_in(context, other, folder, true, 0);
    const bool same_weights = io::read_text(folder + "/model.safetensors") == weights;
    const bool same_records = records_of(folder) == records;
    wrong += !same_weights || !same_records;
    fmt::print("interrupted after step {} of {}, resumed with {} workers: weights {}, records {}\n", at, all,
               other.integer("run.workers"), same_weights ? "equal" : "DIFFER", same_records ? "equal" : "DIFFER");
    std::fflush(stdout);
  }
  fmt::print("{}\n", wrong == 0 ? "a resumed run is the uninterrupted one, to the bit"
                                : "a resumed run is NOT the uninterrupted one");
  context.status = wrong == 0 ? 0 : 1;
}

}  // namespace

void add_verify_resume(CLI::App& command, Context& context) {
  auto settings = std::make_shared<Settings>();
  auto steps = std::make_shared<int64_t>(12);
  add_settings(command, *settings);
  command.add_option("--steps", *steps, "of each run, unless run.max_steps is given")->capture_default_str();
  command.callback([settings, steps, &context] { verify(*settings, *steps, context); });
}

}  // namespace hearth::cli
