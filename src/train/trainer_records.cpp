// What a trainer tells about its training, and about what went wrong with it.
#include <cmath>

#include "base/demangle.h"
#include "base/fail.h"
#include "hearth/autocast.h"
#include "hearth/autograd.h"
#include "hearth/hearth.h"
#include "hearth/memory.h"
#include "hearth/nn/utils/clip_grad.h"
#include "train/trainer_impl.h"

namespace hearth::train {

namespace {

bool finite(const Tensor& t) { return !t.defined() || !t.is_floating_point() || t.isfinite().all().item<bool>(); }

/// The first element that is not finite, as "nan at [2, 5]".
std::string first_bad(const Tensor& t) {
  const Tensor flat = t.detach().reshape({-1});
  auto at = (~flat.isfinite()).to(kLong).argmax().item<int64_t>();
  const double value = flat[at].item<double>();
  std::vector<int64_t> place(static_cast<size_t>(t.dim()));
  for (size_t d = place.size(); d-- > 0;) {
    place[d] = at % t.size(static_cast<int64_t>(d));
    at /= t.size(static_cast<int64_t>(d));
  }
  return fmt::format("{} at {}", value, to_string(IntArrayRef(place)));
}

}  // namespace

std::string culprit(const Model& model, const data::Example<>& batch) {
  if (!finite(batch.data)) return "the input holds " + first_bad(batch.data) + " of the batch; mend the data";
  if (!finite(batch.target)) return "the target holds " + first_bad(batch.target) + " of the batch; mend the data";
  for (const auto& item : model.module->named_parameters())
    if (!finite(item.value()))
      return fmt::format("the parameter \"{}\" holds {}; lower the learning rate or limit the gradient", item.key(),
                         first_bad(item.value()));
  std::string first;
  std::vector<nn::RemovableHandle> handles;
  model.module->apply([&](const std::string& path, nn::Module& module) {
    handles.push_back(module.register_forward_hook(
        [&first, path](nn::Module& m, const std::vector<Tensor>& in, std::vector<Tensor>& out) {
          if (!first.empty() || !std::all_of(in.begin(), in.end(), finite)) return;
          for (const Tensor& t : out)
            if (!finite(t))
              first = fmt::format("module \"{}\" ({}) is the first whose output is not finite: {}", path, m.name(),
                                  first_bad(t));
        }));
  });
  const NoGradGuard no_grad;
  const Tensor output = model.forward(batch.data);
  for (nn::RemovableHandle& handle : handles) handle.remove();
  if (!first.empty()) return first + "; lower the learning rate or limit the gradient";
  if (!finite(output)) return "the model's output holds " + first_bad(output);
  return "the model's output is finite, so it is the loss itself that overflows; lower the learning rate";
}

std::string gradient_culprit(const nn::Module& module, const std::function<Tensor()>& loss) {
  std::string text;
  for (const auto& item : module.named_parameters())
    if (!finite(item.value().grad())) {
      text = fmt::format("the gradient of \"{}\" holds {}", item.key(), first_bad(item.value().grad()));
      break;
    }
  try {
    const autograd::DetectAnomalyGuard guard;
    loss().backward();
  } catch (const Error& e) {
    const std::string& why = e.msg();
    text += (text.empty() ? "" : ", and ") + why.substr(0, why.find('\n'));
  }
  return text.empty() ? "every gradient by itself is finite" : text;
}

void Trainer::Impl::fail_nonfinite(double value, const data::Example<>& batch) {
  const AutocastGuard autocast(options.autocast());  // as the loss was computed
  fail("[train] the loss is {} at step {} (epoch {}, batch {}, learning rate {}): {}", value, state.step + 1,
       state.epoch + 1, state.batch, state.lr, culprit(model, batch));
}

std::vector<Tensor> Trainer::Impl::gradients() const {
  std::vector<Tensor> all;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) all.push_back(p.grad());
  return all;
}

void Trainer::Impl::measure_layers() {
  if (layers.empty())
    model.module->apply([this](const std::string& path, nn::Module& module) {
      std::vector<Tensor> own = module.parameters(/*recurse=*/false);
      if (!own.empty()) layers.emplace_back("grad_norm/" + (path.empty() ? "model" : path), std::move(own));
    });
  layer_norms.clear();
  for (const auto& [name, own] : layers) {
    std::vector<Tensor> all;
    for (const Tensor& p : own)
      if (p.grad().defined()) all.push_back(p.grad());
    if (!all.empty()) layer_norms.emplace_back(name, nn::utils::get_total_norm(all));
  }
}

Scores Trainer::Impl::epoch_scores() const {
  Scores scores;
  if (loss_seen > 0) scores.emplace_back("train/loss", loss_sum / loss_seen);
  for (const auto& [name, metric] : metrics) scores.emplace_back("train/" + name, metric->compute());
  return scores;
}

void Trainer::Impl::update_rates() {
  const double now = clock_seconds(), window = std::max(now - window_begun, 1e-9);
  last_rates = now;
  state.seconds = seconds_before + now - begun;
  state.samples_per_second = static_cast<double>(window_samples) / window;
  state.data_wait = std::min(1.0, waited / window);
  const int64_t per_epoch = (state.batches + options.accumulate() - 1) / options.accumulate();
  int64_t all = state.epochs * per_epoch;
  if (options.max_steps() > 0) all = std::min(all, options.max_steps());
  const auto done = static_cast<double>(state.step - first_step);
  state.seconds_left = done > 0 ? (now - begun) / done * static_cast<double>(all - state.step) : 0;
  if (options.max_seconds() > 0)
    state.seconds_left = std::max(0.0, std::min(state.seconds_left, options.max_seconds() - state.seconds));
}

/// A record's "train/loss" is that of the steps since the record before.
void Trainer::Impl::record(Scores extra) {
  update_rates();
  Record r;
  r.step = state.step;
  r.epoch = static_cast<double>(state.epoch) +
            static_cast<double>(state.batch) / static_cast<double>(std::max<int64_t>(1, state.batches));
  r.seconds = state.seconds;
  if (window_seen > 0) r.values.emplace_back("train/loss", window_sum / window_seen);
  for (const auto& score : extra)
    if (score.first != "train/loss") r.values.push_back(score);
  r.values.emplace_back("lr", state.lr);
  r.values.emplace_back("grad_norm", state.grad_norm);
  r.values.insert(r.values.end(), layer_norms.begin(), layer_norms.end());
  r.values.emplace_back("samples_per_second", state.samples_per_second);
  r.values.emplace_back("data_wait", state.data_wait);
  r.values.emplace_back("memory_bytes", static_cast<double>(memory_stats().current));
  ++records;
  window_sum = window_seen = 0;
  waited = 0;
  window_samples = 0;
  window_begun = clock_seconds();
  tell([&](Callback& c) { c.on_record(self, r); });
}

}  // namespace hearth::train
