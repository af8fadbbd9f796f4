#include "hearth/data.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include "base/faulty_files.h"
#include "hearth/hearth.h"

namespace hearth::data {
namespace {

using hearth::testing::spit;
using hearth::testing::TemporaryFolder;

using datasets::Digits;
using datasets::MNIST;

struct Numbers : datasets::Dataset<Numbers> {
  explicit Numbers(int64_t n) : count(n) {}
  Example<> get(size_t index) override {
    if (index == 13 && count == 14) throw ValueError("[numbers] sample 13 is bad");
    return {full({2}, static_cast<double>(index)) + rand({2}) * 0.5, tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return static_cast<size_t>(count); }
  int64_t count;
};

std::vector<Example<>> epoch(int64_t n, size_t workers, size_t jobs = 0) {
  auto options = DataLoaderOptions().batch_size(4).workers(workers);
  if (jobs > 0) options.max_jobs(jobs);
  auto loader = make_data_loader<samplers::SequentialSampler>(Numbers(n).map(transforms::Stack<>()), options);
  std::vector<Example<>> out;
  for (auto& batch : *loader) out.push_back(batch);
  return out;
}

TEST(Loader, GivesEverySampleOnceInOrder) {
  const auto batches = epoch(10, 0);
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_TRUE(equal(batches[1].target, tensor({4, 5, 6, 7})));
  EXPECT_EQ(batches[2].data.sizes(), (std::vector<int64_t>{2, 2}));
}

TEST(Loader, BatchesAreTheSameForAnyNumberOfWorkers) {
  manual_seed(3);
  const auto plain = epoch(37, 0);
  for (const size_t workers : {1U, 2U, 4U})
    for (const size_t jobs : {0U, 1U, 9U}) {
      const auto threaded = epoch(37, workers, jobs);
      ASSERT_EQ(threaded.size(), plain.size());
      for (size_t i = 0; i < plain.size(); ++i) EXPECT_TRUE(equal(plain[i].data, threaded[i].data)) << workers;
    }
}

TEST(Loader, RandomOrderIsAPermutationEachEpoch) {
  auto loader = make_data_loader(Numbers(20).map(transforms::Stack<>()), DataLoaderOptions(3).workers(2));
  std::vector<int64_t> first;
  for (int e = 0; e < 2; ++e) {
    std::set<int64_t> seen;
    std::vector<int64_t> order;
    for (auto& batch : *loader)
      for (int64_t i = 0; i < batch.target.size(0); ++i) order.push_back(batch.target[i].item<int64_t>());
    seen.insert(order.begin(), order.end());
    EXPECT_EQ(seen.size(), 20U);
    if (e == 1) {
      EXPECT_NE(order, first);
    }
    first = order;
  }
}

TEST(Loader, DropLastAndBreakEarly) {
  auto loader = make_data_loader<samplers::SequentialSampler>(Numbers(10).map(transforms::Stack<>()),
                                                              DataLoaderOptions(4).drop_last(true).workers(2));
  size_t count = 0;
  for (auto& batch : *loader) count += static_cast<size_t>(batch.target.size(0));
  EXPECT_EQ(count, 8U);
  for (int i = 0; i < 20; ++i)
    for (auto& batch : *loader) {
      EXPECT_EQ(batch.target[0].item<int64_t>(), 0);
      break;
    }
}

TEST(Loader, CarriesExceptionsOnce) {
  auto loader = make_data_loader<samplers::SequentialSampler>(Numbers(14), DataLoaderOptions(2).workers(2));
  size_t good = 0, bad = 0;
  auto it = loader->begin();
  for (int i = 0; i < 7; ++i) {
    try {
      good += (*it).size();
      ++it;
    } catch (const WorkerException& e) {
      ++bad;
      EXPECT_NE(std::string(e.what()).find("sample 13"), std::string::npos);
      EXPECT_THROW(std::rethrow_exception(e.original_exception), ValueError);
    }
  }
  EXPECT_EQ(good, 12U);
  EXPECT_EQ(bad, 1U);
}

struct Slow : datasets::Dataset<Slow> {
  Example<> get(size_t) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return {};
  }
  std::optional<size_t> size() const override { return 4; }
};

TEST(Loader, TimesOutAndRefusesNonsense) {
  auto loader = make_data_loader<samplers::SequentialSampler>(
      Slow(), DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(10)));
  auto it = loader->begin();
  EXPECT_THROW(*it, Error);
  EXPECT_THROW(make_data_loader(Numbers(3), DataLoaderOptions(0)), ValueError);
  EXPECT_THROW(make_data_loader(Numbers(3), DataLoaderOptions(1).workers(1).max_jobs(0)), ValueError);
}

TEST(Loader, OutOfOrderAndShared) {
  auto shared = datasets::make_shared_dataset<Numbers>(8);
  auto loader =
      make_data_loader<samplers::SequentialSampler>(shared, DataLoaderOptions(2).workers(2).enforce_ordering(false));
  std::set<int64_t> seen;
  for (auto& batch : *loader)
    for (auto& e : batch) seen.insert(e.target.item<int64_t>());
  EXPECT_EQ(seen.size(), 8U);
  EXPECT_EQ(*shared.size(), 8U);
  loader->join();
  EXPECT_THROW(loader->begin(), ValueError);
}

TEST(Transforms, ComposeBySampleAndBatch) {
  auto dataset = datasets::TensorDataset(arange(6, kFloat).view({3, 2}))
                     .map(transforms::TensorLambda<example::NoTarget>([](Tensor x) { return x * 2; }))
                     .map(transforms::Stack<TensorExample>());
  const size_t indices[] = {0, 2};
  EXPECT_TRUE(equal(dataset.get_batch(indices).data, tensor({{0.0, 2.0}, {8.0, 10.0}})));
  transforms::Normalize<> normalize({1.0, 2.0}, {2.0, 4.0});
  EXPECT_TRUE(equal(normalize(full({2, 1, 1}, 3.0)), tensor({1.0, 0.25}).view({2, 1, 1})));
  transforms::Lambda<int> add([](int x) { return x + 1; });
  EXPECT_EQ(add.apply_batch({1, 2}), (std::vector<int>{2, 3}));
  transforms::BatchLambda<std::vector<int>, int> sum([](std::vector<int> v) { return v[0] + v[1]; });
  EXPECT_EQ(sum.apply_batch({1, 2}), 3);
}

TEST(Samplers, DrawAsRandperm) {
  manual_seed(42);
  samplers::RandomSampler sampler(10);
  EXPECT_EQ(*sampler.next(3), (std::vector<size_t>{2, 6, 1}));
  EXPECT_EQ(sampler.index(), 3U);
  sampler.reset(4);
  EXPECT_EQ(sampler.next(10)->size(), 4U);
  EXPECT_FALSE(sampler.next(1));
  samplers::SequentialSampler plain(3);
  EXPECT_EQ(*plain.next(2), (std::vector<size_t>{0, 1}));
  plain.reset();
  EXPECT_EQ(plain.index(), 0U);
}

TEST(DigitsDataset, IsMadeFromItsSeedAlone) {
  const Digits a(50, 1), b(20, 1), c(20, 2);
  EXPECT_TRUE(equal(a.images().narrow(0, 0, 20), b.images()));
  EXPECT_FALSE(equal(b.images(), c.images()));
  EXPECT_GE(a.images().min().item<float>(), 0);
  EXPECT_LE(a.images().max().item<float>(), 1);
  EXPECT_EQ(one_hot(Digits(500).targets(), 10).sum(0).gt(20).all().item<bool>(), true);
  for (int64_t i = 0; i < 50; ++i) EXPECT_GT(a.images()[i].sum().item<float>(), 10) << "something is drawn";
}

std::string big_endian(uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}
std::string images(uint32_t n) {
  return big_endian(0x803) + big_endian(n) + big_endian(2) + big_endian(2) + std::string(n * 4, '\x80');
}
std::string labels(uint32_t n) {
  std::string out = big_endian(0x801) + big_endian(n);
  for (uint32_t i = 0; i < n; ++i) out += static_cast<char>(i % 10);
  return out;
}

struct MnistFolder {
  void write(const std::string& image_bytes, const std::string& label_bytes) const {
    spit(folder.path().string() + "/train-images-idx3-ubyte", image_bytes);
    spit(folder.path().string() + "/train-labels-idx1-ubyte", label_bytes);
  }
  TemporaryFolder folder;
};

TEST(MnistDataset, ReadsPlainAndGzipped) {
  const MnistFolder f;
  f.write(images(12), labels(12));
  const MNIST plain(f.folder.path().string());
  EXPECT_EQ(plain.images().sizes(), (std::vector<int64_t>{12, 1, 2, 2}));
  EXPECT_NEAR(plain.images()[0][0][0][0].item<float>(), 128.0 / 255, 1e-6);
  EXPECT_EQ(plain.targets()[11].item<int64_t>(), 1);
  EXPECT_TRUE(plain.is_train());
  for (const auto& [name, bytes] :
       {std::pair{"t10k-images-idx3-ubyte.gz", images(3)}, {"t10k-labels-idx1-ubyte.gz", labels(3)}}) {
    gzFile z = gzopen((f.folder.path().string() + "/" + name).c_str(), "wb");
    gzwrite(z, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(z);
  }
  EXPECT_EQ(*MNIST(f.folder.path().string(), MNIST::Mode::kTest).size(), 3U);
}

TEST(MnistDataset, RefusesDamageWithFileAndOffset) {
  const auto refuses = [](const std::string& image_bytes, const std::string& label_bytes, int64_t offset) {
    const MnistFolder f;
    f.write(image_bytes, label_bytes);
    try {
      const MNIST m(f.folder.path().string());
      ADD_FAILURE() << "nothing was thrown";
    } catch (const FileError& e) {
      EXPECT_EQ(e.offset, offset) << e.what();
      EXPECT_NE(std::string(e.what()).find(f.folder.path().string()), std::string::npos);
    }
  };
  std::string wrong_label = labels(5);
  wrong_label[10] = 12;
  refuses(images(5).substr(0, 30), labels(5), 30);
  refuses(images(5) + "x", labels(5), 36);
  refuses(images(5).substr(0, 7), labels(5), 7);
  refuses(labels(5) + std::string(20, 'x'), labels(5), 13);
  refuses(labels(5), labels(5), 2);
  refuses(images(5), wrong_label, 10);
  refuses(images(5), labels(4), -1);
  refuses(big_endian(0x803) + big_endian(0xffffffff) + big_endian(0xffffffff) + big_endian(0xffffffff), labels(1), 16);
  EXPECT_THROW(MNIST("/nowhere"), FileError);
}

TEST(MnistDataset, RealFiles) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const MNIST m(std::string(data) + "/mnist-10k", MNIST::Mode::kTest);
  EXPECT_EQ(m.images().sizes(), (std::vector<int64_t>{10000, 1, 28, 28}));
  EXPECT_EQ(m.targets()[0].item<int64_t>(), 7);
  EXPECT_NEAR(m.images().mean().item<float>(), 0.1325, 1e-3);
}

}  // namespace
}  // namespace hearth::data
