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

/// Where a loader is in its epoch: shared by the loader's sampler and the Batches that own it.
struct HEARTH_API Order {
  Order(int64_t size, const BatchOptions& options);
  /// The samples of an epoch from batch `first` on.
  void start(int64_t epoch, int64_t first);
  std::optional<std::vector<size_t>> next(size_t batch_size);
  int64_t batches() const;

  BatchOptions options;
  int64_t size;
  int64_t epoch = 0, at = 0;
  std::vector<int64_t> places;  // empty where the order is the dataset's
};

/// A sampler that hands out an Order.
class HEARTH_API OrderSampler : public data::samplers::Sampler<> {
 public:
  explicit OrderSampler(std::shared_ptr<Order> order) : order_(std::move(order)) {}
  void reset(std::optional<size_t>) override {}
  std::optional<std::vector<size_t>> next(size_t batch_size) override { return order_->next(batch_size); }

 private:
  std::shared_ptr<Order> order_;
};

HEARTH_API data::Example<> collate(std::vector<data::Example<>>&& samples);
inline data::Example<> collate(data::Example<>&& batch) { return std::move(batch); }
HEARTH_API int64_t check_size(std::optional<size_t> size);
/// The two numbers of a state; throws ValueError where they fit no such order.
HEARTH_API std::pair<int64_t, int64_t> read_place(const IValue& state, const Order& order);

template <class Dataset>
class LoaderBatches final : public Batches {
 public:
  LoaderBatches(Dataset dataset, const BatchOptions& options)
      : order_(std::make_shared<Order>(check_size(dataset.size()), options)),
        loader_(data::make_data_loader(std::move(dataset), OrderSampler(order_),
                                       data::DataLoaderOptions(static_cast<size_t>(options.batch_size()))
                                           .workers(static_cast<size_t>(options.workers())))) {}
  void start(int64_t epoch) override { start(epoch, 0); }
  bool next(data::Example<>& batch) override {
    if (given_ >= 0 && given_ < order_->batches()) {
      if (given_ > first_) ++at_;
      if (at_ != loader_->end()) {
        batch = collate(std::move(*at_));
        ++given_;
        return true;
      }
    }
    return false;
  }
  int64_t size() const override { return order_->size; }
  int64_t batches() const override { return order_->batches(); }
  IValue state_dict() const override { return IValue::Dict{{"epoch", epoch_}, {"batch", given_}}; }
  void load_state_dict(const IValue& state) override {
    const auto [epoch, batch] = read_place(state, *order_);
    start(epoch, batch);
  }

 private:
  void start(int64_t epoch, int64_t first) {
    at_ = {};
    epoch_ = epoch;
    given_ = first_ = first;
    order_->start(epoch, first);
    at_ = loader_->begin();
  }
  std::shared_ptr<Order> order_;
  std::unique_ptr<data::StatelessDataLoader<Dataset, OrderSampler>> loader_;
  data::Iterator<typename Dataset::BatchType> at_;
  int64_t epoch_ = 0, given_ = -1, first_ = 0;
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
