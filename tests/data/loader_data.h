#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "hearth/data.h"
#include "hearth/hearth.h"

// Datasets that several tests of the loader go through.
namespace hearth::data {

/// Samples with noise of their own, drawn from whatever is the default generator.
struct Noisy : datasets::Dataset<Noisy> {
  explicit Noisy(size_t n) : count(n) {}
  Example<> get(size_t index) override {
    return {full({3}, static_cast<double>(index)) + rand({3}), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return count; }
  size_t count;
};

/// A random transform of each sample, then one of the whole batch.
inline auto augmented(size_t n) {
  return Noisy(n)
      .map(transforms::TensorLambda<>([](Tensor x) { return x * (1 + rand({1})); }))
      .map(transforms::Stack<>())
      .map(transforms::BatchLambda<Example<>>([](Example<> e) {
        e.data = e.data + randn_like(e.data);
        return e;
      }));
}

/// A batch's bytes.
inline std::string bytes_of(const Example<>& batch) {
  const auto text = [](const Tensor& t) {
    return std::string(static_cast<const char*>(t.data_ptr()),
                       static_cast<size_t>(t.numel() * static_cast<int64_t>(t.element_size())));
  };
  return text(batch.data) + text(batch.target);
}

template <class Loader>
std::vector<std::string> rest_of(Loader& loader) {
  std::vector<std::string> out;
  for (auto& batch : loader) out.push_back(bytes_of(batch));
  return out;
}

/// How often the long tests go round: HEARTH_LONG_TESTS=1 asks for the counts that were promised, another number for
/// that many.
inline int rounds(int usual, int all) {
  const char* const text = std::getenv("HEARTH_LONG_TESTS");
  const int wanted = text ? std::atoi(text) : 0;
  return !text ? usual : wanted > 1 ? wanted : all;
}

/// Samples that take a while are handed out in parts: several workers are at one batch.
struct Slow : datasets::Dataset<Slow> {
  Example<> get(size_t index) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto worker = static_cast<int64_t>(std::hash<std::thread::id>()(std::this_thread::get_id()) >> 1);
    return {full({2}, static_cast<double>(index)), tensor(worker)};
  }
  std::optional<size_t> size() const override { return 32; }
};

/// Samples divisible by 5 (and not 0) are damaged.
struct Damaged : datasets::Dataset<Damaged> {
  Example<> get(size_t index) override {
    if (index % 5 == 0 && index > 0)
      throw FileError("[images] picture-" + std::to_string(index) + ".jpg is cut short",
                      "picture-" + std::to_string(index) + ".jpg", 17);
    return {full({2}, static_cast<double>(index)), tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 24; }
};

}  // namespace hearth::data
