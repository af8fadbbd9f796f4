// x.index({…}) and x.index_put_({…}, v) by NumPy's rules, and x[…].
#include "hearth/indexing.h"

#include <ostream>

#include "base/fail.h"
#include "ops/executors.h"

namespace hearth {

using indexing::Slice;
using indexing::TensorIndex;

namespace indexing {

TensorIndex::TensorIndex(const char* text) : kind_(Kind::ellipsis) {
  if (std::string_view(text) != "...") fail("[index] \"{}\" is no index; only \"...\" may be a string", text);
}
std::ostream& operator<<(std::ostream& out, const Slice& s) {
  const auto put = [&](std::optional<int64_t> v, int64_t otherwise) { out << v.value_or(otherwise); };
  put(s.start(), s.step() < 0 ? INT64_MAX : 0);
  out << ":";
  put(s.stop(), s.step() < 0 ? INT64_MIN : INT64_MAX);
  return out << ":" << s.step();
}
std::ostream& operator<<(std::ostream& out, const TensorIndex& i) {
  switch (i.kind()) {
    case TensorIndex::Kind::none: return out << "None";
    case TensorIndex::Kind::ellipsis: return out << "...";
    case TensorIndex::Kind::integer: return out << i.integer();
    case TensorIndex::Kind::boolean: return out << (i.boolean() ? "true" : "false");
    case TensorIndex::Kind::slice: return out << i.slice();
    case TensorIndex::Kind::tensor: return out << i.tensor();
  }
  return out;
}
std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices) {
  out << "(";
  for (size_t i = 0; i < indices.size(); ++i) out << (i ? ", " : "") << indices[i];
  return out << ")";
}

}  // namespace indexing

namespace {

/// An index after its views are taken: `view` with tensors at some of its dimensions (undefined: the whole dimension).
struct Basic {
  Tensor view;
  std::vector<Tensor> tensors;
  bool advanced() const {
    return std::any_of(tensors.begin(), tensors.end(), [](const Tensor& t) { return t.defined(); });
  }
};

int64_t dims_used(ArrayRef<TensorIndex> indices) {
  int64_t used = 0;
  for (const TensorIndex& i : indices) {
    if (i.is_integer() || i.is_slice()) ++used;
    if (i.is_tensor()) {
      const ScalarType t = checked_impl("index", i.tensor())->dtype;
      used += t == kBool || t == kByte ? i.tensor().dim() : 1;
    }
  }
  return used;
}

/// A mask over some dimensions is the index tensors of its true places.
void add_tensor(Basic& b, const Tensor& t, int64_t& dim) {
  const ScalarType type = t.scalar_type();
  b.tensors.resize(static_cast<size_t>(dim));
  if (type == kBool || type == kByte) {
    for (int64_t d = 0; d < t.dim(); ++d)
      if (t.size(d) != b.view.size(dim + d))
        throw ShapeError(fmt::format("[index] the shape of the mask {} at dimension {} does not match the shape of the "
                                     "indexed tensor {} at dimension {}",
                                     shape_text(t.sizes()), d, shape_text(b.view.sizes()), dim + d),
                         t.sizes().vec(), b.view.sizes().vec());
    const Tensor places = t.detach().nonzero();
    if (t.dim() == 0) {  // a single truth: a new dimension of 0 or 1 elements
      b.view = b.view.unsqueeze(dim);
      b.tensors.push_back(zeros({places.size(0)}, kLong));
      ++dim;
      return;
    }
    for (int64_t d = 0; d < t.dim(); ++d) b.tensors.push_back(places.select(1, d));
    dim += t.dim();
    return;
  }
  if (!isIntegralType(type, false))
    throw DtypeError(fmt::format("[index] tensors used as indices must be Long, Byte or Bool, got {}", type), type,
                     kLong);
  b.tensors.push_back(t.detach().to(kLong));
  ++dim;
}

Basic take_views(const Tensor& self, ArrayRef<TensorIndex> indices) {
  Basic b{self, {}};
  checked_impl("index", self);
  const int64_t used = dims_used(indices);
  if (used > self.dim())
    throw IndexError(fmt::format("[index] too many indices for tensor of dimension {}: {} of them (shape {})",
                                 self.dim(), used, shape_text(self.sizes())),
                     used, self.dim());
  bool seen_ellipsis = false;
  int64_t dim = 0;
  for (const TensorIndex& i : indices) {
    switch (i.kind()) {
      case TensorIndex::Kind::none: b.view = b.view.unsqueeze(dim++); break;
      case TensorIndex::Kind::ellipsis:
        if (seen_ellipsis) fail<IndexError>("[index] an index can only have a single ellipsis ('...')");
        seen_ellipsis = true;
        dim += self.dim() - used;
        break;
      case TensorIndex::Kind::integer: {
        const int64_t size = b.view.size(dim);
        if (i.integer() < -size || i.integer() >= size)
          throw IndexError(fmt::format("[index] index {} is out of bounds for dimension {} with size {} (shape {})",
                                       i.integer(), dim, size, shape_text(self.sizes())),
                           i.integer(), size);
        b.view = b.view.select(dim, i.integer());
        break;
      }
      case TensorIndex::Kind::boolean:
        b.view = b.view.unsqueeze(dim);
        b.tensors.resize(static_cast<size_t>(dim));
        b.tensors.push_back(zeros({i.boolean() ? 1 : 0}, kLong));
        ++dim;
        break;
      case TensorIndex::Kind::slice:
        if (i.slice().step() <= 0) fail("[index] slice step is {}; it must be positive", i.slice().step());
        b.view = b.view.slice(dim++, i.slice().start(), i.slice().stop(), i.slice().step());
        break;
      case TensorIndex::Kind::tensor: {
        const Tensor& t = i.tensor();
        if (t.dim() == 0 && isIntegralType(t.scalar_type(), false) && t.scalar_type() != kByte) {
          b.view = b.view.select(dim, t.item<int64_t>());
          break;
        }
        add_tensor(b, t, dim);
        break;
      }
    }
  }
  if (b.view.is_same(self)) b.view = self.alias();
  return b;
}

/// The advanced part: the indexed dimensions in front, the indices broadcast to one shape.
struct Advanced {
  explicit Advanced(const Basic& b) {
    DimVector order, rest;
    for (size_t d = 0; d < static_cast<size_t>(b.view.dim()); ++d) {
      const bool indexed = d < b.tensors.size() && b.tensors[d].defined();
      (indexed ? order : rest).push_back(static_cast<int64_t>(d));
      if (indexed) {
        batch =
            indices.empty() ? DimVector(b.tensors[d].sizes()) : broadcast_sizes("index", batch, b.tensors[d].sizes());
        indices.push_back(b.tensors[d]);
      }
    }
    for (Tensor& t : indices) t = t.expand(batch).contiguous();
    // Adjacent indices leave their result where they stood, scattered ones put it in front.
    const bool adjacent = order.back() - order[0] + 1 == static_cast<int64_t>(order.size());
    front = adjacent ? order[0] : 0;
    for (const int64_t d : rest) order.push_back(d);
    source = b.view.permute(order);
    for (const int64_t d : rest) rest_sizes.push_back(b.view.size(d));
  }
  DimVector gathered_sizes() const {
    DimVector sizes = batch;
    for (const int64_t s : rest_sizes) sizes.push_back(s);
    return sizes;
  }
  /// From [batch…, rest…] to where the indexed dimensions stood, and back.
  Tensor place(const Tensor& t) const { return move(t, 0, front); }
  Tensor unplace(const Tensor& t) const { return move(t, front, 0); }

  std::vector<Tensor> indices;
  DimVector batch, rest_sizes;
  Tensor source;
  int64_t front = 0;

 private:
  Tensor move(const Tensor& t, int64_t from, int64_t to) const {
    if (from == to || batch.empty()) return t;
    DimVector a, b;
    for (int64_t i = 0; i < static_cast<int64_t>(batch.size()); ++i) {
      a.push_back(from + i);
      b.push_back(to + i);
    }
    return t.movedim(a, b);
  }
};

Tensor index_put_of(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate);

/// self [i1, …, rest…] at indices; the result is [batch…, rest…].
Tensor gather_rows(const Tensor& self, const std::vector<Tensor>& indices, IntArrayRef sizes) {
  Tensor y = make_tensor(sizes, self.scalar_type());
  kernels(self.device()).index(y, self, indices);
  return autograd::record("index", y, {&self}, [&] {
    return [indices, from = DimVector(self.sizes())](const Tensor& g) {
      return index_put_of(g.new_zeros(from), indices, g, true);
    };
  });
}

Tensor index_put_of(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) {
  Tensor y = self.detach().clone();
  kernels(self.device()).index_put(y, indices, values, accumulate);
  return autograd::record("index_put", y, {&self, &values}, [&] {
    return [indices, accumulate, sizes = DimVector(values.sizes())](const Tensor& g, autograd::Needs needs) {
      Tensor gs = g;
      if (!accumulate && needs[0]) gs = index_put_of(g, indices, g.new_zeros(sizes), false);
      return autograd::Grads{needs[0] ? gs : Tensor(), needs[1] ? gather_rows(g, indices, sizes) : Tensor()};
    };
  });
}

Tensor& write_at(Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) {
  checked_impl("index_put_", values);
  Basic b = take_views(self, indices);
  Tensor v = values;
  // As NumPy does, leading dimensions of 1 that the place does not have are dropped.
  while (v.dim() > b.view.dim() && v.size(0) == 1 && !b.advanced()) v = v.squeeze(0);
  if (!b.advanced()) {
    if (accumulate) {
      b.view.add_(cast(v, self.scalar_type()));
    } else {
      b.view.copy_(v);
    }
    return self;
  }
  if (v.scalar_type() != self.scalar_type() && v.dim() > 0)
    throw DtypeError(
        fmt::format("[index_put_] self is {} but the values are {}; convert them", self.scalar_type(), v.scalar_type()),
        v.scalar_type(), self.scalar_type());
  const Advanced a(b);
  const DimVector sizes = a.gathered_sizes();
  DimVector placed(sizes);
  for (size_t i = 0; i < sizes.size(); ++i) placed[i] = sizes[i];
  Tensor shape_probe = a.place(make_tensor({1}, kBool).expand(sizes));
  while (v.dim() > shape_probe.dim() && v.size(0) == 1) v = v.squeeze(0);
  const Tensor full_values = a.unplace(cast(v, self.scalar_type()).expand(shape_probe.sizes()));
  const Tensor source = a.source;  // a view of self's memory, indexed dimensions in front
  autograd::in_place("index_put", source, [&] { return index_put_of(source, a.indices, full_values, accumulate); });
  return self;
}

}  // namespace

Tensor Tensor::index(ArrayRef<TensorIndex> indices) const {
  const Basic b = take_views(*this, indices);
  if (!b.advanced()) return b.view;
  const Advanced a(b);
  return a.place(gather_rows(a.source, a.indices, a.gathered_sizes()));
}
Tensor Tensor::index(std::initializer_list<TensorIndex> indices) const { return index(ArrayRef<TensorIndex>(indices)); }

Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Tensor& values) {
  return write_at(*this, indices, values, false);
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Tensor& values) {
  return write_at(*this, ArrayRef<TensorIndex>(indices), values, false);
}
Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Scalar& value) {
  return write_at(*this, indices, full({}, value, options()), false);
}
Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Scalar& value) {
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}

Tensor Tensor::operator[](int64_t i) const {
  checked_impl("index", *this);
  if (dim() == 0) fail<IndexError>("[index] a 0-dim tensor can't be indexed with {}; use item()", i);
  return select(0, i);
}
Tensor Tensor::operator[](const Scalar& i) const {
  if (!i.isIntegral(false)) fail<TypeError>("[index] only integers can index a tensor by [], got {}", i.toDouble());
  return (*this)[i.toLong()];
}
Tensor Tensor::operator[](const Tensor& i) const { return index({i}); }

namespace {
std::vector<TensorIndex> as_entries(const std::vector<Tensor>& indices) {
  std::vector<TensorIndex> entries;
  for (const Tensor& t : indices) entries.push_back(t.defined() ? TensorIndex(t) : TensorIndex(Slice()));
  return entries;
}
}  // namespace
/// self[indices], one tensor for each dimension.
//:
Tensor index(const Tensor& self, const std::vector<Tensor>& indices) { return self.index(as_entries(indices)); }
/// Writes values at self[indices], or adds them where accumulate is true (places may repeat then).
//:
Tensor& index_put_(Tensor& self, const std::vector<Tensor>& indices, const Tensor& values,
                   bool accumulate /* = false */) {
  return write_at(self, as_entries(indices), values, accumulate);
}
//: method
Tensor index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values,
                 bool accumulate /* = false */) {
  Tensor y = self.clone();
  return write_at(y, as_entries(indices), values, accumulate);
}

}  // namespace hearth
