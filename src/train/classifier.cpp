#include "hearth/train/classifier.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "hearth/data.h"
#include "hearth/error.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"

namespace hearth::train {

namespace {

namespace F = nn::functional;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Pictures held in memory, taken a batch at a time.
class Pictures : public data::datasets::BatchDataset<Pictures, data::Example<>> {
 public:
  explicit Pictures(ImageSet set) : set_(std::move(set)) {}
  data::Example<> get_batch(ArrayRef<size_t> indices) override {
    std::vector<int64_t> places(indices.begin(), indices.end());
    const Tensor at = tensor(places);
    return {set_.images.index_select(0, at), set_.targets.index_select(0, at)};
  }
  std::optional<size_t> size() const override { return static_cast<size_t>(set_.targets.size(0)); }

 private:
  ImageSet set_;
};

/// Sums over an epoch.
struct Tally {
  double loss = 0, right = 0, seen = 0;
  void add(const Tensor& batch_loss, const Tensor& logits, const Tensor& targets) {
    const auto n = static_cast<double>(targets.size(0));
    loss += batch_loss.item<double>() * n;
    right += static_cast<double>(logits.argmax(1).eq(targets).sum().item<int64_t>());
    seen += n;
  }
  double mean_loss() const { return seen > 0 ? loss / seen : 0; }
  double accuracy() const { return seen > 0 ? right / seen : 0; }
};

void make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
    throw FileError(
        fmt::format("[train] the folder {} can't be made: {}; give another with --out", path, std::strerror(errno)),
        path, -1, errno);
}

int64_t default_epochs(int64_t samples) { return samples >= 30000 ? 4 : 8; }

class Run {
 public:
  Run(const Config& config, nn::Sequential& model, const Split& split)
      : config_(config),
        model_(model),
        split_(split),
        epochs_(config.epochs > 0 ? config.epochs : default_epochs(split.train.targets.size(0))),
        optimizer_(model->parameters(), optim::AdamOptions(config.learning_rate)),
        loader_(data::make_data_loader<data::samplers::RandomSampler>(
            Pictures(split.train), data::DataLoaderOptions(static_cast<size_t>(config.batch_size))
                                       .workers(static_cast<size_t>(config.workers)))),
        batches_((split.train.targets.size(0) + config.batch_size - 1) / config.batch_size) {}

  Result run(const std::function<void(const Progress&)>& report) {
    Result result;
    begin_ = now();
    for (int64_t epoch = 1; epoch <= epochs_; ++epoch) {
      set_rate(epoch);
      const Tally tally = train_epoch(epoch, report);
      const Score score = evaluate(model_, split_.test);
      log_epoch(epoch, tally, score);
      report(progress(epoch, batches_, tally, score.accuracy, true));
      result.test_accuracy = score.accuracy;
      result.test_loss = score.loss;
    }
    result.epochs = epochs_;
    result.seconds = now() - begin_;
    if (!config_.out.empty()) save(result);
    return result;
  }

 private:
  /// The rate falls along half a cosine (Loshchilov and Hutter, 2017), epoch by epoch.
  void set_rate(int64_t epoch) {
    const double done = static_cast<double>(epoch - 1) / static_cast<double>(epochs_);
    for (auto& group : optimizer_.param_groups())
      group.options().set_lr(config_.learning_rate * 0.5 * (1 + std::cos(done * 3.14159265358979)));
  }

  Tally train_epoch(int64_t epoch, const std::function<void(const Progress&)>& report) {
    Tally tally;
    int64_t batch_number = 0;
    model_->train();
    for (auto& batch : *loader_) {
      optimizer_.zero_grad(/*set_to_none=*/true);
      const Tensor logits = model_->forward(batch.data);
      const Tensor loss = F::cross_entropy(logits, batch.target);
      loss.backward();
      optimizer_.step();
      tally.add(loss.detach(), logits.detach(), batch.target);
      if (!std::isfinite(tally.loss))
        throw ValueError(
            fmt::format("[train] the loss is not finite any more at epoch {}, batch {}; lower the learning "
                        "rate ({})",
                        epoch, batch_number + 1, config_.learning_rate));
      report(progress(epoch, ++batch_number, tally, 0, false));
    }
    return tally;
  }

  Progress progress(int64_t epoch, int64_t batch, const Tally& tally, double test_accuracy, bool ends) const {
    const double done = static_cast<double>((epoch - 1) * batches_ + batch),
                 all = static_cast<double>(epochs_ * batches_);
    const double elapsed = now() - begin_;
    const double seen = static_cast<double>(epoch - 1) * static_cast<double>(split_.train.targets.size(0)) + tally.seen;
    return {epoch,
            epochs_,
            batch,
            batches_,
            tally.mean_loss(),
            tally.accuracy(),
            seen / elapsed,
            elapsed / done * (all - done),
            ends,
            test_accuracy};
  }

  void log_epoch(int64_t epoch, const Tally& tally, const Score& score) {
    const nlohmann::ordered_json line = {{"epoch", epoch},
                                         {"train_loss", tally.mean_loss()},
                                         {"train_accuracy", tally.accuracy()},
                                         {"test_loss", score.loss},
                                         {"test_accuracy", score.accuracy},
                                         {"learning_rate", optimizer_.param_groups()[0].options().get_lr()},
                                         {"seconds", now() - begin_}};
    metrics_ += line.dump() + "\n";
  }

  void save(Result& result) {
    make_folder(config_.out);
    result.weights_file = config_.out + "/model.safetensors";
    result.metrics_file = config_.out + "/metrics.jsonl";
    const IntArrayRef sizes = split_.train.images.sizes();
    save_safetensors({model_->state_dict(),
                      {{"model", "image-classifier"},
                       {"input", fmt::format("{}x{}x{}", sizes[1], sizes[2], sizes[3])},
                       {"data", config_.data}}},
                     result.weights_file);
    write_file(result.metrics_file, metrics_.data(), metrics_.size());
  }

  const Config& config_;
  nn::Sequential& model_;
  const Split& split_;
  int64_t epochs_;
  optim::Adam optimizer_;
  std::unique_ptr<data::StatelessDataLoader<Pictures, data::samplers::RandomSampler>> loader_;
  int64_t batches_;
  double begin_ = 0;
  std::string metrics_;
};

}  // namespace

void check_config(const Config& c) {
  const auto refuse = [](const char* name, auto value, const char* rule) {
    throw ValueError(fmt::format("[train] {} is {}; it must be {}", name, value, rule));
  };
  if (c.epochs < 0) refuse("epochs", c.epochs, "positive");
  if (c.batch_size < 2) refuse("batch size", c.batch_size, "at least 2");
  if (!(c.learning_rate > 0) || !std::isfinite(c.learning_rate)) refuse("learning rate", c.learning_rate, "positive");
  if (c.workers < 0 || c.workers > 256) refuse("workers", c.workers, "between 0 and 256");
}

Result train_classifier(const Config& config, nn::Sequential& model, const Split& split,
                        const std::function<void(const Progress&)>& report) {
  check_config(config);
  return Run(config, model, split).run(report);
}

Score evaluate(nn::Sequential& model, const ImageSet& set, int64_t batch_size) {
  const NoGradGuard no_grad;
  const bool training = model->is_training();
  model->eval();
  Tally tally;
  for (int64_t at = 0; at < set.targets.size(0); at += batch_size) {
    const int64_t n = std::min(batch_size, set.targets.size(0) - at);
    const Tensor targets = set.targets.narrow(0, at, n);
    const Tensor logits = model->forward(set.images.narrow(0, at, n));
    tally.add(F::cross_entropy(logits, targets), logits, targets);
  }
  model->train(training);
  return {tally.mean_loss(), tally.accuracy(), set.targets.size(0)};
}

}  // namespace hearth::train
