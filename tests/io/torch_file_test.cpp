#include "hearth/io/torch_file.h"

#include <gtest/gtest.h>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"
#include "io/zip.h"

namespace hearth {
namespace {

using hearth::testing::TemporaryFolder;
using std::string_literals::operator""s;

constexpr ScalarType kEvery[] = {kByte, kChar, kShort, kUInt16, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16};

IValue round_trip(const IValue& value) { return io::load_pt(io::to_pt(value), "memory"); }

/// An archive of a pickle and of storages "0", "1", ..., as PyTorch lays them out.
std::string archive(const std::string& pickle, const std::vector<std::string>& storages = {}) {
  std::string out;
  io::ZipWriter zip([&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  zip.add("archive/data.pkl", pickle);
  for (size_t i = 0; i < storages.size(); ++i) zip.add("archive/data/" + std::to_string(i), storages[i]);
  zip.finish();
  return out;
}

/// Reads it, which must throw a FileError, and gives its message.
std::string refusal(const std::string& bytes) {
  try {
    io::load_pt(bytes, "x.pt");
  } catch (const FileError& e) {
    EXPECT_GE(e.offset, 0) << e.what();
    return e.msg();
  }
  ADD_FAILURE() << "read without an error";
  return {};
}

TEST(TorchFile, RoundTripsEveryDtypeAndShape) {
  for (const ScalarType t : kEvery) {
    const std::vector<Tensor> all = {ones({}, t),
                                     ones({0, 3}, t),
                                     arange(24).view({1, 2, 3, 2, 2}).to(t),
                                     arange(6).view({2, 3}).to(t).t(),
                                     arange(12).to(t).slice(0, 3, 11, 2),
                                     ones({1}, t).expand({3, 4})};
    const IValue back = round_trip(all);
    for (size_t i = 0; i < all.size(); ++i) {
      const Tensor& got = back.toListRef()[i].toTensor();
      EXPECT_EQ(got.scalar_type(), t);
      EXPECT_EQ(got.strides(), all[i].strides()) << i;
      EXPECT_TRUE(equal(got, all[i])) << dtype_name(t) << " " << i;
    }
  }
}

TEST(TorchFile, TensorsOnOneMemoryShareItAgain) {
  const Tensor whole = arange(1000).to(kFloat), first = whole.slice(0, 10, 20), second = whole.slice(0, 15, 30);
  const std::string bytes = io::to_pt(std::vector<Tensor>{first, second, first.view({2, 5})});
  EXPECT_LT(bytes.size(), 2500U) << "only what is in use is written";
  const std::vector<IValue> back = io::load_pt(bytes, "memory").toListRef();
  back[0].toTensor().fill_(7);
  EXPECT_EQ(back[1].toTensor()[4].item<float>(), 7);
  EXPECT_EQ(back[1].toTensor()[5].item<float>(), 20);
  EXPECT_EQ(back[2].toTensor()[1][4].item<float>(), 7);
}

TEST(TorchFile, EveryKindOfValueNested) {
  const IValue value =
      IValue::Dict{{"none", IValue()},
                   {"flags", IValue::Tuple{{true, false}}},
                   {"numbers", std::vector<IValue>{0, 255, 256, -1, int64_t{1} << 40, INT64_MIN, 0.5, -1e300}},
                   {"text", "caf\xc3\xa9 \n"},
                   {"inner", IValue::Dict{{int64_t{3}, "three"}, {int64_t{-4}, std::vector<int64_t>{1, 2}}}},
                   {"empty", IValue::Dict()}};
  const IValue back = round_trip(value);
  EXPECT_TRUE(back.at("none").isNone());
  EXPECT_FALSE(back.at("flags").toTupleRef()[1].toBool());
  const std::vector<IValue>& numbers = back.at("numbers").toListRef();
  EXPECT_EQ(numbers[2].toInt(), 256);
  EXPECT_EQ(numbers[3].toInt(), -1);
  EXPECT_EQ(numbers[4].toInt(), int64_t{1} << 40);
  EXPECT_EQ(numbers[5].toInt(), INT64_MIN);
  EXPECT_EQ(numbers[7].toDouble(), -1e300);
  EXPECT_EQ(back.at("text").toStringRef(), "caf\xc3\xa9 \n");
  EXPECT_EQ(back.at("inner").find(3)->toStringRef(), "three");
  EXPECT_EQ(back.at("inner").find(-4)->toListRef()[1].toInt(), 2);
  EXPECT_THROW(back.at("nothing"), ValueError);
}

TEST(TorchFile, KeepsRequiresGrad) {
  const IValue back = round_trip(std::vector<Tensor>{ones({2}).requires_grad_(), ones({2})});
  EXPECT_TRUE(back.toListRef()[0].toTensor().requires_grad());
  EXPECT_TRUE(back.toListRef()[0].toTensor().is_leaf());
  EXPECT_FALSE(back.toListRef()[1].toTensor().requires_grad());
}

TEST(TorchFile, NothingIsExecuted) {
  const std::string called =
      refusal(archive("\x80\x02"
                      "cos\nsystem\nX\x04\x00\x00\x00trueq\x00\x85R."s));
  EXPECT_NE(called.find("os.system"), std::string::npos) << called;
  EXPECT_NE(called.find("state_dict"), std::string::npos) << called;
  EXPECT_NE(refusal(archive("\x80\x02i__main__\nX\n."s)).find("0x69"), std::string::npos) << "INST";
  // An object of an unknown class is its attributes.
  const IValue object = io::load_pt(archive("\x80\x02"
                                            "c__main__\nThing\n)\x81}X\x01\x00\x00\x00nK\x05sb."s),
                                    "memory");
  EXPECT_EQ(object.at("n").toInt(), 5);
}

std::string text(const std::string& t) {
  return "X" + std::string(1, static_cast<char>(t.size())) + std::string(3, '\0') + t;
}
/// A float tensor on storage "0" of `numel` elements.
std::string tensor(const std::string& numel, const std::string& offset, const std::string& sizes,
                   const std::string& strides, const std::string& type = "torch\nFloatStorage") {
  return "\x80\x02"
         "ctorch._utils\n_rebuild_tensor_v2\n((" +
         text("storage") + "c" + type + "\n" + text("0") + text("cpu") + numel + "tQ" + offset + "(" + sizes + "t(" +
         strides +
         "t\x89"
         "ccollections\nOrderedDict\n)RtR.";
}

TEST(TorchFile, RefusesDamage) {
  const std::string two(8, '\0'), n2 = "K\x02", n1 = "K\x01", n0("K\0", 2),
                                  huge = "\x8a\x08" + std::string(7, '\0') + "\x40";
  EXPECT_NO_THROW(io::load_pt(archive(tensor(n2, n0, n2, n1), {two}), "f"));
  const std::vector<std::pair<const char*, std::string>> bad = {
      {"a size beyond", tensor(n2, n0, "K\x03", n1)},
      {"a stride beyond", tensor(n2, n0, n2, n2)},
      {"an offset beyond", tensor(n2, n1, n2, n1)},
      {"a negative offset", tensor(n2, "J\xff\xff\xff\xff", n2, n1)},
      {"a negative size", tensor(n2, n0, "J\xff\xff\xff\xff", n1)},
      {"a product that overflows", tensor(n2, n0, huge + huge, n0 + n0)},
      {"a stride that overflows", tensor(n2, n0, n2 + n2, huge + huge)},
      {"sizes without strides", tensor(n2, n0, n2, "")},
      {"a storage of another size", tensor(n1, n0, n1, n1)},
      {"a complex storage", tensor(n2, n0, n2, n1, "torch\nComplexFloatStorage")},
      {"a class that is no storage", tensor(n2, n0, n2, n1, "os\nFloatStorage")},
      {"no pickle", ""},
      {"no protocol", "N"},
      {"a later protocol", "\x80\x04N."},
      {"no value", "\x80\x02."},
      {"two values", "\x80\x02NN."},
      {"an open mark", "\x80\x02(N."},
      {"bytes behind it", "\x80\x02N.N"},
      {"a string beyond it",
       "\x80\x02X\xff\xff\xff\x7f"
       "a."},
      {"a value that was never named", "\x80\x02h\x05."},
      {"a name far away", "\x80\x02Nr\xff\xff\xff\x0f."},
      {"a key without a value", "\x80\x02}(K\x01u."},
      {"a list as a key", "\x80\x02}(]K\x01u."},
      {"items of a number",
       "\x80\x02K\x01K\x02"
       "a."},
      {"a list in itself",
       "\x80\x02]q\x01h\x01"
       "a."},
      {"an integer of nine bytes",
       "\x80\x02\x8a\x09"
       "123456789."},
      {"a storage alone",
       "\x80\x02(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\x02tQ."}};
  for (const auto& [what, pickle] : bad)
    EXPECT_NE(refusal(archive(pickle, {two})).find("x.pt"), std::string::npos) << what;
  EXPECT_NE(refusal(archive(tensor(n2, n0, n2, n1))).find("\"0\""), std::string::npos) << "no storage";
  EXPECT_THROW(io::load_pt("", "x.pt"), FileError);
}

TEST(TorchFile, EveryFlippedByteAndTruncationIsAnErrorOrChangesNothing) {
  const Tensor t = arange(50).to(kFloat);
  const std::string bytes = io::to_pt(IValue::Dict{{"t", t}, {"n", 5}});
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x11);
    try {
      const IValue back = io::load_pt(bad, "x.pt");
      EXPECT_TRUE(equal(back.at("t").toTensor(), t) && back.at("n").toInt() == 5) << "byte " << i;
    } catch (const FileError&) {
    }
    EXPECT_THROW(io::load_pt(bytes.substr(0, i), "x.pt"), FileError) << i;
  }
}

TEST(TorchFile, AListThatHoldsItselfManyTimesNeedsNoMemory) {
  std::string bomb = "\x80\x02]q\x00"s;
  for (char i = 1; i < 60; ++i) {  // each list holds the one before twice
    bomb += "](h";
    bomb += static_cast<char>(i - 1);
    bomb += "h";
    bomb += static_cast<char>(i - 1);
    bomb += "eq";
    bomb += i;
  }
  bomb = "\x80\x02(" + bomb.substr(2) + "t.";
  EXPECT_NE(refusal(archive(bomb)).find("memory"), std::string::npos);
}

TEST(Zip, RefusesDamage) {
  const std::string good = archive("\x80\x02N."s);
  EXPECT_NO_THROW(io::load_pt(good, "x"));
  EXPECT_THROW(io::load_pt(good + "x", "x"), FileError);
  EXPECT_THROW(io::load_pt("x" + good, "x"), FileError) << "offsets that are off by one";
  EXPECT_THROW(io::load_pt(good.substr(1), "x"), FileError);
}

TEST(Zip, FindsMembersAndRefusesOneThatIsThereTwice) {
  std::string out;
  io::ZipWriter zip([&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  for (int i = 0; i < 70000; ++i) zip.add(std::to_string(i), std::to_string(i * 2));  // more than plain zip counts
  zip.finish();
  const io::ZipReader reader({out, "x"}, "zip");
  std::string room;
  EXPECT_EQ(reader.entries().size(), 70000U);
  EXPECT_EQ(reader.read(*reader.find("69999"), room), "139998");
  EXPECT_EQ(reader.find("70000"), nullptr);
  out.clear();
  io::ZipWriter twice([&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  twice.add("a", "1");
  twice.add("a", "2");
  twice.finish();
  EXPECT_THROW(io::ZipReader({out, "x"}, "zip"), FileError);
}

TEST(Serialize, ModuleFilesAreDictionariesByPath) {
  const TemporaryFolder folder;
  const std::string path = folder / "net.pt";
  nn::Sequential net(nn::Linear(3, 2), nn::BatchNorm1d(2));
  save(net, path);
  const IValue state = io::load_pt(path);
  EXPECT_EQ(state.toGenericDict().front().first.toStringRef(), "0.weight");
  EXPECT_FALSE(state.at("0.weight").toTensor().requires_grad());
  EXPECT_EQ(state.at("1.num_batches_tracked").toTensor().scalar_type(), kLong);
}

TEST(Serialize, OptimizerFilesHavePythonsLayout) {
  nn::Linear net(3, 2);
  optim::Adam adam(net->parameters(), 0.25);
  net->forward(rand({4, 3})).sum().backward();
  adam.step();
  serialize::OutputArchive archive;
  archive << adam;
  const IValue& root = archive.root();
  EXPECT_EQ(root.at("param_groups").toListRef()[0].at("lr").toDouble(), 0.25);
  EXPECT_EQ(root.at("param_groups").toListRef()[0].at("params").toListRef().size(), 2U);
  EXPECT_EQ(root.at("state").find(1)->at("step").toTensor().item<float>(), 1);
  EXPECT_EQ(root.at("state").find(0)->at("exp_avg").toTensor().sizes(), IntArrayRef({2, 3}));
  const TemporaryFolder folder;
  save(adam, folder / "adam.pt");
  optim::Adam other(net->parameters(), 0.5);
  load(other, folder / "adam.pt");
  EXPECT_EQ(other.param_groups()[0].options().get_lr(), 0.25);
  const nn::StateDict a = adam.state_dict(), b = other.state_dict();
  ASSERT_EQ(a.keys(), b.keys());
  for (const auto& item : a) EXPECT_TRUE(equal(item.value(), b[item.key()])) << item.key();
  nn::Linear larger(4, 2);
  optim::Adam misfit({larger->weight}, 0.5);
  EXPECT_THROW(load(misfit, folder / "adam.pt"), ValueError);
}

TEST(Serialize, LenientLoadingTakesWhatFits) {
  const TemporaryFolder folder;
  const std::string path = folder / "net.pt";
  nn::Sequential small(nn::Linear(3, 2)), large(nn::Linear(3, 2), nn::Linear(2, 1));
  save(small, path);
  const Tensor before = large->parameters()[2].clone();
  EXPECT_THROW(load(large, path), ValueError);
  load(large, path, /*strict=*/false);
  EXPECT_TRUE(equal(large->parameters()[0], small->parameters()[0]));
  EXPECT_TRUE(equal(large->parameters()[2], before));
}

TEST(Serialize, ThroughMemoryAndFunctions) {
  std::string bytes;
  save(ones({2}), [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  Tensor a, b;
  load(a, bytes.data(), bytes.size());
  load(
      b,
      [&](uint64_t at, void* data, size_t size) {
        std::memcpy(data, bytes.data() + at, size);
        return size;
      },
      [&] { return bytes.size(); });
  EXPECT_TRUE(equal(a, ones({2})) && equal(b, a));
  EXPECT_THROW(save(a, [](const void*, size_t) { return size_t{0}; }), FileError);
  EXPECT_EQ(pickle_load(pickle_save(IValue(3))).toInt(), 3);
}

}  // namespace
}  // namespace hearth
