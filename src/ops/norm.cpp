// Normalisation layers.
#include "base/fail.h"
#include "ops/autocast.h"
#include "ops/executors.h"

namespace hearth {

namespace {

using autograd::Grads;
using autograd::Needs;
using autograd::Saved;

void check_channel(const char* op, const char* what, const Tensor& t, IntArrayRef expected, ScalarType dtype) {
  if (!t.defined()) return;
  if (t.sizes() != expected)
    throw ShapeError(
        fmt::format("[{}] {} has shape {} but must be {}", op, what, shape_text(t.sizes()), shape_text(expected)),
        t.sizes().vec(), expected.vec());
  if (t.scalar_type() != dtype && !(isReducedFloatingType(dtype) && t.scalar_type() == kFloat))
    throw DtypeError(
        fmt::format("[{}] {} is {} but the input is {}; convert one of them", op, what, t.scalar_type(), dtype),
        t.scalar_type(), dtype);
}

/// The gradient of y = (x - mean) * invstd * w + b in public ops, where mean and invstd are over `dims` of x (if
/// `batch`) or constants; all broadcast against x.
Grads composed_grads(const Tensor& g, const Tensor& x, const Tensor& w, const Tensor& mean, const Tensor& invstd,
                     IntArrayRef stat_dims, IntArrayRef weight_dims, double eps, bool batch, Needs needs,
                     IntArrayRef weight_sizes) {
  const Tensor m = batch ? x.mean(stat_dims, true) : mean;
  const Tensor r = batch ? (x.var(stat_dims, std::optional<int64_t>(0), true) + eps).rsqrt() : invstd;
  const Tensor xhat = (x - m) * r;
  Grads out(3);
  if (needs[0]) {
    const Tensor gw = w.defined() ? g * w : g;
    out[0] = batch ? r * (gw - gw.mean(stat_dims, true) - xhat * (gw * xhat).mean(stat_dims, true)) : gw * r;
  }
  if (needs[1]) out[1] = (g * xhat).sum(weight_dims).reshape(weight_sizes);
  if (needs[2]) out[2] = g.sum(weight_dims).reshape(weight_sizes);
  return out;
}

DimVector all_but(const Tensor& x, int64_t kept) {
  DimVector dims;
  for (int64_t d = 0; d < x.dim(); ++d)
    if (d != kept) dims.push_back(d);
  return dims;
}

}  // namespace

/// input [N, C, …] normalised over all but the channels, times weight [C] plus bias [C] where defined. Training: by the
/// batch's statistics, towards which running_mean and running_var [C] move by momentum; else by the running ones
/// (Ioffe and Szegedy, 2015).
//:
Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                  const Tensor& running_var, bool training, double momentum, double eps,
                  bool cudnn_enabled /* = true */) {
  if (autocast::raises(input))
    return batch_norm(autocast::raised(input), weight, bias, running_mean, running_var, training, momentum, eps,
                      cudnn_enabled);
  (void)cudnn_enabled;  // LibTorch's signature; there is one way here
  checked_impl("batch_norm", input);
  check_floating("batch_norm", input);
  if (input.dim() < 2)
    fail<ShapeError>("[batch_norm] channels are dimension 1, but the input's shape is {}", shape_text(input.sizes()));
  const DimVector channels{input.size(1)};
  const ScalarType dtype = input.scalar_type();
  check_channel("batch_norm", "weight", weight, channels, dtype);
  check_channel("batch_norm", "bias", bias, channels, dtype);
  check_channel("batch_norm", "running_mean", running_mean, channels, dtype);
  check_channel("batch_norm", "running_var", running_var, channels, dtype);
  if (!training && (!running_mean.defined() || !running_var.defined()))
    fail("[batch_norm] evaluation needs running_mean and running_var; give them, or train=true");
  if (training && channels[0] > 0 && input.numel() / channels[0] == 1)
    fail("[batch_norm] expected more than 1 value per channel when training, got input size {}",
         shape_text(input.sizes()));
  const ScalarType stat_dtype = isReducedFloatingType(dtype) ? kFloat : dtype;
  const Tensor x = input.contiguous();
  Tensor y = make_tensor(x.sizes(), dtype), mean, invstd;
  if (training) {
    mean = make_tensor(channels, stat_dtype);
    invstd = make_tensor(channels, stat_dtype);
  } else {
    const NoGradGuard no_grad;
    mean = running_mean.detach().to(stat_dtype);
    invstd = (running_var.detach().to(stat_dtype) + eps).rsqrt();
  }
  kernels(x.device())
      .batch_norm(y, mean, invstd, training ? running_mean : Tensor(), training ? running_var : Tensor(), x, weight,
                  bias, training, momentum, eps);
  if (training && running_mean.defined()) autograd::wrote_in_place("batch_norm", running_mean);
  if (training && running_var.defined()) autograd::wrote_in_place("batch_norm", running_var);
  return autograd::record("native_batch_norm", y, {&x, &weight, &bias}, [&] {
    return [x = Saved(x), w = Saved(weight), mean, invstd, training, eps](const Tensor& g, Needs needs) {
      const Tensor in = *x, scale = *w;
      if (GradMode::is_enabled()) {
        DimVector shape(static_cast<size_t>(in.dim()), 1);
        shape[1] = in.size(1);
        const DimVector dims = all_but(in, 1);
        return composed_grads(g, in, scale.defined() ? scale.reshape(shape) : scale, mean.reshape(shape),
                              invstd.reshape(shape), dims, dims, eps, training, needs, mean.sizes());
      }
      Grads out(3);
      if (needs[0]) out[0] = make_tensor(in.sizes(), in.scalar_type());
      if (needs[1]) out[1] = make_tensor(mean.sizes(), scale.scalar_type());
      if (needs[2]) out[2] = make_tensor(mean.sizes(), in.scalar_type());
      kernels(in.device())
          .batch_norm_backward(out[0], out[1], out[2], g.contiguous(), in, scale, mean, invstd, training);
      return out;
    };
  });
}

/// input normalised over its last dimensions, which must be normalized_shape, times weight plus bias of that shape
/// where defined (Ba, Kiros and Hinton, 2016).
//:
Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight /* = {} */,
                  const Tensor& bias /* = {} */, double eps /* = 1e-05 */, bool cudnn_enable /* = true */) {
  if (autocast::raises(input))
    return layer_norm(autocast::raised(input), normalized_shape, weight, bias, eps, cudnn_enable);
  (void)cudnn_enable;
  checked_impl("layer_norm", input);
  check_floating("layer_norm", input);
  const size_t n = normalized_shape.size(), rank = static_cast<size_t>(input.dim());
  if (n == 0 || n > rank || input.sizes().slice(rank - n) != normalized_shape)
    throw ShapeError(fmt::format("[layer_norm] given normalized_shape={}, expected input with shape [*, {}], but got "
                                 "input of size {}",
                                 shape_text(normalized_shape), shape_text(normalized_shape), shape_text(input.sizes())),
                     input.sizes().vec(), normalized_shape.vec());
  const ScalarType dtype = input.scalar_type();
  check_channel("layer_norm", "weight", weight, normalized_shape, dtype);
  check_channel("layer_norm", "bias", bias, normalized_shape, dtype);
  const int64_t cols = checked_numel("layer_norm", normalized_shape), rows = cols ? input.numel() / cols : 0;
  const ScalarType stat_dtype = isReducedFloatingType(dtype) ? kFloat : dtype;
  const Tensor x = input.contiguous(), w = weight.defined() ? weight.contiguous() : weight;
  Tensor y = make_tensor(x.sizes(), dtype), mean = make_tensor({rows}, stat_dtype),
         invstd = make_tensor({rows}, stat_dtype);
  const auto as_rows = [rows, cols](const Tensor& t) {
    return make_alias(t, DimVector{rows, cols}, DimVector{cols, 1}, t.storage_offset());
  };
  const auto as_vector = [cols](const Tensor& t) {
    return t.defined() ? make_alias(t, DimVector{cols}, DimVector{1}, t.storage_offset()) : t;
  };
  kernels(x.device())
      .layer_norm(as_rows(y), mean, invstd, as_rows(x), as_vector(w),
                  as_vector(bias.defined() ? bias.contiguous() : bias), eps);
  return autograd::record("native_layer_norm", y, {&x, &w, &bias}, [&] {
    return [x = Saved(x), w = Saved(w), mean, invstd, n, eps, as_rows, as_vector, shape = DimVector(normalized_shape)](
               const Tensor& g, Needs needs) {
      const Tensor in = *x, scale = *w;
      DimVector last, lead;
      for (int64_t d = 0; d < in.dim(); ++d) (d < in.dim() - static_cast<int64_t>(n) ? lead : last).push_back(d);
      if (GradMode::is_enabled()) {
        const bool whole = lead.empty();  // sum over no dimension would be a sum over all
        const Tensor gi = whole ? g.unsqueeze(0) : g, xi = whole ? in.unsqueeze(0) : in;
        DimVector stat_dims = last;
        if (whole) {
          lead = DimVector{0};
          for (int64_t& d : stat_dims) ++d;
        }
        Grads out = composed_grads(gi, xi, scale, mean, invstd, stat_dims, lead, eps, true, needs, shape);
        if (whole && out[0].defined()) out[0] = out[0].squeeze(0);
        return out;
      }
      Grads out(3);
      if (needs[0]) out[0] = make_tensor(in.sizes(), in.scalar_type());
      if (needs[1]) out[1] = make_tensor(shape, in.scalar_type());
      if (needs[2]) out[2] = make_tensor(shape, in.scalar_type());
      if (in.numel() == 0) {
        for (Tensor& t : out)
          if (t.defined()) t.zero_();
        return out;
      }
      kernels(in.device())
          .layer_norm_backward(out[0].defined() ? as_rows(out[0]) : Tensor(), as_vector(out[1]), as_vector(out[2]),
                               as_rows(g.contiguous()), as_rows(in), as_vector(scale), mean, invstd);
      return out;
    };
  });
}

/// input [N, C, …] normalised over each of num_groups groups of channels, times weight [C] plus bias [C] where defined
/// (Wu and He, 2018).
//:
Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight /* = {} */,
                  const Tensor& bias /* = {} */, double eps /* = 1e-05 */, bool cudnn_enabled /* = true */) {
  if (autocast::raises(input)) return group_norm(autocast::raised(input), num_groups, weight, bias, eps, cudnn_enabled);
  (void)cudnn_enabled;
  checked_impl("group_norm", input);
  check_floating("group_norm", input);
  if (input.dim() < 2 || num_groups < 1 || input.size(1) % num_groups != 0)
    fail<ShapeError>(
        "[group_norm] expected number of channels in input to be divisible by num_groups, but got input of "
        "shape {} and num_groups={}",
        shape_text(input.sizes()), num_groups);
  const DimVector channels{input.size(1)};
  const ScalarType dtype = input.scalar_type(), stat_dtype = isReducedFloatingType(dtype) ? kFloat : dtype;
  check_channel("group_norm", "weight", weight, channels, dtype);
  check_channel("group_norm", "bias", bias, channels, dtype);
  const Tensor x = input.contiguous();
  Tensor y = make_tensor(x.sizes(), dtype), mean = make_tensor({x.size(0) * num_groups}, stat_dtype),
         invstd = make_tensor({x.size(0) * num_groups}, stat_dtype);
  kernels(x.device()).group_norm(y, mean, invstd, x, weight, bias, num_groups, eps);
  return autograd::record("native_group_norm", y, {&x, &weight, &bias}, [&] {
    return [x = Saved(x), w = Saved(weight), mean, invstd, groups = num_groups, eps](const Tensor& g, Needs needs) {
      const Tensor in = *x, scale = *w;
      if (GradMode::is_enabled() && in.numel() > 0) {
        const int64_t each = in.size(1) / groups;
        const DimVector shape{in.size(0), groups, each, -1};
        Grads out = composed_grads(g.reshape(shape), in.reshape(shape),
                                   scale.defined() ? scale.reshape({groups, each, 1}) : scale, Tensor(), Tensor(),
                                   {2, 3}, {0, 3}, eps, true, needs, {in.size(1)});
        if (out[0].defined()) out[0] = out[0].reshape(in.sizes());
        return out;
      }
      Grads out(3);
      const DimVector per_channel{in.size(1)};
      if (needs[0]) out[0] = make_tensor(in.sizes(), in.scalar_type());
      if (needs[1]) out[1] = zeros(per_channel, scale.scalar_type());
      if (needs[2]) out[2] = zeros(per_channel, in.scalar_type());
      if (in.numel() > 0)
        kernels(in.device()).group_norm_backward(out[0], out[1], out[2], g, in, scale, mean, invstd, groups);
      return out;
    };
  });
}

/// input [N, C, …] with each channel of each image normalised by itself (Ulyanov et al., 2016), or by running_mean and
/// running_var [C] where use_input_stats is false. Running statistics that are given move by momentum.
//:
Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                     const Tensor& running_var, bool use_input_stats, double momentum, double eps,
                     bool cudnn_enabled /* = true */) {
  if (autocast::raises(input))
    return instance_norm(autocast::raised(input), weight, bias, running_mean, running_var, use_input_stats, momentum,
                         eps, cudnn_enabled);
  (void)cudnn_enabled;
  checked_impl("instance_norm", input);
  check_floating("instance_norm", input);
  if (input.dim() < 3)
    fail<ShapeError>("[instance_norm] expected an input [N, C, …] with spatial dimensions, but got shape {}",
                     shape_text(input.sizes()));
  const int64_t n = input.size(0), c = input.size(1);
  if (!use_input_stats) {
    if (!running_mean.defined() || !running_var.defined())
      fail("[instance_norm] expected running_mean and running_var to be defined when use_input_stats is false");
    return batch_norm(input, weight, bias, running_mean, running_var, false, momentum, eps);
  }
  if (n > 0 && c > 0 && input.numel() / (n * c) == 1)
    fail("[instance_norm] expected more than 1 spatial element when training, got input size {}",
         shape_text(input.sizes()));
  if (!running_mean.defined() || !running_var.defined() || input.numel() == 0)
    return group_norm(input, std::max<int64_t>(c, 1), weight, bias, eps);
  const DimVector channels{c};
  check_channel("instance_norm", "running_mean", running_mean, channels, input.scalar_type());
  check_channel("instance_norm", "running_var", running_var, channels, input.scalar_type());
  {
    const NoGradGuard no_grad;
    DimVector dims;
    for (int64_t d = 2; d < input.dim(); ++d) dims.push_back(d);
    const Tensor x = input.detach();
    Tensor(running_mean).lerp_(x.mean(IntArrayRef(dims)).mean(0).to(running_mean.scalar_type()), momentum);
    Tensor(running_var)
        .lerp_(x.var(IntArrayRef(dims), std::optional<int64_t>(1)).mean(0).to(running_var.scalar_type()), momentum);
  }
  return group_norm(input, c, weight, bias, eps);
}

/// input divided by the root of the mean of its squares over the last dimensions, which must be normalized_shape, times
/// weight of that shape where defined (Zhang and Sennrich, 2019). eps defaults to the smallest step of the dtype at 1.
//:
Tensor rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight /* = {} */,
                std::optional<double> eps /* = std::nullopt */) {
  if (autocast::raises(input)) return rms_norm(autocast::raised(input), normalized_shape, weight, eps);
  checked_impl("rms_norm", input);
  check_floating("rms_norm", input);
  const size_t n = normalized_shape.size(), rank = static_cast<size_t>(input.dim());
  if (n == 0 || n > rank || input.sizes().slice(rank - n) != normalized_shape)
    throw ShapeError(fmt::format("[rms_norm] given normalized_shape={}, expected input with shape [*, {}], but got "
                                 "input of size {}",
                                 shape_text(normalized_shape), shape_text(normalized_shape), shape_text(input.sizes())),
                     input.sizes().vec(), normalized_shape.vec());
  check_channel("rms_norm", "weight", weight, normalized_shape, input.scalar_type());
  DimVector dims;
  for (size_t d = rank - n; d < rank; ++d) dims.push_back(static_cast<int64_t>(d));
  const ScalarType dtype = input.scalar_type();
  const Tensor x = isReducedFloatingType(dtype) ? input.to(kFloat) : input;
  double tiny = dtype == kDouble ? 0x1p-52 : 0x1p-23;
  if (dtype == kHalf) tiny = 0x1p-10;
  if (dtype == kBFloat16) tiny = 0x1p-7;
  const Tensor y = (x * (x.square().mean(IntArrayRef(dims), true) + eps.value_or(tiny)).rsqrt()).to(dtype);
  return weight.defined() ? y * weight : y;
}

}  // namespace hearth
