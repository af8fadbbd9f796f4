#include "hearth/nn/adaptive.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

#include "hearth/error.h"
#include "hearth/operators.h"

namespace hearth::nn {

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options_)
    : options(std::move(options_)) {
  AdaptiveLogSoftmaxWithLossImpl::reset();
}

void AdaptiveLogSoftmaxWithLossImpl::reset() {
  cutoffs = options.cutoffs();
  int64_t before = 0;
  for (const int64_t cutoff : cutoffs) {
    if (cutoff <= before || cutoff > options.n_classes() - 1)
      throw ValueError(
          fmt::format("[AdaptiveLogSoftmaxWithLoss] cutoffs should be a sequence of unique, positive "
                      "integers sorted in an increasing order, where each value is between 1 and "
                      "n_classes-1, but {} follows {} of {} classes",
                      cutoff, before, options.n_classes()));
    before = cutoff;
  }
  if (cutoffs.empty()) throw ValueError("[AdaptiveLogSoftmaxWithLoss] cutoffs are empty; use a Linear and log_softmax");
  cutoffs.push_back(options.n_classes());
  shortlist_size = cutoffs[0];
  n_clusters = static_cast<int64_t>(cutoffs.size()) - 1;
  head_size = shortlist_size + n_clusters;
  head = register_module("head", Linear(LinearOptions(options.in_features(), head_size).bias(options.head_bias())));
  tail = register_module("tail", ModuleList());
  for (int64_t i = 0; i < n_clusters; ++i) {
    const auto features = static_cast<int64_t>(static_cast<double>(options.in_features()) /
                                               std::pow(options.div_value(), static_cast<double>(i + 1)));
    const auto at = static_cast<size_t>(i);
    if (features < 1)
      throw ValueError(
          fmt::format("[AdaptiveLogSoftmaxWithLoss] cluster {} would have no features: in_features {} over "
                      "div_value {} to the {}; lower div_value or take fewer cutoffs",
                      i, options.in_features(), options.div_value(), i + 1));
    tail->push_back(Sequential(Linear(LinearOptions(options.in_features(), features).bias(false)),
                               Linear(LinearOptions(features, cutoffs[at + 1] - cutoffs[at]).bias(false))));
  }
}

void AdaptiveLogSoftmaxWithLossImpl::reset_parameters() {
  head->reset_parameters();
  for (size_t i = 0; i < tail->size(); ++i)
    for (size_t j = 0; j < 2; ++j) tail->at<SequentialImpl>(i).at<LinearImpl>(j).reset_parameters();
}

void AdaptiveLogSoftmaxWithLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::AdaptiveLogSoftmaxWithLoss";
}

ASMoutput AdaptiveLogSoftmaxWithLossImpl::forward(const Tensor& input, const Tensor& target) try {
  if (input.dim() == 1 && target.dim() == 0) {
    ASMoutput one = forward(input.unsqueeze(0), target.unsqueeze(0));
    return {one.output.squeeze(0), one.loss};
  }
  if (input.dim() != 2 || target.dim() != 1 || input.size(0) != target.size(0))
    throw ShapeError(fmt::format("[AdaptiveLogSoftmaxWithLoss] input and target should have the same size in the batch "
                                 "dimension: expected [N, {}] and [N], but got {} and {}",
                                 options.in_features(), to_string(input.sizes()), to_string(target.sizes())),
                     input.sizes().vec(), target.sizes().vec());
  if (target.numel() > 0 && (target.min().item<int64_t>() < 0 || target.max().item<int64_t>() >= options.n_classes()))
    throw IndexError(fmt::format("[AdaptiveLogSoftmaxWithLoss] target values should be in [0, {}], but values in range "
                                 "[{}, {}] were found",
                                 options.n_classes() - 1, target.min().item<int64_t>(), target.max().item<int64_t>()),
                     target.max().item<int64_t>(), options.n_classes());
  // In the head, a target of a cluster counts as the cluster's own class.
  Tensor places = target.detach().clone(), output = input.new_zeros({input.size(0)});
  for (int64_t i = 0; i < n_clusters; ++i) {
    const auto at = static_cast<size_t>(i);
    const Tensor rows = hearth::logical_and(target.ge(cutoffs[at]), target.lt(cutoffs[at + 1])).nonzero().squeeze(1);
    if (rows.numel() == 0) continue;
    const Tensor own = target.index_select(0, rows) - cutoffs[at];
    const Tensor logp = tail->at<SequentialImpl>(at).forward(input.index_select(0, rows)).log_softmax(1);
    output = output.index_copy(0, rows, logp.gather(1, own.unsqueeze(1)).squeeze(1));
    places = places.index_fill(0, rows, shortlist_size + i);
  }
  output = output + head(input).log_softmax(1).gather(1, places.unsqueeze(1)).squeeze(1);
  const double loss = (-output.detach()).mean().item<double>();
  return {output, loss};
} catch (Error& e) {
  detail::add_path(*this, e);
  throw;
}

Tensor AdaptiveLogSoftmaxWithLossImpl::_get_full_log_prob(const Tensor& input, const Tensor& head_output) {
  const Tensor logp = head_output.log_softmax(1);
  std::vector<Tensor> parts{logp.narrow(1, 0, shortlist_size)};
  for (int64_t i = 0; i < n_clusters; ++i)
    parts.push_back(tail->at<SequentialImpl>(static_cast<size_t>(i)).forward(input).log_softmax(1) +
                    logp.narrow(1, shortlist_size + i, 1));
  return cat(parts, 1);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob(const Tensor& input) { return _get_full_log_prob(input, head(input)); }

Tensor AdaptiveLogSoftmaxWithLossImpl::predict(const Tensor& input) {
  const Tensor head_output = head(input), best = head_output.argmax(1);
  const Tensor rest = best.ge(shortlist_size).nonzero().squeeze(1);  // rows whose best is a cluster
  if (rest.numel() == 0) return best;
  const Tensor full = _get_full_log_prob(input.index_select(0, rest), head_output.index_select(0, rest));
  return best.index_copy(0, rest, full.argmax(1));
}

}  // namespace hearth::nn
