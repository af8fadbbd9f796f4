#pragma once

#include "hearth/nn/module.h"

namespace hearth::nn {

/// A module that holds nothing.
template <class Derived>
class Plain : public Cloneable<Derived> {
 public:
  void reset() override {}
};

/// A module that holds its options alone.
template <class Derived, class Options>
class Optioned : public Cloneable<Derived> {
 public:
  template <class O = Options, class = std::enable_if_t<std::is_default_constructible_v<O>>>
  Optioned() {}
  explicit Optioned(const Options& options_) : options(options_) {}
  void reset() override {}

  Options options;
};

}  // namespace hearth::nn
