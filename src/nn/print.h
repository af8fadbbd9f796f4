#pragma once

// How modules print themselves.

#include <ostream>

namespace hearth::nn {

/// `torch::nn::Name(key=value, …)`: what is given, in the order in which it is given.
class Line {
 public:
  template <class... Name>
  explicit Line(std::ostream& out, const Name&... name) : out_(out) {
    ((out_ << std::boolalpha << "torch::nn::") << ... << name) << '(';
  }
  ~Line() { out_ << ')'; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  template <class T>
  Line& operator()(const char* key, const T& value) {
    separate() << key << '=' << value;
    return *this;
  }
  /// A value without a name.
  template <class T>
  Line& operator()(const T& value) {
    separate() << value;
    return *this;
  }
  /// `inplace=true`, or nothing.
  Line& inplace(bool on) { return on ? (*this)("inplace", true) : *this; }

 private:
  std::ostream& separate() {
    if (!first_) out_ << ", ";
    first_ = false;
    return out_;
  }
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace hearth::nn
