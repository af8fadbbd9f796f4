#include <cmath>

#include "io/pickle.h"

namespace hearth::io {
namespace {
constexpr int kDeepest = 100;
}

std::string PickleWriter::write(const IValue& root) {
  out_ = "\x80\x02";
  value(root);
  out_ += '.';
  return std::move(out_);
}

void PickleWriter::value(const IValue& v) {
  if (++depth_ > kDeepest) fail("[save] values are nested more than {} deep; flatten them", kDeepest);
  if (v.isNone()) {
    out_ += 'N';
  } else if (v.isTensor()) {
    tensor(v.toTensor());
  } else if (v.isBool()) {
    out_ += v.toBool() ? '\x88' : '\x89';
  } else if (v.isInt()) {
    integer(v.toInt());
  } else if (v.isDouble()) {
    real(v.toDouble());
  } else if (v.isString()) {
    text(v.toStringRef());
  } else if (v.isTensorList()) {
    list(v.toTensorVector());
  } else if (v.isIntList()) {
    list(v.toIntVector());
  } else if (v.isDoubleList()) {
    list(v.toDoubleVector());
  } else if (v.isGenericDict()) {
    dict(v.toGenericDict());
  } else if (v.isTuple()) {
    out_ += '(';
    for (const IValue& item : v.toTupleRef()) value(item);
    out_ += 't';
  } else {
    list(v.toListRef());
  }
  --depth_;
}

void PickleWriter::integer(int64_t v) {
  if (v >= 0 && v < 256) {
    out_ += 'K';
    append_le(out_, static_cast<uint8_t>(v));
  } else if (v == static_cast<int32_t>(v)) {
    out_ += 'J';
    append_le(out_, static_cast<int32_t>(v));
  } else {
    out_ += "\x8a\x08";
    append_le(out_, v);
  }
}

void PickleWriter::real(double v) {
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof bits);
  out_ += 'G';
  append_le(out_, __builtin_bswap64(bits));
}

void PickleWriter::text(const std::string& v) {
  if (v.size() > UINT32_MAX) fail("[save] a string of {} bytes is longer than a pickle holds; split it", v.size());
  out_ += 'X';
  append_le(out_, static_cast<uint32_t>(v.size()));
  out_ += v;
}

void PickleWriter::global(const char* module_and_name) {
  out_ += 'c';
  out_ += module_and_name;
  out_ += '\n';
}

void PickleWriter::sizes(IntArrayRef v) {
  out_ += '(';
  for (const int64_t n : v) integer(n);
  out_ += 't';
}

void PickleWriter::tensor(const Tensor& t) {
  if (!t.defined()) fail<TypeError>("[save] an undefined tensor can't be saved; leave it out");
  const bool untyped = t.scalar_type() == kUInt16;  // PyTorch has no storage class for it
  const Place place = locate_(t);
  global(untyped ? "torch._utils\n_rebuild_tensor_v3" : "torch._utils\n_rebuild_tensor_v2");
  out_ += "((";
  text("storage");
  const std::string type = storage_class(t.scalar_type());
  global(((untyped ? "torch.storage\n" : "torch\n") + type).c_str());
  text(place.key);
  text("cpu");
  integer(untyped ? place.storage_numel * t.element_size() : place.storage_numel);
  out_ += "tQ";
  integer(place.offset);
  sizes(t.sizes());
  sizes(t.strides());
  out_ += t.requires_grad() ? '\x88' : '\x89';
  global("collections\nOrderedDict");
  out_ += ")R";
  if (untyped) global((std::string("torch\n") + python_name(t.scalar_type())).c_str());
  out_ += "tR";
}

void PickleWriter::dict(const IValue::Dict& v) {
  bool names = !v.empty();
  for (const auto& [key, item] : v) {
    if (!key.isString() && !key.isInt())
      fail<TypeError>("[save] a dictionary has a key of type {}; use strings or integers", key.tagKind());
    names = names && key.isString();
  }
  if (names) {  // what a module's state_dict() is
    global("collections\nOrderedDict");
    out_ += ")R(";
  } else {
    out_ += "}(";
  }
  for (const auto& [key, item] : v) {
    value(key);
    value(item);
  }
  out_ += 'u';
}

template <class List>
void PickleWriter::list(const List& items) {
  out_ += "](";
  for (const auto& item : items) value(IValue(item));
  out_ += 'e';
}

}  // namespace hearth::io
