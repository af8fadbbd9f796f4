#include <algorithm>

#include "base/fail.h"
#include "data/loader_impl.h"

namespace hearth::data::detail {

namespace {

Tensor bytes_tensor(const std::vector<uint8_t>& bytes) {
  Tensor out = empty({static_cast<int64_t>(bytes.size())}, kByte);
  std::copy(bytes.begin(), bytes.end(), out.data_ptr<uint8_t>());
  return out;
}

}  // namespace

IValue LoaderCore::state_dict() const {
  const State& s = *state_;
  State::Resume at;
  if (s.resume) {
    at = *s.resume;
  } else if (s.in_epoch) {
    if (s.options.workers > 0 && !s.options.enforce_ordering)
      fail(
          "[DataLoader] state_dict: batches come out of order, so no place in the epoch says which were seen; "
          "set enforce_ordering(true)");
    at = {s.epoch, s.seed, s.delivered, s.bad_of_epoch, s.keyed_epoch, s.before};
  } else {
    at = {s.next_epoch, s.loaded_seed.value_or(s.root().current_seed()), 0, 0, s.keyed, {}};
    if (s.options.generator && !s.keyed) at.generator = state_of(*s.options.generator);
  }
  return IValue::Dict{{"version", 1},
                      {"epoch", at.epoch},
                      {"delivered", static_cast<int64_t>(at.delivered)},
                      {"bad_samples", static_cast<int64_t>(at.bad)},
                      {"seed", static_cast<int64_t>(at.seed)},
                      {"epoch_was_set", at.keyed},
                      {"generator", at.generator.empty() ? IValue() : IValue(bytes_tensor(at.generator))},
                      {"batch_size", static_cast<int64_t>(s.options.batch_size)},
                      {"dataset_size", s.dataset_size ? IValue(static_cast<int64_t>(*s.dataset_size)) : IValue()}};
}

void LoaderCore::load_state_dict(const IValue& state) {
  State& s = *state_;
  const auto number = [&](const char* key) {
    const int64_t value = state.at(key).toInt();
    if (value < 0) fail("[DataLoader] load_state_dict: {} is {}; the state is damaged", key, value);
    return value;
  };
  if (const int64_t version = state.at("version").toInt(); version != 1)
    fail("[DataLoader] load_state_dict: the state has version {}, this hearth reads version 1", version);
  const auto same = [&](const char* what, int64_t theirs, int64_t ours) {
    if (theirs != ours)
      fail(
          "[DataLoader] load_state_dict: the state was taken with {} {} and this loader has {}; the next batch would "
          "be another",
          what, theirs, ours);
  };
  same("batch_size", number("batch_size"), static_cast<int64_t>(s.options.batch_size));
  if (s.dataset_size && !state.at("dataset_size").isNone())
    same("a dataset of size", number("dataset_size"), static_cast<int64_t>(*s.dataset_size));
  State::Resume at{number("epoch"),
                   static_cast<uint64_t>(state.at("seed").toInt()),
                   static_cast<uint64_t>(number("delivered")),
                   static_cast<size_t>(number("bad_samples")),
                   state.at("epoch_was_set").toBool(),
                   {}};
  if (const IValue& generator = state.at("generator"); !generator.isNone()) {
    const Tensor bytes = generator.toTensor().to(kByte).contiguous();
    at.generator.assign(bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel());
    hearth::detail::createCPUGenerator().set_state(at.generator);  // throws where it is none
  }
  s.keyed = s.keyed || at.keyed;
  s.next_epoch = at.epoch;
  s.loaded_seed = at.seed;
  s.resume = std::move(at);
}

LoaderStats LoaderCore::stats() const {
  const State& s = *state_;
  const std::lock_guard lock(s.mutex);
  constexpr double second = 1e-9;
  LoaderStats out;
  out.loop_seconds = static_cast<double>(s.loop_ns) * second;
  out.wait_seconds = static_cast<double>(s.wait_ns) * second;
  out.busy_seconds = static_cast<double>(s.busy_ns) * second;
  out.worker_seconds = static_cast<double>(s.worker_ns) * second;
  out.batches = s.batches;
  out.samples = s.samples;
  out.bytes = s.bytes;
  out.bad_samples = s.bad_total;
  out.workers = s.options.workers == 0 ? 0 : s.active;
  out.bad = s.bad_kept;
  for (size_t i = 0; i < s.stage_seconds.size(); ++i)
    if (s.stage_seconds[i] > 0) out.stages.push_back({s.stages.names[i], s.stage_seconds[i]});
  for (const auto& [name, seconds] : s.named_seconds) out.stages.push_back({name, seconds});
  std::stable_sort(out.stages.begin(), out.stages.end(),
                   [](const StageTime& a, const StageTime& b) { return a.seconds > b.seconds; });
  return out;
}

void LoaderCore::reset_stats() {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  s.loop_ns = s.wait_ns = s.busy_ns = s.worker_ns = 0;
  s.batches = s.samples = s.bytes = s.bad_total = 0;
  std::fill(s.stage_seconds.begin(), s.stage_seconds.end(), 0.0);
  s.named_seconds.clear();
  s.bad_kept.clear();
}

}  // namespace hearth::data::detail
