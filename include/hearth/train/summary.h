#pragma once

#include <string>

#include "hearth/nn/module.h"

namespace hearth::train {

/// One layer as a forward pass met it.
struct LayerSummary {
  std::string path, kind;
  std::vector<int64_t> output;  ///< of a batch of one
  int64_t parameters;
};

/// Runs `input` through the layers of a Sequential and says what each makes of it. The module is left in the mode it
/// was in.
HEARTH_API std::vector<LayerSummary> summarize(nn::Module& model, const Tensor& input);
/// The same as a table, with the sum of the parameters below.
HEARTH_API std::string summary_table(nn::Module& model, const Tensor& input);

}  // namespace hearth::train
