#include "kit/task.h"

#include <cmath>
#include <cstdlib>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "kit/nearest.h"

namespace hearth::kit {

using train::Config;

namespace {

bool ends_with_any(const std::string& path, std::initializer_list<const char*> ends) {
  std::string lower = path;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  for (const char* e : ends)
    if (lower.ends_with(e)) return true;
  return false;
}

/// What data.path is, where data.task leaves it open.
std::string find_task(const Config& config) {
  if (config.has("data.name")) return "custom";
  const std::string& path = config.text("data.path");
  if (config.text("data.task") != "auto") return config.text("data.task");
  if (path == "digits") return "digits";
  if (!exists(path))
    throw FileError(
        fmt::format("[train] there is no {}; give data.path (or --data) \"digits\", a .csv or .txt file, or "
                    "a folder of images or of MNIST's or CIFAR's files",
                    path),
        path);
  if (is_folder(path)) {
    const std::string kind = pictures_at(path);
    return kind.empty() ? "images" : kind;
  }
  if (ends_with_any(path, {".csv", ".tsv"})) return config.has("data.time") ? "series" : "table";
  if (ends_with_any(path, {".txt", ".text", ".md"})) return "text";
  fail(
      "[train] {} is neither a folder nor a .csv or .txt file; say what it is with data.task=table, text, series, "
      "images, mnist or cifar",
      path);
}

/// Whether data is of the kind that a run's model was trained with.
void check_task(const std::string& task, const Json& recipe, const std::string& path) {
  const auto known = recipe.at("task").get<std::string>();
  const bool pictures = task == "digits" || task == "mnist" || task == "cifar" || task == "images";
  if ((pictures ? "pictures" : task) != known)
    fail("[eval] {} is {} data, and this run's model was trained with {}; give data of that kind", path, task, known);
}

Loaded load(Config& config, const Json* recipe, const std::vector<train::DataEntry>& own) {
  const std::string task = find_task(config);
  config.choose("data.task", task, task == "custom" ? "data.name is given" : "what data.path is");
  if (recipe) check_task(task, *recipe, config.text("data.path"));
  if (task == "custom") {
    for (const train::DataEntry& e : own)
      if (e.variant.name == config.text("data.name")) {
        config.choose("run.batch_size", int64_t{64}, "a common size");
        Loaded loaded;
        loaded.data = e.make(config.section("data"), train_batches(config));
        loaded.recipe = {{"task", "custom"}};
        return loaded;
      }
    fail("[train] there is no data set \"{}\" in this program", config.text("data.name"));
  }
  if (task == "table") return load_table(config, recipe);
  if (task == "text") return load_text(config, recipe);
  if (task == "series") return load_series(config, recipe);
  if (task == "images") return load_image_folder(config, recipe);
  return load_pictures(config, recipe);
}

}  // namespace

Loaded load_data(Config& config, const std::vector<train::DataEntry>& own) {
  // A path that means the same from every folder, for later commands.
  if (config.has("data.path") && config.text("data.path") != "digits")
    if (char* absolute = ::realpath(config.text("data.path").c_str(), nullptr)) {
      if (config.is_set("data.path")) config.set("data.path", std::string(absolute), "the path given, made absolute");
      std::free(absolute);
    }
  return load(config, nullptr, own);
}

Loaded load_for_eval(Config& config, const Json& recipe, const std::string& other_path,
                     const std::vector<train::DataEntry>& own) {
  if (other_path.empty()) return load(config, nullptr, own);
  config.set("data.path", other_path, "--data");
  if (recipe.at("task").get<std::string>() == "pictures") config.set("data.task", "auto", "--data");
  return load(config, &recipe, own);
}

Tensor places(const std::vector<int64_t>& rows) { return rows.empty() ? empty({0}, kLong) : tensor(rows); }

namespace {
int64_t share_of(int64_t samples, double share) {
  if (share <= 0) return 0;
  return std::max<int64_t>(1, std::llround(static_cast<double>(samples) * share));
}
void check_split(int64_t samples, double val, double test) {
  if (val + test >= 1)
    fail("[train] data.val is {} and data.test {}, which leaves nothing to train on; give less than 1 in all", val,
         test);
  if (share_of(samples, val) + share_of(samples, test) >= samples)
    fail("[train] {} samples are too few to train, validate and test with; give more data", samples);
}
}  // namespace

Split split_in_order(int64_t samples, double val, double test) {
  check_split(samples, val, test);
  const int64_t n_test = share_of(samples, test), n_val = share_of(samples, val);
  Split split;
  for (int64_t i = 0; i < samples; ++i)
    (i < samples - n_test - n_val ? split.train : i < samples - n_test ? split.val : split.test).push_back(i);
  return split;
}

Split split_randomly(int64_t samples, double val, double test, uint64_t seed, const Tensor& labels) {
  check_split(samples, val, test);
  const Tensor order = randperm(samples, hearth::detail::createCPUGenerator(seed * 2654435761 + 12345));
  const int64_t* at = order.data_ptr<int64_t>();
  std::vector<std::vector<int64_t>> groups(1);
  if (labels.defined()) {
    const Tensor y = labels.contiguous();
    const int64_t* label = y.data_ptr<int64_t>();
    for (int64_t i = 0; i < samples; ++i) {
      const auto c = static_cast<size_t>(label[at[i]]);
      if (groups.size() <= c) groups.resize(c + 1);
      groups[c].push_back(at[i]);
    }
  } else {
    groups[0].assign(at, at + samples);
  }
  // Shares of all groups together are rounded, not each by itself: what is left over goes on to the next group.
  Split split;
  double test_due = 0, val_due = 0;
  for (const std::vector<int64_t>& group : groups) {
    const auto n = static_cast<double>(group.size());
    test_due += n * test;
    val_due += n * val;
    for (size_t i = 0; i < group.size(); ++i) {
      if (test_due >= 0.5) {
        split.test.push_back(group[i]);
        --test_due;
      } else if (val_due >= 0.5) {
        split.val.push_back(group[i]);
        --val_due;
      } else {
        split.train.push_back(group[i]);
      }
    }
  }
  const auto at_least_one = [&](std::vector<int64_t>& part, double share) {
    if (share <= 0 || !part.empty()) return;
    part.push_back(split.train.back());
    split.train.pop_back();
  };
  at_least_one(split.test, test);
  at_least_one(split.val, val);
  return split;
}

train::BatchOptions train_batches(const Config& config) {
  return train::BatchOptions(config.integer("run.batch_size"))
      .shuffle(true)
      .workers(config.integer("run.workers"))
      .seed(static_cast<uint64_t>(config.integer("run.seed")));
}
train::BatchOptions eval_batches(const Config& config) {
  return train::BatchOptions(config.integer("run.eval_batch_size")).workers(config.integer("run.workers"));
}

int64_t fitting_batch_size(int64_t samples) { return samples < 2000 ? 32 : samples < 100000 ? 64 : 128; }

int64_t fitting_epochs(int64_t samples, int64_t batch_size, int64_t steps, int64_t least, int64_t most) {
  const int64_t per_epoch = std::max<int64_t>(1, (samples + batch_size - 1) / batch_size);
  return std::clamp((steps + per_epoch - 1) / per_epoch, least, most);
}

}  // namespace hearth::kit
