#pragma once

// One call of an op, in plain numbers, so that both libraries can be given the same and asked the same.

#include <cstdint>
#include <string>
#include <vector>

namespace differential {

/// A tensor as numbers: those of its whole storage, and how it is seen.
struct Value {
  std::string dtype = "double";
  std::vector<int64_t> sizes, strides;
  int64_t offset = 0;
  std::vector<double> storage;
};

struct Case {
  std::string op;
  std::vector<Value> inputs;
  std::vector<int64_t> ints;  // dims, flags and counts, as the op's kind has it
  std::vector<double> reals;
  bool gradient = false;
};

/// What came out: contiguous values and the gradients of the floating inputs, or an error.
struct Outcome {
  bool threw = false;
  std::string error;
  std::vector<Value> outputs, gradients;
};

/// How an op is called, and from where its inputs come.
struct Op {
  const char* name;
  const char* kind;  // what it takes, and words for what is kept from it
  double low, high;  // of floating inputs
  bool integers;     // takes integers too
  bool gradient;
};

Outcome run_hearth(const Case& c);
Outcome run_torch(const Case& c);
const std::vector<Op>& all_ops();

}  // namespace differential
