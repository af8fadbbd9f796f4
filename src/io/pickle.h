#pragma once

// Python's pickles, as torch.save writes them: read by a machine that knows values and executes nothing.

#include <deque>
#include <string_view>
#include <vector>

#include "hearth/ivalue.h"
#include "io/bytes.h"

namespace hearth::io {

/// A pickle is read into nodes; they name each other by number, so that lists filled after they were named, and cycles,
/// need no special care.
struct PickleNode {
  enum Kind : uint8_t { none, boolean, integer, real, text, tuple, list, dict, global, object, storage, tensor };
  Kind kind = none;
  bool requires_grad = false;
  ScalarType dtype = ScalarType::Undefined;  ///< of a storage or tensor; Undefined for an untyped storage
  int64_t number = 0;                        ///< integer, bool; elements of a storage; offset of a tensor
  double value = 0;
  std::string_view chars;       ///< text, "module name" of a global, key of a storage: points into the pickle
  uint64_t at = 0;              ///< byte of the pickle that made it
  std::vector<uint32_t> items;  ///< key, value, key, ... of a dict; {storage, sizes, strides} of a tensor
};

/// "a dict", for messages.
const char* kind_name(PickleNode::Kind kind);

/// Reads a whole pickle (protocol 2). Anything outside the subset, any name outside the allow-list, and memory beyond
/// `budget` bytes is a FileError with the byte. A name selects what is done here; nothing is looked up or called.
class PickleReader {
 public:
  /// `offset` is where the pickle stands in its file, for messages.
  PickleReader(std::string_view pickle, std::string file, uint64_t offset, uint64_t budget);

  uint32_t root() const { return root_; }
  const PickleNode& node(uint32_t i) const { return nodes_[i]; }
  template <class... Args>
  [[noreturn]] void fail_at(uint64_t at, fmt::format_string<Args...> what, Args&&... args) const {
    damaged("pt", file_, offset_ + at, "{}", fmt::vformat(what, fmt::make_format_args(args...)));
  }
  /// Counts memory against the budget.
  void charge(uint64_t bytes);

 private:
  void run();
  /// Executes one opcode; false after STOP.
  bool step(uint8_t op);
  bool step_value(uint8_t op);
  bool step_container(uint8_t op);

  const uint8_t* take(uint64_t bytes);
  std::string_view take_line();
  uint32_t add(PickleNode::Kind kind);
  void push(uint32_t node);
  uint32_t pop();
  std::vector<uint32_t> pop_to_mark();
  void push_number(int64_t value);
  /// A value without parts, made once and then used again.
  void push_constant(size_t which, PickleNode::Kind kind, int64_t number);
  void push_text(std::string_view chars);
  void push_tuple(std::vector<uint32_t> items);
  void push_long();
  void remember(uint32_t slot);
  void recall(uint32_t slot);
  void add_to(uint32_t target, const std::vector<uint32_t>& items);
  void persistent_id();
  void reduce();
  uint32_t call(std::string_view function, uint32_t arguments);
  uint32_t rebuild_tensor(const PickleNode& arguments, bool has_dtype);
  uint32_t rebuild_parameter(const PickleNode& arguments);
  void new_object();
  void build();
  const PickleNode& argument(const PickleNode& arguments, size_t i, PickleNode::Kind kind, const char* what) const;

  std::string_view pickle_;
  std::string file_;
  uint64_t offset_;
  uint64_t budget_;
  uint64_t at_ = 0, op_at_ = 0;
  std::deque<PickleNode> nodes_;
  std::vector<uint32_t> stack_, marks_, memo_;
  std::vector<uint32_t> constants_;  // the integers from 0 to 255, then None, False, True and the empty tuple
  uint32_t root_ = 0;
};

/// The dtype of "FloatStorage", Undefined where there is none such here.
ScalarType storage_dtype(std::string_view class_name);
/// The name of Python's class for it; "UntypedStorage" where PyTorch 1.13 has none.
const char* storage_class(ScalarType dtype);
/// The dtype that Python calls "float32".
ScalarType dtype_of_python_name(std::string_view name);
const char* python_name(ScalarType dtype);

/// Writes a value as a pickle of protocol 2 that names only what Python's torch.load(weights_only=True) allows.
class PickleWriter {
 public:
  /// Where a tensor is: the key and size of its storage, and its offset in it, in elements.
  struct Place {
    std::string key;
    int64_t storage_numel;
    int64_t offset;
  };
  using Locate = std::function<Place(const Tensor&)>;
  explicit PickleWriter(Locate locate) : locate_(std::move(locate)) {}
  std::string write(const IValue& root);

 private:
  void value(const IValue& v);
  void integer(int64_t v);
  void real(double v);
  void text(const std::string& v);
  void global(const char* module_and_name);
  void tensor(const Tensor& t);
  void sizes(IntArrayRef v);
  void dict(const IValue::Dict& v);
  template <class List>
  void list(const List& items);

  Locate locate_;
  std::string out_;
  int depth_ = 0;
};

}  // namespace hearth::io
