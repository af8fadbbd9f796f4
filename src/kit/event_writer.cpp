#include "kit/event_writer.h"

#include "hearth/hearth.h"

namespace hearth::kit {

namespace {

constexpr int64_t kMostOfHistogram = 100'000, kPictures = 16;

/// At most so many elements, evenly spread.
Tensor sampled(const Tensor& t) {
  const Tensor flat = t.detach().reshape({-1});
  const int64_t step = (flat.numel() + kMostOfHistogram - 1) / kMostOfHistogram;
  return step > 1 ? flat.slice(0, 0, flat.numel(), step) : flat;
}

bool are_pictures(const Tensor& x) {
  return x.defined() && x.dim() == 4 && (x.size(1) == 1 || x.size(1) == 3) && x.size(0) > 0 && x.numel() > 0 &&
         x.is_floating_point();
}

}  // namespace

EventWriter::EventWriter(const std::string& folder, int64_t purge_step, train::SummaryWriter::HParams hparams)
    : writer_(folder, {"", purge_step, /*flush_seconds=*/10}),
      hparams_(std::move(hparams)),
      pictured_(purge_step > 0) {}

void EventWriter::on_fit_begin(train::Trainer& trainer) {
  if (!trainer.options().config().empty())
    writer_.add_text("config", "```yaml\n" + trainer.options().config() + "\n```", trainer.state().step);
}

void EventWriter::on_batch_begin(train::Trainer& trainer, data::Example<>& batch) {
  if (pictured_) return;
  pictured_ = true;
  if (!are_pictures(batch.data)) return;
  const NoGradGuard no_grad;
  const Tensor x = batch.data.narrow(0, 0, std::min<int64_t>(kPictures, batch.data.size(0))).to(kFloat);
  const Tensor low = x.min(), high = x.max();
  writer_.add_images("inputs", (x - low) / (high - low).clamp_min(1e-6), trainer.state().step);
}

void EventWriter::on_record(train::Trainer&, const train::Record& record) {
  for (const auto& [name, value] : record.values) writer_.add_scalar(name, value, record.step);
}

void EventWriter::on_epoch_end(train::Trainer& trainer) {
  const NoGradGuard no_grad;
  for (const auto& item : trainer.model().module->named_parameters()) {
    const Tensor values = sampled(*item);
    if (values.numel() > 0 && values.is_floating_point() && values.isfinite().any().item<bool>())
      writer_.add_histogram("weights/" + item.key(), values, trainer.state().step);
  }
}

void EventWriter::on_fit_end(train::Trainer&, const train::Result& result) {
  std::vector<std::pair<std::string, double>> scores;
  for (const auto& [name, value] : result.validation) scores.emplace_back("hparam/" + name, value);
  writer_.add_hparams(hparams_, scores);
  writer_.close();
}

}  // namespace hearth::kit
