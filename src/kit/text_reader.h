#pragma once

#include "hearth/train/registry.h"

namespace hearth::kit {

/// A language model that reads a text bit by bit.
class TextReader {
 public:
  virtual ~TextReader() = default;
  /// Scores [vocabulary] of the token that comes after `ids`, one or more, which come after those read before.
  virtual Tensor read(const std::vector<int64_t>& ids) = 0;
};

/// A model that can go on from what it made of the text so far, instead of reading it anew for each token.
class TextModel {
 public:
  virtual ~TextModel() = default;
  /// Null where these options of it do not allow that. The model must outlive the reader.
  virtual std::unique_ptr<TextReader> reader() = 0;
};

/// Of any model of tokens [1, T], T at most the context, to scores [1, T, vocabulary]; those that are no TextModel read
/// the last `context` tokens anew each time. The model should be in evaluation mode.
std::unique_ptr<TextReader> make_reader(const train::Model& model, int64_t context);

}  // namespace hearth::kit
