// Pictures that fit into memory: drawn digits, MNIST's files, CIFAR's.
#include <filesystem>

#include "base/fail.h"
#include "base/json_numbers.h"
#include "hearth/data/cifar.h"
#include "hearth/data/digits.h"
#include "hearth/data/mnist.h"
#include "hearth/hearth.h"
#include "kit/pictures.h"

namespace hearth::kit {

using data::datasets::Digits;
using data::datasets::MNIST;
using train::Config;

namespace {

struct Pair {
  Tensor pictures, targets;  // [N, C, H, W] in [0, 1]; [N]
};
/// All pictures; `test` is undefined where the data has no test part of its own.
struct Source {
  Pair all, test;
  std::vector<std::string> classes;
  std::string note;
};

bool has_idx(const std::string& folder, const char* part) {
  const std::string images = fmt::format("{}/{}-images-idx3-ubyte", folder, part);
  return exists(images) || exists(images + ".gz");
}

bool has_cifar10(const std::string& folder) {
  return exists(folder + "/data_batch_1.bin") || exists(folder + "/cifar-10-batches-bin/data_batch_1.bin");
}
bool has_cifar100(const std::string& folder) {
  return exists(folder + "/train.bin") || exists(folder + "/cifar-100-binary/train.bin");
}

Pair rows(const Pair& from, const std::vector<int64_t>& which) {
  const Tensor at = places(which);
  return {from.pictures.index_select(0, at), from.targets.index_select(0, at)};
}

std::vector<std::string> digit_names() { return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}; }

Source drawn(const Config& config) {
  const auto seed = static_cast<uint64_t>(config.integer("run.seed"));
  const int64_t n = config.has("data.samples") ? config.integer("data.samples") : 12000;
  const int64_t m = std::max<int64_t>(10, n / 6);
  const Digits train(static_cast<size_t>(n), 2 * seed + 1), test(static_cast<size_t>(m), 2 * seed + 2);
  return {{train.images(), train.targets()},
          {test.images(), test.targets()},
          digit_names(),
          fmt::format("drawn digits: {} to train and validate, {} others to test", n, m)};
}

Source mnist(const Config& config) {
  const std::string& path = config.text("data.path");
  const bool train = has_idx(path, "train"), test = has_idx(path, "t10k");
  const auto pair = [](const MNIST& m) { return Pair{m.images(), m.targets()}; };
  if (!train && test)
    return {pair(MNIST(path, MNIST::Mode::kTest)), {}, digit_names(), "MNIST's t10k files alone, split at random"};
  if (train && !test)
    return {pair(MNIST(path, MNIST::Mode::kTrain)), {}, digit_names(), "MNIST's train files alone, split at random"};
  return {pair(MNIST(path, MNIST::Mode::kTrain)), pair(MNIST(path, MNIST::Mode::kTest)), digit_names(),
          "MNIST's files: train to train and validate, t10k to test"};
}

Tensor unit(const Tensor& bytes) { return bytes.to(kFloat) / 255.0; }

/// Records in each of CIFAR-10's files: 10000, or fewer in a smaller set of the same form, whose files are all of one
/// size. Files of unlike sizes are whole or damaged, and the reader says which.
int64_t cifar10_records(const std::string& folder) {
  constexpr uintmax_t each = 1 + 3 * 32 * 32;
  const std::string inner = exists(folder + "/data_batch_1.bin") ? folder : folder + "/cifar-10-batches-bin";
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(inner + "/data_batch_1.bin", error);
  for (const char* name : {"data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"})
    if (error || std::filesystem::file_size(fmt::format("{}/{}.bin", inner, name), error) != size) return 10000;
  return size > 0 && size % each == 0 ? static_cast<int64_t>(size / each) : 10000;
}

Source cifar(const Config& config) {
  using data::datasets::CIFAR10;
  using data::datasets::CIFAR100;
  const std::string& path = config.text("data.path");
  const auto pair = [](const auto& c) { return Pair{unit(c.images()), c.targets()}; };
  if (has_cifar10(path)) {
    const int64_t records = cifar10_records(path);
    return {pair(CIFAR10(path, CIFAR10::Mode::kTrain, records)), pair(CIFAR10(path, CIFAR10::Mode::kTest, records)),
            CIFAR10::classes(), "CIFAR-10: the data batches to train and validate, the test batch to test"};
  }
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back(std::to_string(i));
  return {pair(CIFAR100(path, CIFAR100::Mode::kTrain)), pair(CIFAR100(path, CIFAR100::Mode::kTest)), names,
          "CIFAR-100: train.bin to train and validate, test.bin to test"};
}

Source read(const Config& config) {
  const std::string& task = config.text("data.task");
  if (task == "digits") return drawn(config);
  if (task == "mnist") return mnist(config);
  if (task == "cifar") return cifar(config);
  fail("[train] data.task is {}, which is no kind of pictures in memory", task);
}

void choose(Config& config, const Source& source, int64_t samples) {
  const bool small_grey = source.all.pictures.size(1) == 1;
  const std::string why = fmt::format("{} pictures of {}", samples, to_string(source.all.pictures.sizes().slice(1)));
  config.choose("model.name", small_grey ? "cnn" : "resnet", "suits " + why);
  config.choose("loss.name", config.text("model.name") == "autoencoder" ? "mse" : "cross_entropy", "suits the target");
  config.choose("run.batch_size", fitting_batch_size(samples), why);
  config.choose("run.epochs", fitting_epochs(samples, config.integer("run.batch_size"), 1500, 4, 60),
                "about 1500 steps, and at least 4 epochs");
  config.choose("optimizer.name", "adamw", "works untuned");
  config.choose("optimizer.lr", config.text("model.name") == "resnet" ? 3e-3 : 2e-3, "suits the model");
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("scheduler.warmup", int64_t{100}, "batch statistics settle first");
  const bool real = config.text("data.task") != "digits";
  config.choose("transforms.shift", int64_t{real ? (small_grey ? 2 : 4) : 0},
                real ? "pictures mean the same when moved" : "drawn at many places already");
  config.choose("transforms.flip", config.text("data.task") == "cifar", "only photographs mean the same in a mirror");
  config.choose("run.ema_decay", 0.995, "averaged weights do better on pictures");
}

}  // namespace

std::string pictures_at(const std::string& path) {
  if (has_idx(path, "train") || has_idx(path, "t10k")) return "mnist";
  if (has_cifar10(path) || has_cifar100(path)) return "cifar";
  return "";
}

Loaded load_pictures(Config& config, const Json* recipe) {
  Source source = read(config);
  if (config.has("data.samples") && config.integer("data.samples") < source.all.pictures.size(0)) {
    const int64_t n = config.integer("data.samples");
    source.all = {source.all.pictures.narrow(0, 0, n), source.all.targets.narrow(0, 0, n)};
  }
  const int64_t all = source.all.pictures.size(0);
  const bool own_test = source.test.pictures.defined();
  const auto seed = static_cast<uint64_t>(config.integer("run.seed"));
  Loaded loaded;
  loaded.data.task = config.text("data.task");
  loaded.data.classes = source.classes;
  loaded.data.notes.push_back(source.note);
  const std::vector<int64_t> sizes = source.all.pictures.sizes().slice(1).vec();
  Pair train, val, test;
  PictureTransform transform;
  if (recipe) {
    const auto known = integers_of(recipe->at("input"));
    if (sizes != known)
      throw ShapeError(
          fmt::format("[eval] the pictures of {} are {}, and the model takes {}; give others", config.text("data.path"),
                      to_string(IntArrayRef(sizes)), to_string(IntArrayRef(known))),
          sizes);
    test = own_test ? source.test : source.all;
    transform = PictureTransform::from_json(recipe->at("transform"));
  } else {
    const double test_share = own_test ? 0.0 : config.number("data.test");
    const Split split = config.text("data.split") == "chronological"
                            ? split_in_order(all, config.number("data.val"), test_share)
                            : split_randomly(all, config.number("data.val"), test_share, seed, source.all.targets);
    train = rows(source.all, split.train);
    if (!split.val.empty()) val = rows(source.all, split.val);
    test = own_test ? source.test : rows(source.all, split.test);
    choose(config, source, train.pictures.size(0));
    transform = make_transform(config, train.pictures);
    loaded.data.notes.push_back(fmt::format("{} samples train, {} validate, {} test", split.train.size(),
                                            split.val.size(), test.pictures.size(0)));
  }
  const bool autoencoder = config.has("model.name") && config.text("model.name") == "autoencoder";
  const auto make = [&](const Pair& p, const PictureTransform& t, const train::BatchOptions& o) {
    return p.pictures.defined() ? picture_batches(p.pictures, autoencoder ? Tensor() : p.targets, t, o) : nullptr;
  };
  loaded.data.train = make(train, transform, train_batches(config));
  loaded.data.val = make(val, transform.plain(), eval_batches(config));
  loaded.data.test = make(test, transform.plain(), eval_batches(config));
  loaded.data.shapes.input = sizes;
  loaded.data.shapes.outputs = static_cast<int64_t>(source.classes.size());
  loaded.data.loss = autoencoder ? "mse" : "cross_entropy";
  loaded.data.metrics = {autoencoder ? "mae" : "accuracy"};
  if (autoencoder) loaded.data.classes.clear();
  loaded.recipe = {
      {"task", "pictures"}, {"input", sizes}, {"classes", loaded.data.classes}, {"transform", transform.to_json()}};
  loaded.picture = [pictures = test.pictures](int64_t i) { return pictures[i]; };
  return loaded;
}

}  // namespace hearth::kit
