// A text: the next token from those before it.
#include <cmath>

#include "base/fail.h"
#include "hearth/data/text.h"
#include "hearth/hearth.h"
#include "kit/task.h"

namespace hearth::kit {

using train::Config;

namespace {

std::shared_ptr<data::Tokenizer> make_tokenizer(Config& config, const std::string& text) {
  if (config.text("data.tokenizer") == "auto") config.choose("data.tokenizer", "char", "the smallest vocabulary");
  const std::string& kind = config.text("data.tokenizer");
  const int64_t size = config.integer("data.vocabulary");
  if (kind == "char") return std::make_shared<data::CharTokenizer>(text);
  if (kind == "word") {
    data::WordOptions o;
    o.size = size;
    return std::make_shared<data::WordTokenizer>(text, o);
  }
  data::BpeOptions o;
  o.size = kind == "byte" ? 256 : std::max<int64_t>(size, 256);
  return std::make_shared<data::BpeTokenizer>(kind == "byte" ? std::string() : text, o);
}

/// Windows at random places: an epoch is as many of them as it takes to see each token once on average. Where they lie
/// hangs on the seed, the epoch and the window's number.
class RandomWindows : public data::datasets::BatchDataset<RandomWindows, data::Example<>> {
 public:
  RandomWindows(Tensor tokens, int64_t length) : tokens_(std::move(tokens)), length_(length) {}
  data::Example<> get_batch(ArrayRef<size_t> indices) override {
    const auto n = static_cast<int64_t>(indices.size());
    Tensor x = empty({n, length_}, kLong), y = empty({n, length_}, kLong);
    const int64_t* from = tokens_.data_ptr<int64_t>();
    for (int64_t i = 0; i < n; ++i) {
      data::detail::enter_sample(indices[static_cast<size_t>(i)]);
      const int64_t begin = randint(tokens_.numel() - length_, {}).item<int64_t>();
      std::copy_n(from + begin, length_, x.data_ptr<int64_t>() + i * length_);
      std::copy_n(from + begin + 1, length_, y.data_ptr<int64_t>() + i * length_);
    }
    return {x, y};
  }
  std::optional<size_t> size() const override {
    return static_cast<size_t>(std::max<int64_t>(1, (tokens_.numel() - 1) / length_));
  }

 private:
  Tensor tokens_;
  int64_t length_;
};

void choose(Config& config, int64_t tokens) {
  const std::string why = fmt::format("{} tokens", tokens);
  const bool large = tokens > 200000;
  config.choose("model.name", "gpt", "learns the most from text");
  if (config.text("model.name") == "gpt") {
    config.choose("model.layers", int64_t{large ? 4 : 3}, why);
    config.choose("model.heads", int64_t{4}, why);
    config.choose("model.width", int64_t{large ? 192 : 96}, why);
    config.choose("model.dropout", large ? 0.0 : 0.1, why);
  } else {
    config.choose("model.hidden", int64_t{large ? 256 : 128}, why);
    config.choose("model.layers", int64_t{large ? 2 : 1}, why);
  }
  config.choose("loss.name", "cross_entropy", "the target is a token");
  config.choose("run.batch_size", int64_t{tokens > 20000 ? 16 : 8}, why);
  const int64_t per_step = config.integer("run.batch_size") * config.integer("data.context");
  const int64_t windows = tokens / config.integer("data.context");
  config.choose("run.epochs", fitting_epochs(windows, config.integer("run.batch_size"), large ? 2900 : 1500, 2, 100),
                fmt::format("about {} steps of {} tokens", large ? 2900 : 1500, per_step));
  config.choose("optimizer.name", "adamw", "the usual one for transformers");
  config.choose("optimizer.lr", 2e-3, "suits a small transformer");
  if (config.text("optimizer.name") == "adamw") {
    config.choose("optimizer.betas", IValue(std::vector<IValue>{0.9, 0.99}), "few steps");
    config.choose("optimizer.weight_decay", 0.1, "the usual one for transformers");
  }
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("scheduler.warmup", int64_t{100}, "attention needs a soft start");
}

}  // namespace

Loaded load_text(Config& config, const Json* recipe) {
  const std::string& path = config.text("data.path");
  std::string text = data::read_text(path, int64_t{1} << 32);
  if (text.empty()) fail("[train] {} is empty; there is nothing to learn from", path);
  if (config.has("data.samples"))
    text.resize(std::min<size_t>(text.size(), static_cast<size_t>(config.integer("data.samples"))));
  if (const size_t zero = text.find('\0'); zero != std::string::npos && config.text("data.tokenizer") != "byte")
    fail("[train] {} is no text: byte {} is 0; give a text, or data.tokenizer=byte to learn from bytes", path, zero);
  Loaded loaded;
  std::shared_ptr<data::Tokenizer> tokenizer;
  if (recipe) {
    tokenizer = data::load_tokenizer(recipe->at("tokenizer").get<std::string>());
  } else {
    tokenizer = make_tokenizer(config, text);
  }
  const Tensor tokens = tokenizer->encode_tensor(text);
  const int64_t all = tokens.numel();
  config.choose("data.context", int64_t{all > 200000 ? 128 : all > 5000 ? 64 : 16}, fmt::format("{} tokens", all));
  const int64_t context = config.integer("data.context");
  if (all < 8 * (context + 1))
    fail("[train] {} has {} tokens, which is too few for windows of {}; give more text or a smaller data.context", path,
         all, context);
  data::datasets::TextWindowsOptions windows;
  windows.length = context;
  const auto part = [&](const Tensor& t) -> std::shared_ptr<train::Batches> {
    return t.numel() > context ? train::batches(data::datasets::TextWindows(t, windows), eval_batches(config))
                               : nullptr;
  };
  if (recipe) {
    loaded.data.test = part(tokens);
  } else {
    // The default tenth for each would be much: both parts measure the same, and text is dear.
    if (!config.is_set("data.val")) config.choose("data.val", 0.05, "enough to measure with");
    if (!config.is_set("data.test")) config.choose("data.test", 0.05, "enough to measure with");
    const auto share = [&](const char* key) {
      return config.number(key) > 0
                 ? std::max(context + 1, static_cast<int64_t>(static_cast<double>(all) * config.number(key)))
                 : 0;
    };
    const int64_t val = share("data.val"), test = share("data.test"), train = all - val - test;
    if (train <= context) fail("[train] data.val and data.test leave {} tokens to train on; give less", train);
    choose(config, train);
    loaded.data.train =
        train::batches(RandomWindows(tokens.narrow(0, 0, train).contiguous(), context), train_batches(config));
    if (val > 0) loaded.data.val = part(tokens.narrow(0, train, val));
    if (test > 0) loaded.data.test = part(tokens.narrow(0, train + val, test));
    loaded.data.notes = {fmt::format("{} bytes of text, {} tokens of {} different ones ({})", text.size(), all,
                                     tokenizer->size(), config.text("data.tokenizer")),
                         fmt::format("the first {} tokens train, the next {} validate, the last {} test; loss is in "
                                     "nats a token",
                                     train, val, test)};
  }
  loaded.data.task = "text";
  loaded.data.shapes.input = {context};
  loaded.data.shapes.outputs = loaded.data.shapes.vocabulary = tokenizer->size();
  loaded.data.shapes.each_step = true;
  loaded.data.metrics = {"loss"};
  loaded.recipe = {{"task", "text"}, {"tokenizer", tokenizer->to_json()}, {"context", context}};
  return loaded;
}

}  // namespace hearth::kit
