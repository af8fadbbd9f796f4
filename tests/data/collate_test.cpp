#include "hearth/data/collate.h"

#include <gtest/gtest.h>

#include <map>
#include <unordered_map>

#include "hearth/data.h"
#include "hearth/data/samplers.h"
#include "hearth/data/wrappers.h"
#include "hearth/hearth.h"

namespace hearth::data {
namespace {

TEST(DefaultCollate, NumbersAndStrings) {
  EXPECT_TRUE(equal(default_collate(std::vector<int>{1, 2, 3}), tensor({1, 2, 3})));
  EXPECT_EQ(default_collate(std::vector<int>{1}).scalar_type(), kLong);
  EXPECT_EQ(default_collate(std::vector<uint8_t>{1}).scalar_type(), kLong);
  EXPECT_EQ(default_collate(std::vector<float>{1}).scalar_type(), kFloat);
  EXPECT_EQ(default_collate(std::vector<double>{1}).scalar_type(), kDouble);
  EXPECT_TRUE(equal(default_collate(std::vector<bool>{true, false}), tensor({true, false})));
  EXPECT_EQ(default_collate(std::vector<std::string>{"a", "b"}), (std::vector<std::string>{"a", "b"}));
}

TEST(DefaultCollate, NestedParts) {
  using Sample = std::tuple<Tensor, int, std::pair<std::string, double>>;
  const auto [t, n, p] = default_collate(std::vector<Sample>{{ones({2}), 1, {"x", .5}}, {zeros({2}), 2, {"y", .25}}});
  EXPECT_TRUE(equal(t, tensor({{1.0, 1.0}, {0.0, 0.0}})));
  EXPECT_TRUE(equal(n, tensor({1, 2})));
  EXPECT_EQ(p.first, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(equal(p.second, tensor({.5, .25}, kDouble)));
  const auto lists = default_collate(std::vector<std::vector<int>>{{1, 2}, {3, 4}, {5, 6}});
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_TRUE(equal(lists[1], tensor({2, 4, 6})));
  const auto maps = default_collate(std::vector<std::map<std::string, Tensor>>{{{"a", ones({1})}, {"b", zeros({2})}},
                                                                               {{"a", zeros({1})}, {"b", ones({2})}}});
  EXPECT_TRUE(equal(maps.at("a"), tensor({{1.0}, {0.0}})));
  const auto hashed = default_collate(std::vector<std::unordered_map<int, int>>{{{7, 1}}, {{7, 2}}});
  EXPECT_TRUE(equal(hashed.at(7), tensor({1, 2})));
  const Example<Tensor, Tensor> labelled =
      default_collate(std::vector<Example<Tensor, int>>{{ones({1}), 4}, {zeros({1}), 5}});
  EXPECT_TRUE(equal(labelled.target, tensor({4, 5})));
  const TensorExample plain = default_collate(std::vector<TensorExample>{ones({1}), zeros({1})});
  EXPECT_EQ(plain.data.sizes(), (std::vector<int64_t>{2, 1}));
}

TEST(DefaultCollate, SaysWhichSampleDiffers) {
  EXPECT_THROW(default_collate(std::vector<Tensor>{ones({2}), ones({3})}), ShapeError);
  const auto message = [](auto samples) -> std::string {
    try {
      default_collate(std::move(samples));
    } catch (const ValueError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(message(std::vector<std::vector<int>>{{1}, {1}, {1, 2}}).find("sample 2"), std::string::npos);
  EXPECT_NE(message(std::vector<std::map<int, int>>{{{1, 1}}, {{1, 1}, {2, 1}}}).find("sample 1"), std::string::npos);
  EXPECT_NE(message(std::vector<std::map<int, int>>{{{1, 1}}, {{2, 1}}}).find("sample 1"), std::string::npos);
}

TEST(PadCollate, FillsUpAndTellsLengths) {
  const PaddedTensor p = pad_tensors({ones({2, 1}), full({1, 3}, 2.0), full({3, 2}, 3.0)}, -1);
  EXPECT_EQ(p.data.sizes(), (std::vector<int64_t>{3, 3, 3}));
  EXPECT_TRUE(equal(p.lengths, tensor({2, 1, 3})));
  EXPECT_TRUE(equal(p.data[0], tensor({{1.0, -1.0, -1.0}, {1.0, -1.0, -1.0}, {-1.0, -1.0, -1.0}})));
  EXPECT_TRUE(equal(p.data[1][0], tensor({2.0, 2.0, 2.0})));
  EXPECT_EQ(pad_tensors({ones({3}), ones({1})}, 0, 8).data.sizes(), (std::vector<int64_t>{2, 8}));
  EXPECT_TRUE(equal(pad_tensors({ones({2}), ones({2})}).data, ones({2, 2})));
  const std::vector<Example<>> samples = {{ones({2}), tensor({5})}, {ones({1}), tensor({6, 7, 8})}};
  const PaddedBatch b = pad_collate(samples, PadOptions().target_value(-100));
  EXPECT_TRUE(equal(b.data, tensor({{1.0, 1.0}, {1.0, 0.0}})));
  EXPECT_TRUE(equal(b.target, tensor({{5, -100, -100}, {6, 7, 8}})));
  EXPECT_TRUE(equal(b.target_lengths, tensor({1, 3})));
  const PaddedBatch classes = pad_collate({{ones({2}), tensor(1)}, {ones({3}), tensor(0)}});
  EXPECT_TRUE(equal(classes.target, tensor({1, 0})));
  EXPECT_FALSE(classes.target_lengths.defined());
  EXPECT_THROW(pad_tensors({}), ValueError);
  EXPECT_THROW(pad_tensors({ones({2}), ones({2, 2})}), ShapeError);
  EXPECT_THROW(pad_tensors({tensor(1.0)}), ShapeError);
  EXPECT_THROW(pad_tensors({ones({2}), ones({2}, kDouble)}), DtypeError);
  EXPECT_THROW(pad_tensors({ones({2})}, 0, 0), ValueError);
}

/// Words of unequal length.
struct Words : datasets::Dataset<Words> {
  Example<> get(size_t index) override {
    return {full({static_cast<int64_t>(index % 3 + 1)}, static_cast<double>(index)),
            tensor(static_cast<int64_t>(index))};
  }
  std::optional<size_t> size() const override { return 7; }
};

TEST(PadCollate, WorksInALoader) {
  for (const size_t workers : {0U, 2U}) {
    auto loader = make_data_loader<samplers::SequentialSampler>(Words().map(transforms::PadCollate()),
                                                                DataLoaderOptions(3).workers(workers));
    std::vector<int64_t> widths;
    for (auto& batch : *loader) widths.push_back(batch.data.size(1));
    EXPECT_EQ(widths, (std::vector<int64_t>{3, 3, 1}));
  }
}

TEST(StackInPlace, GivesWhatStackGives) {
  struct Mixed : datasets::Dataset<Mixed> {
    explicit Mixed(int k) : kind(k) {}
    Example<> get(size_t i) override {
      const auto x = static_cast<double>(i);
      if (kind == 0) return {full({2, 3}, x).t(), tensor(x)};                     // strides
      if (kind == 1) return {full({2}, x, i % 2 ? kDouble : kFloat), tensor(x)};  // dtypes
      if (kind == 2) return {full({2}, x).requires_grad_(), tensor(x)};           // gradients
      if (kind == 3) return {full({0, 2}, x), tensor(x)};                         // nothing
      return {full({static_cast<int64_t>(i == 3 ? 5 : 2)}, x), tensor(x)};        // shapes
    }
    std::optional<size_t> size() const override { return 6; }
    int kind;
  };
  const size_t indices[] = {0, 1, 2, 3, 4, 5};
  for (int kind = 0; kind < 4; ++kind) {
    const Example<> expected = Mixed(kind).map(transforms::Stack<>()).get_batch(indices);
    for (const size_t workers : {0U, 2U}) {
      auto loader = make_data_loader<samplers::SequentialSampler>(Mixed(kind).map(transforms::Stack<>()),
                                                                  DataLoaderOptions(6).workers(workers));
      const Example<> batch = *loader->begin();
      EXPECT_EQ(batch.data.scalar_type(), expected.data.scalar_type());
      EXPECT_EQ(batch.data.requires_grad(), expected.data.requires_grad());
      EXPECT_TRUE(equal(batch.data, expected.data)) << kind;
      EXPECT_TRUE(equal(batch.target, expected.target)) << kind;
    }
  }
  auto ragged =
      make_data_loader<samplers::SequentialSampler>(Mixed(4).map(transforms::Stack<>()), DataLoaderOptions(6));
  EXPECT_THROW(*ragged->begin(), ShapeError);
}

TEST(StackInPlace, NormalizesAsTheTransformDoes) {
  manual_seed(9);
  const Tensor images = randn({20, 3, 5, 7}), targets = arange(20);
  struct Plain : datasets::Dataset<Plain> {
    Plain(Tensor x, Tensor y) : images(std::move(x)), targets(std::move(y)) {}
    Example<> get(size_t i) override { return {images[static_cast<int64_t>(i)], targets[static_cast<int64_t>(i)]}; }
    std::optional<size_t> size() const override { return static_cast<size_t>(images.size(0)); }
    Tensor images, targets;
  };
  const size_t indices[] = {4, 0, 19, 7};
  const auto same = [&](auto dataset, const transforms::Normalize<>& normalize) {
    const Example<> expected = dataset.map(normalize).map(transforms::Stack<>()).get_batch(indices);
    auto loader = make_data_loader(dataset.map(normalize).map(transforms::Stack<>()),
                                   samplers::BatchSampler(samplers::SequentialSampler(20), 20), DataLoaderOptions());
    const Example<> batch = *loader->begin();
    const Tensor rows = tensor({4, 0, 19, 7});
    EXPECT_EQ(batch.data.sizes().vec()[0], 20);
    EXPECT_TRUE(equal(batch.data.index_select(0, rows), expected.data));
    EXPECT_TRUE(equal(batch.target.index_select(0, rows), expected.target));
  };
  const transforms::Normalize<> one(0.3, 0.7), three({0.1, 0.2, 0.3}, {1.0, 3.0, 0.9});
  same(Plain(images, targets), one);
  same(Plain(images, targets), three);
  same(Plain(images.to(kDouble), targets), three);                // not floats
  same(Plain(images.select(1, 0), targets), one);                 // [5, 7] becomes [1, 5, 7]
  same(Plain(images.select(1, 0).unsqueeze(1), targets), three);  // one channel becomes three
  same(Plain(images.transpose(2, 3), targets), three);            // strides
  same(datasets::TensorPairDataset(images, targets), one);        // rows
  same(datasets::TensorPairDataset(images, targets), three);
  same(datasets::TensorPairDataset(images.to(kDouble), targets), three);
  same(datasets::TensorPairDataset(images.transpose(2, 3), targets), three);
  auto out_of_range = make_data_loader(datasets::TensorPairDataset(images, targets).map(transforms::Stack<>()),
                                       samplers::SequentialSampler(21), DataLoaderOptions(21));
  EXPECT_THROW(*out_of_range->begin(), IndexError);
}

}  // namespace
}  // namespace hearth::data
