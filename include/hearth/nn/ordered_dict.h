#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hearth/error.h"

namespace hearth {

namespace detail {
[[noreturn]] HEARTH_API void throw_dict_key(const std::string& what, const std::string& key, bool duplicate);
inline std::string dict_key_text(const std::string& key) { return key; }
template <class Key>
std::string dict_key_text(const Key&) {
  return "?";
}
}  // namespace detail

/// Key-value pairs in the order of their insertion; a look-up walks over them.
template <class Key, class Value>
class HEARTH_API OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return value(); }
    const Value& operator*() const { return value(); }
    Value* operator->() { return &value(); }
    const Value* operator->() const { return &value(); }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

    // for (auto& [key, value] : dict)
    template <size_t I>
    auto& get() {
      if constexpr (I == 0) {
        return static_cast<const Key&>(pair_.first);
      } else {
        return pair_.second;
      }
    }
    template <size_t I>
    const auto& get() const {
      if constexpr (I == 0) {
        return pair_.first;
      } else {
        return pair_.second;
      }
    }

   private:
    std::pair<Key, Value> pair_;
  };
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  explicit OrderedDict(std::string key_description = "Key") : description_(std::move(key_description)) {}
  OrderedDict(std::initializer_list<Item> items) : items_(items), description_("Key") {}

  const std::string& key_description() const noexcept { return description_; }
  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }
  size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  bool empty() const noexcept { return items_.empty(); }
  Item& front() { return items_.front(); }
  const Item& front() const { return items_.front(); }
  Item& back() { return items_.back(); }
  const Item& back() const { return items_.back(); }

  Value* find(const Key& key) noexcept {
    for (Item& item : items_)
      if (item.key() == key) return &item.value();
    return nullptr;
  }
  const Value* find(const Key& key) const noexcept { return const_cast<OrderedDict*>(this)->find(key); }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }
  /// Throws where the key is missing.
  Value& operator[](const Key& key) {
    if (Value* value = find(key)) return *value;
    detail::throw_dict_key(description_, detail::dict_key_text(key), false);
  }
  const Value& operator[](const Key& key) const { return (*const_cast<OrderedDict*>(this))[key]; }
  Item& operator[](size_t index) { return items_.at(index); }
  const Item& operator[](size_t index) const { return items_.at(index); }

  /// Throws where the key is there already.
  template <class K, class V>
  Value& insert(K&& key, V&& value) {
    if (contains(key)) detail::throw_dict_key(description_, detail::dict_key_text(key), true);
    items_.emplace_back(std::forward<K>(key), std::forward<V>(value));
    return items_.back().value();
  }
  Value& insert(Key key, Value&& value) { return insert<Key, Value>(std::move(key), std::move(value)); }
  void update(const OrderedDict& other) {
    for (const Item& item : other) insert(item.key(), item.value());
  }
  void erase(const Key& key) {
    for (size_t i = 0; i < items_.size(); ++i)
      if (items_[i].key() == key) {
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
    detail::throw_dict_key(description_, detail::dict_key_text(key), false);
  }
  void clear() { items_.clear(); }
  void reserve(size_t n) { items_.reserve(n); }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> out;
    for (const Item& item : items_) out.push_back(item.key());
    return out;
  }
  std::vector<Value> values() const {
    std::vector<Value> out;
    for (const Item& item : items_) out.push_back(item.value());
    return out;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> out;
    for (const Item& item : items_) out.push_back(item.pair());
    return out;
  }

 private:
  std::vector<Item> items_;
  std::string description_;
};

}  // namespace hearth
