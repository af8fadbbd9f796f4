// Borders made up of a tensor's own elements.
#include "base/fail.h"
#include "ops/executors.h"
#include "ops/resample.h"

namespace hearth {

namespace {

enum class Border { reflect, replicate, circular };
constexpr int64_t kMostPadding = int64_t{1} << 40;

/// The element of `size` that stands at place i.
int64_t source_of(int64_t i, int64_t size, Border border) {
  if (border == Border::replicate) return std::min(std::max<int64_t>(i, 0), size - 1);
  if (border == Border::circular) return (i % size + size) % size;
  if (i < 0) i = -i;
  return i < size ? i : 2 * (size - 1) - i;
}

/// pad holds two numbers for each of the last dimensions, last dimension first; negative ones cut off.
Tensor pad_border(const char* op, const Tensor& x, IntArrayRef pad, Border border) {
  checked_impl(op, x);
  const auto rank = static_cast<size_t>(x.dim()), n = pad.size() / 2;
  if (pad.size() % 2 != 0 || n == 0 || n > rank)
    fail("[{}] pad {} needs two numbers for each padded dimension of shape {}", op, shape_text(pad),
         shape_text(x.sizes()));
  std::vector<std::pair<int64_t, std::vector<int64_t>>> dims;
  DimVector padded(x.sizes());
  for (size_t i = 0; i < n; ++i) {
    const size_t d = rank - 1 - i;
    const int64_t size = x.sizes()[d], before = pad[2 * i], after = pad[2 * i + 1];
    if (before == 0 && after == 0) continue;
    if (std::max(before, after) > kMostPadding || std::min(before, after) < -kMostPadding)
      fail<ShapeError>("[{}] padding ({}, {}) at dimension {} is more than any memory holds", op, before, after, d);
    const int64_t most = border == Border::reflect ? size - 1 : size;
    if (size == 0 || (border != Border::replicate && (before > most || after > most)))
      throw ShapeError(fmt::format("[{}] padding ({}, {}) at dimension {} of shape {} is more than a border of its own "
                                   "elements can have; it must be {} {}",
                                   op, before, after, d, shape_text(x.sizes()),
                                   border == Border::reflect ? "less than" : "at most", size),
                       x.sizes().vec());
    if (size + before + after < 1)
      throw ShapeError(fmt::format("[{}] padding ({}, {}) leaves nothing of dimension {} of shape {}", op, before,
                                   after, d, shape_text(x.sizes())),
                       x.sizes().vec());
    padded[d] = size + before + after;
    checked_numel(op, padded);
    make_tensor(padded, x.scalar_type());  // refused here if it is too large, before its places are listed
    std::vector<int64_t> places;
    for (int64_t k = -before; k < size + after; ++k) places.push_back(source_of(k, size, border));
    dims.emplace_back(static_cast<int64_t>(d), std::move(places));
  }
  if (!x.is_floating_point()) {
    Tensor y = x;
    for (const auto& [d, places] : dims) y = y.index_select(d, tensor(places));
    return dims.empty() ? x.clone() : y;
  }
  auto plan = std::make_shared<Resampling>();
  for (auto& [d, places] : dims) {
    Taps taps;
    for (size_t k = 0; k <= places.size(); ++k) taps.first.push_back(static_cast<int64_t>(k));
    taps.weight.assign(places.size(), 1.0);
    taps.index = std::move(places);
    plan->emplace_back(d, x.size(d), std::move(taps));
  }
  return resample(op, x, plan);
}

/// The same for exactly n dimensions, of [N, C, …] or [C, …].
Tensor pad_spatial(const char* op, const Tensor& x, IntArrayRef pad, size_t n, Border border) {
  checked_impl(op, x);
  const auto rank = static_cast<size_t>(x.dim());
  if (pad.size() != 2 * n) fail("[{}] padding {} must have {} entries", op, shape_text(pad), 2 * n);
  if (rank != n + 1 && rank != n + 2)
    throw ShapeError(fmt::format("[{}] expected a {}-dimensional input [N, C, …], or one without N, but got shape {}",
                                 op, n + 2, shape_text(x.sizes())),
                     x.sizes().vec());
  return pad_border(op, x, pad, border);
}

}  // namespace

/// self with its elements mirrored at the borders, which are not repeated: padding is two numbers a dimension, last
/// dimension first.
//:
Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("reflection_pad1d", self, padding, 1, Border::reflect);
}
//:
Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("reflection_pad2d", self, padding, 2, Border::reflect);
}
//:
Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("reflection_pad3d", self, padding, 3, Border::reflect);
}
/// self with its outermost elements repeated.
//:
Tensor replication_pad1d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("replication_pad1d", self, padding, 1, Border::replicate);
}
//:
Tensor replication_pad2d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("replication_pad2d", self, padding, 2, Border::replicate);
}
//:
Tensor replication_pad3d(const Tensor& self, IntArrayRef padding) {
  return pad_spatial("replication_pad3d", self, padding, 3, Border::replicate);
}
/// self with a border: two numbers for each of the last dimensions, last one first. mode is "constant" (of `value`, 0
/// if none), "reflect", "replicate" or "circular" (from the other side); the latter three leave the first one or two
/// dimensions alone.
//:
Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode /* = "constant" */,
           std::optional<double> value /* = std::nullopt */) {
  checked_impl("pad", self);
  if (mode == "constant") return constant_pad_nd(self, pad, value.value_or(0));
  if (value && *value != 0) fail("[pad] padding mode \"{}\" doesn't take in value argument (got {})", mode, *value);
  if (mode != "reflect" && mode != "replicate" && mode != "circular")
    fail("[pad] mode is \"{}\"; use \"constant\", \"reflect\", \"replicate\" or \"circular\"", mode);
  if (pad.size() % 2 != 0) fail("[pad] pad {} needs two numbers for each padded dimension", shape_text(pad));
  const auto n = static_cast<int64_t>(pad.size() / 2);
  if (n < 1 || n > 3 || self.dim() < n + 1 || self.dim() > n + 2)
    fail<NotImplementedError>(
        "[pad] mode \"{}\" pads the last 1, 2 or 3 dimensions of [N, C, …] or [C, …]; shape {} with pad {} is neither",
        mode, shape_text(self.sizes()), shape_text(pad));
  return pad_border("pad", self, pad,
                    mode == "reflect"     ? Border::reflect
                    : mode == "replicate" ? Border::replicate
                                          : Border::circular);
}

}  // namespace hearth
