#include "hearth/nn/batchnorm.h"

#include <fmt/format.h>

#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/init.h"

namespace hearth::nn::detail {

void BatchNormState::register_state(Module& self) {
  const int64_t n = options.num_features();
  weight = self.register_parameter("weight", options.affine() ? empty({n}) : Tensor(), options.affine());
  bias = self.register_parameter("bias", options.affine() ? empty({n}) : Tensor(), options.affine());
  const bool track = options.track_running_stats();
  running_mean = self.register_buffer("running_mean", track ? zeros({n}) : Tensor());
  running_var = self.register_buffer("running_var", track ? ones({n}) : Tensor());
  num_batches_tracked = self.register_buffer("num_batches_tracked", track ? full({}, 0, kLong) : Tensor());
  reset_parameters();
}

void BatchNormState::reset_running_stats() {
  if (!options.track_running_stats()) return;
  running_mean.zero_();
  running_var.fill_(1);
  num_batches_tracked.zero_();
}

void BatchNormState::reset_parameters() {
  reset_running_stats();
  if (!options.affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void BatchNormState::print(std::ostream& stream, int rank) const {
  stream << std::boolalpha << "torch::nn::BatchNorm" << rank << "d(" << options.num_features()
         << ", eps=" << options.eps() << ", momentum=";
  if (options.momentum()) {
    stream << *options.momentum();
  } else {
    stream << "None";
  }
  stream << ", affine=" << options.affine() << ", track_running_stats=" << options.track_running_stats() << ")";
}

Tensor BatchNormState::run(const Tensor& input, bool training, int64_t least_dim, int64_t most_dim) {
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
}

}  // namespace hearth::nn::detail
