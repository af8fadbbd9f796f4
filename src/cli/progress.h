#pragma once

#include <string>

#include "hearth/train/classifier.h"

namespace hearth::cli {

/// A line that is rewritten in place on a terminal, some ten times a second, and printed once an epoch elsewhere.
class ProgressLine {
 public:
  ProgressLine();
  void show(const train::Progress& p);

 private:
  bool terminal_;
  double last_ = 0;
};

/// "1:05"
std::string duration(double seconds);
/// 12345678 as "12,345,678".
std::string grouped(double number);

}  // namespace hearth::cli
