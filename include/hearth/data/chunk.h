#pragma once

#include <functional>
#include <memory>

#include "hearth/data/dataset.h"
#include "hearth/data/sampler.h"
#include "hearth/nn/module.h"

namespace hearth::data::datasets {

/// Reads data that come in large pieces: a chunk is a file, or a part of one. A class of one's own also says
/// `using BatchType = …`, a vector of samples. With several preloaders read_chunk is called from several threads.
template <class Example_, class Chunk = std::vector<Example_>>
class ChunkDataReader {
 public:
  virtual ~ChunkDataReader() = default;
  using ChunkType = Chunk;
  using ExampleType = Example_;
  virtual ChunkType read_chunk(size_t chunk_index) = 0;
  virtual size_t chunk_count() = 0;
  /// Forgets what belongs to the last epoch.
  virtual void reset() = 0;
};

struct HEARTH_API ChunkDatasetOptions {
  ChunkDatasetOptions() = delete;
  /// ValueError where a number is 0 or the cache smaller than a batch.
  ChunkDatasetOptions(size_t preloader_count, size_t batch_size, size_t cache_size = 2048,
                      size_t cross_chunk_shuffle_count = 1);
  /// Threads that read chunks.
  HEARTH_ARG(size_t, preloader_count);
  HEARTH_ARG(size_t, batch_size);
  /// Samples held ready: at this number the preloaders wait.
  HEARTH_ARG(size_t, cache_size) = 2048;
  /// Chunks that are read together and whose samples are mixed.
  HEARTH_ARG(size_t, cross_chunk_shuffle_count) = 1;
};

namespace detail {

/// The threads behind a ChunkDataset. Chunks are read in parallel and added in the order in which they were drawn.
class HEARTH_API ChunkFeeder {
 protected:
  struct Slot {
    std::shared_ptr<void> batch;
    size_t count = 0;
    std::exception_ptr error;
  };
  ChunkFeeder();
  virtual ~ChunkFeeder();
  /// Ends the threads. A class that overrides what follows calls it in its destructor.
  void stop();
  void start(const ChunkDatasetOptions& options);
  /// The next batch, null at the end. Throws WorkerException for a chunk that could not be read.
  std::shared_ptr<void> take();
  /// While one chunk is added: the batch that has room.
  Slot& open_slot();
  /// Runs f while no thread draws chunks.
  void pause(const std::function<void()>& f) const;

 private:
  virtual std::optional<std::vector<size_t>> draw_chunks() = 0;
  virtual std::shared_ptr<void> read_chunks(const std::vector<size_t>& indices) = 0;
  /// Deals the samples out to batches; returns how many there were.
  virtual size_t add(void* chunk) = 0;
  struct State;
  void run();
  std::unique_ptr<State> state_;
};

}  // namespace detail

/// A dataset of chunks: threads read them in the order of the chunk sampler, the example sampler mixes the samples of
/// each. With the same seed the same batches come out of any number of preloaders. To be shared by a loader's workers:
/// `make_shared_dataset<ChunkDataset<…>>(…)`.
template <class ChunkReader, class ChunkSampler = samplers::RandomSampler,
          class ExampleSampler = samplers::RandomSampler>
class ChunkDataset final : public StatefulDataset<ChunkDataset<ChunkReader, ChunkSampler, ExampleSampler>,
                                                  typename ChunkReader::BatchType, size_t>,
                           private detail::ChunkFeeder {
 public:
  using BatchType = std::optional<typename ChunkReader::BatchType>;
  using UnwrappedBatchType = typename ChunkReader::BatchType;
  using BatchRequestType = size_t;
  using ChunkSamplerType = ChunkSampler;
  using ExampleSamplerType = ExampleSampler;

  /// `preprocessing_policy` may change what was read together, before its samples are mixed.
  ChunkDataset(ChunkReader chunk_reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler,
               ChunkDatasetOptions options, std::function<void(UnwrappedBatchType&)> preprocessing_policy = {})
      : reader_(std::move(chunk_reader)),
        chunk_sampler_(std::move(chunk_sampler)),
        example_sampler_(std::move(example_sampler)),
        options_(options),
        preprocess_(std::move(preprocessing_policy)) {}
  ~ChunkDataset() override { this->stop(); }

  /// `batch_size` must be that of the options. Nothing at the epoch's end.
  BatchType get_batch(size_t batch_size) override {
    if (batch_size != options_.batch_size())
      throw ValueError("[ChunkDataset] the requested batch size, " + std::to_string(batch_size) +
                       ", does not match that of the options, " + std::to_string(options_.batch_size()));
    if (const std::shared_ptr<void> batch = this->take())
      return std::move(*static_cast<UnwrappedBatchType*>(batch.get()));
    return std::nullopt;
  }
  BatchType get_batch() { return get_batch(options_.batch_size()); }

  /// Starts an epoch and its threads.
  void reset() override {
    this->stop();
    if (!loaded_) {
      reader_.reset();
      chunk_sampler_.reset(reader_.chunk_count());
    }
    loaded_ = false;
    this->start(options_);
  }
  std::optional<size_t> size() const override { return std::nullopt; }
  ChunkSamplerType& chunk_sampler() { return chunk_sampler_; }
  /// Which chunks were drawn: chunks, not batches, are what a loaded dataset goes on with.
  void save(serialize::OutputArchive& archive) const override {
    this->pause([&] { chunk_sampler_.save(archive); });
  }
  void load(serialize::InputArchive& archive) override {
    this->pause([&] { chunk_sampler_.load(archive); });
    loaded_ = true;
  }

 private:
  std::optional<std::vector<size_t>> draw_chunks() override {
    return chunk_sampler_.next(options_.cross_chunk_shuffle_count());
  }
  std::shared_ptr<void> read_chunks(const std::vector<size_t>& indices) override {
    auto data = std::make_shared<UnwrappedBatchType>(reader_.read_chunk(indices.at(0)));
    for (size_t i = 1; i < indices.size(); ++i) {
      UnwrappedBatchType more = reader_.read_chunk(indices[i]);
      for (auto& sample : more) data->push_back(std::move(sample));
    }
    if (preprocess_) preprocess_(*data);
    return data;
  }
  size_t add(void* chunk) override {
    auto& data = *static_cast<UnwrappedBatchType*>(chunk);
    const size_t all = data.size();
    if (all > 0) example_sampler_.reset(all);
    for (size_t left = all; left > 0;) {
      Slot& slot = this->open_slot();
      if (!slot.batch) slot.batch = std::make_shared<UnwrappedBatchType>();
      auto& batch = *static_cast<UnwrappedBatchType*>(slot.batch.get());
      const auto indices = example_sampler_.next(std::min(left, options_.batch_size() - slot.count));
      if (!indices) throw ValueError("[ChunkDataset] the example sampler ended before the chunk did");
      for (const size_t i : *indices) batch.push_back(std::move(data.at(i)));
      slot.count += indices->size();
      left -= indices->size();
    }
    return all;
  }
  ChunkReader reader_;
  ChunkSampler chunk_sampler_;
  ExampleSampler example_sampler_;
  const ChunkDatasetOptions options_;
  std::function<void(UnwrappedBatchType&)> preprocess_;
  bool loaded_ = false;
};

}  // namespace hearth::data::datasets
