#pragma once

#include <iosfwd>
#include <optional>

#include "hearth/device.h"
#include "hearth/dtype.h"

namespace hearth {

/// The dtype of floating tensors made without one; float32 unless set.
HEARTH_API ScalarType get_default_dtype_as_scalartype();
HEARTH_API TypeMeta get_default_dtype();
/// Only floating dtypes; others throw DtypeError.
HEARTH_API void set_default_dtype(TypeMeta dtype);

/// What a new tensor is to be: `TensorOptions().dtype(kLong).requires_grad(false)`. Unset parts take the defaults:
/// the default dtype, CPU, strided, no gradient.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType dtype) : dtype_(dtype) {}                     // NOLINT: implicit, as in LibTorch
  TensorOptions(TypeMeta dtype) : dtype_(dtype.toScalarType()) {}        // NOLINT
  TensorOptions(Device device) : device_(device) {}                      // NOLINT
  TensorOptions(DeviceType type) : device_(Device(type)) {}              // NOLINT
  TensorOptions(const char* device) : device_(Device(device)) {}         // NOLINT
  TensorOptions(const std::string& device) : device_(Device(device)) {}  // NOLINT
  TensorOptions(Layout layout) : layout_(layout) {}                      // NOLINT
  TensorOptions(MemoryFormat format) : format_(format) {}                // NOLINT

  // Each gives a copy with one part set.
  [[nodiscard]] HEARTH_API TensorOptions dtype(std::optional<ScalarType> t) const;
  [[nodiscard]] HEARTH_API TensorOptions dtype(ScalarType t) const;
  [[nodiscard]] HEARTH_API TensorOptions dtype(TypeMeta t) const;
  template <class T>
  TensorOptions& dtype() {
    dtype_ = scalar_type_of<T>();
    return *this;
  }
  [[nodiscard]] HEARTH_API TensorOptions device(std::optional<Device> d) const;
  [[nodiscard]] HEARTH_API TensorOptions device(Device d) const;
  [[nodiscard]] TensorOptions device(DeviceType d, DeviceIndex index = -1) const { return device(Device(d, index)); }
  [[nodiscard]] TensorOptions device_index(DeviceIndex index) const { return device(kCUDA, index); }
  [[nodiscard]] HEARTH_API TensorOptions layout(std::optional<Layout> l) const;
  [[nodiscard]] HEARTH_API TensorOptions requires_grad(std::optional<bool> r) const;
  [[nodiscard]] HEARTH_API TensorOptions pinned_memory(std::optional<bool> p) const;
  [[nodiscard]] HEARTH_API TensorOptions memory_format(std::optional<MemoryFormat> f) const;

  TypeMeta dtype() const { return dtype_ ? TypeMeta(*dtype_) : get_default_dtype(); }
  Device device() const { return device_.value_or(Device(kCPU)); }
  Layout layout() const { return layout_.value_or(kStrided); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool pinned_memory() const { return pinned_.value_or(false); }
  bool has_dtype() const { return dtype_.has_value(); }
  bool has_device() const { return device_.has_value(); }
  bool has_layout() const { return layout_.has_value(); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  bool has_pinned_memory() const { return pinned_.has_value(); }
  std::optional<ScalarType> dtype_opt() const { return dtype_; }
  std::optional<Device> device_opt() const { return device_; }
  std::optional<Layout> layout_opt() const { return layout_; }
  std::optional<bool> requires_grad_opt() const { return requires_grad_; }
  std::optional<MemoryFormat> memory_format_opt() const { return format_; }
  /// These options with what `other` sets laid over them.
  [[nodiscard]] HEARTH_API TensorOptions merge_in(TensorOptions other) const;

 private:
  std::optional<ScalarType> dtype_;
  std::optional<Device> device_;
  std::optional<Layout> layout_;
  std::optional<bool> requires_grad_;
  std::optional<bool> pinned_;
  std::optional<MemoryFormat> format_;
};

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
inline TensorOptions dtype(TypeMeta t) { return TensorOptions(t); }
template <class T>
TensorOptions dtype() {
  return TensorOptions(scalar_type_of<T>());
}
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions device(DeviceType d) { return TensorOptions(d); }
inline TensorOptions layout(Layout l) { return TensorOptions(l); }
inline TensorOptions requires_grad(bool r = true) { return TensorOptions().requires_grad(r); }
inline TensorOptions memory_format(MemoryFormat f) { return TensorOptions(f); }
HEARTH_API std::ostream& operator<<(std::ostream& out, const TensorOptions& options);

}  // namespace hearth
