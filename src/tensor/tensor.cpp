// The hand-written part of Tensor: the handle, geometry and kind.
#include "hearth/tensor.h"

#include "base/fail.h"
#include "tensor/impl.h"

template class std::vector<hearth::Tensor>;  // once for all programs

namespace hearth {

namespace {
const TensorImpl& get(const char* what, const Tensor& t) { return *checked_impl(what, t); }
}  // namespace

TensorImpl* Tensor::unsafeGetTensorImpl() const { return static_cast<TensorImpl*>(impl_); }
size_t Tensor::use_count() const { return impl_ ? __atomic_load_n(&impl_->references, __ATOMIC_ACQUIRE) : 0; }

int64_t Tensor::dim() const { return static_cast<int64_t>(get("dim", *this).sizes.size()); }
IntArrayRef Tensor::sizes() const { return get("sizes", *this).sizes; }
IntArrayRef Tensor::strides() const { return get("strides", *this).strides; }
int64_t Tensor::numel() const { return get("numel", *this).numel; }
int64_t Tensor::storage_offset() const { return get("storage_offset", *this).offset; }
ScalarType Tensor::scalar_type() const { return get("dtype", *this).dtype; }
Device Tensor::device() const {
  get("device", *this);
  return Device(kCPU);
}

namespace {
int64_t at_dim(const char* op, IntArrayRef values, int64_t dim) {
  const auto rank = static_cast<int64_t>(values.size());
  if (rank == 0) fail<IndexError>("[{}] dim {} asked of a 0-dim tensor, which has none", op, dim);
  return values[static_cast<size_t>(wrap_dim(op, dim, rank))];
}
}  // namespace

int64_t Tensor::size(int64_t dim) const { return at_dim("size", sizes(), dim); }
int64_t Tensor::stride(int64_t dim) const { return at_dim("stride", strides(), dim); }

bool Tensor::is_contiguous(MemoryFormat format) const {
  const TensorImpl& t = get("is_contiguous", *this);
  if (format == MemoryFormat::Contiguous || format == MemoryFormat::Preserve) return t.contiguous;
  const size_t rank = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (t.sizes.size() != rank) return false;
  int64_t expected = 1;
  for (size_t k = 0; k < rank; ++k) {  // channels first, then the spatial ones from the last, then the batch
    const size_t d = k == 0 ? 1 : k == rank - 1 ? 0 : rank - k;
    if (t.sizes[d] != 1 && t.strides[d] != expected) return false;
    expected *= t.sizes[d];
  }
  return true;
}

bool Tensor::is_non_overlapping_and_dense() const {
  const TensorImpl& t = get("is_non_overlapping_and_dense", *this);
  if (t.contiguous) return true;
  SmallVector<std::pair<int64_t, int64_t>, 6> dims;  // stride, size
  for (size_t i = 0; i < t.sizes.size(); ++i)
    if (t.sizes[i] != 1) dims.push_back({t.strides[i], t.sizes[i]});
  std::sort(dims.begin(), dims.end());
  int64_t expected = 1;
  for (const auto& [stride, size] : dims) {
    if (stride != expected) return false;
    expected *= size;
  }
  return true;
}

TensorOptions Tensor::options() const { return TensorOptions().dtype(scalar_type()).device(device()).layout(kStrided); }

std::string Tensor::toString() const { return std::string("CPU") + hearth::toString(scalar_type()) + "Type"; }

void* Tensor::data_ptr() const { return get("data_ptr", *this).data(); }

void detail::throw_wrong_dtype(ScalarType wanted, const Tensor& t) {
  throw DtypeError(fmt::format("[data_ptr] the tensor holds {}, not the {} asked for; convert it with to(k{}) first",
                               t.scalar_type(), wanted, wanted),
                   t.scalar_type(), wanted);
}

void detail::throw_wrong_dim(size_t wanted, const Tensor& t) {
  throw ShapeError(
      fmt::format("[accessor] {} dimensions asked for, but the tensor's shape is {}", wanted, shape_text(t.sizes())),
      t.sizes().vec());
}

void detail::throw_array_index(size_t index, size_t size) {
  throw IndexError(fmt::format("[ArrayRef] index {} is out of range for {} values", index, size),
                   static_cast<int64_t>(index), static_cast<int64_t>(size));
}

Storage Tensor::storage() const {
  get("storage", *this);
  return Storage(*this);
}
bool Tensor::is_alias_of(const Tensor& other) const {
  return get("is_alias_of", *this).storage == get("is_alias_of", other).storage;
}
void* Storage::data() const { return get("storage", owner_).storage->data(); }
size_t Storage::nbytes() const { return get("storage", owner_).storage->bytes(); }
size_t Storage::use_count() const { return get("storage", owner_).storage->references(); }

bool Tensor::is_inference() const { return get("is_inference", *this).inference; }
int64_t Tensor::_version() const { return get("_version", *this).version(); }

const std::string& Tensor::name() const {
  static const std::string none;
  return none;
}

}  // namespace hearth
