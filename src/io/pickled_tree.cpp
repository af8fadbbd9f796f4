#include "io/pickled_tree.h"

#include <algorithm>

#include "hearth/ops.h"

namespace hearth::io {
namespace {
constexpr int kDeepest = 100, kMostDims = 64;
}

void check_bools(const Tensor& t, const char* format, const std::string& file, uint64_t offset, std::string_view name) {
  if (t.scalar_type() != kBool) return;
  const auto* bytes = static_cast<const uint8_t*>(t.data_ptr());
  for (size_t i = 0; i < t.nbytes(); ++i)
    if (bytes[i] > 1) damaged(format, file, offset + i, "\"{}\" holds a bool that is neither 0 nor 1", name);
}

IValue TreeBuilder::value(uint32_t n, int depth) {
  const PickleNode& node = pickle_.node(n);
  if (depth > kDeepest) pickle_.fail_at(node.at, "values are nested more than {} deep", kDeepest);
  pickle_.charge(2 * sizeof(IValue));
  switch (node.kind) {
    case PickleNode::none: return {};
    case PickleNode::boolean: return node.number != 0;
    case PickleNode::integer: return node.number;
    case PickleNode::real: return node.value;
    case PickleNode::text:
    case PickleNode::global: {
      pickle_.charge(node.chars.size());
      std::string text(node.chars);
      if (node.kind == PickleNode::global) std::replace(text.begin(), text.end(), '\n', '.');
      return text;
    }
    case PickleNode::tuple:
    case PickleNode::list: {
      std::vector<IValue> items;
      for (const uint32_t i : node.items) items.push_back(value(i, depth + 1));
      if (node.kind == PickleNode::list) return items;
      return IValue::Tuple{std::move(items)};
    }
    case PickleNode::dict:
    case PickleNode::object: return dict(node, depth);
    case PickleNode::tensor: return tensor(node);
    case PickleNode::storage: break;
  }
  pickle_.fail_at(node.at, "a storage stands alone, without a tensor");
}

IValue::Dict TreeBuilder::dict(const PickleNode& node, int depth) {
  std::map<std::pair<std::string_view, int64_t>, size_t> places;  // a later value of the same key replaces the first
  IValue::Dict out;
  for (size_t i = 0; i < node.items.size(); i += 2) {
    const PickleNode& key = pickle_.node(node.items[i]);
    pickle_.charge(160);
    const bool is_text = key.kind == PickleNode::text;
    const auto [place, fresh] = places.try_emplace({key.chars, is_text ? -1 : key.number}, out.size());
    IValue item = value(node.items[i + 1], depth + 1);
    if (fresh) {
      out.emplace_back(is_text ? IValue(std::string(key.chars)) : IValue(key.number), std::move(item));
    } else {
      out[place->second].second = std::move(item);
    }
  }
  return out;
}

std::vector<int64_t> TreeBuilder::numbers(const PickleNode& tuple) {
  if (tuple.items.size() > kMostDims)
    pickle_.fail_at(tuple.at, "a tensor has {} dimensions; at most {} make sense", tuple.items.size(), kMostDims);
  std::vector<int64_t> out;
  for (const uint32_t i : tuple.items) out.push_back(pickle_.node(i).number);
  return out;
}

Tensor TreeBuilder::tensor(const PickleNode& node) {
  const PickleNode& place = pickle_.node(node.items[0]);
  const std::vector<int64_t> sizes = numbers(pickle_.node(node.items[1])),
                             strides = numbers(pickle_.node(node.items[2]));
  pickle_.charge(384 + 32 * sizes.size());
  const Tensor& base = storage(place, node.dtype);
  int64_t count = 1, last = node.number;
  bool fits = true, is_empty = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t reach = 0;
    is_empty = is_empty || sizes[i] == 0;
    fits = fits && !__builtin_mul_overflow(count, std::max<int64_t>(sizes[i], 1), &count) &&
           !__builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0), strides[i], &reach) &&
           !__builtin_add_overflow(last, reach, &last);
  }
  if (!fits || count > (int64_t{1} << 59) || (!is_empty && last >= base.numel()))
    pickle_.fail_at(node.at,
                    "a tensor of sizes [{}] with strides [{}] from element {} on reaches beyond storage \"{}\", which "
                    "has {} elements",
                    fmt::join(sizes, ", "), fmt::join(strides, ", "), node.number, place.chars, base.numel());
  Tensor t = is_empty ? empty(sizes, node.dtype) : base.as_strided(sizes, strides, node.number).detach();
  if (node.requires_grad && t.is_floating_point()) t.set_requires_grad(true);
  return t;
}

const Tensor& TreeBuilder::storage(const PickleNode& node, ScalarType dtype) {
  auto found = storages_.find(node.chars);
  if (found == storages_.end()) {
    found = storages_.emplace(std::string(node.chars), fetch_(node, dtype)).first;
    pickle_.charge(found->second.nbytes());
  }
  if (found->second.scalar_type() != dtype)
    pickle_.fail_at(node.at, "storage \"{}\" is {} here and {} before", node.chars, dtype, found->second.scalar_type());
  return found->second;
}

void Storages::add(const Tensor& t, const std::string& name) {
  if (!t.defined()) fail<TypeError>("[save] an undefined tensor can't be saved; leave it out");
  const auto [place, fresh] = numbers_.try_emplace(key_of(t), spans_.size());
  int64_t first = t.storage_offset(), end = first + 1;
  for (int64_t d = 0; d < t.dim(); ++d) end += (t.size(d) - 1) * t.stride(d);
  if (t.numel() == 0) first = end = 0;
  if (fresh) spans_.push_back({t.numel() == 0 ? nullptr : base_of(t), t.element_size(), first, end, name});
  Span& span = spans_[place->second];
  span.first = std::min(span.first, first);
  span.end = std::max(span.end, end);
}

void Storages::collect(const IValue& v, const std::string& path) {
  const auto below = [&](const auto& name) {
    return path.empty() ? fmt::format("{}", name) : fmt::format("{}.{}", path, name);
  };
  const auto each = [&](const auto& items) {
    for (size_t i = 0; i < items.size(); ++i) collect(IValue(items[i]), below(i));
  };
  if (v.isTensor()) {
    add(v.toTensor(), path);
  } else if (v.isTensorList()) {
    each(v.toTensorVector());
  } else if (v.isTuple()) {
    each(v.toTupleRef());
  } else if (v.isGenericDict()) {
    for (const auto& [key, item] : v.toGenericDict())
      collect(item, key.isInt() ? below(key.toInt()) : below(key.toStringRef()));
  } else if (v.isList() && !v.isIntList() && !v.isDoubleList()) {
    each(v.toListRef());
  }
}

PickleWriter::Place Storages::locate(const Tensor& t) const {
  const size_t number = numbers_.at(key_of(t));
  const Span& span = spans_[number];
  return {std::to_string(number), span.end - span.first, t.numel() == 0 ? 0 : t.storage_offset() - span.first};
}

}  // namespace hearth::io
