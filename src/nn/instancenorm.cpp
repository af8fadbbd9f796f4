#include "hearth/nn/instancenorm.h"

#include "base/fail.h"
#include "nn/print.h"

namespace hearth::nn::detail {

void InstanceNormState::register_state(Module& self) {
  NormState::register_state(self, options.num_features(), options.affine(), options.track_running_stats());
}

void InstanceNormState::print(std::ostream& stream, int rank) const {
  Line(stream, "InstanceNorm", rank, "d")(options.num_features())("eps", options.eps())("momentum", options.momentum())(
      "affine", options.affine())("track_running_stats", options.track_running_stats());
}

Tensor InstanceNormState::run(const Module& self, const Tensor& input, int64_t rank) try {
  const bool training = self.is_training();
  if (input.dim() != rank + 1 && input.dim() != rank + 2)
    fail<ShapeError>("[InstanceNorm{}d] expected {}D or {}D input, but its shape is {}", rank, rank + 1, rank + 2,
                     shape_text(input.sizes()));
  const bool unbatched = input.dim() == rank + 1;
  const Tensor x = unbatched ? input.unsqueeze(0) : input;
  if (weight.defined() && x.size(1) != options.num_features())
    fail<ShapeError>("[InstanceNorm{}d] expected {} channels, but the input's shape is {}", rank,
                     options.num_features(), shape_text(input.sizes()));
  const Tensor y = instance_norm(x, weight, bias, running_mean, running_var, training || !options.track_running_stats(),
                                 options.momentum(), options.eps());
  return unbatched ? y.squeeze(0) : y;
} catch (Error& e) {
  detail::add_path(self, e);
  throw;
}

}  // namespace hearth::nn::detail
