#include "hearth/io/weights.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"

namespace hearth {
namespace {

TEST(Weights, EveryFormatByItsContent) {
  const testing::TemporaryFolder folder;
  nn::StateDict out;
  out.insert("b.weight", arange(6).to(kFloat).view({2, 3}));
  out.insert("a", ones({}, kLong));
  for (const char* name : {"x.pt", "x.pth", "x.safetensors", "x.npz", "x.ckpt"}) {
    io::save_weights(out, folder / name);
    std::filesystem::rename(folder / name, folder / "renamed");  // the name says nothing to the reader
    const nn::StateDict in = io::load_weights(folder / "renamed");
    ASSERT_EQ(in.size(), 2U) << name;
    for (const auto& item : out) EXPECT_TRUE(equal(in[item.key()], item.value())) << name;
  }
  io::save_npy(out["a"], folder / "x.npy");
  EXPECT_TRUE(equal(io::load_weights(folder / "x.npy")["0"], out["a"]));
  io::save_sharded_safetensors({out, {}}, folder.path(), 10);
  EXPECT_EQ(io::load_weights(folder.path()).size(), 2U);
  testing::spit(folder / "text", "no weights at all");
  EXPECT_THROW(io::load_weights(folder / "text"), FileError);
  EXPECT_THROW(io::load_weights(folder / "none"), FileError);
  EXPECT_THROW(io::save_weights(out, folder / "x.bin"), ValueError);
}

TEST(Weights, FaultsAtEveryOperationLeaveTheOldOrTheNewFile) {
  const testing::TemporaryFolder folder;
  nn::StateDict old_one, new_one;
  old_one.insert("a", ones({700}));
  new_one.insert("a", zeros({900}));
  for (const char* name : {"x.pt", "x.safetensors", "x.npz", "x.ckpt"}) {
    const std::string path = folder / name;
    io::save_weights(old_one, path);
    const std::string before = testing::slurp(path);
    testing::FaultyFiles counted;
    {
      const FileOpsGuard guard(counted);
      io::save_weights(new_one, path);
    }
    const std::vector<std::string>& operations = counted.log;
    for (const int error : {EIO, ENOSPC})
      for (size_t at = 0; at < operations.size(); ++at) {
        testing::spit(path, before);
        testing::FaultyFiles faulty;
        faulty.fail_at = static_cast<int>(at);
        faulty.error = error;
        bool failed = false;
        try {
          const FileOpsGuard guard(faulty);
          io::save_weights(new_one, path);
        } catch (const FileError& e) {
          failed = true;
          EXPECT_NE(e.msg().find(name), std::string::npos) << e.msg();
        }
        const bool in_place = failed && operations[at] != "fsync_dir";
        EXPECT_EQ(testing::slurp(path) == before, in_place) << name << " " << operations[at] << " " << at;
        EXPECT_EQ(io::load_weights(path).size(), 1U);
      }
    EXPECT_GT(operations.size(), 8U) << name;
  }
}

TEST(Weights, NamesByShapeAndOrder) {
  nn::StateDict given, own;
  for (const int i : {0, 1, 2}) given.insert("layers." + std::to_string(i), full({2, 2}, i));
  given.insert("head", ones({3}));
  own.insert("head.bias", zeros({3}));
  for (const char* name : {"a", "b", "c"}) own.insert(name, zeros({2, 2}));
  const nn::StateDict matched = io::match_by_shape(given, own);
  EXPECT_EQ(matched.keys(), own.keys());
  EXPECT_EQ(matched["b"][0][0].item<int64_t>(), 1);
  EXPECT_TRUE(equal(matched["head.bias"], given["head"]));
  own.erase("c");
  own.insert("d", zeros({4}));
  try {
    io::match_by_shape(given, own);
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_NE(e.msg().find("[4] is left for d"), std::string::npos) << e.msg();
    EXPECT_NE(e.msg().find("layers.2 of shape [2, 2]"), std::string::npos) << e.msg();
  }
}

nn::StateDict shaped(const std::vector<std::pair<std::string, std::vector<int64_t>>>& list) {
  nn::StateDict out;
  for (const auto& [name, shape] : list) out.insert(name, full(shape, static_cast<double>(out.size())));
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(WeightNames, LastPartsAndNumbersDecideWhereOrderDoesNot) {
  // safetensors files hold names sorted as text, Python's modules in the order of their definition.
  const auto given = shaped({{"h.0.norm.bias", {4}},
                             {"h.0.norm.weight", {4}},
                             {"h.1.norm.bias", {4}},
                             {"h.1.norm.weight", {4}},
                             {"h.10.norm.bias", {4}},
                             {"h.10.norm.weight", {4}},
                             {"h.2.norm.bias", {4}},
                             {"h.2.norm.weight", {4}}});
  nn::StateDict own;
  for (const char* layer : {"a", "b", "c", "d"})
    for (const char* part : {"weight", "bias"}) own.insert(std::string(layer) + "." + part, zeros({4}));
  const io::NameMap map = io::propose_names(given, own);
  EXPECT_EQ(map.pairs, (Pairs{{"h.0.norm.weight", "a.weight"},
                              {"h.0.norm.bias", "a.bias"},
                              {"h.1.norm.weight", "b.weight"},
                              {"h.1.norm.bias", "b.bias"},
                              {"h.2.norm.weight", "c.weight"},
                              {"h.2.norm.bias", "c.bias"},
                              {"h.10.norm.weight", "d.weight"},
                              {"h.10.norm.bias", "d.bias"}}));
  EXPECT_TRUE(map.own_left.empty());
  EXPECT_TRUE(map.given_left.empty());
}

TEST(WeightNames, EqualNamesGoFirstAndLikeOnesWhereNumbersDiffer) {
  const auto given = shaped({{"x.q", {2, 2}}, {"x.k", {2, 2}}, {"same", {2, 2}}, {"large", {9}}});
  const auto own = shaped({{"same", {2, 2}}, {"y.k", {2, 2}}, {"other", {7}}});
  const io::NameMap map = io::propose_names(given, own);
  EXPECT_EQ(map.pairs, (Pairs{{"same", "same"}, {"x.k", "y.k"}}));
  EXPECT_EQ(map.own_left, std::vector<std::string>{"other"});
  EXPECT_EQ(map.given_left, (std::vector<std::string>{"x.q", "large"}));
  // Nothing in the last parts helps: of three, the two that are most like the others, in order.
  const auto three = shaped({{"stem.conv.a", {2}}, {"body.conv.b", {2}}, {"body.out.c", {2}}});
  const auto two = shaped({{"body.conv.x", {2}}, {"body.out.y", {2}}});
  EXPECT_EQ(io::propose_names(three, two).pairs, (Pairs{{"body.conv.b", "body.conv.x"}, {"body.out.c", "body.out.y"}}));
}

TEST(WeightNames, Rules) {
  const auto given = shaped({{"module.layers.3.w", {2}}, {"module.head", {3}}, {"step", {}}});
  const auto renamed = io::rename(given, {"module.layers.*.w=block*.weight", "step=", "/^module\\.(h.*)/=my_$1"});
  EXPECT_EQ(renamed.keys(), (std::vector<std::string>{"block3.weight", "my_head"}));
  EXPECT_TRUE(equal(renamed["my_head"], given["module.head"]));
  const auto refuses = [&](const std::string& rule, const char* part) {
    try {
      io::rename(given, {rule});
      ADD_FAILURE() << rule;
    } catch (const ValueError& e) {
      EXPECT_NE(e.msg().find(part), std::string::npos) << e.msg();
    }
  };
  refuses("module.head", "is no rule");
  refuses("=x", "is no rule");
  refuses("module.head=*", "more *");
  refuses("/(/=x", "no regular expression");
  refuses("modul=x", "fits no tensor");
  refuses("module.*=x", "would both be x");
  refuses("module?head=x", "fits no tensor");
}

}  // namespace
}  // namespace hearth
