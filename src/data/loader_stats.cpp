#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/demangle.h"
#include "data/worker.h"
#include "hearth/data/stats.h"

namespace hearth::data {

namespace {

void erase_all(std::string& text, std::string_view what) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what)) text.erase(at, what.size());
}

int percent(double share) { return static_cast<int>(share * 100 + 0.5); }

}  // namespace

void detail::StageNames::add(const std::type_info& type) {
  std::string name = demangle(type.name());
  name.resize(std::min(name.find('<'), name.size()));  // what it is a template of says little
  for (const std::string_view part : {"hearth::data::datasets::", "hearth::data::transforms::", "hearth::data::",
                                      "hearth::", "(anonymous namespace)::"})
    erase_all(name, part);
  names.push_back(std::move(name));
}

void detail::lap_now(StageClock& clock, size_t stage) { clock.lap(stage); }

TimedStage::TimedStage(const char* name) : name_(nullptr) {
  detail::Worker* const worker = detail::this_worker();
  if (!worker || !worker->timing) return;
  name_ = name;
  inner_ = std::exchange(worker->clock.inner, 0);
  began_ = detail::now_ns();
}

TimedStage::~TimedStage() {
  if (!name_) return;
  detail::StageClock& clock = detail::this_worker()->clock;
  const int64_t taken = detail::now_ns() - began_;
  const auto same = [&](const auto& entry) { return std::strcmp(entry.first, name_) == 0; };
  auto entry = std::find_if(clock.named.begin(), clock.named.end(), same);
  if (entry == clock.named.end()) entry = clock.named.insert(entry, {name_, 0});
  entry->second += taken - clock.inner;
  clock.inner = inner_ + taken;
}

std::string LoaderStats::verdict() const {
  const int waiting = percent(wait_share());
  if (batches == 0) return "no batch was asked for yet";
  double all = 0;
  for (const StageTime& stage : stages) all += stage.seconds;
  const std::string most = stages.empty() || all <= 0 ? ""
                                                      : fmt::format(": {} ({} % of the work)", stages[0].name,
                                                                    percent(stages[0].seconds / all));
  if (waiting >= 10) return fmt::format("data-bound {} %{}", waiting, most);
  return fmt::format("not data-bound, waiting {} %; {} worker{} {} % busy", waiting, workers, workers == 1 ? "" : "s",
                     percent(worker_utilisation()));
}

}  // namespace hearth::data
