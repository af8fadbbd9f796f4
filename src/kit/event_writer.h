#pragma once

#include "hearth/train/summary_writer.h"
#include "hearth/train/trainer.h"

namespace hearth::kit {

/// Writes TensorBoard's events of a training: every record, histograms of the weights at the end of each epoch, the
/// configuration as text, some inputs where they are pictures, and settings with scores at the end.
class EventWriter : public train::Callback {
 public:
  /// `purge_step`: where a resumed run goes on; -1 for a new one.
  EventWriter(const std::string& folder, int64_t purge_step, train::SummaryWriter::HParams hparams);
  void on_fit_begin(train::Trainer& trainer) override;
  void on_batch_begin(train::Trainer& trainer, data::Example<>& batch) override;
  void on_record(train::Trainer& trainer, const train::Record& record) override;
  void on_epoch_end(train::Trainer& trainer) override;
  void on_fit_end(train::Trainer& trainer, const train::Result& result) override;

 private:
  train::SummaryWriter writer_;
  train::SummaryWriter::HParams hparams_;
  bool pictured_ = false;
};

}  // namespace hearth::kit
