#pragma once

#include <functional>
#include <vector>

#include "hearth/data/example.h"
#include "hearth/data/sample_streams.h"
#include "hearth/ops.h"

namespace hearth::data::transforms {

/// Makes one batch of another.
template <class Input, class Output>
class HEARTH_API BatchTransform {
 public:
  using InputBatchType = Input;
  using OutputBatchType = Output;
  virtual ~BatchTransform() = default;
  virtual Output apply_batch(Input input) = 0;
};

/// Makes one sample of another, sample by sample. Random numbers that it draws in a loader are the sample's own: the
/// same whatever batch it comes in.
template <class Input, class Output>
class HEARTH_API Transform : public BatchTransform<std::vector<Input>, std::vector<Output>> {
 public:
  using InputType = Input;
  using OutputType = Output;
  virtual Output apply(Input input) = 0;
  std::vector<Output> apply_batch(std::vector<Input> batch) override {
    std::vector<Output> out;
    out.reserve(batch.size());
    data::detail::SampleStreams streams(batch.size());
    for (size_t k = 0; k < batch.size(); ++k) {
      streams.enter(k);
      out.push_back(apply(std::move(batch[k])));
    }
    return out;
  }
};

/// Samples into one value.
template <class T, class BatchType = std::vector<T>>
using Collation = BatchTransform<BatchType, T>;

/// A function of a batch.
template <class Input, class Output = Input>
class BatchLambda : public BatchTransform<Input, Output> {
 public:
  using FunctionType = std::function<Output(Input)>;
  explicit BatchLambda(FunctionType function) : function_(std::move(function)) {}
  Output apply_batch(Input input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

/// A function that makes one value of the samples.
template <class T, class BatchType = std::vector<T>>
using Collate = BatchLambda<BatchType, T>;

/// A function of a sample.
template <class Input, class Output = Input>
class Lambda : public Transform<Input, Output> {
 public:
  using FunctionType = std::function<Output(Input)>;
  explicit Lambda(FunctionType function) : function_(std::move(function)) {}
  Output apply(Input input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

/// A transform of a sample's data alone.
template <class Target = Tensor>
class HEARTH_API TensorTransform : public Transform<Example<Tensor, Target>, Example<Tensor, Target>> {
 public:
  using E = Example<Tensor, Target>;
  virtual Tensor operator()(Tensor input) = 0;
  E apply(E input) override {
    input.data = (*this)(std::move(input.data));
    return input;
  }
};

template <class Target = Tensor>
class TensorLambda : public TensorTransform<Target> {
 public:
  using FunctionType = std::function<Tensor(Tensor)>;
  explicit TensorLambda(FunctionType function) : function_(std::move(function)) {}
  Tensor operator()(Tensor input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

namespace detail {
HEARTH_API Tensor channel_statistics(ArrayRef<double> values);
HEARTH_API Tensor normalize(const Tensor& input, const Tensor& mean, const Tensor& stddev);
}  // namespace detail

/// (data - mean) / stddev, one number for each channel (the first dimension) or one for all.
template <class Target = Tensor>
struct HEARTH_API Normalize : TensorTransform<Target> {
  Normalize(ArrayRef<double> mean_values, ArrayRef<double> stddev_values)
      : mean(detail::channel_statistics(mean_values)), stddev(detail::channel_statistics(stddev_values)) {}
  Tensor operator()(Tensor input) override { return detail::normalize(input, mean, stddev); }
  Tensor mean, stddev;  ///< [C, 1, 1]
};

/// Samples into one Example of stacked tensors.
template <class T = Example<>>
struct Stack;
template <>
struct HEARTH_API Stack<Example<>> : Collation<Example<>> {
  Example<> apply_batch(std::vector<Example<>> examples) override;
};
template <>
struct HEARTH_API Stack<TensorExample> : Collation<TensorExample> {
  TensorExample apply_batch(std::vector<TensorExample> examples) override;
};

// What nearly every program uses is compiled in src/data/transforms.cpp.
extern template class BatchTransform<std::vector<Example<>>, Example<>>;
extern template class BatchTransform<std::vector<Example<>>, std::vector<Example<>>>;
extern template class Transform<Example<>, Example<>>;
extern template class TensorTransform<>;
extern template struct Normalize<>;

}  // namespace hearth::data::transforms
