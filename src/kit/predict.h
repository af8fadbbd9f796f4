#pragma once

#include "kit/session.h"

namespace hearth::kit {

/// One answer: names and values in order, such as file, prediction, probability.
using Answer = Json;

/// Answers for the rows of CSV files, for images and folders of them, or the steps after a series, one at a time.
/// Throws where a file is not what the model was trained on.
void predict(const Trained& trained, const std::vector<std::string>& files,
             const std::function<void(const Answer&)>& answer);

struct GenerateOptions {
  std::string prompt;
  int64_t length = 500;      ///< tokens
  double temperature = 0.8;  ///< 0: always the likeliest
  int64_t top_k = 0;         ///< only among the k likeliest; 0: all
  uint64_t seed = 0;
};
/// Text that goes on from the prompt, token by token.
void generate(const Trained& trained, const GenerateOptions& options,
              const std::function<void(const std::string&)>& take);

}  // namespace hearth::kit
