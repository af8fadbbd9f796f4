#include "hearth/data/loader_options.h"

#include <algorithm>

#include "data/loader_impl.h"

namespace hearth::data {

DataLoaderOptions::DataLoaderOptions() = default;
DataLoaderOptions::DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}
DataLoaderOptions::DataLoaderOptions(const DataLoaderOptions&) = default;
DataLoaderOptions& DataLoaderOptions::operator=(const DataLoaderOptions&) = default;
DataLoaderOptions::~DataLoaderOptions() = default;

FullDataLoaderOptions::FullDataLoaderOptions(const DataLoaderOptions& o)
    : batch_size(o.batch_size()),
      workers(o.workers() == data::auto_workers ? std::max(1U, std::thread::hardware_concurrency()) : o.workers()),
      max_jobs(o.max_jobs().value_or(o.prefetch_factor() * workers)),
      timeout(o.timeout()),
      enforce_ordering(o.enforce_ordering()),
      drop_last(o.drop_last()),
      prefetch_factor(o.prefetch_factor()),
      persistent_workers(o.persistent_workers()),
      auto_workers(o.workers() == data::auto_workers),
      fixed_jobs(o.max_jobs().has_value()),
      generator(o.generator()),
      skip_bad_samples(o.skip_bad_samples()) {}

WorkerException::WorkerException(std::exception_ptr original, const std::string& where, std::optional<size_t> sample)
    : Error("Caught exception in DataLoader worker thread. Original message: " + detail::message_of(original) +
            (where.empty() ? "" : " (" + where + ")")),
      original_exception(std::move(original)),
      message(msg()),
      sample_index(sample),
      file(detail::file_of(original_exception)) {}

TimeoutError::TimeoutError(std::string text, std::optional<size_t> sample)
    : Error(std::move(text)), sample_index(sample) {}

namespace detail {

std::string message_of(const std::exception_ptr& original) {
  try {
    std::rethrow_exception(original);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

std::string file_of(const std::exception_ptr& original) {
  try {
    std::rethrow_exception(original);
  } catch (const FileError& e) {
    return e.path;
  } catch (...) {
    return {};
  }
}

}  // namespace detail

}  // namespace hearth::data
