// Tensors made with names of dimensions, and what joins and splits dimensions by name.
#include "base/fail.h"
#include "hearth/creation.h"
#include "ops/executors.h"

namespace hearth {

namespace {

/// What `make` returns, with these names; wrong ones are found before anything is drawn.
template <class Make>
Tensor with_names(const char* op, IntArrayRef size, const std::optional<DimnameList>& given, Make&& make) {
  if (!given) return make();
  names::check(op, size, *given);
  Tensor y = make();
  names::set(op, y, given->vec());
  return y;
}

}  // namespace

Tensor empty(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options,
             std::optional<MemoryFormat> memory_format) {
  return with_names("empty", size, names, [&] { return empty(size, options, memory_format); });
}
Tensor zeros(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options) {
  return with_names("zeros", size, names, [&] { return zeros(size, options); });
}
Tensor ones(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options) {
  return with_names("ones", size, names, [&] { return ones(size, options); });
}
Tensor full(IntArrayRef size, const Scalar& fill_value, std::optional<DimnameList> names,
            const TensorOptions& options) {
  return with_names("full", size, names, [&] { return full(size, fill_value, options); });
}
Tensor rand(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options) {
  return with_names("rand", size, names, [&] { return rand(size, options); });
}
Tensor rand(IntArrayRef size, std::optional<Generator> generator, std::optional<DimnameList> names,
            const TensorOptions& options) {
  return with_names("rand", size, names, [&] { return rand(size, std::move(generator), options); });
}
Tensor randn(IntArrayRef size, std::optional<DimnameList> names, const TensorOptions& options) {
  return with_names("randn", size, names, [&] { return randn(size, options); });
}
Tensor randn(IntArrayRef size, std::optional<Generator> generator, std::optional<DimnameList> names,
             const TensorOptions& options) {
  return with_names("randn", size, names, [&] { return randn(size, std::move(generator), options); });
}

/// Dimensions start_dim to end_dim as one, called out_dim.
//: method
Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim, Dimname out_dim) {
  checked_impl("flatten", self);
  const int64_t a = wrap_dim("flatten", start_dim, self.dim()), b = wrap_dim("flatten", end_dim, self.dim());
  const auto joined = [&] {
    if (self.dim() == 0) return names::Names{out_dim};
    names::Names out = names::full(self);
    if (a > b) fail("[flatten] start_dim {} comes after end_dim {}", start_dim, end_dim);
    out.erase(out.begin() + a, out.begin() + b);
    out[static_cast<size_t>(a)] = out_dim;
    names::check_distinct("flatten", out);
    return out;
  };
  // A dimension by itself is self, whose name must not change.
  return names::ran("flatten", joined, [&] { return a == b && self.dim() > 0 ? self.alias() : flatten(self, a, b); });
}
//: method
Tensor flatten(const Tensor& self, Dimname start_dim, Dimname end_dim, Dimname out_dim) {
  return flatten(self, names::position("flatten", self, start_dim), names::position("flatten", self, end_dim), out_dim);
}
/// The dimensions dims, neighbours in this order, as one called out_dim.
//: method
Tensor flatten(const Tensor& self, DimnameList dims, Dimname out_dim) {
  if (dims.empty()) fail("[flatten] dims is empty; name at least one dimension");
  const std::vector<int64_t> at = names::positions("flatten", self, dims);
  for (size_t i = 1; i < at.size(); ++i)
    if (at[i] != at[i - 1] + 1)
      fail("[flatten] the dimensions {} are not neighbours in this order in {}; align_to moves them", names::text(dims),
           names::text(self.names()));
  return flatten(self, at.front(), at.back(), out_dim);
}
/// Dimension dim as several, each with its name; one size may be -1.
//: method
Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes, DimnameList names) {
  checked_impl("unflatten", self);
  const int64_t d = wrap_dim("unflatten", dim, self.dim());
  if (names.size() != sizes.size())
    fail("[unflatten] {} sizes {} but {} names {}; give one name for each", sizes.size(), shape_text(sizes),
         names.size(), names::text(names));
  const auto split = [&] {
    names::Names out = names::full(self);
    if (out.empty()) return out;
    out.erase(out.begin() + d);
    out.insert(out.begin() + d, names.begin(), names.end());
    names::check_distinct("unflatten", out);
    return out;
  };
  return names::ran("unflatten", split, [&] { return unflatten(self, d, sizes); });
}
//: method
Tensor unflatten(const Tensor& self, Dimname dim, IntArrayRef sizes, DimnameList names) {
  return unflatten(self, names::position("unflatten", self, dim), sizes, names);
}
/// Joined along the dimension that the first tensor calls dim.
//: out
Tensor cat(TensorList tensors, Dimname dim) {
  if (tensors.empty()) fail("[cat] the list of tensors is empty; give at least one");
  return cat(tensors, names::position("cat", tensors[0], dim));
}

}  // namespace hearth
