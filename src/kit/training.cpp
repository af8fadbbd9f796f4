// Optimizers, schedules and losses by name.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/train/registry.h"
#include "kit/schema.h"

namespace hearth::kit {

using train::Options;
using train::Setting;
using train::Variant;
using Kind = train::Setting::Kind;

namespace {

/// A family of options of an optimizer: how to make them, and the optimizer from them.
struct OptimizerKind {
  const char *name, *doc;
  std::unique_ptr<optim::OptimizerOptions> (*options)(double lr);
  std::unique_ptr<optim::Optimizer> (*make)(std::vector<Tensor> parameters, const optim::OptimizerOptions& options);
};

template <class O, class Opt>
OptimizerKind kind_of(const char* name, const char* doc) {
  return {name, doc, [](double lr) -> std::unique_ptr<optim::OptimizerOptions> { return std::make_unique<Opt>(lr); },
          [](std::vector<Tensor> p, const optim::OptimizerOptions& o) -> std::unique_ptr<optim::Optimizer> {
            return std::make_unique<O>(std::move(p), static_cast<const Opt&>(o));
          }};
}

const std::vector<OptimizerKind>& optimizer_kinds() {
  using namespace optim;
  static const std::vector<OptimizerKind> all = {
      kind_of<AdamW, AdamWOptions>("adamw", "Adam with decoupled weight decay (Loshchilov and Hutter, 2019)"),
      kind_of<Adam, AdamOptions>("adam", "Kingma and Ba, 2015"),
      kind_of<SGD, SGDOptions>("sgd", "gradient descent, with momentum where given"),
      kind_of<RMSprop, RMSpropOptions>("rmsprop", "Tieleman and Hinton, 2012"),
      kind_of<Adagrad, AdagradOptions>("adagrad", "Duchi et al., 2011"),
      kind_of<Adadelta, AdadeltaOptions>("adadelta", "Zeiler, 2012"),
      kind_of<Adamax, AdamaxOptions>("adamax", "Kingma and Ba, 2015"),
      kind_of<NAdam, NAdamOptions>("nadam", "Dozat, 2016"),
      kind_of<RAdam, RAdamOptions>("radam", "Liu et al., 2020"),
      kind_of<ASGD, ASGDOptions>("asgd", "averaged gradient descent (Polyak and Juditsky, 1992)"),
      kind_of<Rprop, RpropOptions>("rprop", "Riedmiller and Braun, 1993; for whole batches"),
      kind_of<Adafactor, AdafactorOptions>("adafactor", "Shazeer and Stern, 2018"),
      kind_of<LAMB, LAMBOptions>("lamb", "You et al., 2020"),
      kind_of<Lion, LionOptions>("lion", "Chen et al., 2023"),
      kind_of<Muon, MuonOptions>("muon", "Jordan et al., 2024; for matrices only"),
      kind_of<LBFGS, LBFGSOptions>("lbfgs", "for whole batches and small problems"),
  };
  return all;
}

const char* const kFlags[] = {
    "nesterov",        "amsgrad",         "maximize",     "centered", "decoupled_weight_decay",
    "bias_correction", "scale_parameter", "relative_step"};
bool is_flag(const std::string& name) {
  return std::find_if(std::begin(kFlags), std::end(kFlags), [&](const char* f) { return name == f; }) !=
         std::end(kFlags);
}

/// "betas" and 1 of "betas.1"; -1 of a name without a number.
std::pair<std::string, int64_t> part_of_list(const std::string& name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {name, -1};
  return {name.substr(0, dot), name[dot + 1] - '0'};
}

/// Reads the fields of an optimizer's options as settings.
class FieldSettings : public optim::Fields {
 public:
  void operator()(const std::string&, Tensor&) override {}
  void operator()(const std::string&, std::vector<Tensor>&) override {}
  void operator()(const std::string& name, int64_t& value) override {
    if (is_flag(name)) {
      settings.emplace_back(name, value != 0, "see the optimizer's documentation");
    } else {
      settings.emplace_back(name, value, "see the optimizer's documentation");
    }
  }
  void operator()(const std::string& name, double& value) override {
    const auto [list, number] = part_of_list(name);
    if (number < 0) {
      settings.emplace_back(name, value, "see the optimizer's documentation");
    } else if (number == 0) {
      settings.push_back(
          {list, Kind::numbers, IValue(std::vector<IValue>{value}), "see the optimizer's documentation"});
    } else {
      std::vector<IValue> items = settings.back().initial.toListRef();
      items.emplace_back(value);
      settings.back().initial = IValue(std::move(items));
    }
  }
  std::vector<Setting> settings;
};

/// Writes settings into the fields of an optimizer's options.
class SetFields : public optim::Fields {
 public:
  explicit SetFields(const Options& o) : options_(o) {}
  void operator()(const std::string&, Tensor&) override {}
  void operator()(const std::string&, std::vector<Tensor>&) override {}
  void operator()(const std::string& name, int64_t& value) override {
    value = is_flag(name) ? options_.flag(name) : options_.integer(name);
  }
  void operator()(const std::string& name, double& value) override {
    const auto [list, number] = part_of_list(name);
    if (number < 0) {
      value = options_.number(name);
      return;
    }
    const std::vector<double> all = options_.numbers(list);
    if (static_cast<int64_t>(all.size()) <= number)
      fail("[config] optimizer.{} has {} numbers, which is too few", list, all.size());
    value = all[static_cast<size_t>(number)];
  }

 private:
  const Options& options_;
};

}  // namespace

std::vector<Variant> optimizer_variants() {
  std::vector<Variant> all;
  for (const OptimizerKind& kind : optimizer_kinds()) {
    FieldSettings fields;
    kind.options(1e-3)->visit(fields);
    all.push_back({kind.name, kind.doc, fields.settings});
  }
  return all;
}

namespace {

struct ScheduleKind {
  Variant variant;
  bool by_step;
  std::shared_ptr<optim::LRScheduler> (*make)(const Options& o, optim::Optimizer& opt, int64_t steps, int64_t epochs);
};

IValue numbers_list() { return IValue(std::vector<IValue>()); }

const std::vector<ScheduleKind>& schedule_kinds() {
  using namespace optim;
  using Opt = Optimizer;
  using Made = std::shared_ptr<LRScheduler>;
  static const std::vector<ScheduleKind> all = {
      {{"constant", "the rate stays", {}},
       true,
       [](const Options&, Opt&, int64_t, int64_t) -> Made { return nullptr; }},
      {{"cosine",
        "falls along half a cosine, step by step",
        {{"final", 0.0, "the share of the rate that is left at the end", 0, 1}}},
       true,
       [](const Options& o, Opt& opt, int64_t steps, int64_t) -> Made {
         const double lr = opt.param_groups()[0].options().get_lr();
         return std::make_shared<CosineAnnealingLR>(opt, std::max<int64_t>(1, steps), lr * o.number("final"));
       }},
      {{"linear", "falls on a line, step by step", {{"final", 0.0, "the share of the rate that is left", 0, 1}}},
       true,
       [](const Options& o, Opt& opt, int64_t steps, int64_t) -> Made {
         return std::make_shared<LinearLR>(opt, 1.0, o.number("final"), std::max<int64_t>(1, steps));
       }},
      {{"polynomial", "falls to 0 as a power, step by step", {{"power", 2.0, "", 0, 100}}},
       true,
       [](const Options& o, Opt& opt, int64_t steps, int64_t) -> Made {
         return std::make_shared<PolynomialLR>(opt, std::max<int64_t>(1, steps), o.number("power"));
       }},
      {{"one_cycle",
        "rises and falls once (Smith and Topin, 2018), step by step; optimizer.lr is the height",
        {{"rise", 0.3, "the share of the steps that rise", 0, 1},
         {"start", 25.0, "how many times less the rate is at first", 1},
         {"final", 1e4, "how many times less than that it is at the end", 1}}},
       true,
       [](const Options& o, Opt& opt, int64_t steps, int64_t) -> Made {
         return std::make_shared<OneCycleLR>(opt, OneCycleLROptions(opt.param_groups()[0].options().get_lr())
                                                      .total_steps(steps + 1)
                                                      .pct_start(o.number("rise"))
                                                      .div_factor(o.number("start"))
                                                      .final_div_factor(o.number("final"))
                                                      .cycle_momentum(false));
       }},
      {{"cyclic",
        "up and down again and again (Smith, 2017), step by step; optimizer.lr is the height",
        {{"low", 0.1, "the share of the rate between", 0, 1}, {"up", 2000, "steps of each rise and fall", 1}}},
       true,
       [](const Options& o, Opt& opt, int64_t, int64_t) -> Made {
         const double lr = opt.param_groups()[0].options().get_lr();
         return std::make_shared<CyclicLR>(
             opt, CyclicLROptions(lr * o.number("low"), lr).step_size_up(o.integer("up")).cycle_momentum(false));
       }},
      {{"cosine_restarts",
        "cosines that start anew (Loshchilov and Hutter, 2017), by epoch",
        {{"first", 10, "epochs of the first", 1}, {"times", 1, "how many times longer each next one is", 1}}},
       false,
       [](const Options& o, Opt& opt, int64_t, int64_t) -> Made {
         return std::make_shared<CosineAnnealingWarmRestarts>(opt, o.integer("first"), o.integer("times"));
       }},
      {{"step", "times gamma every so many epochs", {{"every", 10, "epochs", 1}, {"gamma", 0.1, "", 0, 1}}},
       false,
       [](const Options& o, Opt& opt, int64_t, int64_t) -> Made {
         return std::make_shared<StepLR>(opt, static_cast<unsigned>(o.integer("every")), o.number("gamma"));
       }},
      {{"multistep",
        "times gamma at each of these epochs",
        {{"milestones", Kind::integers, numbers_list(), "epochs", 1}, {"gamma", 0.1, "", 0, 1}}},
       false,
       [](const Options& o, Opt& opt, int64_t, int64_t) -> Made {
         return std::make_shared<MultiStepLR>(opt, o.integers("milestones"), o.number("gamma"));
       }},
      {{"exponential", "times gamma each epoch", {{"gamma", 0.95, "", 0, 1}}},
       false,
       [](const Options& o, Opt& opt, int64_t, int64_t) -> Made {
         return std::make_shared<ExponentialLR>(opt, o.number("gamma"));
       }},
  };
  return all;
}

Variant plateau_variant() {
  return {"plateau",
          "times factor where run.monitor has not got better for a while",
          {{"factor", 0.3, "", 0, 1},
           {"patience", 5, "validations", 0},
           {"threshold", 1e-4, "by which share of the best is better", 0},
           {"min_lr", 0.0, "the rate goes no lower", 0}}};
}

}  // namespace

std::vector<Variant> scheduler_variants() {
  std::vector<Variant> all;
  for (const ScheduleKind& kind : schedule_kinds()) all.push_back(kind.variant);
  all.push_back(plateau_variant());
  return all;
}

std::vector<Variant> loss_variants() {
  return {{"cross_entropy", "of scores and classes", {{"label_smoothing", 0.0, "", 0, 0.99}}},
          {"nll", "of log-probabilities and classes", {}},
          {"mse", "mean squared error", {}},
          {"l1", "mean absolute error", {}},
          {"huber", "squared near 0, absolute beyond", {{"delta", 1.0, "where the two meet", 1e-6}}},
          {"bce", "of scores and 0 or 1: binary cross-entropy with logits", {}}};
}

}  // namespace hearth::kit

namespace hearth::train {

namespace F = nn::functional;

std::unique_ptr<optim::Optimizer> make_optimizer(const Config& config, const nn::Module& module) {
  std::vector<Tensor> parameters;
  for (const Tensor& p : module.parameters())
    if (p.requires_grad()) parameters.push_back(p);
  if (parameters.empty()) fail("[make_optimizer] the model has no parameter that wants a gradient");
  const std::string& name = config.text("optimizer.name");
  const Options options = config.section("optimizer");
  for (const kit::OptimizerKind& kind : kit::optimizer_kinds()) {
    if (kind.name != name) continue;
    const std::unique_ptr<optim::OptimizerOptions> own = kind.options(config.number("optimizer.lr"));
    kit::SetFields fields(options);
    own->visit(fields);
    return kind.make(std::move(parameters), *own);
  }
  fail("[make_optimizer] there is no optimizer \"{}\"", name);
}

namespace {
/// Scores of classes as rows, and the classes in a row.
Tensor rows_of(const Tensor& y) { return y.dim() == 2 ? y : y.reshape({-1, y.size(-1)}); }
Tensor row_of(const Tensor& t) { return t.dim() == 1 ? t : t.reshape({-1}); }
}  // namespace

Trainer::Loss make_loss(const Config& config) {
  const std::string& name = config.text("loss.name");
  const Options o = config.section("loss");
  if (name == "cross_entropy") {
    const double smoothing = o.number("label_smoothing");
    return [smoothing](const Tensor& y, const Tensor& t) {
      return F::cross_entropy(rows_of(y), row_of(t), F::CrossEntropyFuncOptions().label_smoothing(smoothing));
    };
  }
  if (name == "nll") return [](const Tensor& y, const Tensor& t) { return F::nll_loss(rows_of(y), row_of(t)); };
  if (name == "mse") return [](const Tensor& y, const Tensor& t) { return F::mse_loss(y, t); };
  if (name == "l1") return [](const Tensor& y, const Tensor& t) { return F::l1_loss(y, t); };
  if (name == "huber") {
    const double delta = o.number("delta");
    return [delta](const Tensor& y, const Tensor& t) {
      return F::huber_loss(y, t, F::HuberLossFuncOptions().delta(delta));
    };
  }
  if (name == "bce")
    return
        [](const Tensor& y, const Tensor& t) { return F::binary_cross_entropy_with_logits(y, t.to(y.scalar_type())); };
  fail("[make_loss] there is no loss \"{}\"", name);
}

Schedule make_schedule(const Config& config, optim::Optimizer& optimizer, int64_t steps, int64_t epochs) {
  const std::string& name = config.text("scheduler.name");
  const Options o = config.section("scheduler");
  const int64_t warmup = config.has("scheduler.warmup") ? std::min(config.integer("scheduler.warmup"), steps / 2) : 0;
  Schedule made;
  if (name == "plateau") {
    if (warmup > 0) fail("[config] scheduler.warmup goes with every scheduler but plateau; set it to 0");
    const bool higher = config.text("run.mode") == "max";
    made.plateau = std::make_shared<optim::ReduceLROnPlateau>(
        optimizer, higher ? optim::ReduceLROnPlateau::max : optim::ReduceLROnPlateau::min, o.number("factor"),
        o.integer("patience"), o.number("threshold"), optim::ReduceLROnPlateau::rel, 0,
        std::vector<double>{o.number("min_lr")});
    return made;
  }
  for (const kit::ScheduleKind& kind : kit::schedule_kinds()) {
    if (kind.variant.name != name) continue;
    made.by_step = kind.by_step;
    if (warmup > 0 && !kind.by_step)
      fail(
          "[config] scheduler.warmup counts steps, and {} goes by epochs; use it with constant, cosine, linear or "
          "polynomial",
          name);
    if (warmup > 0 && (name == "one_cycle" || name == "cyclic"))
      fail("[config] {} rises by itself; leave scheduler.warmup out", name);
    made.scheduler = kind.make(o, optimizer, steps - warmup, epochs);
    if (warmup > 0) made.scheduler = std::make_shared<optim::WarmupLR>(optimizer, warmup, made.scheduler);
    return made;
  }
  fail("[make_schedule] there is no scheduler \"{}\"", name);
}

}  // namespace hearth::train
