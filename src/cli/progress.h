#pragma once

#include <string>

#include "hearth/train/trainer.h"

namespace hearth::cli {

/// How a training shows itself on standard output: a line that is rewritten in place on a terminal, ten times a second;
/// a line now and then elsewhere; nothing; or records as JSON lines.
class Progress : public train::Callback {
 public:
  enum class Kind { lines, quiet, json };
  explicit Progress(Kind kind);
  void on_step_end(train::Trainer& trainer) override;
  void on_epoch_end(train::Trainer& trainer) override;
  void on_record(train::Trainer& trainer, const train::Record& record) override;
  void on_fit_end(train::Trainer& trainer, const train::Result& result) override;

 private:
  std::string line(const train::Trainer& trainer) const;
  void show(const std::string& text, bool stays);
  Kind kind_;
  bool terminal_, open_ = false;
  double last_ = 0;
};

/// "1:05"
std::string duration(double seconds);
/// 12345678 as "12,345,678".
std::string grouped(double number);

}  // namespace hearth::cli
