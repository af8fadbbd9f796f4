// Pictures and arrays in files: image folders, CIFAR, the MNIST family, npy, npz, safetensors.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/faulty_files.h"
#include "hearth/data/arrays.h"
#include "hearth/data/cifar.h"
#include "hearth/data/image_folder.h"
#include "hearth/data/mnist_family.h"
#include "hearth/hearth.h"
#include "hearth/io/idx.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"

namespace hearth::data::datasets {
namespace {

namespace fs = std::filesystem;
using hearth::testing::spit;
using hearth::testing::TemporaryFolder;

Tensor picture(int64_t value) { return full({3, 4, 5}, value, kByte); }

struct Pictures {
  Pictures() {
    for (const char* name : {"b/1.png", "a/2.PNG", "a/1.png", "a/z/0.png", "a/z-y/0.png"}) {
      fs::create_directories((folder / name).parent_path());
      io::write_png(picture(++count * 10), (folder / name).string());
    }
    spit(folder / "a/notes.txt", "no picture");
  }
  std::string root() const { return folder.path().string(); }
  TemporaryFolder folder;
  int64_t count = 0;
};

TEST(ImageFolder, SortsClassesAndFilesAsTorchvisionDoes) {
  const Pictures p;
  ImageFolder f(p.root() + "/");
  EXPECT_EQ(f.classes(), (std::vector<std::string>{"a", "b"}));
  std::vector<std::string> names;
  for (const auto& s : f.samples()) names.push_back(s.path.substr(p.root().size() + 1));
  EXPECT_EQ(names, (std::vector<std::string>{"a/1.png", "a/2.PNG", "a/z/0.png", "a/z-y/0.png", "b/1.png"}));
  EXPECT_TRUE(equal(f.targets(), tensor({0, 0, 0, 0, 1})));
  EXPECT_TRUE(equal(f.get(4).data, picture(10)));
  EXPECT_EQ(f.get(4).target.item<int64_t>(), 1);
  EXPECT_EQ(f.get(0).target.scalar_type(), kLong);
  EXPECT_THROW(f.get(5), IndexError);
  ImageFolderOptions options;
  options.decode = [](const io::EncodedImage& image) { return full({1}, static_cast<double>(image.size)); };
  EXPECT_GT(ImageFolder(p.root(), options).get(0).data.item<float>(), 0);
}

TEST(ImageFolder, FindsBadFiles) {
  const Pictures p;
  const std::string good = hearth::testing::slurp(p.folder / "a/1.png");
  spit(p.folder / "a/3.png", good.substr(0, good.size() - 5));
  spit(p.folder / "b/2.jpg", "this is no jpeg");
  ImageFolder all(p.root());
  EXPECT_EQ(*all.size(), 7U);
  try {
    all.get(6);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const FileError& e) {
    EXPECT_EQ(e.path, p.root() + "/b/2.jpg");
    EXPECT_EQ(e.offset, 0);
  }
  EXPECT_EQ(all.find_bad().size(), 2U);
  ImageFolderOptions options;
  options.check = true;
  const ImageFolder checked(p.root(), options);
  EXPECT_EQ(*checked.size(), 6U) << "the header of 3.png is whole";
  ASSERT_EQ(checked.bad().size(), 1U);
  EXPECT_NE(checked.bad()[0].why.find("no JPEG"), std::string::npos);
  EXPECT_EQ(checked.find_bad().size(), 2U);
}

TEST(ImageFolder, RefusesFoldersWithoutPictures) {
  const Pictures p;
  EXPECT_THROW(ImageFolder("/no/such/folder"), FileError);
  EXPECT_THROW(ImageFolder(p.root() + "/b"), FileError) << "no classes";
  fs::create_directory(p.folder / "empty");
  EXPECT_THROW(ImageFolder f(p.root()), FileError);
  fs::remove(p.folder / "empty");
  fs::create_directory_symlink(p.root(), p.folder / "loop");
  EXPECT_THROW(ImageFolder f(p.root()), FileError) << "a link in a circle";
}

std::string record(int fine, int coarse, char fill) {
  std::string out;
  if (coarse >= 0) out += static_cast<char>(coarse);
  out += static_cast<char>(fine);
  return out + std::string(3072, fill);
}

TEST(Cifar, ReadsRecords) {
  const TemporaryFolder folder;
  for (int i = 1; i <= 5; ++i)
    spit(folder / ("data_batch_" + std::to_string(i) + ".bin"), record(i, -1, '\x80') + record(9, -1, '\xff'));
  fs::create_directory(folder / "cifar-10-batches-bin");
  spit(folder / "cifar-10-batches-bin/test_batch.bin", record(3, -1, '\1'));
  CIFAR10 train(folder.path().string(), CIFAR10::Mode::kTrain, 2);
  EXPECT_EQ(train.images().sizes(), (std::vector<int64_t>{10, 3, 32, 32}));
  EXPECT_TRUE(equal(train.targets(), tensor({1, 9, 2, 9, 3, 9, 4, 9, 5, 9})));
  EXPECT_NEAR(train.get(0).data[2][31][31].item<float>(), 128.0 / 255, 1e-6);
  EXPECT_EQ(*CIFAR10(folder.path().string(), CIFAR10::Mode::kTest, 1).size(), 1U);
  EXPECT_THROW(CIFAR10(folder.path().string()), FileError) << "10,000 are expected in each";
  EXPECT_THROW(CIFAR10("/no/such/folder"), FileError);
  EXPECT_THROW(train.get(10), IndexError);
  spit(folder / "train.bin", record(99, 19, '\0') + record(5, 3, '\0'));
  CIFAR100 fine(folder.path().string(), CIFAR100::Mode::kTrain, false, 2);
  EXPECT_TRUE(equal(fine.targets(), tensor({99, 5})));
  EXPECT_TRUE(equal(CIFAR100(folder.path().string(), CIFAR100::Mode::kTrain, true, 2).targets(), tensor({19, 3})));
  EXPECT_THROW(CIFAR100(folder.path().string()), FileError);
}

TEST(Cifar, RefusesDamageWithFileAndOffset) {
  const int64_t classes[] = {10};
  const auto refuses = [&](const std::string& bytes, int64_t records, int64_t offset) {
    try {
      parse_cifar(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), "batch.bin", classes, records);
      ADD_FAILURE() << "nothing was thrown for " << bytes.size() << " bytes";
    } catch (const FileError& e) {
      EXPECT_EQ(e.path, "batch.bin");
      EXPECT_EQ(e.offset, offset) << e.what();
    }
  };
  const std::string two = record(1, -1, 'a') + record(2, -1, 'b');
  for (size_t n = 0; n < two.size(); n += n < 3070 || n > 3080 ? 131 : 1)
    refuses(two.substr(0, n), 2, static_cast<int64_t>(n < 3073 ? 0 : 3073));
  refuses(two + "x", 2, 6146);
  refuses(two, 1, 3073);
  refuses(record(1, -1, 'a') + record(10, -1, 'b'), 2, 3073);
  refuses("", 0, 0);
}

std::string idx(uint8_t type, std::vector<uint32_t> sizes, const std::string& data) {
  std::string out{'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (const uint32_t n : sizes)
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift);
  return out + data;
}
Tensor parse(const std::string& bytes) {
  return io::parse_idx(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), "a.idx");
}

TEST(Idx, ReadsEveryType) {
  EXPECT_TRUE(equal(parse(idx(8, {2, 2}, "\1\2\3\xff")), tensor({1, 2, 3, 255}).to(kByte).view({2, 2})));
  EXPECT_TRUE(equal(parse(idx(9, {1}, "\xff")), tensor({-1}).to(kChar)));
  EXPECT_TRUE(equal(parse(idx(0xb, {2}, std::string("\1\2\xff\xfe", 4))), tensor({258, -2}).to(kShort)));
  EXPECT_TRUE(equal(parse(idx(0xc, {1}, std::string("\0\1\0\0", 4))), tensor({65536}).to(kInt)));
  EXPECT_TRUE(equal(parse(idx(0xd, {1}, std::string("\x3f\xc0\0\0", 4))), tensor({1.5}, kFloat)));
  EXPECT_TRUE(equal(parse(idx(0xe, {1}, std::string("\xbf\xf0\0\0\0\0\0\0", 8))), tensor({-1.0}, kDouble)));
  EXPECT_EQ(parse(idx(8, {0, 5}, "")).sizes(), (std::vector<int64_t>{0, 5}));
}

TEST(Idx, RefusesDamage) {
  const std::string whole = idx(0xb, {2, 3}, std::string(12, 'x'));
  for (size_t n = 0; n < whole.size(); ++n) {
    try {
      parse(whole.substr(0, n));
      ADD_FAILURE() << n;
    } catch (const FileError& e) {
      EXPECT_EQ(e.offset, static_cast<int64_t>(n)) << e.what();
      EXPECT_EQ(e.path, "a.idx");
    }
  }
  EXPECT_THROW(parse(whole + "x"), FileError);
  EXPECT_THROW(parse(idx(7, {1}, "x")), FileError);
  EXPECT_THROW(parse(idx(8, {}, "x")), FileError);
  EXPECT_THROW(parse(idx(8, {0xffffffff, 0xffffffff, 0xffffffff}, "x")), FileError);
  EXPECT_THROW(io::read_idx("/no/such/file"), FileError);
}

TEST(MnistFamily, SharesTheFormat) {
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  spit(folder / "train-images-idx3-ubyte", idx(8, {2, 2, 3}, std::string("\0\1\2\3\4\5\6\7\10\11\12\13", 12)));
  spit(folder / "train-labels-idx1-ubyte", idx(8, {2}, "\3\1"));
  EXPECT_EQ(*FashionMNIST(root).size(), 2U);
  EXPECT_EQ(FashionMNIST::classes().size(), 10U);
  EXPECT_EQ(KMNIST(root).targets()[0].item<int64_t>(), 3);
  for (const char* kind : {"images-idx3", "labels-idx1"})
    fs::copy_file(folder / ("train-" + std::string(kind) + "-ubyte"),
                  folder / ("emnist-letters-test-" + std::string(kind) + "-ubyte"));
  const EMNIST letters(root, EMNIST::Split::kLetters, EMNIST::Mode::kTest);
  EXPECT_EQ(letters.images().sizes(), (std::vector<int64_t>{2, 1, 3, 2})) << "rows and columns are exchanged";
  EXPECT_NEAR(letters.images()[0][0][1][0].item<float>(), 1.0 / 255, 1e-7);
  spit(folder / "emnist-letters-test-labels-idx1-ubyte", idx(8, {2}, std::string("\3\0", 2)));
  try {
    EMNIST(root, EMNIST::Split::kLetters, EMNIST::Mode::kTest);
    ADD_FAILURE() << "label 0 is none of the letters'";
  } catch (const FileError& e) {
    EXPECT_EQ(e.offset, 9);
  }
}

TEST(ArrayDataset, ReadsRowsFromFiles) {
  const TemporaryFolder folder;
  const std::string root = folder.path().string();
  const Tensor x = arange(12, kFloat).view({4, 3}), y = arange(4);
  io::save_npy(x, root + "/x.npy");
  io::save_npy(y, root + "/y.npy");
  nn::StateDict both;
  both.insert("x", x);
  both.insert("y", y);
  io::save_npz(both, root + "/a.npz");
  save_safetensors({both, {}}, root + "/a.safetensors");
  for (ArrayDataset d :
       {ArrayDataset::from_npy(root + "/x.npy", root + "/y.npy"), ArrayDataset::from_npz(root + "/a.npz"),
        ArrayDataset::from_safetensors(root + "/a.safetensors")}) {
    EXPECT_EQ(*d.size(), 4U);
    EXPECT_TRUE(equal(d.get(2).data, x[2]));
    EXPECT_EQ(d.get(3).target.item<int64_t>(), 3);
  }
  EXPECT_THROW(ArrayDataset(x, arange(3)), ShapeError);
  EXPECT_THROW(ArrayDataset::from_npz(root + "/a.npz", "x", "z"), ValueError);
  EXPECT_THROW(ArrayDataset::from_safetensors(root + "/a.safetensors", "z"), ValueError);
}

}  // namespace
}  // namespace hearth::data::datasets
