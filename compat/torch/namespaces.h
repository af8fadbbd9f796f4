#pragma once

// LibTorch's namespaces as real ones, since programs reopen them, each showing its hearth twin. Whatever a program can
// find by two ways (after `using namespace torch`, say) is one entity: the names of hearth itself come one by one, from
// names.h, so that hearth::nn is not found beside torch::nn; namespaces that nobody reopens are aliases. The NOLINTs: a
// using-directive is what each of these namespaces is for.
#include <optional>
#include <variant>

#include "torch/generated/flat_names.h"
#include "torch/generated/names.h"

namespace hearth {
namespace nn {
namespace functional {}
namespace init {}
namespace utils::rnn {}
namespace parallel {}
}  // namespace nn
namespace optim {}
namespace data {
namespace datasets {}
namespace samplers {}
namespace transforms {}
}  // namespace data
namespace autograd {}
namespace indexing {}
namespace serialize {}
namespace enumtype {}
namespace special {}
namespace linalg {}
namespace cuda {
/// Whether a CUDA device can be used: never, in this build.
inline bool is_available() { return false; }
inline size_t device_count() { return 0; }
inline bool cudnn_is_available() { return false; }
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
inline void synchronize(int64_t = -1) {}
}  // namespace cuda
}  // namespace hearth

namespace torch {
using namespace hearth::door;  // NOLINT
using Dtype = hearth::ScalarType;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::variant;
namespace nn {
using namespace hearth::nn;  // NOLINT
namespace functional = hearth::nn::functional;
namespace init = hearth::nn::init;
namespace utils = hearth::nn::utils;
}  // namespace nn
namespace optim {
using namespace hearth::optim;  // NOLINT
}
namespace data {
using namespace hearth::data;  // NOLINT
namespace datasets = hearth::data::datasets;
namespace samplers = hearth::data::samplers;
namespace transforms = hearth::data::transforms;
}  // namespace data
namespace autograd {
using namespace hearth::autograd;  // NOLINT
}
namespace indexing {
using namespace hearth::indexing;  // NOLINT
}
namespace serialize {
using namespace hearth::serialize;  // NOLINT
}
namespace enumtype {
using namespace hearth::enumtype;  // NOLINT
}
namespace special {
using namespace hearth::special;  // NOLINT
}
namespace linalg {
using namespace hearth::linalg;  // NOLINT
}
namespace cuda {
using namespace hearth::cuda;  // NOLINT
}
}  // namespace torch

namespace at {
using namespace hearth::door;  // NOLINT
using std::nullopt;
using std::optional;
namespace indexing = torch::indexing;
// at::tensor keeps the C++ type of its numbers: int gives int32, double float64.
template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
Tensor tensor(T value) {
  return hearth::tensor(value, hearth::scalar_type_of<T>());
}
template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
Tensor tensor(T value, const TensorOptions& options) {
  return hearth::tensor(value, options.has_dtype() ? options : options.dtype(hearth::scalar_type_of<T>()));
}
template <class T>
Tensor tensor(std::initializer_list<T> values) {
  return hearth::tensor(hearth::detail::TensorDataContainer(ArrayRef<T>(values)), hearth::scalar_type_of<T>());
}
template <class T>
Tensor tensor(ArrayRef<T> values) {
  return hearth::tensor(hearth::detail::TensorDataContainer(values), hearth::scalar_type_of<T>());
}
}  // namespace at

namespace c10 {
using namespace hearth::door;  // NOLINT
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;
using std::variant;
}  // namespace c10

namespace caffe2 {
using hearth::TypeMeta;
}
