#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>

namespace hearth::cli {

std::string duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string grouped(double number) {
  const std::string digits = std::to_string(std::llround(number));
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

ProgressLine::ProgressLine() : terminal_(isatty(STDOUT_FILENO) == 1) {}

void ProgressLine::show(const train::Progress& p) {
  const double time = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (!p.epoch_ends && (!terminal_ || time - last_ < 0.1)) return;
  last_ = time;
  std::string line =
      fmt::format("epoch {}/{}  loss {:.4f}  accuracy {:6.2f} %", p.epoch, p.epochs, p.loss, 100 * p.accuracy);
  if (p.epoch_ends) line += fmt::format("  test {:6.2f} %", 100 * p.test_accuracy);
  line += fmt::format("  {} samples/s  {} left", grouped(p.samples_per_second), duration(p.seconds_left));
  if (!p.epoch_ends) line += fmt::format("  ({}/{})", p.batch, p.batches);
  std::printf("%s%s%s", terminal_ ? "\r\033[K" : "", line.c_str(), p.epoch_ends ? "\n" : "");
  std::fflush(stdout);
}

}  // namespace hearth::cli
