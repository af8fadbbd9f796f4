#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace hearth::cli {

namespace {
constexpr double kBetweenLines = 3;  // seconds, where nobody watches
}  // namespace

std::string duration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
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

Progress::Progress(Kind kind) : kind_(kind), terminal_(isatty(STDOUT_FILENO) == 1) {}

std::string Progress::line(const train::Trainer& trainer) const {
  const train::TrainState& s = trainer.state();
  std::string text = fmt::format("epoch {}/{}  step {}  loss {:.4f}", s.epoch + 1, s.epochs, s.step, s.loss);
  for (const auto& [name, value] : trainer.training_scores())
    if (name != "train/loss") text += fmt::format("  {} {:.4f}", name.substr(6), value);
  for (const auto& [name, value] : s.validation) text += fmt::format("  {} {:.4f}", name, value);
  return text + fmt::format("  lr {:.2g}  {} samples/s  {} left  data {:.0f} %", s.lr, grouped(s.samples_per_second),
                            duration(s.seconds_left), 100 * s.data_wait);
}

void Progress::show(const std::string& text, bool stays) {
  last_ = clock_seconds();
  std::printf("%s%s%s", terminal_ ? "\r\033[K" : "", text.c_str(), stays ? "\n" : "");
  open_ = !stays;
  std::fflush(stdout);
}

void Progress::on_step_end(train::Trainer& trainer) {
  if (kind_ != Kind::lines || clock_seconds() - last_ < (terminal_ ? 0.1 : 10 * kBetweenLines)) return;
  if (!terminal_ && last_ == 0)
    last_ = clock_seconds();  // the first line comes with an epoch's end, or after a while
  else
    show(line(trainer), !terminal_);
}
void Progress::on_epoch_end(train::Trainer& trainer) {
  if (kind_ != Kind::lines) return;
  const train::TrainState& s = trainer.state();
  const bool last = s.epoch + 1 == s.epochs;
  if (terminal_ || last || s.epochs <= 20 || clock_seconds() - last_ > kBetweenLines) show(line(trainer), true);
}
void Progress::on_record(train::Trainer&, const train::Record& record) {
  if (kind_ != Kind::json) return;
  nlohmann::ordered_json line = {{"step", record.step}, {"epoch", record.epoch}, {"time", record.seconds}};
  for (const auto& [name, value] : record.values)
    line[name] = std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}
void Progress::on_fit_end(train::Trainer&, const train::Result&) {
  if (open_) std::printf("\n");
  open_ = false;
}

}  // namespace hearth::cli
