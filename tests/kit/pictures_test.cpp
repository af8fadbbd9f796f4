#include "kit/pictures.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "base/files.h"
#include "hearth/data/vision.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"

namespace hearth::kit {
namespace {

using hearth::testing::TemporaryFolder;
namespace vision = data::vision;

/// A picture of which every part looks different.
Tensor slope(int64_t high, int64_t wide) {
  const Tensor down = arange(high, kFloat).view({1, high, 1}).expand({1, high, wide}) * (255.0 / 300);
  const Tensor right = arange(wide, kFloat).view({1, 1, wide}).expand({1, high, wide}) * (255.0 / 300);
  return cat({down, right, (down + right) / 2}).clamp(0, 255).to(kByte);
}

TEST(ReadPicture, BringsTheShorterSideToSizeAndCutsOutTheMiddle) {
  const TemporaryFolder folder;
  const std::string path = (folder / "a.png").string();
  const Tensor picture = slope(80, 120);
  io::write_png(picture, path);
  const auto expected = [&](int64_t resize) {
    return vision::CenterCrop(32)(vision::Resize(resize)(picture)).to(kFloat) / 255.0;
  };
  EXPECT_TRUE(equal(read_picture(path, {3, 32, 32}), expected(32)));
  EXPECT_TRUE(equal(read_picture(path, {3, 32, 32}, 40), expected(40)));
  EXPECT_FALSE(equal(expected(40), expected(32)));
}

TEST(PictureTransform, CropsFilesAsTheTransformOfThatNameDoes) {
  const TemporaryFolder folder;
  const std::string path = (folder / "a.jpg").string();
  io::write_jpeg(slope(200, 260), path, 95);
  const std::vector<uint8_t> bytes = read_file(path);
  PictureTransform transform;
  transform.crop = 0.3;
  transform.flip = true;
  vision::RandomResizedCrop::Options options;
  options.scale[0] = 0.3;
  int flips = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    manual_seed(seed);
    const Tensor got = transform(path, {3, 48, 48});
    manual_seed(seed);
    Tensor expected = vision::RandomResizedCrop(48, options)(io::EncodedImage{bytes.data(), bytes.size(), path});
    expected = expected.to(kFloat) / 255.0;
    const bool flip = randint(2, {}).item<int64_t>() == 1;  // drawn behind what the crop drew
    flips += flip ? 1 : 0;
    EXPECT_TRUE(equal(got, flip ? expected.flip({2}) : expected)) << seed;
  }
  EXPECT_GT(flips, 8);
  EXPECT_LT(flips, 32);
}

TEST(PictureTransform, CropsPicturesInMemory) {
  PictureTransform transform;
  transform.crop = 0.2;
  const Tensor pictures = slope(40, 40).to(kFloat).unsqueeze(0).expand({3, 3, 40, 40}).contiguous() / 255.0;
  const std::vector<size_t> indices = {0, 1, 2};
  const Tensor out = transform(pictures.clone(), indices);
  EXPECT_EQ(out.sizes(), pictures.sizes());
  for (int64_t i = 0; i < 3; ++i) EXPECT_FALSE(equal(out[i], pictures[i]));
  EXPECT_FALSE(equal(out[0], out[1])) << "each another part";
  EXPECT_TRUE(equal(transform.plain()(pictures.clone(), indices), pictures));
}

TEST(PictureTransform, IsKeptWithTheModel) {
  PictureTransform transform;
  transform.mean = {0.5F};
  transform.deviation = {0.25F};
  transform.resize = 40;
  transform.crop = 0.2;
  const PictureTransform kept = PictureTransform::from_json(transform.to_json());
  EXPECT_EQ(kept.resize, 40);
  EXPECT_FALSE(kept.random());
  EXPECT_EQ(PictureTransform::from_json({{"mean", {0.5}}, {"deviation", {0.25}}}).resize, 0) << "of an older run";
}

}  // namespace
}  // namespace hearth::kit
