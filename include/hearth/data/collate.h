#pragma once

#include <memory>
#include <string>
#include <tuple>

#include "hearth/data/pipeline.h"
#include "hearth/data/transforms.h"
#include "hearth/nn/module.h"

// Batches out of samples, as Python's default_collate makes them, and out of samples of unequal sizes.
namespace hearth::data {

namespace detail {

HEARTH_API Tensor collate_tensors(std::vector<Tensor> samples);
/// A tensor of numbers: bool and float keep their dtype, double is float64, integers become int64.
HEARTH_API Tensor collate_numbers(const bool* values, size_t n);
HEARTH_API Tensor collate_numbers(const float* values, size_t n);
HEARTH_API Tensor collate_numbers(const double* values, size_t n);
HEARTH_API Tensor collate_numbers(const int64_t* values, size_t n);
[[noreturn]] HEARTH_API void collate_unequal(const char* what, size_t sample, size_t got, size_t expected);

template <class T, class = void>
struct Collator;

/// Of each sample, one part.
template <class Part, class Sample, class Get>
auto collate_part(std::vector<Sample>& samples, Get get) {
  std::vector<Part> parts;
  parts.reserve(samples.size());
  for (Sample& sample : samples) parts.push_back(std::move(get(sample)));
  return Collator<Part>::collate(std::move(parts));
}

template <>
struct Collator<Tensor> {
  static Tensor collate(std::vector<Tensor> samples) { return collate_tensors(std::move(samples)); }
};
template <class T>
struct Collator<T, std::enable_if_t<std::is_arithmetic_v<T>>> {
  using Stored = std::conditional_t<std::is_same_v<T, bool> || std::is_floating_point_v<T>, T, int64_t>;
  static Tensor collate(const std::vector<T>& samples) {
    const auto values = std::make_unique<Stored[]>(samples.size());
    for (size_t i = 0; i < samples.size(); ++i) values[i] = static_cast<Stored>(samples[i]);
    return collate_numbers(values.get(), samples.size());
  }
};
template <>
struct Collator<std::string> {
  static std::vector<std::string> collate(std::vector<std::string> samples) { return samples; }
};
template <class A, class B>
struct Collator<std::pair<A, B>> {
  static auto collate(std::vector<std::pair<A, B>> samples) {
    return std::pair(collate_part<A>(samples, [](auto& s) -> A& { return s.first; }),
                     collate_part<B>(samples, [](auto& s) -> B& { return s.second; }));
  }
};
template <class... T>
struct Collator<std::tuple<T...>> {
  using Sample = std::tuple<T...>;
  static auto collate(std::vector<Sample> samples) { return each(samples, std::index_sequence_for<T...>()); }
  template <size_t... I>
  static auto each(std::vector<Sample>& samples, std::index_sequence<I...>) {
    return std::tuple(collate_part<std::tuple_element_t<I, Sample>>(
        samples, [](Sample& s) -> std::tuple_element_t<I, Sample>& { return std::get<I>(s); })...);
  }
};
/// Lists of equal length: a list of what their first entries become, their second ones, and so on.
template <class T>
struct Collator<std::vector<T>> {
  static auto collate(std::vector<std::vector<T>> samples) {
    std::vector<decltype(Collator<T>::collate(std::vector<T>()))> out;
    const size_t length = samples.empty() ? 0 : samples[0].size();
    for (size_t i = 0; i < samples.size(); ++i)
      if (samples[i].size() != length) collate_unequal("entries", i, samples[i].size(), length);
    for (size_t k = 0; k < length; ++k) {
      std::vector<T> parts;
      parts.reserve(samples.size());
      for (auto& sample : samples) parts.push_back(std::move(sample[k]));
      out.push_back(Collator<T>::collate(std::move(parts)));
    }
    return out;
  }
};
template <class D, class T>
struct Collator<Example<D, T>> {
  static auto collate(std::vector<Example<D, T>> samples) {
    auto data = collate_part<D>(samples, [](auto& s) -> D& { return s.data; });
    if constexpr (std::is_same_v<T, example::NoTarget>) {
      return Example<decltype(data), T>(std::move(data));
    } else {
      auto target = collate_part<T>(samples, [](auto& s) -> T& { return s.target; });
      return Example<decltype(data), decltype(target)>(std::move(data), std::move(target));
    }
  }
};
/// Maps with the same keys in every sample.
template <template <class...> class Map, class K, class V, class... More>
struct Collator<Map<K, V, More...>, std::void_t<typename Map<K, V, More...>::mapped_type>> {
  using Sample = Map<K, V, More...>;
  static auto collate(std::vector<Sample> samples) {
    Map<K, decltype(Collator<V>::collate(std::vector<V>()))> out;
    for (size_t i = 0; i < samples.size(); ++i)
      if (samples[i].size() != samples[0].size()) collate_unequal("keys", i, samples[i].size(), samples[0].size());
    if (samples.empty()) return out;
    for (auto& [key, unused] : samples[0]) {
      (void)unused;
      std::vector<V> parts;
      parts.reserve(samples.size());
      for (size_t i = 0; i < samples.size(); ++i) {
        const auto entry = samples[i].find(key);
        if (entry == samples[i].end()) collate_unequal("of the first sample's keys", i, 0, 1);
        parts.push_back(entry->second);
      }
      out.emplace(key, Collator<V>::collate(std::move(parts)));
    }
    return out;
  }
};

}  // namespace detail

/// One batch of samples: tensors are stacked, numbers become a tensor, strings a list; pairs, tuples, lists, maps and
/// Examples are gone through, each part collated by itself. ShapeError where tensors differ in shape, ValueError where
/// lists or maps do: pad_collate is for those.
template <class Sample>
auto default_collate(std::vector<Sample> samples) {
  return detail::Collator<Sample>::collate(std::move(samples));
}

struct PadOptions {
  /// What fills the places of data and of targets beyond their ends.
  HEARTH_ARG(double, value) = 0;
  HEARTH_ARG(double, target_value) = 0;
  /// Sizes are rounded up to a multiple of this, in each dimension that is padded.
  HEARTH_ARG(int64_t, multiple) = 1;
};

/// Samples of unequal sizes in one tensor, and how long each is.
struct PaddedTensor {
  Tensor data;     ///< [N, L, …]
  Tensor lengths;  ///< [N] (int64): sizes of the first dimension
};

/// Tensors with the same number of dimensions, at least 1, each padded at its ends to the largest size. ShapeError
/// where the ranks differ, DtypeError where the dtypes do.
HEARTH_API PaddedTensor pad_tensors(const std::vector<Tensor>& samples, double value = 0, int64_t multiple = 1);

/// Examples of unequal sizes as one batch.
struct PaddedBatch {
  Tensor data, target;
  Tensor lengths;         ///< [N] (int64), of data's first dimension
  Tensor target_lengths;  ///< the same of targets; undefined where they are 0-dim
};

HEARTH_API PaddedBatch pad_collate(const std::vector<Example<>>& samples, const PadOptions& options = {});

namespace transforms {

/// default_collate as a transform: `dataset.map(transforms::DefaultCollate<Sample>())`.
template <class Sample = Example<>>
struct DefaultCollate : Collation<decltype(default_collate(std::vector<Sample>())), std::vector<Sample>> {
  using Output = decltype(default_collate(std::vector<Sample>()));
  Output apply_batch(std::vector<Sample> samples) override { return default_collate(std::move(samples)); }
};

/// pad_collate as a transform.
struct HEARTH_API PadCollate : Collation<PaddedBatch, std::vector<Example<>>> {
  explicit PadCollate(const PadOptions& pad_options = {}) : options(pad_options) {}
  PaddedBatch apply_batch(std::vector<Example<>> samples) override;
  PadOptions options;
};

}  // namespace transforms

namespace detail {
template <>
struct StacksExamples<transforms::DefaultCollate<Example<>>> : std::true_type {};
}  // namespace detail

}  // namespace hearth::data
