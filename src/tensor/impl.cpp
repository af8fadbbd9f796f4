#include "tensor/impl.h"

#include "base/fail.h"
#include "tensor/allocator.h"

namespace hearth {

namespace {

// A tensor made with its storage: where the two lie in their object. Both counts are on its second line, and what is
// only read of the storage on its first.
constexpr size_t kStorageAt = 16, kImplAt = kStorageAt + sizeof(StorageImpl);
constexpr size_t kObjectBytes = kImplAt + sizeof(TensorImpl);
static_assert((kImplAt - 1) / 64 == kImplAt / 64 && kStorageAt + sizeof(void*) <= 64 &&
              kImplAt % alignof(TensorImpl) == 0);

}  // namespace

StorageImpl* StorageImpl::adopt(void* data, size_t bytes, void (*release)(void*), void* context) {
  auto* storage = ::new (allocate_object(sizeof(StorageImpl))) StorageImpl;
  storage->data_ = data;
  storage->bytes_ = bytes;
  storage->release_ = release ? release : [](void*) {};
  storage->context_ = context;
  return storage;
}

void StorageImpl::free_self() noexcept {
  if (release_) {
    release_(context_);
  } else {
    free_block(data_, bytes_);
  }
  if (in_object_ == 0) {
    free_object(this, sizeof(StorageImpl));
  } else {
    leave_object();
  }
}

void StorageImpl::leave_object() noexcept {
  const bool last =
      __atomic_load_n(&in_object_, __ATOMIC_ACQUIRE) == 1 || __atomic_sub_fetch(&in_object_, 1U, __ATOMIC_ACQ_REL) == 0;
  if (last) free_object(reinterpret_cast<char*>(this) - kStorageAt, kObjectBytes);
}

VersionCounter* VersionCounter::make() { return ::new (allocate_object(sizeof(VersionCounter))) VersionCounter; }

void VersionCounter::drop() noexcept {
  if (__atomic_sub_fetch(&references, 1U, __ATOMIC_ACQ_REL) == 0) free_object(this, sizeof *this);
}

TensorImpl::TensorImpl(StorageImpl* owned, IntArrayRef new_sizes, ScalarType type) : dtype(type), storage(owned) {
  set_contiguous(new_sizes);
}

TensorImpl::TensorImpl(StorageImpl* owned, IntArrayRef new_sizes, IntArrayRef new_strides, int64_t new_offset,
                       ScalarType type)
    : dtype(type), storage(owned) {
  set_geometry(new_sizes, new_strides, new_offset);
}

TensorImpl::~TensorImpl() {
  const bool counts_kept = meta && autograd::destroy(meta, storage);
  if (own_version) own_version->drop();
  if (!counts_kept) storage->drop();
}

void* TensorImpl::operator new(size_t bytes) { return allocate_object(bytes); }
void TensorImpl::operator delete(void* p, size_t bytes) noexcept { free_object(p, bytes); }

TensorImpl* TensorImpl::with_storage(size_t bytes, IntArrayRef sizes, ScalarType dtype) {
  void* const data = allocate_block(bytes);
  auto* const object = static_cast<char*>(allocate_object(kObjectBytes));
  auto* const storage = ::new (object + kStorageAt) StorageImpl;
  storage->data_ = data;
  storage->bytes_ = bytes;
  storage->in_object_ = 2;
  auto* const impl = ::new (object + kImplAt) TensorImpl(storage, sizes, dtype);
  impl->in_object = true;
  return impl;
}

void TensorImpl::destroy(TensorImpl* impl) noexcept {
  const bool in_object = impl->in_object;
  impl->~TensorImpl();
  if (in_object) {
    reinterpret_cast<StorageImpl*>(reinterpret_cast<char*>(impl) - (kImplAt - kStorageAt))->leave_object();
  } else {
    free_object(impl, sizeof(TensorImpl));
  }
}

void TensorImpl::set_contiguous(IntArrayRef new_sizes) {
  const size_t n = new_sizes.size();
  sizes.resize(n);
  strides.resize(n);
  int64_t stride = 1;
  int64_t count = 1;
  for (size_t i = n; i-- > 0;) {
    sizes[i] = new_sizes[i];
    strides[i] = stride;
    count *= new_sizes[i];
    stride *= std::max<int64_t>(new_sizes[i], 1);
  }
  numel = count;
  contiguous = true;
  offset = 0;
}

void TensorImpl::set_geometry(IntArrayRef new_sizes, IntArrayRef new_strides, int64_t new_offset) {
  sizes = DimVector(new_sizes);
  strides = DimVector(new_strides);
  offset = new_offset;
  numel = 1;
  for (const int64_t s : sizes) numel *= s;
  contiguous = true;
  int64_t expected = 1;
  for (size_t i = sizes.size(); i-- > 0 && numel > 0;) {
    if (sizes[i] == 1) continue;
    contiguous = contiguous && strides[i] == expected;
    expected *= sizes[i];
  }
}

void TensorImpl::share_version(TensorImpl& base) {
  if (!base.own_version) return;
  __atomic_fetch_add(&base.own_version->references, 1U, __ATOMIC_RELAXED);
  own_version = base.own_version;
}

void TensorImpl::set_storage(StorageImpl* other) noexcept {
  storage->drop();
  storage = other;
}

void detail::destroy(TensorRef* ref) noexcept { TensorImpl::destroy(static_cast<TensorImpl*>(ref)); }

TensorImpl* checked_impl(const char* op, const Tensor& t) {
  if (!t.defined()) fail<TypeError>("[{}] an input is an undefined tensor; give it a value first", op);
  return impl(t);
}

DimVector contiguous_strides(IntArrayRef sizes) {
  DimVector strides(sizes.size());
  int64_t stride = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= std::max<int64_t>(sizes[i], 1);
  }
  return strides;
}

int64_t checked_numel(const char* op, IntArrayRef sizes) {
  int64_t count = 1;
  int64_t nonzero = 1;  // the strides' product, which must fit as well
  for (const int64_t s : sizes) {
    if (s < 0) fail("[{}] size {} in shape {} is negative; sizes start at 0", op, s, shape_text(sizes));
    if (__builtin_mul_overflow(nonzero, std::max<int64_t>(s, 1), &nonzero) || nonzero > (int64_t{1} << 60))
      fail("[{}] shape {} has more elements than a tensor can hold", op, shape_text(sizes));
    count *= s;
  }
  return count;
}

int64_t wrap_dim(const char* op, int64_t dim, int64_t rank) {
  const int64_t n = std::max<int64_t>(rank, 1);
  if (dim < -n || dim >= n)
    throw IndexError(fmt::format("[{}] dim {} is out of range for a tensor of {} dimensions; it goes from {} to {}", op,
                                 dim, rank, -n, n - 1),
                     dim, n);
  return dim < 0 ? dim + n : dim;
}

DimVector broadcast_sizes(const char* op, IntArrayRef a, IntArrayRef b) {
  const size_t n = std::max(a.size(), b.size());
  DimVector out(n);
  for (size_t i = 0; i < n; ++i) {  // i counts from the last dimension
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      throw ShapeError(fmt::format("[{}] shapes {} and {} do not broadcast: sizes {} and {} at dimension {} from the "
                                   "end differ and neither is 1; reshape one of them",
                                   op, shape_text(a), shape_text(b), x, y, i + 1),
                       b.vec(), a.vec());
    out[n - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

Tensor make_tensor(IntArrayRef sizes, ScalarType dtype, Device device) {
  if (!device.is_cpu()) fail<NotImplementedError>("[empty] device {} is not in this build; use the CPU", device.str());
  if (dtype == ScalarType::Undefined) fail<DtypeError>("[empty] the dtype is undefined; give one, such as kFloat");
  const int64_t numel = checked_numel("empty", sizes);
  return Tensor(TensorImpl::with_storage(static_cast<size_t>(numel) * elementSize(dtype), sizes, dtype));
}

Tensor make_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype) {
  int64_t span = 1;
  for (size_t i = 0; i < sizes.size(); ++i) span = sizes[i] == 0 ? 0 : span + (span ? (sizes[i] - 1) * strides[i] : 0);
  TensorImpl* const made = TensorImpl::with_storage(static_cast<size_t>(span) * elementSize(dtype), {}, dtype);
  made->set_geometry(sizes, strides, 0);
  return Tensor(made);
}

bool may_overlap_itself(IntArrayRef sizes, IntArrayRef strides) {
  SmallVector<std::pair<int64_t, int64_t>, 6> dims;  // stride, size
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1) dims.push_back({strides[i], sizes[i]});
  std::sort(dims.begin(), dims.end());
  int64_t reach = 0;  // of the smaller strides together
  for (const auto& [stride, size] : dims) {
    if (stride <= reach) return true;
    reach += (size - 1) * stride;
  }
  return false;
}

Tensor make_alias(const Tensor& t, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  impl(t)->storage->retain();
  return make_counted_alias(t, sizes, strides, offset);
}

Tensor make_counted_alias(const Tensor& t, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  TensorImpl* base = impl(t);
  auto* alias = new TensorImpl(base->storage, sizes, strides, offset, base->dtype);
  alias->inference = base->inference;
  alias->share_version(*base);
  return Tensor(alias);
}

}  // namespace hearth
