// Modules and functional forms about images: folding, shuffling, resizing.
#include "base/fail.h"
#include "hearth/nn/functional/fold.h"
#include "hearth/nn/functional/pixelshuffle.h"
#include "hearth/nn/functional/upsampling.h"
#include "nn/print.h"

namespace hearth::nn {

void PixelShuffleImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "PixelShuffle")("upscale_factor", options.upscale_factor());
}
void PixelUnshuffleImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "PixelUnshuffle")("downscale_factor", options.downscale_factor());
}
void ChannelShuffleImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "ChannelShuffle")("groups", options.groups());
}

void FoldImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Fold")("output_size", options.output_size())("kernel_size", options.kernel_size())(
      "dilation", options.dilation())("padding", options.padding())("stride", options.stride());
}
Tensor FoldImpl::forward(const Tensor& input) { return functional::fold(input, options); }
void UnfoldImpl::pretty_print(std::ostream& stream) const {
  Line(stream, "Unfold")("kernel_size", options.kernel_size())("dilation", options.dilation())(
      "padding", options.padding())("stride", options.stride());
}
Tensor UnfoldImpl::forward(const Tensor& input) { return functional::unfold(input, options); }

namespace {

constexpr const char* kModes[] = {"kNearest",   "kLinear", "kBilinear",    "kBicubic",
                                  "kTrilinear", "kArea",   "kNearestExact"};
enum ModeIndex { nearest, linear, bilinear, bicubic, trilinear, area, nearest_exact };

}  // namespace

void UpsampleImpl::pretty_print(std::ostream& stream) const {
  Line line(stream, "Upsample");
  if (options.scale_factor()) {
    std::string factors;
    for (const double f : *options.scale_factor()) factors += fmt::format("{}{:g}", factors.empty() ? "" : ", ", f);
    line("scale_factor", "[" + factors + "]");
  } else {
    line("size", IntArrayRef(options.size().value_or(std::vector<int64_t>())));
  }
  line("mode", kModes[options.mode().index()]);
}
Tensor UpsampleImpl::forward(const Tensor& input) {
  const functional::InterpolateFuncOptions::mode_t modes[] = {kNearest, kLinear, kBilinear, kBicubic, kTrilinear};
  return functional::interpolate(input, functional::InterpolateFuncOptions()
                                            .size(options.size())
                                            .scale_factor(options.scale_factor())
                                            .mode(modes[options.mode().index()])
                                            .align_corners(options.align_corners()));
}

namespace functional {

namespace {

/// The wanted spatial sizes.
std::vector<int64_t> output_size(const Tensor& input, const InterpolateFuncOptions& o) {
  const auto n = static_cast<size_t>(input.dim()) - 2;
  if (o.size().has_value() == o.scale_factor().has_value())
    fail("[interpolate] {} of size and scale_factor should be defined", o.size() ? "only one" : "one");
  if (o.size()) {
    if (o.size()->size() != n)
      fail("[interpolate] size {} should have one number for each of the {} spatial dimensions of shape {}",
           shape_text(*o.size()), n, shape_text(input.sizes()));
    return *o.size();
  }
  if (o.scale_factor()->size() != n)
    fail(
        "[interpolate] scale_factor should have one number for each of the {} spatial dimensions of shape {}, but has "
        "{}",
        n, shape_text(input.sizes()), o.scale_factor()->size());
  std::vector<int64_t> sizes;
  for (size_t d = 0; d < n; ++d) {
    const double scale = (*o.scale_factor())[d], size = static_cast<double>(input.sizes()[d + 2]) * scale;
    if (!(scale > 0) || !(size < 1e15)) fail("[interpolate] scale_factor {} must be a positive number", scale);
    sizes.push_back(static_cast<int64_t>(size));
  }
  return sizes;
}

}  // namespace

Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& o) {
  const auto mode = static_cast<ModeIndex>(o.mode().index());
  const char* name = kModes[mode];
  const int64_t rank = input.dim();
  if (rank < 3 || rank > 5)
    fail<NotImplementedError>("[interpolate] only 3D, 4D and 5D inputs [N, C, …] are resized, got shape {}",
                              shape_text(input.sizes()));
  const bool corners = mode >= linear && mode <= trilinear;
  if (o.align_corners() && !corners)
    fail(
        "[interpolate] align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic "
        "| trilinear (mode is {})",
        name);
  if (o.antialias() && (rank != 4 || (mode != bilinear && mode != bicubic)))
    fail("[interpolate] anti-alias option is only supported for bilinear and bicubic modes of 4D inputs (mode is {})",
         name);
  const int64_t wanted = mode == linear ? 3 : mode == bilinear || mode == bicubic ? 4 : mode == trilinear ? 5 : rank;
  if (rank != wanted)
    fail<NotImplementedError>("[interpolate] got {}D input (shape {}), but mode {} needs {}D input", rank,
                              shape_text(input.sizes()), name, wanted);
  const std::vector<int64_t> size = output_size(input, o);
  std::optional<double> s[3];
  if (o.scale_factor() && !o.recompute_scale_factor().value_or(false))
    for (size_t d = 0; d < size.size(); ++d) s[d] = (*o.scale_factor())[d];
  const bool align = o.align_corners().value_or(false);
  switch (mode) {
    case linear: return upsample_linear1d(input, size, align, s[0]);
    case bilinear:
      return o.antialias() ? _upsample_bilinear2d_aa(input, size, align, s[0], s[1])
                           : upsample_bilinear2d(input, size, align, s[0], s[1]);
    case bicubic:
      return o.antialias() ? _upsample_bicubic2d_aa(input, size, align, s[0], s[1])
                           : upsample_bicubic2d(input, size, align, s[0], s[1]);
    case trilinear: return upsample_trilinear3d(input, size, align, s[0], s[1], s[2]);
    case nearest:
      if (rank == 3) return upsample_nearest1d(input, size, s[0]);
      if (rank == 4) return upsample_nearest2d(input, size, s[0], s[1]);
      return upsample_nearest3d(input, size, s[0], s[1], s[2]);
    case nearest_exact:
      if (rank == 3) return _upsample_nearest_exact1d(input, size, s[0]);
      if (rank == 4) return _upsample_nearest_exact2d(input, size, s[0], s[1]);
      return _upsample_nearest_exact3d(input, size, s[0], s[1], s[2]);
    case area: break;
  }
  if (rank == 3) return adaptive_avg_pool1d(input, size);
  return rank == 4 ? adaptive_avg_pool2d(input, size) : adaptive_avg_pool3d(input, size);
}

}  // namespace functional

}  // namespace hearth::nn
