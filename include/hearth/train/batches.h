#pragma once

#include "hearth/data/loader.h"
#include "hearth/ivalue.h"

namespace hearth::train {

/// What a training goes through, epoch by epoch: batches of inputs and targets from whatever source.
class HEARTH_API Batches {
 public:
  virtual ~Batches();
  /// Starts epoch `epoch` (from 0). Its order and random numbers hang on the seed and this number alone.
  virtual void start(int64_t epoch) = 0;
  /// The next batch; false at the end of the epoch.
  virtual bool next(data::Example<>& batch) = 0;
  /// Samples in an epoch.
  virtual int64_t size() const = 0;
  /// Batches in an epoch.
  virtual int64_t batches() const = 0;
  /// Where in the epoch it is, counting batches that next() gave out; loading starts that epoch at that place.
  virtual IValue state_dict() const = 0;
  virtual void load_state_dict(const IValue& state) = 0;
};

struct BatchOptions {
  BatchOptions(int64_t batch_size = 64) : batch_size_(batch_size) {}  // NOLINT: implicit
  HEARTH_ARG(int64_t, batch_size);
  /// A new random order each epoch; else the dataset's.
  HEARTH_ARG(bool, shuffle) = false;
  /// Threads that make batches; 0: the caller's. Batches are the same, to the bit, whatever their number.
  HEARTH_ARG(int64_t, workers) = 0;
  /// Of the order.
  HEARTH_ARG(uint64_t, seed) = 0;
  /// Leaves out a last batch that is not full.
  HEARTH_ARG(bool, drop_last) = false;
};

namespace detail {

/// The order of the samples in an epoch.
struct HEARTH_API Order {
  Order(int64_t size, const BatchOptions& options);
  /// From the first sample of this epoch on.
  void start(int64_t epoch);
  std::optional<std::vector<size_t>> next(size_t batch_size);
  int64_t batches() const;

  BatchOptions options;
  int64_t size;
  int64_t at = 0;
  std::vector<int64_t> places;  // empty where the order is the dataset's
};

/// A sampler that hands out an Order.
class HEARTH_API OrderSampler : public data::samplers::Sampler<> {
 public:
  explicit OrderSampler(std::shared_ptr<Order> order) : order_(std::move(order)) {}
  void reset(std::optional<size_t>) override {}
  void set_epoch(int64_t epoch) { order_->start(epoch); }
  std::optional<std::vector<size_t>> next(size_t batch_size) override { return order_->next(batch_size); }

 private:
  std::shared_ptr<Order> order_;
};

HEARTH_API data::Example<> collate(std::vector<data::Example<>>&& samples);
inline data::Example<> collate(data::Example<>&& batch) { return std::move(batch); }
HEARTH_API int64_t check_size(std::optional<size_t> size);
template <class Dataset>
class LoaderBatches final : public Batches {
 public:
  LoaderBatches(Dataset dataset, const BatchOptions& options)
      : order_(std::make_shared<Order>(check_size(dataset.size()), options)),
        loader_(data::make_data_loader(std::move(dataset), OrderSampler(order_),
                                       data::DataLoaderOptions(static_cast<size_t>(options.batch_size()))
                                           .workers(static_cast<size_t>(options.workers()))
                                           .drop_last(options.drop_last()))) {}
  void start(int64_t epoch) override {
    loader_->set_epoch(epoch);
    begin();
  }
  bool next(data::Example<>& batch) override {
    if (taken_) ++at_;
    taken_ = begun_ && at_ != loader_->end();
    if (taken_) batch = collate(std::move(*at_));
    return taken_;
  }
  int64_t size() const override { return order_->size; }
  int64_t batches() const override { return order_->batches(); }
  IValue state_dict() const override { return loader_->state_dict(); }
  void load_state_dict(const IValue& state) override {
    loader_->load_state_dict(state);
    begin();
  }

 private:
  void begin() {
    at_ = loader_->begin();
    taken_ = false;
    begun_ = true;
  }
  std::shared_ptr<Order> order_;
  std::unique_ptr<data::StatelessDataLoader<Dataset, OrderSampler>> loader_;
  data::Iterator<typename Dataset::BatchType> at_;
  bool taken_ = false, begun_ = false;
};

}  // namespace detail

/// The batches of a dataset whose samples or batches are Example<>s; it must know its size.
template <class Dataset>
std::shared_ptr<Batches> batches(Dataset dataset, const BatchOptions& options = {}) {
  return std::make_shared<detail::LoaderBatches<Dataset>>(std::move(dataset), options);
}
/// The batches of inputs [N, …] and targets [N, …].
HEARTH_API std::shared_ptr<Batches> batches(Tensor inputs, Tensor targets, const BatchOptions& options = {});

}  // namespace hearth::train
