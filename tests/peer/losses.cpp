// Every loss with its options, reductions and gradients; the modules' printed forms and buffers.
#include <torch/torch.h>

#include <cstdio>
#include <iostream>
#include <vector>

#include "variants.h"

using torch::Tensor;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

uint64_t state = 7;
/// Numbers of [low, high) in double, the same in both libraries.
Tensor numbers(std::vector<int64_t> sizes, double low = -2, double high = 2) {
  Tensor t = torch::empty(sizes, torch::kDouble);
  double* p = t.data_ptr<double>();
  for (int64_t i = 0; i < t.numel(); ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    p[i] = low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
  }
  return t;
}
Tensor leaf(Tensor t) { return t.requires_grad_(); }

void show(const Tensor& t) {
  const Tensor flat = t.detach().to(torch::kDouble).contiguous().view({-1});
  for (int64_t i = 0; i < flat.numel(); ++i) std::printf(" %.8g", flat[i].item<double>());
}
/// The loss and its gradients.
void report(const char* name, const Tensor& loss, std::vector<Tensor> leaves) {
  std::printf("%s", name);
  show(loss);
  (loss * torch::arange(1, loss.numel() + 1, torch::kDouble).view(loss.sizes())).sum().backward();
  for (Tensor& x : leaves) {
    std::printf(" |");
    show(x.grad());
    x.mutable_grad().reset();
  }
  std::printf("\n");
}

template <class Options>
void reductions(const char* name, Options options, const std::vector<Tensor>& leaves,
                const std::function<Tensor(const Options&)>& loss) {
  report(name, loss(options.reduction(torch::kMean)), leaves);
  report(name, loss(options.reduction(torch::kSum)), leaves);
  report(name, loss(options.reduction(torch::kNone)), leaves);
}

template <class M>
void print(M module) {
  std::cout << module << std::endl;
  for (const auto& b : module->named_buffers()) std::cout << b.key() << " " << b.value().sizes() << std::endl;
}

void pairs() {
  const Tensor x = leaf(numbers({3, 4})), t = numbers({3, 4}), p = leaf(numbers({3, 4}, 0.05, 0.95)),
               q = numbers({3, 4}, 0.05, 0.95), w = numbers({4}, 0.5, 2), v = leaf(numbers({3, 4}, 0.5, 2));
  reductions<nn::L1LossOptions>("l1", {}, {x}, [&](const auto& o) { return nn::L1Loss(o)(x, t); });
  reductions<nn::MSELossOptions>("mse", {}, {x}, [&](const auto& o) { return nn::MSELoss(o)(x, t); });
  reductions<nn::SmoothL1LossOptions>("smooth_l1", nn::SmoothL1LossOptions(), {x},
                                      [&](const auto& o) { return nn::SmoothL1Loss(o)(x, t); });
  reductions<F::SmoothL1LossFuncOptions>("smooth_l1", {}, {x},
                                         [&](const auto& o) { return F::smooth_l1_loss(x, t, o, 0.3); });
  reductions<nn::HuberLossOptions>("huber", nn::HuberLossOptions().delta(0.7), {x},
                                   [&](const auto& o) { return nn::HuberLoss(o)(x, t); });
  reductions<nn::BCELossOptions>("bce", nn::BCELossOptions().weight(w), {p},
                                 [&](const auto& o) { return nn::BCELoss(o)(p, q); });
  reductions<nn::BCEWithLogitsLossOptions>("bce_logits", nn::BCEWithLogitsLossOptions().weight(w), {x},
                                           [&](const auto& o) { return nn::BCEWithLogitsLoss(o)(x, q); });
  reductions<nn::BCEWithLogitsLossOptions>("bce_logits", nn::BCEWithLogitsLossOptions().pos_weight(w), {x},
                                           [&](const auto& o) { return nn::BCEWithLogitsLoss(o)(x, q); });
  reductions<nn::KLDivLossOptions>("kl_div", {}, {x}, [&](const auto& o) { return nn::KLDivLoss(o)(x, q); });
  report("kl_div", nn::KLDivLoss(nn::KLDivLossOptions(torch::kBatchMean).log_target(true))(x, t), {x});
  for (const bool log_input : {true, false})
    reductions<nn::PoissonNLLLossOptions>("poisson", nn::PoissonNLLLossOptions().log_input(log_input).full(true), {v},
                                          [&](const auto& o) { return nn::PoissonNLLLoss(o)(v, q * 4); });
}

void classes() {
  const Tensor x = leaf(numbers({4, 3})), t = torch::tensor({1, 0, 2, 1}), w = numbers({3}, 0.5, 2),
               p = numbers({4, 3}, 0.1, 1), images = leaf(numbers({2, 3, 2, 2})),
               labels = torch::tensor({{{0, 2}, {1, 1}}, {{2, 2}, {0, 1}}});
  reductions<nn::NLLLossOptions>("nll", nn::NLLLossOptions().weight(w).ignore_index(2), {x},
                                 [&](const auto& o) { return nn::NLLLoss(o)(torch::log_softmax(x, 1), t); });
  reductions<nn::NLLLossOptions>("nll2d", nn::NLLLossOptions().weight(w).ignore_index(0), {images},
                                 [&](const auto& o) { return nn::NLLLoss(o)(images, labels); });
  reductions<nn::CrossEntropyLossOptions>("cross_entropy",
                                          nn::CrossEntropyLossOptions().weight(w).ignore_index(2).label_smoothing(0.1),
                                          {x}, [&](const auto& o) { return nn::CrossEntropyLoss(o)(x, t); });
  reductions<nn::CrossEntropyLossOptions>("cross_entropy", nn::CrossEntropyLossOptions().weight(w).label_smoothing(0.2),
                                          {x}, [&](const auto& o) { return nn::CrossEntropyLoss(o)(x, p); });
  reductions<nn::CrossEntropyLossOptions>("cross_entropy", nn::CrossEntropyLossOptions().label_smoothing(0.2), {images},
                                          [&](const auto& o) { return nn::CrossEntropyLoss(o)(images, labels); });
  for (const int64_t power : {1, 2})
    reductions<nn::MultiMarginLossOptions>("multi_margin", nn::MultiMarginLossOptions().p(power).margin(0.6).weight(w),
                                           {x}, [&](const auto& o) { return nn::MultiMarginLoss(o)(x, t); });
  const Tensor lists = torch::tensor({{1, -1, 0}, {2, 0, -1}, {-1, 1, 2}, {0, 2, 1}});
  reductions<nn::MultiLabelMarginLossOptions>("multilabel_margin", {}, {x},
                                              [&](const auto& o) { return nn::MultiLabelMarginLoss(o)(x, lists); });
  reductions<nn::MultiLabelSoftMarginLossOptions>(
      "multilabel_soft_margin", nn::MultiLabelSoftMarginLossOptions().weight(w), {x},
      [&](const auto& o) { return nn::MultiLabelSoftMarginLoss(o)(x, p.gt(0.5).to(torch::kDouble)); });
}

void margins() {
  const Tensor a = leaf(numbers({4, 3})), b = leaf(numbers({4, 3})), c = leaf(numbers({4, 3})),
               signs = torch::tensor({1.0, -1.0, -1.0, 1.0}, torch::kDouble);
  reductions<nn::HingeEmbeddingLossOptions>("hinge_embedding", nn::HingeEmbeddingLossOptions().margin(0.8), {a},
                                            [&](const auto& o) {
                                              return nn::HingeEmbeddingLoss(o)(a, signs.view({4, 1}));
                                            });
  reductions<nn::CosineEmbeddingLossOptions>("cosine_embedding", nn::CosineEmbeddingLossOptions().margin(0.1), {a, b},
                                             [&](const auto& o) { return nn::CosineEmbeddingLoss(o)(a, b, signs); });
  reductions<nn::MarginRankingLossOptions>("margin_ranking", nn::MarginRankingLossOptions().margin(0.4), {a, b},
                                           [&](const auto& o) {
                                             return nn::MarginRankingLoss(o)(a, b, signs.view({4, 1}));
                                           });
  reductions<nn::SoftMarginLossOptions>("soft_margin", {}, {a}, [&](const auto& o) {
    return nn::SoftMarginLoss(o)(a, signs.view({4, 1}));
  });
  for (const bool swap : {false, true})
    reductions<nn::TripletMarginLossOptions>("triplet", nn::TripletMarginLossOptions().margin(1.5).p(3).swap(swap),
                                             {a, b, c},
                                             [&](const auto& o) { return nn::TripletMarginLoss(o)(a, b, c); });
  reductions<nn::TripletMarginWithDistanceLossOptions>(
      "triplet_distance",
      nn::TripletMarginWithDistanceLossOptions().margin(2).swap(true).distance_function(
          [](const Tensor& u, const Tensor& v) { return (u - v).abs().sum(-1); }),
      {a, b, c}, [&](const auto& o) { return nn::TripletMarginWithDistanceLoss(o)(a, b, c); });
  reductions<nn::TripletMarginWithDistanceLossOptions>(
      "triplet_distance", nn::TripletMarginWithDistanceLossOptions(), {a, b, c},
      [&](const auto& o) { return nn::TripletMarginWithDistanceLoss(o)(a, b, c); });
}

void ctc() {
  const Tensor x = leaf(numbers({6, 3, 4})), lengths = torch::tensor({6, 5, 4}), counts = torch::tensor({3, 1, 2}),
               targets = torch::tensor({{1, 1, 2}, {3, 0, 0}, {2, 3, 0}}), row = torch::tensor({1, 1, 2, 3, 2, 3});
  for (const bool zero : {false, true})
    reductions<nn::CTCLossOptions>("ctc", nn::CTCLossOptions().zero_infinity(zero), {x}, [&](const auto& o) {
      return nn::CTCLoss(o)(torch::log_softmax(x, 2), targets, lengths, counts);
    });
  reductions<nn::CTCLossOptions>("ctc", nn::CTCLossOptions(), {x}, [&](const auto& o) {
    return nn::CTCLoss(o)(torch::log_softmax(x, 2), row, lengths, counts);
  });
  const Tensor raw = leaf(torch::log_softmax(numbers({4, 2, 3}), 2).detach());  // the gradient before log_softmax's
  reductions<nn::CTCLossOptions>("ctc", nn::CTCLossOptions().blank(2).zero_infinity(true), {raw}, [&](const auto& o) {
    return nn::CTCLoss(o)(raw, torch::tensor({{0, 0, 0}, {1, 0, 1}}), torch::tensor({4, 4}), torch::tensor({3, 3}));
  });
}

/// A loss with each reduction: in float, from memory with gaps, for one sample, for none. call(options, inputs) is
/// the loss, which has gradients by the first `differentiable` of them.
template <class Options, class Call>
void in_other_forms(const char* name, Options options, const std::vector<Tensor>& inputs, size_t differentiable,
                    const Call& call) {
  variants::Options forms;
  forms.differentiable = differentiable;
  forms.none = std::string(name) != "multi_margin" && std::string(name) != "multilabel_margin";
  const auto check = [&](const char* reduction, const Options& o) {
    const std::string what = std::string(name) + "." + reduction;
    variants::check(
        what.c_str(), [&](const std::vector<Tensor>& t) { return call(o, t); }, inputs, forms);
  };
  check("mean", options.reduction(torch::kMean));
  check("sum", options.reduction(torch::kSum));
  check("none", options.reduction(torch::kNone));
}
template <class Loss, class Options>
void of_two(const char* name, Options options, const std::vector<Tensor>& inputs) {
  in_other_forms(name, options, inputs, /*differentiable=*/1,
                 [](const Options& o, const std::vector<Tensor>& t) { return Loss(o)(t[0], t[1]); });
}
template <class Loss, class Options>
void of_three(const char* name, Options options, const std::vector<Tensor>& inputs, size_t differentiable = 2) {
  in_other_forms(name, options, inputs, differentiable,
                 [](const Options& o, const std::vector<Tensor>& t) { return Loss(o)(t[0], t[1], t[2]); });
}

void other_forms() {
  using namespace torch::nn;  // NOLINT
  const Tensor x = numbers({4, 3}), y = numbers({4, 3}), z = numbers({4, 3}), p = numbers({4, 3}, 0.05, 0.95),
               signs = torch::tensor({1.0, -1.0, -1.0, 1.0}, torch::kDouble), t = torch::tensor({1, 0, 2, 1}),
               images = numbers({2, 3, 2, 2}), labels = torch::tensor({{{0, 2}, {1, 1}}, {{2, 2}, {0, 1}}}),
               lists = torch::tensor({{1, -1, 0}, {2, 0, -1}, {-1, 1, 2}, {0, 2, 1}});
  const Tensor columns = signs.view({4, 1}).expand({4, 3}).contiguous();
  of_two<L1Loss>("l1", L1LossOptions(), {x, y});
  of_two<MSELoss>("mse", MSELossOptions(), {x, y});
  of_two<SmoothL1Loss>("smooth_l1", SmoothL1LossOptions(), {x, y});
  of_two<HuberLoss>("huber", HuberLossOptions(), {x, y});
  of_two<BCELoss>("bce", BCELossOptions(), {p, numbers({4, 3}, 0, 1)});
  of_two<BCEWithLogitsLoss>("bce_logits", BCEWithLogitsLossOptions(), {x, p});
  of_two<KLDivLoss>("kl_div", KLDivLossOptions(), {x, p});
  of_two<PoissonNLLLoss>("poisson", PoissonNLLLossOptions(), {x, p});
  of_two<NLLLoss>("nll", NLLLossOptions(), {x, t});
  of_two<NLLLoss>("nll2d", NLLLossOptions(), {images, labels});
  of_two<CrossEntropyLoss>("cross_entropy", CrossEntropyLossOptions().label_smoothing(0.1), {x, t});
  of_two<CrossEntropyLoss>("cross_entropy.soft", CrossEntropyLossOptions(), {x, p});
  of_two<CrossEntropyLoss>("cross_entropy.2d", CrossEntropyLossOptions(), {images, labels});
  of_two<MultiMarginLoss>("multi_margin", MultiMarginLossOptions(), {x, t});
  of_two<MultiLabelMarginLoss>("multilabel_margin", MultiLabelMarginLossOptions(), {x, lists});
  of_two<MultiLabelSoftMarginLoss>("multilabel_soft_margin", MultiLabelSoftMarginLossOptions(),
                                   {x, p.gt(0.5).to(torch::kDouble)});
  of_two<HingeEmbeddingLoss>("hinge_embedding", HingeEmbeddingLossOptions(), {x, columns});
  of_three<CosineEmbeddingLoss>("cosine_embedding", CosineEmbeddingLossOptions(), {x, y, signs});
  of_three<MarginRankingLoss>("margin_ranking", MarginRankingLossOptions(), {x, y, columns});
  of_two<SoftMarginLoss>("soft_margin", SoftMarginLossOptions(), {x, columns});
  of_three<TripletMarginLoss>("triplet", TripletMarginLossOptions(), {x, y, z}, 3);
  of_three<TripletMarginWithDistanceLoss>("triplet_distance", TripletMarginWithDistanceLossOptions(), {x, y, z}, 3);
}

}  // namespace

int main() {
  pairs();
  classes();
  margins();
  ctc();
  other_forms();
  const Tensor w = torch::ones({3});
  print(nn::L1Loss());
  print(nn::KLDivLoss());
  print(nn::MSELoss());
  print(nn::BCELoss(nn::BCELossOptions().weight(w)));
  print(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(0.25)));
  print(nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(2).margin(0.5).weight(w)));
  print(nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(0.5)));
  print(nn::SmoothL1Loss());
  print(nn::HuberLoss());
  print(nn::MultiLabelMarginLoss());
  print(nn::SoftMarginLoss());
  print(nn::MultiLabelSoftMarginLoss(nn::MultiLabelSoftMarginLossOptions().weight(w)));
  print(nn::TripletMarginLoss());
  print(nn::TripletMarginWithDistanceLoss());
  print(nn::CTCLoss());
  print(nn::PoissonNLLLoss());
  print(nn::MarginRankingLoss());
  print(nn::NLLLoss(nn::NLLLossOptions().weight(w)));
  print(nn::CrossEntropyLoss());
  print(nn::BCEWithLogitsLoss(nn::BCEWithLogitsLossOptions().pos_weight(w)));
}
