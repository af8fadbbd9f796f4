#pragma once

#include <vector>

#include "hearth/train/batches.h"

namespace hearth::train {

/// The first few batches of another source, always the same ones.
class FirstBatches : public Batches {
 public:
  FirstBatches(Batches& from, int64_t count) {
    from.start(0);
    data::Example<> batch;
    while (batches() < count && from.next(batch)) {
      kept_.push_back(batch);
      size_ += batch.data.size(0);
    }
  }
  void start(int64_t epoch) override {
    epoch_ = epoch;
    at_ = 0;
  }
  bool next(data::Example<>& batch) override {
    if (at_ >= kept_.size()) return false;
    batch = kept_[at_++];
    return true;
  }
  int64_t size() const override { return size_; }
  int64_t batches() const override { return static_cast<int64_t>(kept_.size()); }
  IValue state_dict() const override { return IValue::Dict{{"epoch", epoch_}, {"batch", static_cast<int64_t>(at_)}}; }
  void load_state_dict(const IValue& state) override {
    epoch_ = state.at("epoch").toInt();
    at_ = static_cast<size_t>(state.at("batch").toInt());
  }

 private:
  std::vector<data::Example<>> kept_;
  int64_t size_ = 0, epoch_ = 0;
  size_t at_ = 0;
};

}  // namespace hearth::train
