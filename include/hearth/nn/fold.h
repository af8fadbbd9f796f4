#pragma once

#include "hearth/expanding_array.h"
#include "hearth/nn/plain.h"

namespace hearth::nn {

struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : output_size_(output_size), kernel_size_(kernel_size) {}
  HEARTH_ARG(ExpandingArray<2>, output_size);
  HEARTH_ARG(ExpandingArray<2>, kernel_size);
  HEARTH_ARG(ExpandingArray<2>, dilation) = 1;
  HEARTH_ARG(ExpandingArray<2>, padding) = 0;
  HEARTH_ARG(ExpandingArray<2>, stride) = 1;
};
struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}  // NOLINT: implicit, as in LibTorch
  HEARTH_ARG(ExpandingArray<2>, kernel_size);
  HEARTH_ARG(ExpandingArray<2>, dilation) = 1;
  HEARTH_ARG(ExpandingArray<2>, padding) = 0;
  HEARTH_ARG(ExpandingArray<2>, stride) = 1;
};

/// Columns [N, C * kernel, windows] summed into [N, C, output_size].
class HEARTH_API FoldImpl : public Optioned<FoldImpl, FoldOptions> {
 public:
  FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : Optioned(FoldOptions(output_size, kernel_size)) {}
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Fold);
/// The windows of [N, C, H, W] as columns [N, C * kernel, windows].
class HEARTH_API UnfoldImpl : public Optioned<UnfoldImpl, UnfoldOptions> {
 public:
  UnfoldImpl(ExpandingArray<2> kernel_size) : Optioned(UnfoldOptions(kernel_size)) {}  // NOLINT: implicit
  using Optioned::Optioned;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
HEARTH_LIBRARY_MODULE(Unfold);

}  // namespace hearth::nn
