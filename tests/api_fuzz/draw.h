#pragma once

// Random arguments of every type that public functions take: everyday ones, so that calls get past their checks, and
// extreme ones.

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "hearth/hearth.h"
#include "hearth/indexing.h"

namespace hearth::api_fuzz {

/// The arguments of one call. What is drawn follows from the seed alone.
class Draw {
 public:
  explicit Draw(uint64_t seed);

  bool chance(double p);
  int64_t pick(int64_t low, int64_t high);

  // What was drawn is appended to text().
  Tensor tensor();
  int64_t integer();
  double real();
  bool boolean();
  Scalar scalar();
  ScalarType dtype();
  std::string word();
  std::vector<int64_t> integers();
  std::vector<double> reals();
  std::vector<Tensor> tensors();
  std::vector<Scalar> scalars();
  TensorOptions options();
  MemoryFormat memory_format();
  std::vector<indexing::TensorIndex> indices();
  StepOp step();
  StepArgs step_args();

  /// The arguments so far, as a person reads them.
  const std::string& text() const { return text_; }

 private:
  std::vector<int64_t> shape();
  ScalarType usual_dtype();
  Tensor filled(const std::vector<int64_t>& sizes, ScalarType dtype);
  Tensor laid_out(Tensor t);
  Tensor described(Tensor t);
  void say(const std::string& what);

  std::mt19937_64 random_;
  std::vector<int64_t> base_;  // what the shapes of one call have in common
  ScalarType base_dtype_;
  std::vector<Tensor> made_;
  std::string text_;
};

}  // namespace hearth::api_fuzz
