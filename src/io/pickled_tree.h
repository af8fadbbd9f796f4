#pragma once

// Trees of values with tensors, to and from pickles; where the tensors' bytes are is the file format's business.

#include <map>

#include "io/pickle.h"

namespace hearth::io {

/// Memory that values, tensors included, may take, in bytes, besides the file's size: enough for 30,000 tensors.
constexpr uint64_t kRoomForValues = 40 << 20;

/// Makes values of a pickle's nodes. Tensors on one storage share its memory.
class TreeBuilder {
 public:
  /// The bytes of the storage that `node` names, as a tensor of one dimension; throws where the file has none such.
  using Fetch = std::function<Tensor(const PickleNode& node, ScalarType dtype)>;
  TreeBuilder(PickleReader& pickle, Fetch fetch) : pickle_(pickle), fetch_(std::move(fetch)) {}
  IValue value(uint32_t node, int depth = 0);

 private:
  IValue::Dict dict(const PickleNode& node, int depth);
  Tensor tensor(const PickleNode& node);
  std::vector<int64_t> numbers(const PickleNode& tuple);
  const Tensor& storage(const PickleNode& node, ScalarType dtype);

  PickleReader& pickle_;
  Fetch fetch_;
  std::map<std::string, Tensor, std::less<>> storages_;
};

/// Throws a FileError unless every element of a bool tensor is 0 or 1; `offset` is where its bytes stand in the file.
void check_bools(const Tensor& t, const char* format, const std::string& file, uint64_t offset, std::string_view name);

/// The memory that tensors of a value lie on, in the order of their appearance.
class Storages {
 public:
  /// Adds the tensors of a value; `path` is its name.
  void collect(const IValue& v, const std::string& path = {});
  PickleWriter::Place locate(const Tensor& t) const;
  struct Span {
    const char* base;
    int64_t wide, first, end;  ///< elements in use; what else the storage holds is not written
    std::string name;          ///< of the first tensor on it

    const char* data() const { return base + first * wide; }
    size_t bytes() const { return static_cast<size_t>((end - first) * wide); }
  };
  const std::vector<Span>& spans() const { return spans_; }

 private:
  using Key = std::tuple<const void*, ScalarType>;
  static const char* base_of(const Tensor& t) {
    return static_cast<const char*>(t.data_ptr()) - t.storage_offset() * t.element_size();
  }
  static Key key_of(const Tensor& t) {  // an empty tensor has a storage of its own
    return {t.numel() == 0 ? static_cast<const void*>(t.unsafeGetTensorImpl()) : base_of(t), t.scalar_type()};
  }
  void add(const Tensor& t, const std::string& name);

  std::map<Key, size_t> numbers_;
  std::vector<Span> spans_;
};

}  // namespace hearth::io
