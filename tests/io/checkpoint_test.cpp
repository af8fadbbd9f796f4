#include "hearth/io/checkpoint.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "hearth/hearth.h"

namespace hearth {
namespace {

using testing::CrashStates;
using testing::FaultyFiles;
using testing::slurp;
using testing::spit;
using testing::TemporaryFolder;

constexpr ScalarType kEvery[] = {kByte, kChar, kShort, kUInt16, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16};

/// What a training keeps, some 20 KB of it, told apart by its step.
IValue training(int64_t step) {
  const Tensor weight = arange(1500).to(kFloat).view({50, 30}) + step, moment = weight * 2;
  return IValue::Dict{
      {"step", step},
      {"metric", 1.0 / static_cast<double>(step + 1)},
      {"config", IValue::Dict{{"name", "caf\xc3\xa9"}, {"lr", 0.1}, {"layers", std::vector<int64_t>{1, 2}}}},
      {"model", IValue::Dict{{"fc.weight", weight}, {"tied", weight}, {"row", weight[3]}, {"none", ones({0, 4})}}},
      {"optimizer", IValue::Dict{{"moment", moment}, {"flags", ones({13}, kBool)}, {"count", full({}, step, kLong)}}},
      {"generator", arange(2000).to(kByte)}};
}

void expect_training(const IValue& got, int64_t step) {
  const IValue expected = training(step);
  EXPECT_EQ(got.at("step").toInt(), step);
  EXPECT_EQ(got.at("config").at("name").toStringRef(), "caf\xc3\xa9");
  for (const char* name : {"fc.weight", "tied", "row", "none"})
    EXPECT_TRUE(equal(got.at("model").at(name).toTensor(), expected.at("model").at(name).toTensor())) << name;
  for (const char* name : {"moment", "flags", "count"})
    EXPECT_TRUE(equal(got.at("optimizer").at(name).toTensor(), expected.at("optimizer").at(name).toTensor())) << name;
  EXPECT_TRUE(equal(got.at("generator").toTensor(), expected.at("generator").toTensor()));
}

/// The message of the FileError that reading these bytes must give, "" where they are read without one.
std::string refusal(const std::string& bytes) {
  try {
    io::from_checkpoint(bytes, "x.ckpt");
  } catch (const FileError& e) {
    EXPECT_GE(e.offset, 0) << e.what();
    return e.msg();
  }
  return {};
}

TEST(Checkpoint, RoundTripsEveryDtypeShapeStrideAndTie) {
  for (const ScalarType t : kEvery) {
    const std::vector<Tensor> all = {ones({}, t), ones({0, 3}, t), arange(24).view({1, 2, 3, 2, 2}).to(t),
                                     arange(6).view({2, 3}).to(t).t(), arange(12).to(t).slice(0, 3, 11, 2)};
    const IValue back = io::from_checkpoint(io::to_checkpoint(all), "memory");
    for (size_t i = 0; i < all.size(); ++i) {
      const Tensor& got = back.toListRef()[i].toTensor();
      EXPECT_EQ(got.scalar_type(), t);
      EXPECT_EQ(got.strides(), all[i].strides()) << i;
      EXPECT_TRUE(equal(got, all[i])) << dtype_name(t) << " " << i;
    }
  }
  const IValue back = io::from_checkpoint(io::to_checkpoint(training(7)), "memory");
  expect_training(back, 7);
  back.at("model").at("tied").toTensor().fill_(5);
  EXPECT_EQ(back.at("model").at("fc.weight").toTensor()[0][0].item<float>(), 5);
  EXPECT_EQ(back.at("model").at("row").toTensor()[0].item<float>(), 5);
}

TEST(Checkpoint, EveryFlippedByteIsFoundAndPlaced) {
  const std::string bytes = io::to_checkpoint(training(7));
  ASSERT_GT(bytes.size(), 15000U);
  ASSERT_LT(bytes.size(), 50000U);
  size_t named = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    const std::string message = refusal(bad);
    ASSERT_NE(message, "") << "byte " << i;
    named += message.find("tensor \"") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(named, 14000U) << "bytes of tensors are told with the tensor's name";
  std::string bad = bytes;
  const size_t at = bytes.size() - 500;  // in the last tensor
  bad[at] = static_cast<char>(bad[at] ^ 1);
  EXPECT_NE(refusal(bad).find("\"generator\""), std::string::npos) << refusal(bad);
}

TEST(Checkpoint, EveryTruncationAndAppendedByteIsFound) {
  const std::string bytes = io::to_checkpoint(training(7));
  for (size_t i = 0; i < bytes.size(); ++i) ASSERT_NE(refusal(bytes.substr(0, i)), "") << i;
  for (const std::string& more : {std::string("x"), std::string(64, '\0'), bytes})
    EXPECT_NE(refusal(bytes + more).find("bytes"), std::string::npos);
  EXPECT_NE(refusal("x" + bytes), "");
}

TEST(Checkpoint, SwappedTensorsAreFoundByName) {
  const std::string bytes = io::to_checkpoint(IValue::Dict{{"a", arange(32).to(kFloat)}, {"b", ones({32})}});
  const size_t a = bytes.size() - 16 - 256, b = a + 128;
  std::string bad = bytes;
  bad.replace(a, 128, bytes.substr(b, 128)).replace(b, 128, bytes.substr(a, 128));
  EXPECT_NE(refusal(bad).find("tensor \"a\" (bytes " + std::to_string(a)), std::string::npos) << refusal(bad);
}

TEST(Checkpoint, FaultsAtEveryOperationLeaveTheOldOrTheNewFile) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.ckpt";
  FaultyFiles counted;
  {
    const FileOpsGuard guard(counted);
    io::save_checkpoint(training(1), path);
  }
  const std::string old = slurp(path);
  int typed = 0;
  for (const int error : {EIO, ENOSPC, EDQUOT, 0}) {
    for (int at = 0; at < static_cast<int>(counted.log.size()); ++at) {
      spit(path, old);
      FaultyFiles faulty;
      faulty.fail_at = at;
      faulty.error = error;
      bool failed = false;
      try {
        const FileOpsGuard guard(faulty);
        io::save_checkpoint(training(2), path);
      } catch (const FileError& e) {
        failed = true;
        EXPECT_NE(e.path, "");
        ++typed;
      }
      const bool in_place = failed && counted.log[static_cast<size_t>(at)] != "fsync_dir";
      EXPECT_EQ(slurp(path) == old, in_place) << counted.log[static_cast<size_t>(at)] << " " << at;
      EXPECT_EQ(refusal(slurp(path)), "");
    }
  }
  EXPECT_GT(typed, 60);
}

TEST(Checkpoint, EveryCrashStateLoadsTheOldOrTheNewOne) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.ckpt";
  io::save_checkpoint(training(1), path);
  const CrashStates::Contents before = {{path, slurp(path)}};
  FaultyFiles watched;
  {
    const FileOpsGuard guard(watched);
    io::save_checkpoint(training(2), path);
  }
  int states = 0, fresh = 0;
  CrashStates::visit(before, watched.changes, [&](const CrashStates::Contents& contents) {
    const IValue content = io::from_checkpoint(contents.at(path), path);
    const int64_t step = content.at("step").toInt();
    EXPECT_TRUE(step == 1 || step == 2);
    fresh += step == 2 ? 1 : 0;
    ++states;
  });
  EXPECT_GT(states, 50);
  EXPECT_GT(fresh, 0);
}

TEST(Checkpoint, FindsTheLatestValidOneAndSaysWhatItPassedOver) {
  const TemporaryFolder folder;
  EXPECT_EQ(io::find_latest(folder.path()).path, "");
  for (const int64_t step : {5, 20, 100, 3})
    io::save_checkpoint(training(step), folder / ("s" + std::to_string(step) + ".ckpt"));
  spit(folder / "notes.txt", "not one");
  spit(folder / "s400.ckpt.tmp", "half written");
  EXPECT_EQ(io::find_latest(folder.path()).step, 100);
  std::string bad = slurp(folder / "s100.ckpt");
  bad[bad.size() - 100] = static_cast<char>(bad[bad.size() - 100] ^ 4);
  spit(folder / "s100.ckpt", bad);
  spit(folder / "s20.ckpt", slurp(folder / "s20.ckpt").substr(0, 1000));
  const io::FoundCheckpoint found = io::find_latest(folder.path());
  EXPECT_EQ(found.path, std::string(folder / "s5.ckpt"));
  expect_training(found.content, 5);
  ASSERT_EQ(found.rejected.size(), 2U);
  for (const auto& r : found.rejected) EXPECT_NE(r.why.find(r.path), std::string::npos) << r.why;
  EXPECT_THROW(io::find_latest(folder / "none"), FileError);
}

TEST(Checkpoint, TheLatestIsFoundByContentWhateverItsName) {
  const TemporaryFolder folder;
  io::save_checkpoint(training(7), folder / "step-00000900.ckpt");
  io::save_checkpoint(training(900), folder / "a.ckpt");
  EXPECT_EQ(io::find_latest(folder.path()).path, std::string(folder / "a.ckpt"));
}

TEST(Checkpoint, PruningKeepsTheLastAndTheBest) {
  const TemporaryFolder folder;
  const auto names = [&] {
    std::vector<std::string> out;
    for (const auto& e : std::filesystem::directory_iterator(folder.path()))
      out.push_back(e.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  };
  for (const int64_t step : {1, 2, 3, 4, 5}) {
    IValue content = training(step);
    content.toGenericDict()[1].second = IValue(step == 2 ? 0.1 : 0.5);
    io::save_checkpoint(content, folder / ("s" + std::to_string(step) + ".ckpt"));
  }
  spit(folder / "s9.ckpt", "damaged");
  io::PruneOptions options;
  options.keep_last = 2;
  EXPECT_EQ(io::prune_checkpoints(folder.path(), options).size(), 2U);
  EXPECT_EQ(names(), (std::vector<std::string>{"s2.ckpt", "s4.ckpt", "s5.ckpt", "s9.ckpt"}));
  options.keep_last = 1;
  options.keep_best = 0;
  EXPECT_EQ(io::prune_checkpoints(folder.path(), options),
            (std::vector<std::string>{folder / "s2.ckpt", folder / "s4.ckpt"}));
  options.keep_last = 0;
  EXPECT_THROW(io::prune_checkpoints(folder.path(), options), ValueError);
}

}  // namespace
}  // namespace hearth
