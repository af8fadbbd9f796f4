#pragma once

/// A field `name_` with a setter that chains and a getter, both called `name`.
#define HEARTH_ARG(T, name)                                \
 public:                                                   \
  auto name(T new_##name)->decltype(*this) {               \
    this->name##_ = static_cast<T&&>(new_##name);          \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_
