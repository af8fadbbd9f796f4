#include <array>

#include "io/pickle.h"

namespace hearth::io {
namespace {

using Node = PickleNode;

constexpr uint32_t kNone = 0xffffffff;
constexpr uint64_t kMostMemo = 1 << 24;
constexpr size_t kConstants = 260;

struct DtypeNames {
  ScalarType dtype;
  const char *storage, *python;
};
constexpr DtypeNames kDtypes[] = {{kFloat, "FloatStorage", "float32"},  {kDouble, "DoubleStorage", "float64"},
                                  {kHalf, "HalfStorage", "float16"},    {kBFloat16, "BFloat16Storage", "bfloat16"},
                                  {kLong, "LongStorage", "int64"},      {kInt, "IntStorage", "int32"},
                                  {kShort, "ShortStorage", "int16"},    {kChar, "CharStorage", "int8"},
                                  {kByte, "ByteStorage", "uint8"},      {kBool, "BoolStorage", "bool"},
                                  {kUInt16, "UntypedStorage", "uint16"}};

const char* kind_name(Node::Kind kind) {
  constexpr const char* names[] = {"None",   "a bool", "an integer",          "a float",   "a string",  "a tuple",
                                   "a list", "a dict", "a class or function", "an object", "a storage", "a tensor"};
  return names[kind];
}

}  // namespace

ScalarType storage_dtype(std::string_view name) {
  for (const DtypeNames& d : kDtypes)
    if (name == d.storage && d.dtype != kUInt16) return d.dtype;
  return ScalarType::Undefined;
}
const char* storage_class(ScalarType dtype) {
  for (const DtypeNames& d : kDtypes)
    if (dtype == d.dtype) return d.storage;
  fail<DtypeError>("[save] a tensor without a dtype can't be saved; give it one");
}
ScalarType dtype_of_python_name(std::string_view name) {
  for (const DtypeNames& d : kDtypes)
    if (name == d.python) return d.dtype;
  return ScalarType::Undefined;
}
const char* python_name(ScalarType dtype) {
  for (const DtypeNames& d : kDtypes)
    if (dtype == d.dtype) return d.python;
  fail<DtypeError>("[save] a tensor without a dtype can't be saved; give it one");
}

PickleReader::PickleReader(std::string_view pickle, std::string file, uint64_t offset, uint64_t budget)
    : pickle_(pickle), file_(std::move(file)), offset_(offset), budget_(budget), constants_(kConstants, kNone) {
  run();
}

void PickleReader::charge(uint64_t bytes) {
  if (bytes > budget_) fail_at(op_at_, "the pickle would need more memory than a file of this size should");
  budget_ -= bytes;
}

void PickleReader::run() {
  while (step(*take(1))) {
  }
  if (stack_.size() != 1 || !marks_.empty())
    fail_at(op_at_, "the pickle leaves {} values instead of one", stack_.size());
  if (at_ != pickle_.size()) fail_at(at_, "{} bytes follow the pickle", pickle_.size() - at_);
  root_ = stack_[0];
}

const uint8_t* PickleReader::take(uint64_t bytes) {
  if (pickle_.size() - at_ < bytes) fail_at(at_, "the pickle ends here, where {} bytes are expected", bytes);
  const auto* p = reinterpret_cast<const uint8_t*>(pickle_.data()) + at_;
  at_ += bytes;
  return p;
}

std::string_view PickleReader::take_line() {
  const size_t end = pickle_.find('\n', at_);
  if (end == std::string_view::npos) fail_at(at_, "the pickle ends within a name");
  const std::string_view line = pickle_.substr(at_, end - at_);
  at_ = end + 1;
  return line;
}

uint32_t PickleReader::add(Node::Kind kind) {
  charge(sizeof(Node));
  nodes_.emplace_back();
  nodes_.back().kind = kind;
  nodes_.back().at = op_at_;
  return static_cast<uint32_t>(nodes_.size() - 1);
}
void PickleReader::push(uint32_t node) {
  charge(2 * sizeof node);
  stack_.push_back(node);
}
uint32_t PickleReader::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail_at(op_at_, "the pickle takes a value where none is");
  const uint32_t node = stack_.back();
  stack_.pop_back();
  return node;
}
std::vector<uint32_t> PickleReader::pop_to_mark() {
  if (marks_.empty()) fail_at(op_at_, "the pickle goes back to a mark where none is");
  const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  charge(static_cast<uint64_t>(stack_.end() - from) * sizeof(uint32_t));
  std::vector<uint32_t> items(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return items;
}

void PickleReader::push_constant(size_t which, Node::Kind kind, int64_t number) {
  if (constants_[which] == kNone) {
    constants_[which] = add(kind);
    nodes_[constants_[which]].number = number;
  }
  push(constants_[which]);
}
void PickleReader::push_number(int64_t value) {
  if (value >= 0 && value < 256) return push_constant(static_cast<size_t>(value), Node::integer, value);
  const uint32_t n = add(Node::integer);
  nodes_[n].number = value;
  push(n);
}
void PickleReader::push_text(std::string_view chars) {
  const uint32_t n = add(Node::text);
  nodes_[n].chars = chars;
  push(n);
}
void PickleReader::push_tuple(std::vector<uint32_t> items) {
  const uint32_t n = add(Node::tuple);
  nodes_[n].items = std::move(items);
  push(n);
}
void PickleReader::push_long() {  // little-endian, two's complement
  const uint8_t size = *take(1);
  if (size > 8) fail_at(op_at_, "an integer of {} bytes does not fit into 64 bits", size);
  const uint8_t* p = take(size);
  uint64_t bits = size > 0 && p[size - 1] >= 0x80 ? ~uint64_t{0} : 0;
  std::memcpy(&bits, p, size);
  push_number(static_cast<int64_t>(bits));
}
void PickleReader::remember(uint32_t slot) {
  if (stack_.empty()) fail_at(op_at_, "the pickle names a value where none is");
  if (slot >= kMostMemo) fail_at(op_at_, "the pickle names value number {}, more than make sense", slot);
  if (slot >= memo_.size()) {
    if (slot > 2 * nodes_.size() + 256)
      fail_at(op_at_, "value number {} is named, but only {} are there", slot, nodes_.size());
    charge((slot + 1 - memo_.size()) * 2 * sizeof(uint32_t));
    memo_.resize(slot + 1, kNone);
  }
  memo_[slot] = stack_.back();
}
void PickleReader::recall(uint32_t slot) {
  if (slot >= memo_.size() || memo_[slot] == kNone)
    fail_at(op_at_, "the pickle recalls value {}, which it never named", slot);
  push(memo_[slot]);
}

bool PickleReader::step(uint8_t op) {
  op_at_ = at_ - 1;
  switch (op) {
    case 0x80:  // PROTO
      if (const uint8_t protocol = *take(1); protocol != 2)
        fail_at(op_at_, "the pickle has protocol {}; save it with PyTorch's default, 2", protocol);
      return true;
    case '.': return false;  // STOP
    case '(':                // MARK
      charge(2 * sizeof(uint32_t));
      marks_.push_back(static_cast<uint32_t>(stack_.size()));
      return true;
    case 'q': remember(*take(1)); return true;                    // BINPUT
    case 'r': remember(load_le<uint32_t>(take(4))); return true;  // LONG_BINPUT
    case 'h': recall(*take(1)); return true;                      // BINGET
    case 'j': recall(load_le<uint32_t>(take(4))); return true;    // LONG_BINGET
    case 'c': {                                                   // GLOBAL: module and name, a line each
      const uint64_t begin = at_;
      const size_t module = take_line().size(), name = take_line().size();
      const uint32_t n = add(Node::global);
      nodes_[n].chars = pickle_.substr(begin, module + 1 + name);
      push(n);
      return true;
    }
    case 'Q': persistent_id(); return true;
    case 'R': reduce(); return true;
    case 0x81: new_object(); return true;
    case 'b': build(); return true;
    default:
      return step_value(op) || step_container(op) ||
             (fail_at(op_at_, "the pickle has opcode 0x{:02x}, which no saved tensors need", op), false);
  }
}

bool PickleReader::step_value(uint8_t op) {
  switch (op) {
    case 'N': push_constant(256, Node::none, 0); return true;
    case 0x89: push_constant(257, Node::boolean, 0); return true;    // NEWFALSE
    case 0x88: push_constant(258, Node::boolean, 1); return true;    // NEWTRUE
    case 'J': push_number(load_le<int32_t>(take(4))); return true;   // BININT
    case 'K': push_number(*take(1)); return true;                    // BININT1
    case 'M': push_number(load_le<uint16_t>(take(2))); return true;  // BININT2
    case 0x8a: push_long(); return true;                             // LONG1
    case 'G': {                                                      // BINFLOAT, big-endian
      const uint64_t bits = __builtin_bswap64(load_le<uint64_t>(take(8)));
      const uint32_t n = add(Node::real);
      std::memcpy(&nodes_[n].value, &bits, sizeof bits);
      push(n);
      return true;
    }
    case 'X': {  // BINUNICODE
      const auto size = load_le<uint32_t>(take(4));
      push_text({reinterpret_cast<const char*>(take(size)), size});
      return true;
    }
    case 'U': {  // SHORT_BINSTRING
      const uint8_t size = *take(1);
      push_text({reinterpret_cast<const char*>(take(size)), size});
      return true;
    }
    default: return false;
  }
}

bool PickleReader::step_container(uint8_t op) {
  switch (op) {
    case ')': push_constant(259, Node::tuple, 0); return true;
    case ']':
    case 0x8f: push(add(Node::list)); return true;  // EMPTY_LIST, EMPTY_SET
    case '}': push(add(Node::dict)); return true;
    case 't': push_tuple(pop_to_mark()); return true;
    case 0x85:
    case 0x86:
    case 0x87: {  // TUPLE1 to TUPLE3
      std::vector<uint32_t> items(op - 0x84U);
      for (size_t i = items.size(); i-- > 0;) items[i] = pop();
      charge(items.size() * sizeof(uint32_t));
      push_tuple(std::move(items));
      return true;
    }
    case 'a':
    case 's': {  // APPEND, SETITEM
      std::vector<uint32_t> items(op == 'a' ? 1 : 2);
      for (size_t i = items.size(); i-- > 0;) items[i] = pop();
      const uint32_t target = pop();
      add_to(target, items);
      push(target);
      return true;
    }
    case 'e':
    case 0x90:
    case 'u': {  // APPENDS, ADDITEMS, SETITEMS
      const std::vector<uint32_t> items = pop_to_mark();
      const uint32_t target = pop();
      if ((nodes_[target].kind == Node::dict) != (op == 'u'))
        fail_at(op_at_, "{} can't take these items", kind_name(nodes_[target].kind));
      add_to(target, items);
      push(target);
      return true;
    }
    default: return false;
  }
}

void PickleReader::add_to(uint32_t target, const std::vector<uint32_t>& items) {
  Node& t = nodes_[target];
  if (t.kind != Node::list && t.kind != Node::dict) fail_at(op_at_, "{} can't take items", kind_name(t.kind));
  if (t.kind == Node::dict && items.size() % 2 != 0) fail_at(op_at_, "the last key of a dict has no value");
  if (t.kind == Node::dict)
    for (size_t i = 0; i < items.size(); i += 2)
      if (const Node::Kind key = nodes_[items[i]].kind; key != Node::text && key != Node::integer)
        fail_at(op_at_, "a dict has {} as a key; strings and integers are read here", kind_name(key));
  charge(2 * items.size() * sizeof(uint32_t));
  t.items.insert(t.items.end(), items.begin(), items.end());
}

const Node& PickleReader::argument(const Node& arguments, size_t i, Node::Kind kind, const char* what) const {
  if (i >= arguments.items.size()) fail_at(op_at_, "{} is missing", what);
  const Node& given = nodes_[arguments.items[i]];
  if (given.kind != kind) fail_at(op_at_, "{} is {} instead of {}", what, kind_name(given.kind), kind_name(kind));
  return given;
}

/// ('storage', class, key, place, elements): names a storage of the archive.
void PickleReader::persistent_id() {
  const uint32_t id = pop();
  if (nodes_[id].kind != Node::tuple)
    fail_at(op_at_, "a storage is described by {}, not by a tuple", kind_name(nodes_[id].kind));
  const Node& parts = nodes_[id];
  if (argument(parts, 0, Node::text, "the word of a storage").chars != "storage")
    fail_at(op_at_, "something other than a storage is stored apart");
  const std::string_view type = argument(parts, 1, Node::global, "the class of a storage").chars;
  const size_t line = type.find('\n');
  const std::string_view module = type.substr(0, line), name = type.substr(line + 1);
  const bool untyped = name == "UntypedStorage" && (module == "torch.storage" || module == "torch");
  const ScalarType dtype = storage_dtype(name);
  if (!untyped && (module != "torch" || dtype == ScalarType::Undefined))
    fail_at(op_at_, "a storage has class {}.{}, which hearth does not have", module, name);
  const std::string_view key = argument(parts, 2, Node::text, "the key of a storage").chars;
  argument(parts, 3, Node::text, "the device of a storage");
  const int64_t numel = argument(parts, 4, Node::integer, "the size of a storage").number;
  if (numel < 0) fail_at(op_at_, "a storage has {} elements", numel);
  const uint32_t n = add(Node::storage);
  nodes_[n].dtype = dtype;
  nodes_[n].chars = key;
  nodes_[n].number = numel;
  push(n);
}

void PickleReader::reduce() {
  const uint32_t arguments = pop(), function = pop();
  if (nodes_[function].kind != Node::global || nodes_[arguments].kind != Node::tuple)
    fail_at(op_at_, "{} is called with {}", kind_name(nodes_[function].kind), kind_name(nodes_[arguments].kind));
  push(call(nodes_[function].chars, arguments));
}

uint32_t PickleReader::call(std::string_view function, uint32_t arguments) {
  const Node& given = nodes_[arguments];
  const auto is = [&](std::string_view name) { return function == name; };
  if (is("torch._utils\n_rebuild_tensor_v2")) return rebuild_tensor(given, false);
  if (is("torch._utils\n_rebuild_tensor_v3")) return rebuild_tensor(given, true);
  if (is("torch._utils\n_rebuild_parameter") || is("torch._utils\n_rebuild_parameter_with_state"))
    return rebuild_parameter(given);
  if (is("collections\nOrderedDict")) {
    const uint32_t dict = add(Node::dict);
    if (nodes_[arguments].items.empty()) return dict;
    const std::vector<uint32_t> pairs =
        argument(nodes_[arguments], 0, Node::list, "the content of an OrderedDict").items;
    for (const uint32_t p : pairs) {
      if (nodes_[p].items.size() != 2) fail_at(op_at_, "an OrderedDict holds something other than pairs");
      add_to(dict, nodes_[p].items);
    }
    return dict;
  }
  for (const std::string_view keeps :  // what these make of their first argument is the same here
       {"torch\nSize", "torch\ndevice", "_codecs\nencode", "builtins\nset", "__builtin__\nset", "builtins\nbytearray",
        "__builtin__\nbytearray", "torch.serialization\n_get_layout", "torch.jit._pickle\nbuild_intlist",
        "torch.jit._pickle\nbuild_doublelist", "torch.jit._pickle\nbuild_boollist",
        "torch.jit._pickle\nbuild_tensorlist", "torch.jit._pickle\nrestore_type_tag"})
    if (is(keeps)) return given.items.empty() ? add(Node::list) : given.items[0];
  std::string name(function);
  name[name.find('\n')] = '.';
  fail_at(op_at_,
          "the pickle calls {}; nothing is executed here, so save tensors and plain values only, as with state_dict()",
          name);
}

/// (storage, offset, sizes, strides, requires_grad, hooks[, dtype]); elements are checked where the storage is known.
uint32_t PickleReader::rebuild_tensor(const Node& given, bool has_dtype) {
  const Node& storage = argument(given, 0, Node::storage, "the storage of a tensor");
  const int64_t offset = argument(given, 1, Node::integer, "the offset of a tensor").number;
  const Node& sizes = argument(given, 2, Node::tuple, "the sizes of a tensor");
  const Node& strides = argument(given, 3, Node::tuple, "the strides of a tensor");
  const bool grad = argument(given, 4, Node::boolean, "requires_grad of a tensor").number != 0;
  ScalarType dtype = storage.dtype;
  if (has_dtype) {
    const std::string_view name = argument(given, 6, Node::global, "the dtype of a tensor").chars;
    dtype = name.substr(0, 6) == "torch\n" ? dtype_of_python_name(name.substr(6)) : ScalarType::Undefined;
  }
  if (dtype == ScalarType::Undefined) fail_at(op_at_, "a tensor has a dtype that hearth does not have");
  if (sizes.items.size() != strides.items.size())
    fail_at(op_at_, "a tensor has {} sizes but {} strides", sizes.items.size(), strides.items.size());
  for (const Node* list : {&sizes, &strides})
    for (size_t i = 0; i < list->items.size(); ++i)
      if (argument(*list, i, Node::integer, "a size or stride").number < 0)
        fail_at(op_at_, "a tensor has a negative size or stride");
  if (offset < 0) fail_at(op_at_, "a tensor begins {} elements before its storage", -offset);
  const std::vector<uint32_t> items(given.items.begin(), given.items.begin() + 4);
  const uint32_t n = add(Node::tensor);
  charge(4 * sizeof(uint32_t));
  Node& tensor = nodes_[n];
  tensor.items = {items[0], items[2], items[3]};
  tensor.number = offset;
  tensor.dtype = dtype;
  tensor.requires_grad = grad;
  return n;
}

/// (data, requires_grad, hooks)
uint32_t PickleReader::rebuild_parameter(const Node& given) {
  const Node data = argument(given, 0, Node::tensor, "the data of a parameter");
  const bool grad = argument(given, 1, Node::boolean, "requires_grad of a parameter").number != 0;
  const uint32_t n = add(Node::tensor);
  charge(4 * sizeof(uint32_t));
  nodes_[n] = data;
  nodes_[n].requires_grad = grad;
  return n;
}

/// An object of some class: a dict of its attributes, whatever the class.
void PickleReader::new_object() {
  const uint32_t arguments = pop(), type = pop();
  if (nodes_[type].kind != Node::global || nodes_[arguments].kind != Node::tuple)
    fail_at(op_at_, "an object is made of {}", kind_name(nodes_[type].kind));
  const uint32_t n = add(Node::object);
  nodes_[n].chars = nodes_[type].chars;
  push(n);
}

void PickleReader::build() {
  const uint32_t state = pop(), target = pop();
  Node& t = nodes_[target];
  if (t.kind == Node::object) {
    if (nodes_[state].kind != Node::dict)
      fail_at(op_at_, "the attributes of an object are {}", kind_name(nodes_[state].kind));
    charge(nodes_[state].items.size() * sizeof(uint32_t));
    t.items = nodes_[state].items;
  } else if (t.kind != Node::dict && t.kind != Node::tensor) {  // an OrderedDict's _metadata says nothing here
    fail_at(op_at_, "{} has no attributes", kind_name(t.kind));
  }
  push(target);
}

}  // namespace hearth::io
