// Measuring a trained model: scores, and what is behind them.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/json_numbers.h"
#include "hearth/hearth.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/safetensors.h"
#include "kit/session.h"

namespace hearth::kit {

namespace {

constexpr size_t kWorst = 12, kPredictions = 20;
constexpr int64_t kLargestOutput = 1 << 24;

/// All outputs of a pass over the test part and their targets; undefined where they are too many to keep.
struct Answers {
  std::vector<Tensor> outputs, targets;
  int64_t elements = 0;
  void add(const data::Example<>& batch, const Tensor& output) {
    elements += output.numel();
    if (elements > kLargestOutput) return;
    outputs.push_back(output.detach());
    targets.push_back(batch.target);
  }
  bool usable() const { return !outputs.empty() && elements <= kLargestOutput; }
};

Json value_json(const Tensor& t) {
  const auto one = [whole = !t.is_floating_point()](const Tensor& x) {
    return whole ? Json(x.item<int64_t>()) : number(x.item<double>());
  };
  if (t.numel() == 1) return one(t.reshape({-1})[0]);
  Json list = Json::array();
  const Tensor flat = t.reshape({-1});
  for (int64_t i = 0; i < flat.numel() && i < 1000; ++i) list.push_back(one(flat[i]));
  return list;
}

/// [N] losses of the samples, from the largest down.
std::vector<int64_t> from_worst(const Tensor& losses) {
  std::vector<int64_t> order(static_cast<size_t>(losses.numel()));
  const Tensor l = losses.contiguous();
  const float* at = l.data_ptr<float>();
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  std::stable_sort(order.begin(), order.end(), [at](int64_t a, int64_t b) { return at[a] > at[b]; });
  return order;
}

Json details_of(const Answers& answers, const Loaded& loaded, const RunFolder* folder) {
  Json details = Json::object();
  if (!answers.usable()) return details;
  const Tensor outputs = cat(answers.outputs, 0), targets = cat(answers.targets, 0);
  const std::vector<std::string>& classes = loaded.data.classes;
  const bool classifies = !classes.empty() && targets.dim() == 1 && outputs.dim() == 2;
  const bool numbers = targets.is_floating_point() && outputs.sizes() == targets.sizes() && targets.dim() <= 2;
  if (!classifies && !numbers) return details;
  Tensor losses, predicted = outputs, shown = targets;
  if (classifies) {
    losses = -outputs.log_softmax(1).gather(1, targets.unsqueeze(1)).squeeze(1);
    predicted = outputs.argmax(1);
    train::ConfusionMatrix confusion;
    confusion.update(outputs, targets);
    const Tensor m = confusion.matrix();
    details["confusion"] = Json::array();
    for (int64_t i = 0; i < m.size(0); ++i) details["confusion"].push_back(value_json(m[i]));
  } else {
    losses = (outputs - targets).square().reshape({targets.size(0), -1}).mean(1);
    if (loaded.unscale) predicted = loaded.unscale(outputs), shown = loaded.unscale(targets);
  }
  const auto answer = [&](const Tensor& t, int64_t i) {
    return classifies ? Json(classes[static_cast<size_t>(t[i].item<int64_t>())]) : value_json(t[i]);
  };
  const auto entry = [&](int64_t i) {
    return Json{{"index", i},
                {"loss", number(losses[i].item<double>())},
                {"label", answer(shown, i)},
                {"predicted", answer(predicted, i)}};
  };
  const std::vector<int64_t> order = from_worst(losses.to(kFloat));
  details["worst"] = Json::array();
  for (size_t i = 0; i < std::min(kWorst, order.size()); ++i) details["worst"].push_back(entry(order[i]));
  details["predictions"] = Json::array();
  for (size_t i = 0; i < std::min(kPredictions, order.size()); ++i)
    details["predictions"].push_back(entry(static_cast<int64_t>(i)));
  if (folder && loaded.picture) save_pictures(loaded, *folder, details);
  return details;
}

}  // namespace

Evaluation evaluate_test(train::Trainer& trainer, const Loaded& loaded, const RunFolder* folder) {
  const bool own = loaded.data.test != nullptr;
  train::Batches& batches = own ? *loaded.data.test : *loaded.data.val;
  Answers answers;
  Evaluation e;
  e.scores = trainer.evaluate(batches, "test", 0, [&](const auto& batch, const Tensor& y) { answers.add(batch, y); });
  e.metric = e.scores.size() > 1 ? e.scores[1].first.substr(5) : "loss";
  e.value = e.scores[e.scores.size() > 1 ? 1 : 0].second;
  e.details = details_of(answers, loaded, own ? folder : nullptr);
  return e;
}

train::Shapes shapes_of(const Json& recipe) {
  train::Shapes shapes;
  try {
    const Json& s = recipe.at("shapes");
    shapes.input = integers_of(s.at("input"));
    shapes.outputs = integer_of(s.at("outputs"));
    shapes.vocabulary = integer_of(s.at("vocabulary"));
    shapes.each_step = s.at("each_step").get<bool>();
  } catch (const Json::exception& e) {
    fail<FileError>("[run] model.json is damaged: {}", e.what());
  }
  return shapes;
}

train::Model build_model(const train::Config& config, const Loaded& loaded, const std::vector<train::ModelEntry>& own) {
  train::Model model = make_model(config, loaded.data.shapes, own);
  return loaded.wrap ? loaded.wrap(std::move(model)) : model;
}

train::Config empty_config(const std::vector<train::ModelEntry>& models,
                           const std::vector<train::DataEntry>& datasets) {
  std::vector<train::Variant> model_variants, data_variants;
  for (const auto& m : models) model_variants.push_back(m.variant);
  for (const auto& d : datasets) data_variants.push_back(d.variant);
  return train::Config(model_variants, data_variants);
}

Trained open_trained(const std::string& path, const std::vector<train::ModelEntry>& models,
                     const std::vector<train::DataEntry>& datasets) {
  const RunFolder folder = RunFolder::open(path);
  Trained t{empty_config(models, datasets), folder.read_json("model.json"), {}};
  t.config.read_file(folder.file("config.yaml"));
  t.model = make_model(t.config, shapes_of(t.recipe), models);
  if (t.recipe.contains("window")) t.model = wrapped(std::move(t.model), t.recipe.at("window"));
  if (exists(folder.file("model.safetensors"))) {
    t.model.module->load_state_dict(load_safetensors(folder.file("model.safetensors")).tensors);
  } else {
    const io::FoundCheckpoint found = io::find_latest(folder.file("checkpoints"));
    if (found.path.empty())
      throw FileError(fmt::format("[run] {} has neither model.safetensors nor a checkpoint; train it first", path),
                      path);
    nn::StateDict state;
    for (const auto& [name, value] : found.content.at("model").toGenericDict())
      state.insert(name.toStringRef(), value.toTensor());
    t.model.module->load_state_dict(state);
  }
  t.model.module->eval();
  return t;
}

Evaluation evaluate_run(const std::string& folder, const std::string& other_data,
                        const std::vector<train::ModelEntry>& models, const std::vector<train::DataEntry>& datasets) {
  Trained t = open_trained(folder, models, datasets);
  manual_seed(static_cast<uint64_t>(t.config.integer("run.seed")));
  const Loaded loaded = load_for_eval(t.config, t.recipe, other_data, datasets);
  const std::unique_ptr<optim::Optimizer> optimizer = make_optimizer(t.config, *t.model.module);
  train::Trainer trainer(t.model, *optimizer, make_loss(t.config));
  add_metrics(trainer, t.config, loaded);
  if (!loaded.data.test && !loaded.data.val) fail("[eval] the run has no test part (data.test is 0); give --data");
  return evaluate_test(trainer, loaded, nullptr);
}

}  // namespace hearth::kit
