#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <memory>

#include "base/fail.h"
#include "cli/settings.h"
#include "hearth/hearth.h"
#include "hearth/train/registry.h"
#include "kit/session.h"
#include "report/chart.h"

namespace hearth::cli {

namespace {

struct LrFind {
  Settings settings;
  double from = 1e-6, to = 1;
  int64_t steps = 100;
  std::string out = "lr_find";
};

struct Curve {
  std::vector<double> rates, losses;  // losses smoothed
};

/// Training steps at rates that grow by the same factor each (Smith, 2017), until the loss is four times its best.
Curve measure(const LrFind& c, train::Config& config, const Context& context) {
  manual_seed(static_cast<uint64_t>(config.integer("run.seed")));
  kit::Loaded loaded = kit::choose_all(config, context.datasets);
  const train::Model model = kit::build_model(config, loaded, context.models);
  const auto optimizer = make_optimizer(config, *model.module);
  const train::Trainer::Loss loss_of = make_loss(config);
  model.module->train();
  Curve curve;
  data::Example<> batch;
  double mean = 0, best = HUGE_VAL;
  int64_t epoch = 0;
  loaded.data.train->start(epoch);
  for (int64_t i = 0; i < c.steps; ++i) {
    if (!loaded.data.train->next(batch)) {
      loaded.data.train->start(++epoch);
      if (!loaded.data.train->next(batch)) fail("[lr-find] the training part has no batch");
    }
    const double rate = c.from * std::pow(c.to / c.from, static_cast<double>(i) / static_cast<double>(c.steps - 1));
    for (auto& group : optimizer->param_groups()) group.options().set_lr(rate);
    optimizer->zero_grad(/*set_to_none=*/true);
    const Tensor loss = loss_of(model.forward(batch.data), batch.target);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) break;
    loss.backward();
    optimizer->step();
    mean = 0.9 * mean + 0.1 * value;
    const double smooth = mean / (1 - std::pow(0.9, static_cast<double>(i + 1)));
    best = std::min(best, smooth);
    curve.rates.push_back(rate);
    curve.losses.push_back(smooth);
    if (i > 10 && smooth > 4 * best) break;
  }
  return curve;
}

/// Where the loss falls fastest over the logarithm of the rate; -1 where it never falls.
double steepest(const Curve& c) {
  double slope = 0, rate = -1;
  for (size_t i = 2; i + 2 < c.rates.size(); ++i) {
    const double s = (c.losses[i + 2] - c.losses[i - 2]) / (std::log(c.rates[i + 2]) - std::log(c.rates[i - 2]));
    if (s < slope) slope = s, rate = c.rates[i];
  }
  return rate;
}

void find(const LrFind& c, Context& context) {
  if (!(c.from > 0 && c.to > c.from))
    fail("[lr-find] the rates go from {} to {}; they must be positive and rise", c.from, c.to);
  train::Config config = make_config(c.settings, context);
  const Curve curve = measure(c, config, context);
  context.status_of_errors = 1;
  if (curve.rates.size() < 10)
    fail("[lr-find] the loss was not finite after {} steps; give a smaller --from", curve.rates.size());
  report::write_chart(
      {"loss while the rate grows", "learning rate", "loss", {{"loss", curve.rates, curve.losses}}, true, false},
      c.out);
  fmt::print("{:>12}  {:>10}\n", "rate", "loss");
  for (size_t i = 0; i < curve.rates.size(); i += std::max<size_t>(1, curve.rates.size() / 20))
    fmt::print("{:>12.3g}  {:>10.5g}\n", curve.rates[i], curve.losses[i]);
  fmt::print("curve: {0}.svg, {0}.png\n", c.out);
  const double rate = steepest(curve);
  if (rate < 0)
    fail("[lr-find] the loss falls at no rate between {:g} and {:g}; the model may not learn this data", c.from, c.to);
  fmt::print("suggested optimizer.lr={:.2g} (the loss falls fastest there)\n", rate);
}

}  // namespace

void add_lr_find(CLI::App& command, Context& context) {
  auto c = std::make_shared<LrFind>();
  add_settings(command, c->settings);
  command.add_option("--from", c->from, "the first rate")->capture_default_str();
  command.add_option("--to", c->to, "the last rate")->capture_default_str();
  command.add_option("--steps", c->steps, "from the one to the other")
      ->check(CLI::Range(20, 100000))
      ->capture_default_str();
  command.add_option("--curve", c->out, "the plot's path, without .svg")->capture_default_str();
  command.callback([c, &context] { find(*c, context); });
}

}  // namespace hearth::cli
