// Text and defaults of the small value types: device, scalar, options, array references.
#include <atomic>
#include <cmath>
#include <ostream>

#include "base/fail.h"
#include "hearth/array_ref.h"
#include "hearth/device.h"
#include "hearth/scalar.h"
#include "hearth/tensor_options.h"

namespace hearth {

namespace {
std::atomic<ScalarType> default_dtype{kFloat};
}

ScalarType get_default_dtype_as_scalartype() { return default_dtype.load(std::memory_order_relaxed); }
TypeMeta get_default_dtype() { return TypeMeta(get_default_dtype_as_scalartype()); }
void set_default_dtype(TypeMeta dtype) {
  if (!isFloatingType(dtype))
    throw DtypeError(
        fmt::format("[set_default_dtype] {} is not a floating dtype; use kFloat or kDouble", dtype.toScalarType()),
        dtype.toScalarType(), kFloat);
  default_dtype.store(dtype.toScalarType());
}

TensorOptions TensorOptions::dtype(std::optional<ScalarType> t) const {
  TensorOptions copy(*this);
  copy.dtype_ = t;
  return copy;
}

TensorOptions TensorOptions::dtype(ScalarType t) const { return dtype(std::optional(t)); }

TensorOptions TensorOptions::dtype(TypeMeta t) const { return dtype(std::optional(t.toScalarType())); }

TensorOptions TensorOptions::device(std::optional<Device> d) const {
  TensorOptions copy(*this);
  copy.device_ = d;
  return copy;
}

TensorOptions TensorOptions::device(Device d) const { return device(std::optional(d)); }

TensorOptions TensorOptions::layout(std::optional<Layout> l) const {
  TensorOptions copy(*this);
  copy.layout_ = l;
  return copy;
}

TensorOptions TensorOptions::requires_grad(std::optional<bool> r) const {
  TensorOptions copy(*this);
  copy.requires_grad_ = r;
  return copy;
}

TensorOptions TensorOptions::pinned_memory(std::optional<bool> p) const {
  TensorOptions copy(*this);
  copy.pinned_ = p;
  return copy;
}

TensorOptions TensorOptions::memory_format(std::optional<MemoryFormat> f) const {
  TensorOptions copy(*this);
  copy.format_ = f;
  return copy;
}

TensorOptions TensorOptions::merge_in(TensorOptions other) const {
  TensorOptions merged = *this;
  if (other.dtype_) merged.dtype_ = other.dtype_;
  if (other.device_) merged.device_ = other.device_;
  if (other.layout_) merged.layout_ = other.layout_;
  if (other.requires_grad_) merged.requires_grad_ = other.requires_grad_;
  if (other.pinned_) merged.pinned_ = other.pinned_;
  if (other.format_) merged.format_ = other.format_;
  return merged;
}

std::ostream& operator<<(std::ostream& out, const TensorOptions& o) {
  const auto text = [](bool b) { return b ? "true" : "false"; };
  const auto suffix = [](bool given) { return given ? "" : " (default)"; };
  out << "TensorOptions(dtype=" << o.dtype() << suffix(o.has_dtype()) << ", device=" << o.device()
      << suffix(o.has_device()) << ", layout=" << o.layout() << suffix(o.has_layout())
      << ", requires_grad=" << text(o.requires_grad()) << suffix(o.has_requires_grad())
      << ", pinned_memory=" << text(o.pinned_memory()) << suffix(o.has_pinned_memory());
  return out << ", memory_format=" << (o.memory_format_opt() ? "set" : "(nullopt)") << ")";
}

std::ostream& operator<<(std::ostream& out, IntArrayRef values) { return out << to_string(values); }
std::string to_string(IntArrayRef values) { return shape_text(values); }

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string_view kind = std::string_view(text).substr(0, colon);
  if (kind == "cuda") {
    type_ = kCUDA;
  } else if (kind != "cpu") {
    fail("[Device] \"{}\" names no device; use \"cpu\", \"cuda\" or \"cuda:N\"", text);
  }
  if (colon == std::string::npos) return;
  const std::string_view number = std::string_view(text).substr(colon + 1);
  if (number.empty() || number.size() > 2 || number.find_first_not_of("0123456789") != std::string::npos)
    fail("[Device] \"{}\" has no valid device number after the colon; use \"cuda:N\"", text);
  index_ = static_cast<DeviceIndex>(std::stoi(text.substr(colon + 1)));
}

std::string Device::str() const {
  const char* kind = is_cpu() ? "cpu" : "cuda";
  return has_index() ? fmt::format("{}:{}", kind, index_) : kind;
}
std::ostream& operator<<(std::ostream& out, DeviceType type) { return out << (type == kCPU ? "cpu" : "cuda"); }
std::ostream& operator<<(std::ostream& out, Device device) { return out << device.str(); }
std::ostream& operator<<(std::ostream& out, Layout layout) {
  return out << (layout == kStrided ? "Strided" : layout == kSparse ? "Sparse" : "SparseCsr");
}

int64_t Scalar::to_integer(double value) {
  if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
    fail("[Scalar] {} does not fit an int64", value);
  return static_cast<int64_t>(value);
}

std::ostream& operator<<(std::ostream& out, const Scalar& s) {
  if (s.isBoolean()) return out << (s.toBool() ? "true" : "false");
  return s.isFloatingPoint() ? out << s.toDouble() : out << s.toLong();
}

}  // namespace hearth
