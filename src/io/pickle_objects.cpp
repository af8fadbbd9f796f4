// What a pickle may name: storages, tensors, parameters, dicts, and objects as dicts of their attributes.
#include "io/pickle.h"

namespace hearth::io {

using Node = PickleNode;

namespace {

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

}  // namespace

const char* kind_name(PickleNode::Kind kind) {
  constexpr const char* names[] = {"None",   "a bool", "an integer",          "a float",   "a string",  "a tuple",
                                   "a list", "a dict", "a class or function", "an object", "a storage", "a tensor"};
  return names[kind];
}

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
