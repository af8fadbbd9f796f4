#include "hearth/data/vision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "base/faulty_files.h"
#include "hearth/data/image_folder.h"
#include "hearth/data/loader.h"
#include "hearth/hearth.h"

namespace hearth::data::vision {
namespace {

using hearth::testing::TemporaryFolder;

Tensor bytes(int64_t channels, int64_t height, int64_t width) {
  return arange(channels * height * width).remainder(251).to(kByte).view({channels, height, width});
}
int64_t difference(const Tensor& a, const Tensor& b) { return a.to(kInt).sub(b.to(kInt)).abs().max().item<int64_t>(); }

TEST(Vision, ToTensorNormalizeCompose) {
  Compose all({ToTensor(), Normalize({0.5, 0.5, 0.5}, {0.5, 0.5, 0.5})});
  const Tensor image = bytes(3, 4, 5);
  EXPECT_TRUE(allclose(all(image), image.to(kFloat) / 127.5 - 1));
  EXPECT_TRUE(equal(ToTensor()(full({1, 2, 2}, 0.3)), full({1, 2, 2}, 0.3)));
  EXPECT_THROW(ToTensor()(image.to(kInt)), DtypeError);
  EXPECT_THROW(ToTensor()(image[0]), ShapeError);
  EXPECT_TRUE(equal(Compose({Lambda([](Tensor x) { return x + 1; })})(zeros({1})), ones({1})));
}

TEST(Vision, ResizeKeepsTheRatio) {
  EXPECT_EQ(Resize(10)(bytes(3, 20, 31)).sizes(), (std::vector<int64_t>{3, 10, 15}));
  EXPECT_EQ(Resize(10)(bytes(3, 31, 20)).sizes(), (std::vector<int64_t>{3, 15, 10}));
  EXPECT_EQ(Resize(Size(10, 12))(bytes(3, 31, 20)).sizes(), (std::vector<int64_t>{3, 10, 12}));
  EXPECT_THROW(Resize(0), ValueError);
}

TEST(Vision, Crops) {
  const Tensor image = bytes(1, 5, 7);
  EXPECT_TRUE(equal(CenterCrop(3)(image), image.narrow(1, 1, 3).narrow(2, 2, 3)));
  const Tensor padded = CenterCrop(Size(7, 7))(image);
  EXPECT_TRUE(equal(padded.narrow(1, 1, 5), image));
  EXPECT_EQ(padded.select(1, 0).to(kInt).sum().item<int64_t>(), 0);
  manual_seed(1);
  RandomCrop random(Size(5, 7), 2, false, 9);
  std::set<int64_t> corners;
  for (int i = 0; i < 200; ++i) corners.insert(random(image)[0][0][0].item<int64_t>());
  EXPECT_GT(corners.size(), 8U) << "all places are tried, the border among them";
  EXPECT_TRUE(corners.count(9));
  EXPECT_TRUE(equal(RandomCrop(Size(5, 7))(image), image));
  EXPECT_THROW(RandomCrop(6)(image), ShapeError);
  EXPECT_EQ(RandomCrop(6, 0, true)(image).sizes(), (std::vector<int64_t>{1, 6, 6}));
  EXPECT_THROW(RandomCrop(3, -1), ValueError);
}

TEST(Vision, RandomResizedCropStaysWithinScaleAndRatio) {
  manual_seed(2);
  const Tensor y = arange(40, kFloat).view({1, 40, 1}).expand({1, 40, 60}),
               x = arange(60, kFloat).view({1, 1, 60}).expand({1, 40, 60});
  const Tensor places = cat({y, x});
  for (int i = 0; i < 100; ++i) {
    const Tensor out = RandomResizedCrop(8)(places);
    ASSERT_EQ(out.sizes(), (std::vector<int64_t>{2, 8, 8}));
    const double height = (out[0][7][0] - out[0][0][0]).item<double>() * 8 / 7,
                 width = (out[1][0][7] - out[1][0][0]).item<double>() * 8 / 7;
    EXPECT_GT(height * width, 0.08 * 2400 * 0.7) << "antialiasing pulls the edges in a little";
    EXPECT_LT(height * width, 2400 * 1.3);
    EXPECT_GT(width / height, 0.6);
    EXPECT_LT(width / height, 1.6);
  }
  RandomResizedCrop::Options wide;
  wide.scale[0] = wide.scale[1] = 1;
  EXPECT_EQ(RandomResizedCrop(8, wide)(bytes(3, 4, 100)).size(2), 8) << "no box fits: the middle";
  wide.scale[0] = 2;
  EXPECT_THROW(RandomResizedCrop(8, wide), ValueError);
}

TEST(Vision, RandomResizedCropOfAJpegDecodesOnlyItsPart) {
  manual_seed(3);
  const std::string jpeg = io::to_jpeg(Resize(Size(90, 120))(randint(0, 256, {3, 9, 12}).to(kByte)), 90);
  const io::EncodedImage encoded{reinterpret_cast<const uint8_t*>(jpeg.data()), jpeg.size(), "x.jpg"};
  const Tensor whole = io::decode_image(encoded);
  RandomResizedCrop crop(32);
  for (uint64_t seed = 0; seed < 50; ++seed) {
    manual_seed(seed);
    const Tensor quick = crop(encoded);
    manual_seed(seed);
    EXPECT_TRUE(equal(quick, crop(whole))) << seed;
  }
}

TEST(Vision, FlipsHappenAsOftenAsTold) {
  const Tensor image = bytes(2, 3, 4);
  EXPECT_TRUE(equal(RandomHorizontalFlip(1)(image), image.flip({2})));
  EXPECT_TRUE(equal(RandomVerticalFlip(1)(image), image.flip({1})));
  EXPECT_TRUE(equal(RandomVerticalFlip(0)(image), image));
  manual_seed(4);
  int flipped = 0;
  for (int i = 0; i < 1000; ++i) flipped += !equal(RandomHorizontalFlip(0.3)(image), image);
  EXPECT_NEAR(flipped, 300, 60);
  EXPECT_THROW(RandomHorizontalFlip(1.1), ValueError);
}

TEST(Vision, AffineTurnsMovesScalesShears) {
  const Tensor image = bytes(1, 5, 5);
  AffineMap quarter;
  quarter.degrees = 90;
  EXPECT_TRUE(equal(affine(image, quarter), image.rot90(-1, {1, 2}))) << "clockwise";
  EXPECT_LE(difference(affine(image, quarter, Interpolation::kBilinear), image.rot90(-1, {1, 2})), 0);
  AffineMap right;
  right.move_x = 2;
  const Tensor moved = affine(image, right, Interpolation::kNearest, 7);
  EXPECT_TRUE(equal(moved.narrow(2, 2, 3), image.narrow(2, 0, 3)));
  EXPECT_EQ(moved[0][0][1].item<int64_t>(), 7);
  AffineMap twice;
  twice.scale = 2;
  EXPECT_EQ(affine(image, twice)[0][2][2].item<int64_t>(), 12) << "the middle stays";
  EXPECT_EQ(affine(image, twice)[0][2][4].item<int64_t>(), 13);
  AffineMap shear;
  shear.shear_x = 45;
  const Tensor sheared = affine(image, shear);
  EXPECT_EQ(sheared[0][2][2].item<int64_t>(), 12);
  EXPECT_NE(sheared[0][1][2].item<int64_t>(), image[0][1][2].item<int64_t>());
  const Tensor half = full({1, 1, 2}, 0.0);
  half[0][0][1] = 1;
  AffineMap step;
  step.move_x = 0.5;
  EXPECT_NEAR(affine(half, step, Interpolation::kBilinear)[0][0][1].item<double>(), 0.5, 1e-6);
  EXPECT_TRUE(equal(RandomRotation(0)(image), image));
  EXPECT_THROW(affine(image, step, Interpolation::kBicubic), ValueError);
  RandomAffine::Options o;
  o.degrees = 20;
  o.translate[0] = o.translate[1] = 0.2;
  o.scale[1] = 1.5;
  o.shear = 10;
  EXPECT_EQ(RandomAffine(o)(image).sizes(), image.sizes());
  o.shear = 90;
  EXPECT_THROW(RandomAffine{o}, ValueError);
}

TEST(Vision, Colours) {
  const Tensor image = tensor({100, 50, 200}).to(kByte).view({3, 1, 1});
  const auto is = [](const Tensor& got, std::vector<int64_t> expected) {
    EXPECT_LE(difference(got.view({3}), tensor(expected)), 1) << got;
  };
  is(adjust_brightness(image, 1.5), {150, 75, 255});
  is(adjust_contrast(image, 0), {82, 82, 82});
  is(adjust_saturation(image, 0), {82, 82, 82});
  is(adjust_saturation(image, 2), {118, 18, 255});
  is(adjust_hue(image, 0), {100, 50, 200});
  is(adjust_hue(image, 1.0 / 3), {200, 100, 50});
  EXPECT_TRUE(allclose(adjust_hue(image.to(kFloat) / 255, -1.0 / 3).view({3}), tensor({50.0, 200.0, 100.0}) / 255));
  EXPECT_EQ(Grayscale()(image).item<int64_t>(), 82);
  EXPECT_EQ(Grayscale(3)(image).size(0), 3);
  is(RandomGrayscale(1)(image), {82, 82, 82});
  manual_seed(5);
  ColorJitter jitter(0.4, 0.4, 0.4, 0.1);
  const Tensor picture = rand({3, 6, 6});
  const Tensor once = jitter(picture);
  EXPECT_FALSE(equal(once, jitter(picture)));
  EXPECT_GE(once.min().item<float>(), 0);
  EXPECT_LE(once.max().item<float>(), 1);
  manual_seed(5);
  rand({3, 6, 6});
  EXPECT_TRUE(equal(once, jitter(picture))) << "from the seed alone";
  EXPECT_EQ(jitter(bytes(1, 4, 4)).size(0), 1);
  EXPECT_THROW(ColorJitter(0, 0, 0, 0.6), ValueError);
  EXPECT_THROW(adjust_hue(bytes(2, 3, 3), 0.1), ShapeError);
}

TEST(Vision, BlurIsAGaussian) {
  Tensor dot = zeros({1, 7, 9});
  dot[0][3][4] = 1;
  const Tensor blurred = gaussian_blur(dot, 5, 1.0);
  EXPECT_NEAR(blurred.sum().item<double>(), 1, 1e-6);
  EXPECT_NEAR((blurred[0][3][5] / blurred[0][3][4]).item<double>(), std::exp(-0.5), 1e-5);
  EXPECT_NEAR((blurred[0][2][4] / blurred[0][3][4]).item<double>(), std::exp(-0.5), 1e-5);
  EXPECT_TRUE(equal(gaussian_blur(full({3, 6, 6}, 77, kByte), 5, 2), full({3, 6, 6}, 77, kByte))) << "borders reflect";
  EXPECT_THROW(gaussian_blur(dot, 4, 1), ValueError);
  EXPECT_THROW(gaussian_blur(dot, 15, 1), ValueError);
  EXPECT_EQ(GaussianBlur(3)(dot).sizes(), dot.sizes());
}

TEST(Vision, ErasesABox) {
  manual_seed(6);
  RandomErasing::Options o;
  o.p = 1;
  o.value = 5;
  const Tensor image = zeros({3, 20, 30});
  const Tensor erased = RandomErasing(o)(image);
  EXPECT_EQ(image.sum().item<double>(), 0) << "the picture itself stays";
  const auto share = erased[0].eq(5).to(kFloat).mean().item<double>();
  EXPECT_GT(share, 0.01);
  EXPECT_LT(share, 0.4);
  EXPECT_TRUE(equal(erased[0], erased[2]));
  o.random = true;
  EXPECT_GT(RandomErasing(o)(image).ne(0).sum().item<int64_t>(), 0);
  o.p = 0;
  EXPECT_TRUE(equal(RandomErasing(o)(image), image));
}

TEST(Vision, MixesBatches) {
  manual_seed(7);
  const Tensor data = arange(4, kFloat).view({4, 1, 1, 1}).expand({4, 1, 8, 8}).contiguous();
  const Tensor target = tensor({0, 1, 2, 0});
  for (int i = 0; i < 20; ++i) {
    const Example<> mixed = MixUp(3, 0.4).apply_batch({data, target});
    EXPECT_TRUE(allclose(mixed.target.sum(1), ones({4})));
    const auto lambda = mixed.target[2][2].item<double>();
    EXPECT_NEAR(mixed.data[2][0][0][0].item<double>(), 2 * lambda + 1 * (1 - lambda), 1e-5);
    const Example<> cut = CutMix(3).apply_batch({data, target});
    const auto kept = cut.data[2].eq(2).to(kFloat).mean().item<double>();
    EXPECT_NEAR(cut.target[2][2].item<double>(), kept, 1e-6);
    EXPECT_NEAR(cut.target[2][1].item<double>(), 1 - kept, 1e-6);
  }
  EXPECT_THROW(MixUp(2).apply_batch({data, target}), IndexError);
  EXPECT_THROW(MixUp(3).apply_batch({data[0], target}), ShapeError);
  EXPECT_THROW(MixUp(3, 0), ValueError);
}

TEST(Vision, BatchesAreTheSameForAnyNumberOfWorkers) {
  const TemporaryFolder folder;
  manual_seed(8);
  for (int i = 0; i < 12; ++i) {
    std::filesystem::create_directories(folder / (i % 2 ? "a" : "b"));
    io::write_jpeg(Resize(Size(40, 50))(randint(0, 256, {3, 5, 6}).to(kByte)),
                   (folder / ((i % 2 ? "a/" : "b/") + std::to_string(i) + ".jpg")).string());
  }
  std::vector<Tensor> first;
  for (const size_t workers : {0U, 1U, 3U}) {
    datasets::ImageFolderOptions options;
    options.decode = RandomResizedCrop(16);
    options.transform =
        Compose({RandomHorizontalFlip(), ColorJitter(0.4, 0.4, 0.4, 0.1), RandomRotation(20), GaussianBlur(3),
                 ToTensor(), RandomErasing(), Normalize({0.5, 0.5, 0.5}, {0.2, 0.2, 0.2})});
    auto loader = make_data_loader<samplers::SequentialSampler>(
        datasets::ImageFolder(folder.path().string(), options).map(transforms::Stack<>()),
        DataLoaderOptions(4).workers(workers));
    manual_seed(9);
    std::vector<Tensor> all;
    for (auto& batch : *loader) all.push_back(batch.data);
    ASSERT_EQ(all.size(), 3U);
    if (first.empty()) first = all;
    for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(equal(all[i], first[i])) << workers << " workers, batch " << i;
  }
}

}  // namespace
}  // namespace hearth::data::vision
