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

}  // namespace
}  // namespace hearth
