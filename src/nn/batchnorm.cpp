#include "hearth/nn/batchnorm.h"

#include <fmt/format.h>

#include "hearth/error.h"
#include "hearth/nn/init.h"
#include "nn/print.h"

namespace hearth::nn::detail {

void NormState::register_state(Module& self, int64_t channels, bool affine, bool track) {
  if (channels < 0)
    throw ValueError(fmt::format("[{}] num_features is {}; it must not be negative", self.name(), channels));
  weight = self.register_parameter("weight", affine ? empty({channels}) : Tensor(), affine);
  bias = self.register_parameter("bias", affine ? empty({channels}) : Tensor(), affine);
  running_mean = self.register_buffer("running_mean", track ? zeros({channels}) : Tensor());
  running_var = self.register_buffer("running_var", track ? ones({channels}) : Tensor());
  num_batches_tracked = self.register_buffer("num_batches_tracked", track ? full({}, 0, kLong) : Tensor());
  reset_parameters();
}

void NormState::reset_running_stats() {
  if (!running_mean.defined()) return;
  running_mean.zero_();
  running_var.fill_(1);
  num_batches_tracked.zero_();
}

void NormState::reset_parameters() {
  reset_running_stats();
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void BatchNormState::register_state(Module& self) {
  NormState::register_state(self, options.num_features(), options.affine(), options.track_running_stats());
}

void BatchNormState::print(std::ostream& stream, int rank) const {
  Line line(stream, "BatchNorm", rank, "d");
  line(options.num_features())("eps", options.eps());
  if (options.momentum()) {
    line("momentum", *options.momentum());
  } else {
    line("momentum", "None");
  }
  line("affine", options.affine())("track_running_stats", options.track_running_stats());
}

Tensor BatchNormState::run(const Module& self, const Tensor& input, int64_t least_dim, int64_t most_dim) try {
  const bool training = self.is_training();
  if (input.dim() < least_dim || input.dim() > most_dim)
    throw ShapeError(fmt::format("[BatchNorm] expected {} input, but its shape is {}",
                                 least_dim == most_dim ? fmt::format("{}D", most_dim)
                                                       : fmt::format("{}D or {}D", least_dim, most_dim),
                                 to_string(input.sizes())),
                     input.sizes().vec());
  double momentum = options.momentum().value_or(0.0);
  if (training && options.track_running_stats() && num_batches_tracked.defined()) {
    num_batches_tracked += 1;
    if (!options.momentum()) momentum = 1.0 / static_cast<double>(num_batches_tracked.item<int64_t>());
  }
  const bool by_batch = training || (!running_mean.defined() && !running_var.defined());
  return batch_norm(input, weight, bias, running_mean, running_var, by_batch, momentum, options.eps());
} catch (Error& e) {
  detail::add_path(self, e);
  throw;
}

}  // namespace hearth::nn::detail
