#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "hearth/export.h"

namespace hearth {

enum class DeviceType : int8_t { CPU = 0, CUDA = 1 };
constexpr DeviceType kCPU = DeviceType::CPU;
constexpr DeviceType kCUDA = DeviceType::CUDA;
using DeviceIndex = int8_t;

/// Where a tensor lives: "cpu", "cuda:0". An index of -1 is the current one.
class Device {
 public:
  constexpr Device(DeviceType type, DeviceIndex index = -1) : type_(type), index_(index) {}  // NOLINT: implicit
  HEARTH_API Device(const std::string& text);                                                // NOLINT: implicit
  Device(const char* text) : Device(std::string(text)) {}                                    // NOLINT: implicit
  constexpr DeviceType type() const { return type_; }
  constexpr DeviceIndex index() const { return index_; }
  constexpr bool has_index() const { return index_ != -1; }
  constexpr bool is_cpu() const { return type_ == kCPU; }
  constexpr bool is_cuda() const { return type_ == kCUDA; }
  HEARTH_API std::string str() const;

 private:
  DeviceType type_;
  DeviceIndex index_;
};
constexpr bool operator==(Device a, Device b) { return a.type() == b.type() && a.index() == b.index(); }
constexpr bool operator!=(Device a, Device b) { return !(a == b); }
HEARTH_API std::ostream& operator<<(std::ostream& out, DeviceType type);
HEARTH_API std::ostream& operator<<(std::ostream& out, Device device);

/// How elements lie; only strided tensors are in scope, the others are answered by an error.
enum class Layout : int8_t { Strided, Sparse, SparseCsr };
constexpr Layout kStrided = Layout::Strided, kSparse = Layout::Sparse, kSparseCsr = Layout::SparseCsr;
HEARTH_API std::ostream& operator<<(std::ostream& out, Layout layout);

enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

}  // namespace hearth
