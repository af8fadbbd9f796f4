#include "hearth/io/image.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/io/npy.h"
#include "io/image.h"

namespace hearth::io {
namespace {

using hearth::testing::spit;
using hearth::testing::TemporaryFolder;
using Mode = ImageOptions::Mode;

/// Files that Pillow wrote, and what it makes of them: tools/make_image_references.py.
const nn::StateDict& references() {
  static const nn::StateDict all =
      load_npz((std::filesystem::path(__FILE__).parent_path() / "files" / "images.npz").string());
  return all;
}
std::string text_of(const Tensor& bytes) {
  return {reinterpret_cast<const char*>(bytes.data_ptr<uint8_t>()), static_cast<size_t>(bytes.numel())};
}
std::string file(const std::string& name) { return text_of(references()["file." + name]); }
EncodedImage encoded(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), "picture"};
}
Tensor decode(const std::string& bytes, const ImageOptions& options = {}) {
  return decode_image(encoded(bytes), options);
}
ImageOptions mode(Mode m) {
  ImageOptions options;
  options.mode = m;
  return options;
}
int64_t difference(const Tensor& a, const Tensor& b) { return a.to(kInt).sub(b.to(kInt)).abs().max().item<int64_t>(); }
std::vector<std::string> file_names() {
  std::vector<std::string> out;
  for (const auto& item : references())
    if (item.key().rfind("file.", 0) == 0) out.push_back(item.key().substr(5));
  return out;
}

TEST(Images, AreWhatPillowReads) {
  EXPECT_EQ(file_names().size(), 17U);
  for (const std::string& name : file_names()) {
    const Tensor expected = references()["pixels." + name];
    const Tensor got = decode(file(name));
    ASSERT_EQ(got.sizes(), expected.sizes()) << name;
    EXPECT_TRUE(equal(got, expected)) << name << " differs by up to " << difference(got, expected);
    const ImageInfo info = image_info(encoded(file(name)));
    EXPECT_EQ(info.height, expected.size(1)) << name;
    EXPECT_EQ(info.width, expected.size(2)) << name;
    EXPECT_EQ(info.channels, expected.size(0)) << name;
  }
}

TEST(Images, ComeInTheModeAskedFor) {
  EXPECT_TRUE(equal(decode(file("rgb.png"), mode(Mode::kGray)), references()["gray_of_rgb"]));
  EXPECT_TRUE(equal(decode(file("rgba.png"), mode(Mode::kRgb)), references()["pixels.rgba.png"].narrow(0, 0, 3)));
  const Tensor gray = decode(file("gray_alpha.png"), mode(Mode::kRgb));
  EXPECT_EQ(gray.size(0), 3);
  EXPECT_TRUE(equal(gray[2], references()["pixels.gray_alpha.png"][0]));
  ImageOptions turned;
  turned.exif_orientation = true;
  const Tensor plain = references()["pixels.exif6.jpg"];
  EXPECT_TRUE(equal(decode(file("exif6.jpg"), turned), plain.rot90(-1, {1, 2}))) << "6: a quarter turn clockwise";
  EXPECT_TRUE(equal(decode(file("420.jpg"), turned), references()["pixels.420.jpg"]));
}

TEST(Images, TurnAsExifSays) {
  std::string bytes = file("exif6.jpg");
  const size_t tag = bytes.find(std::string("\x01\x12\x00\x03", 4));
  ASSERT_NE(tag, std::string::npos) << "big-endian EXIF";
  const Tensor plain = references()["pixels.exif6.jpg"];
  ImageOptions turned;
  turned.exif_orientation = true;
  const Tensor expected[] = {plain,
                             plain.flip({2}),
                             plain.flip({1, 2}),
                             plain.flip({1}),
                             plain.transpose(1, 2),
                             plain.rot90(-1, {1, 2}),
                             plain.transpose(1, 2).flip({1, 2}),
                             plain.rot90(1, {1, 2}),
                             plain};
  for (char o = 1; o <= 9; ++o) {
    bytes[tag + 9] = o;
    EXPECT_TRUE(equal(decode(bytes, turned), expected[o - 1])) << int{o};
  }
}

TEST(Images, JpegsCanBeReadSmaller) {
  ImageOptions small;
  small.min_size = 10;
  EXPECT_EQ(decode(file("420.jpg"), small).sizes(), (std::vector<int64_t>{3, 19, 25})) << "37 x 50 by 2";
  small.min_size = 9;
  EXPECT_EQ(decode(file("420.jpg"), small).sizes(), (std::vector<int64_t>{3, 10, 13})) << "by 4";
  manual_seed(3);
  const Tensor picture = resize_image(rand({3, 5, 6}), 64, 80).mul(255).to(kByte);
  const std::string jpeg = to_jpeg(picture, 95);
  for (const int64_t d : {2, 4, 8}) {
    small.min_size = 64 / d;
    const Tensor less = decode(jpeg, small), exact = resize_image(decode(jpeg), 64 / d, 80 / d);
    ASSERT_EQ(less.sizes(), exact.sizes());
    EXPECT_LT((less.to(kFloat) - exact.to(kFloat)).abs().mean().item<double>(), 4.5) << d;
  }
}

TEST(Images, CutShortAtAnyByteAreRefused) {
  for (const std::string& name : file_names()) {
    const std::string whole = file(name);
    for (size_t n = 0; n < whole.size(); ++n) {
      try {
        decode(whole.substr(0, n));
        ADD_FAILURE() << name << " cut to " << n << " of " << whole.size() << " bytes was read";
        break;
      } catch (const FileError& e) {
        EXPECT_EQ(e.path, "picture");
        EXPECT_GE(e.offset, 0);
        EXPECT_LE(e.offset, static_cast<int64_t>(n)) << name << ": " << e.what();
      }
    }
  }
}

TEST(Images, HeadersThatAskForTooMuchAreRefusedAtOnce) {
  std::string png = file("rgb.png");
  png.replace(16, 8, "\x7f\xff\xff\xff\x7f\xff\xff\xff");  // CRC wrong too, but sizes past all limits either way
  EXPECT_THROW(decode(png), FileError);
  std::string jpeg = file("420.jpg");
  const size_t frame = jpeg.find("\xff\xc0");
  jpeg.replace(frame + 5, 4, "\xff\xff\xff\xff");
  EXPECT_THROW(decode(jpeg), FileError);
  std::string bmp = file("rgb.bmp");
  bmp.replace(18, 8, "\xff\xff\xff\x7f\xff\xff\xff\x7f");
  EXPECT_THROW(decode(bmp), FileError);
  EXPECT_THROW(decode("P6 2147483647 2147483647 255\nxxx"), FileError);
  EXPECT_THROW(decode("P6 99999999999999999999 1 255\nxxx"), FileError);
  EXPECT_THROW(decode("P5 0 1 255\nxxx"), FileError);
  EXPECT_THROW(decode("P5 1 1 65536\nxxx"), FileError);
  EXPECT_THROW(decode("GIF89a"), FileError);
  ImageOptions few;
  few.max_pixels = 1000;
  for (const std::string& name : file_names())
    if (references()["pixels." + name].size(1) == 37) {
      EXPECT_THROW(decode(file(name), few), FileError) << name;
    }
}

TEST(Images, DamagedDataIsRefused) {
  std::string png = file("rgb.png");
  png[png.size() / 2] = static_cast<char>(png[png.size() / 2] ^ 1);
  EXPECT_THROW(decode(png), FileError) << "a CRC";
  std::string jpeg = file("420.jpg");
  for (size_t i = jpeg.size() / 2; i < jpeg.size() / 2 + 20; ++i) jpeg[i] = '\xff';
  EXPECT_THROW(decode(jpeg), FileError);
}

TEST(Images, PixmapsOfAllKinds) {
  const Tensor expected = tensor({0, 128, 255, 64}).to(kByte).view({1, 2, 2});
  EXPECT_TRUE(equal(decode("P5 2 2 255\n" + std::string("\0\x80\xff\x40", 4)), expected));
  EXPECT_TRUE(equal(decode("P2\n# a remark\n2 2\n255\n0 128 255 64"), expected));
  EXPECT_TRUE(equal(decode("P5 2 2 65535\n" + std::string("\0\0\x80\x80\xff\xff\x40\x40", 8)), expected));
  EXPECT_TRUE(equal(decode("P3 1 1 15 0 15 3"), tensor({0, 255, 51}).to(kByte).view({3, 1, 1})));
  EXPECT_THROW(decode("P2 2 2 10\n0 1 2 11"), FileError);
  EXPECT_THROW(decode("P2 2 2 10\n0 1 x 3"), FileError);
}

TEST(Images, AreWrittenAsTheyAre) {
  const TemporaryFolder folder;
  for (int64_t channels = 1; channels <= 4; ++channels) {
    const Tensor image = randint(0, 256, {channels, 7, 5}).to(kByte);
    EXPECT_TRUE(equal(decode(to_png(image)), image)) << channels;
  }
  const Tensor gray = randint(0, 256, {6, 4}).to(kByte);
  const std::string path = folder.path().string() + "/a.png";
  write_png(gray, path);
  EXPECT_TRUE(equal(read_image(path), gray.unsqueeze(0)));
  const Tensor smooth = references()["pixels.rgb.png"];
  EXPECT_LE(difference(decode(to_jpeg(smooth, 100)), smooth), 40);
  EXPECT_LT(to_jpeg(smooth, 20).size(), to_jpeg(smooth, 95).size());
  write_jpeg(smooth, folder.path().string() + "/a.jpg");
  EXPECT_EQ(read_image(folder.path().string() + "/a.jpg").sizes(), smooth.sizes());
  EXPECT_EQ(decode(to_jpeg(gray)).size(0), 1);
  EXPECT_THROW(to_png(gray.to(kFloat)), DtypeError);
  EXPECT_THROW(to_png(zeros({5, 2, 2}, kByte)), ShapeError);
  EXPECT_THROW(to_jpeg(zeros({2, 2, 2}, kByte)), ShapeError);
  EXPECT_THROW(to_jpeg(smooth, 0), ValueError);
  EXPECT_THROW(read_image("/no/such/picture.png"), FileError);
  EXPECT_TRUE(has_image_ending("a/B.JPG"));
  EXPECT_FALSE(has_image_ending("a.txt"));
}

TEST(Resize, IsPillows) {
  const Tensor noise = references()["noise"];
  const std::pair<const char*, Interpolation> all[] = {{"nearest", Interpolation::kNearest},
                                                       {"bilinear", Interpolation::kBilinear},
                                                       {"bicubic", Interpolation::kBicubic},
                                                       {"lanczos", Interpolation::kLanczos}};
  int seen = 0;
  for (const auto& [name, interpolation] : all)
    for (const auto& item : references()) {
      if (item.key().find(std::string("resize.") + name) != 0) continue;
      const Tensor& expected = item.value();
      const Tensor got = resize_image(noise, expected.size(1), expected.size(2), interpolation);
      EXPECT_LE(difference(got, expected), interpolation == Interpolation::kNearest ? 0 : 1) << item.key();
      const Tensor one = resize_image(noise.narrow(0, 1, 1), expected.size(1), expected.size(2), interpolation);
      EXPECT_LE(difference(one[0], expected[1]), 1) << item.key() << " alone";
      const Tensor real = resize_image(noise.to(kFloat), expected.size(1), expected.size(2), interpolation);
      if (interpolation == Interpolation::kBilinear) {  // the others overshoot, and only bytes are cut off
        EXPECT_LE((real - expected.to(kFloat)).abs().max().item<double>(), 1.01) << item.key() << " as float";
      }
      ++seen;
    }
  EXPECT_EQ(seen, 16);
}

TEST(Resize, TakesManyAndRefusesNonsense) {
  const Tensor batch = randint(0, 256, {2, 5, 8, 6}).to(kByte);
  const Tensor small = resize_image(batch, 4, 3);
  EXPECT_EQ(small.sizes(), (std::vector<int64_t>{2, 5, 4, 3}));
  EXPECT_TRUE(equal(small[1], resize_image(batch[1], 4, 3)));
  EXPECT_TRUE(equal(resize_image(batch[0], 8, 6), batch[0]));
  EXPECT_TRUE(allclose(resize_image(ones({3, 9, 9}), 4, 5), ones({3, 4, 5})));
  EXPECT_THROW(resize_image(batch.to(kInt), 4, 3), DtypeError);
  EXPECT_THROW(resize_image(batch[0][0], 4, 3), ShapeError);
  EXPECT_THROW(resize_image(batch, 0, 3), ValueError);
}

/// A crop of a JPEG, scaled, is what decoding the whole picture, cropping and scaling gives.
TEST(JpegCrop, AgreesWithTheWholePicture) {
  manual_seed(1);
  const Tensor base = resize_image(rand({3, 12, 16}), 150, 200, Interpolation::kBicubic);
  const Tensor picture = (base + 0.05 * rand({3, 150, 200})).clamp(0, 1).mul(255).to(kByte);
  for (const std::string& jpeg :
       {to_jpeg(picture, 90), file("444.jpg"), file("422_progressive.jpg"), file("gray.jpg")}) {
    const Tensor whole = to_pixels(decode(jpeg));
    for (int trial = 0; trial < 60; ++trial) {
      const auto pick = [](int64_t low, int64_t high) { return randint(low, high + 1, {1}).item<int64_t>(); };
      const int64_t height = pick(1, whole.size(0)), width = pick(1, whole.size(1));
      const Crop crop{pick(0, whole.size(1) - width), pick(0, whole.size(0) - height), width, height, width, height};
      const ChooseCrop choose = [&](int64_t h, int64_t w) {
        EXPECT_EQ(h, whole.size(0));
        EXPECT_EQ(w, whole.size(1));
        return crop;
      };
      const Decoded part = decode_part(encoded(jpeg), {}, &choose);
      const Tensor got =
          resample(part.pixels, part.x0, part.y0, part.x1, part.y1, height, width, Interpolation::kBilinear);
      const Tensor expected = whole.narrow(0, crop.y, height).narrow(1, crop.x, width);
      ASSERT_TRUE(equal(got, expected)) << "off by " << difference(got, expected) << " at " << crop.x << " " << crop.y
                                        << " " << width << " x " << height;
    }
  }
}

TEST(JpegCrop, AtHalfSizeIsClose) {
  manual_seed(2);
  const Tensor picture =
      resize_image(rand({3, 12, 16}), 300, 400, Interpolation::kBicubic).clamp(0, 1).mul(255).to(kByte);
  const std::string jpeg = to_jpeg(picture, 90);
  const Tensor whole = to_pixels(decode(jpeg));
  for (int trial = 0; trial < 20; ++trial) {
    const auto pick = [](int64_t low, int64_t high) { return randint(low, high + 1, {1}).item<int64_t>(); };
    const int64_t height = pick(130, 300), width = pick(130, 400);
    const ChooseCrop choose = [&](int64_t, int64_t) {
      return Crop{pick(0, 400 - width), pick(0, 300 - height), width, height, 32, 32};
    };
    manual_seed(static_cast<uint64_t>(trial));
    const Decoded part = decode_part(encoded(jpeg), {}, &choose);
    manual_seed(static_cast<uint64_t>(trial));
    const Crop crop = choose(300, 400);
    EXPECT_LT(part.pixels.size(0), height) << "decoded smaller";
    const Tensor got = resample(part.pixels, part.x0, part.y0, part.x1, part.y1, 32, 32, Interpolation::kBilinear);
    const Tensor exact =
        resample(whole, static_cast<double>(crop.x), static_cast<double>(crop.y), static_cast<double>(crop.x + width),
                 static_cast<double>(crop.y + height), 32, 32, Interpolation::kBilinear);
    EXPECT_LT((got.to(kFloat) - exact.to(kFloat)).abs().mean().item<double>(), 0.6);
    EXPECT_LE(difference(got, exact), 6);
  }
}

}  // namespace
}  // namespace hearth::io
