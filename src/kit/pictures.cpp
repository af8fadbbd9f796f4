#include "kit/pictures.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/files.h"
#include "base/json_numbers.h"
#include "hearth/data/stats.h"
#include "hearth/data/vision.h"
#include "hearth/hearth.h"

namespace hearth::kit {

namespace {

/// Pictures in memory, a batch at a time.
class Pictures : public data::datasets::BatchDataset<Pictures, data::Example<>> {
 public:
  Pictures(Tensor pictures, Tensor targets, PictureTransform transform)
      : pictures_(std::move(pictures)), targets_(std::move(targets)), transform_(std::move(transform)) {}
  data::Example<> get_batch(ArrayRef<size_t> indices) override {
    const std::vector<int64_t> rows(indices.begin(), indices.end());
    const Tensor at = tensor(rows);
    const Tensor x = transform_(pictures_.index_select(0, at), indices);
    return {x, targets_.defined() ? targets_.index_select(0, at) : x};
  }
  std::optional<size_t> size() const override { return static_cast<size_t>(pictures_.size(0)); }

 private:
  Tensor pictures_, targets_;
  PictureTransform transform_;
};

/// A number of [0, n) from the default generator, which is the sample's own while a loader makes a batch.
int64_t draw(int64_t n) { return randint(n, {}).item<int64_t>(); }

/// A picture moved by (down, right), zeros behind it.
void move_picture(float* x, int64_t channels, int64_t high, int64_t wide, int64_t down, int64_t right) {
  std::vector<float> from(x, x + channels * high * wide);
  std::fill_n(x, channels * high * wide, 0.0F);
  const int64_t begin = std::max<int64_t>(0, right), count = wide - std::abs(right);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t row = std::max<int64_t>(0, down); row < std::min(high, high + down); ++row)
      std::memcpy(x + (c * high + row) * wide + begin,
                  from.data() + (c * high + row - down) * wide + std::max<int64_t>(0, -right),
                  static_cast<size_t>(count) * sizeof(float));
}

}  // namespace

namespace {
data::vision::RandomResizedCrop cropper(double least, int64_t high, int64_t wide) {
  data::vision::RandomResizedCrop::Options options;
  options.scale[0] = least;
  return {{high, wide}, options};
}
}  // namespace

void PictureTransform::change(float* at, int64_t channels, int64_t high, int64_t wide) const {
  if (shift > 0) {
    const int64_t down = draw(2 * shift + 1) - shift, right = draw(2 * shift + 1) - shift;
    if (std::abs(down) < high && std::abs(right) < wide) move_picture(at, channels, high, wide, down, right);
  }
  if (flip && draw(2) == 1)
    for (int64_t row = 0; row < channels * high; ++row) std::reverse(at + row * wide, at + (row + 1) * wide);
  if (erase > 0 && static_cast<double>(draw(1 << 24)) < erase * (1 << 24)) {
    const int64_t h = 1 + draw(std::max<int64_t>(1, high / 2)), w = 1 + draw(std::max<int64_t>(1, wide / 2));
    const int64_t top = draw(high - h + 1), left = draw(wide - w + 1);
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t row = top; row < top + h; ++row) std::fill_n(at + (c * high + row) * wide + left, w, 0.5F);
  }
}

Tensor PictureTransform::normalized(const Tensor& pictures) const {
  if (mean.empty()) return pictures;
  const auto by_channel = [&](const std::vector<float>& v) { return tensor(v).view({1, pictures.size(1), 1, 1}); };
  return (pictures - by_channel(mean)) / by_channel(deviation);
}

Tensor PictureTransform::operator()(const Tensor& pictures, ArrayRef<size_t> indices) const {
  Tensor x = pictures.contiguous();
  const int64_t channels = x.size(1), high = x.size(2), wide = x.size(3), size = channels * high * wide;
  float* at = x.data_ptr<float>();
  for (size_t i = 0; i < indices.size() && random(); ++i, at += size) {
    data::detail::enter_sample(indices[i]);
    Tensor picture = x[static_cast<int64_t>(i)];
    if (crop > 0) picture.copy_(cropper(crop, high, wide)(picture));
    change(at, channels, high, wide);
  }
  return normalized(x);
}

Tensor PictureTransform::operator()(const std::string& path, const std::vector<int64_t>& sizes) const {
  Tensor x;
  if (crop > 0) {
    const std::vector<uint8_t> bytes = read_file(path, kNoLimit, "train");
    const data::TimedStage stage("decoding images");
    const io::EncodedImage file{bytes.data(), bytes.size(), path};
    x = cropper(crop, sizes[1], sizes[2])(file).to(kFloat) / 255.0;
  } else {
    const data::TimedStage stage("decoding images");
    x = read_picture(path, sizes, resize).contiguous();
  }
  if (random()) change(x.data_ptr<float>(), sizes[0], sizes[1], sizes[2]);
  return normalized(x.unsqueeze(0)).squeeze(0);
}

PictureTransform PictureTransform::plain() const {
  PictureTransform p;
  p.mean = mean;
  p.deviation = deviation;
  p.resize = resize;
  return p;
}
Json PictureTransform::to_json() const { return {{"mean", mean}, {"deviation", deviation}, {"resize", resize}}; }
PictureTransform PictureTransform::from_json(const Json& json) {
  PictureTransform p;
  p.mean = json.at("mean").get<std::vector<float>>();
  p.deviation = json.at("deviation").get<std::vector<float>>();
  p.resize = json.contains("resize") ? integer_of(json.at("resize")) : 0;
  return p;
}

PictureTransform make_transform(const train::Config& config, const Tensor& pictures) {
  PictureTransform t;
  if (config.flag("transforms.normalize")) {
    const Tensor mean = pictures.mean({0, 2, 3}, true), spread = (pictures - mean).square().mean({0, 2, 3}).sqrt();
    for (int64_t c = 0; c < pictures.size(1); ++c) {
      t.mean.push_back(mean.view({-1})[c].item<float>());
      t.deviation.push_back(std::max(1e-3F, spread[c].item<float>()));
    }
  }
  if (config.has("transforms.crop") && config.flag("transforms.crop")) t.crop = config.number("transforms.crop_scale");
  if (config.has("transforms.resize")) t.resize = config.integer("transforms.resize");
  if (config.has("transforms.shift")) t.shift = config.integer("transforms.shift");
  t.flip = config.has("transforms.flip") && config.flag("transforms.flip");
  t.erase = config.number("transforms.erase");
  return t;
}

std::shared_ptr<train::Batches> picture_batches(Tensor pictures, Tensor targets, const PictureTransform& transform,
                                                const train::BatchOptions& options) {
  return train::batches(Pictures(std::move(pictures), std::move(targets), transform), options);
}

}  // namespace hearth::kit
