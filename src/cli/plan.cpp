#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>

#include "base/clock.h"
#include "base/fail.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "hearth/hearth.h"
#include "hearth/nn/summary.h"
#include "kit/session.h"

namespace hearth::cli {

namespace {

std::string bytes_text(double bytes) {
  const char* const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) bytes /= 1024, ++unit;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

int64_t size_of(const nn::Module& module) {
  int64_t bytes = 0;
  for (const Tensor& p : module.parameters()) bytes += static_cast<int64_t>(p.nbytes());
  return bytes;
}

/// What one step takes: the peak beyond what was held before it, and its time (the best of three).
struct Measured {
  int64_t peak = 0;
  double seconds = HUGE_VAL;
};

struct Job {
  train::Model model;
  std::unique_ptr<optim::Optimizer> optimizer;
  train::Trainer::Loss loss;

  void step(const data::Example<>& batch) {
    optimizer->zero_grad(/*set_to_none=*/true);
    loss(model.forward(batch.data), batch.target).backward();
    optimizer->step();
  }
  Measured measure(const data::Example<>& batch) {
    Measured m;
    step(batch);  // the optimizer's states come to be
    optimizer->zero_grad(/*set_to_none=*/true);
    const int64_t before = memory_stats().current;
    reset_peak_memory_stats();
    for (int i = 0; i < 3; ++i) {
      const double begin = clock_seconds();
      step(batch);
      m.seconds = std::min(m.seconds, clock_seconds() - begin);
    }
    m.peak = memory_stats().peak - before;
    return m;
  }
};

data::Example<> first_part(const data::Example<>& batch, int64_t n) {
  return {batch.data.narrow(0, 0, n), batch.target.narrow(0, 0, n)};
}

nn::Summary layers_of(const train::Model& model, const Tensor& sample) {
  const NoGradGuard no_grad;
  const nn::detail::SummaryScope scope(*model.module);
  model.forward(sample);
  return scope.finish();
}

/// A row a layer: what a batch keeps of it, and what its parameters take with gradients and the optimizer's states.
void print_layers(const nn::Summary& s, int64_t batch, double states_per_byte) {
  fmt::print("{:<28}{:>14}{:>14}{:>14}{:>14}\n", "layer", "activations", "parameters", "gradients", "optimizer");
  for (const nn::LayerSummary& l : s.layers) {
    const double parameters = static_cast<double>(l.parameters) * 4;
    fmt::print("{:<28}{:>14}{:>14}{:>14}{:>14}\n", l.path.empty() ? l.kind : l.path,
               bytes_text(static_cast<double>(l.activation_bytes * batch)), bytes_text(parameters),
               bytes_text(parameters), bytes_text(parameters * states_per_byte));
  }
}

void run_plan(const Settings& settings, Context& context) {
  train::Config config = make_config(settings, context);
  manual_seed(static_cast<uint64_t>(config.integer("run.seed")));
  const kit::Loaded loaded = kit::choose_all(config, context.datasets);
  const train::Model model = kit::build_model(config, loaded, context.models);
  const nn::Summary summary = layers_of(model, kit::blank_sample(loaded.data.shapes));
  Job job{model, make_optimizer(config, *model.module), make_loss(config)};
  model.module->train();
  data::Example<> batch;
  loaded.data.train->start(0);
  if (!loaded.data.train->next(batch) || batch.data.size(0) < 2)
    fail("[plan] the first batch has fewer than two samples");
  context.status_of_errors = 1;

  const int64_t whole = batch.data.size(0), half = std::max<int64_t>(1, whole / 2);
  const int64_t held = memory_stats().current;
  job.step(batch);
  job.optimizer->zero_grad(/*set_to_none=*/true);
  const int64_t states = std::max<int64_t>(0, memory_stats().current - held), parameters = size_of(*model.module);
  const Measured small = job.measure(first_part(batch, half)), large = job.measure(batch);
  const double each =
      static_cast<double>(std::max<int64_t>(1, large.peak - small.peak)) / static_cast<double>(whole - half);
  const double fixed = std::max(0.0, static_cast<double>(large.peak) - each * static_cast<double>(whole));
  print_layers(summary, whole, parameters > 0 ? static_cast<double>(states) / static_cast<double>(parameters) : 0);

  const double memory = static_cast<double>(::sysconf(_SC_AVPHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  const double largest = std::floor((0.9 * memory - fixed) / each);
  const auto steps = static_cast<double>(loaded.data.train->batches());
  fmt::print("\nparameters {}, optimizer states {}\n", bytes_text(static_cast<double>(parameters)),
             bytes_text(static_cast<double>(states)));
  fmt::print("a step over {} samples: {} beyond these, {:.3g} ms ({:.0f} samples/s); each sample {}\n", whole,
             bytes_text(static_cast<double>(large.peak)), 1e3 * large.seconds,
             static_cast<double>(whole) / large.seconds, bytes_text(each));
  fmt::print("largest batch for the {} that are free: about {}\n", bytes_text(memory), grouped(std::max(0.0, largest)));
  fmt::print("an epoch of {} steps: about {}; {} epochs: about {}\n", grouped(steps), duration(steps * large.seconds),
             config.integer("run.epochs"),
             duration(steps * large.seconds * static_cast<double>(config.integer("run.epochs"))));
}

}  // namespace

void add_plan(CLI::App& command, Context& context) {
  auto settings = std::make_shared<Settings>();
  add_settings(command, *settings);
  command.callback([settings, &context] { run_plan(*settings, context); });
}

}  // namespace hearth::cli
