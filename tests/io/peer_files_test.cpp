// Files that PyTorch, LibTorch and NumPy wrote (tests/io/files), and files for them to read: tools/peer_files.py.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/io/npy.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

std::string theirs(const std::string& name) {
  const char* fresh = std::getenv("HEARTH_PEER_FILES");
  return (fresh ? fs::path(fresh) : fs::path(__FILE__).parent_path() / "files") / name;
}

/// Where files for them go: kept only where tools/peer_files.py asks.
class Out {
 public:
  std::string operator/(const std::string& name) const {
    const char* kept = std::getenv("HEARTH_PEER_OUT");
    return (kept ? fs::path(kept) : own_.path()) / name;
  }

 private:
  testing::TemporaryFolder own_;
};

const std::pair<const char*, ScalarType> kDtypes[] = {
    {"uint8", kByte},   {"int8", kChar},     {"int16", kShort},    {"int32", kInt}, {"int64", kLong},
    {"float16", kHalf}, {"float32", kFloat}, {"float64", kDouble}, {"bool", kBool}, {"bfloat16", kBFloat16}};

IValue::Dict tensors(ScalarType t) {
  const Tensor line = (t == kBool ? arange(24).remainder(2) : arange(24)).to(t);
  return {{"scalar", line[1].clone()},
          {"empty", ones({0, 3}, t)},
          {"deep", line.view({1, 2, 3, 2, 2})},
          {"turned", line.view({4, 6}).t()},
          {"some", line.slice(0, 3, 11, 2)}};
}

nn::Sequential network() {
  nn::Sequential net(nn::Linear(2, 3), nn::BatchNorm1d(3));
  const NoGradGuard guard;
  int64_t number = 0;
  for (const Tensor& p : net->parameters()) Tensor(p).copy_(arange(p.numel()).view(p.sizes()) + 10 * number++);
  return net;
}

template <class Optimizer>
void step_twice(const nn::Sequential& net, Optimizer& optimizer) {
  for (const Tensor& p : net->parameters()) p.mutable_grad() = ones_like(p);
  optimizer.step();
  optimizer.step();
}

void expect_same(const optim::Optimizer& a, const optim::Optimizer& b) {
  const nn::StateDict x = a.state_dict(), y = b.state_dict();
  ASSERT_EQ(x.size(), y.size());
  for (const auto& item : x) {
    ASSERT_TRUE(y.contains(item.key())) << item.key();
    EXPECT_TRUE(allclose(item.value(), y[item.key()], 1e-6, 0)) << item.key();
  }
}

TEST(PeerFiles, EveryDtypeOfPythons) {
  const IValue file = io::load_pt(theirs("python_dtypes.pt"));
  for (const auto& [name, type] : kDtypes)
    for (const auto& [key, expected] : tensors(type)) {
      const Tensor got = file.at(name).at(key.toStringRef()).toTensor();
      EXPECT_EQ(got.scalar_type(), type);
      EXPECT_TRUE(equal(got, expected.toTensor())) << name << " " << key.toStringRef();
      EXPECT_EQ(got.strides(), expected.toTensor().strides()) << name << " " << key.toStringRef();
    }
}

TEST(PeerFiles, ModulesOfPythonsAndLibTorchs) {
  for (const char* name : {"python_module.pt", "python_whole_module.pt", "libtorch_module.pt"}) {
    nn::Sequential net(nn::Linear(2, 3), nn::BatchNorm1d(3));
    load(net, theirs(name));
    const std::vector<Tensor> got = net->parameters(), expected = network()->parameters();
    for (size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(equal(got[i], expected[i])) << name << " " << i;
  }
}

TEST(PeerFiles, TiedWeightsOfPythons) {
  const IValue file = io::load_pt(theirs("python_tied.pt"));
  file.at("a").toTensor().fill_(9);
  EXPECT_EQ(file.at("b").toTensor()[0][0].item<float>(), 9);
  EXPECT_EQ(file.at("row").toTensor()[2].item<float>(), 9);
  EXPECT_EQ(file.at("p").toTensor()[1][2].item<float>(), 5);
  EXPECT_TRUE(file.at("p").toTensor().requires_grad());
}

TEST(PeerFiles, ValuesOfPythons) {
  const IValue file = io::load_pt(theirs("python_checkpoint.pt"));
  EXPECT_EQ(file.at("epoch").toInt(), 3);
  EXPECT_EQ(file.at("loss").toDouble(), 0.5);
  EXPECT_EQ(file.at("name").toStringRef(), "caf\xc3\xa9");
  EXPECT_FALSE(file.at("done").toBool());
  EXPECT_TRUE(file.at("none").isNone());
  EXPECT_EQ(file.at("large").toInt(), int64_t{1} << 40);
  EXPECT_EQ(file.at("negative").toInt(), -5);
  EXPECT_EQ(file.at("list").toListRef()[1].toDouble(), 2.5);
  EXPECT_EQ(file.at("tuple").toTupleRef()[1].toTupleRef()[0].toInt(), 2);
  EXPECT_EQ(file.at("size").toTupleRef()[1].toInt(), 5);
  EXPECT_EQ(file.at("dtype").toStringRef(), "torch.float32");
  EXPECT_EQ(file.at("device").toStringRef(), "cpu");
  EXPECT_EQ(file.at("set").toListRef()[0].toInt(), 7);
}

TEST(PeerFiles, OptimizersOfPythonsAndLibTorchs) {
  const nn::Sequential net = network();
  optim::Adam adam(net->parameters(), optim::AdamOptions(0.125).betas({0.5, 0.75}));
  step_twice(net, adam);
  for (const char* name : {"python_adam.pt", "libtorch_adam.pt"}) {
    optim::Adam loaded(net->parameters(), optim::AdamOptions(1).betas({0.5, 0.75}));
    load(loaded, theirs(name));
    expect_same(adam, loaded);
  }
  optim::SGD sgd(net->parameters(), optim::SGDOptions(0.25).momentum(0.5)),
      loaded(net->parameters(), optim::SGDOptions(1).momentum(0.5));
  step_twice(net, sgd);
  load(loaded, theirs("libtorch_sgd.pt"));
  expect_same(sgd, loaded);
}

TEST(PeerFiles, TensorsOfLibTorchs) {
  Tensor t;
  load(t, theirs("libtorch_tensor.pt"));
  EXPECT_TRUE(equal(t, arange(6).view({2, 3}).t()));
  EXPECT_EQ(t.strides(), IntArrayRef({1, 3}));
  std::vector<Tensor> list;
  load(list, theirs("libtorch_tensors.pt"));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_TRUE(equal(list[1], zeros({1}, kLong)));
}

TEST(PeerFiles, TheLegacyFormatIsNamed) {
  try {
    io::load_pt(theirs("python_legacy.pt"));
    FAIL();
  } catch (const FileError& e) {
    EXPECT_NE(e.msg().find("1.6"), std::string::npos) << e.msg();
  }
}

TEST(PeerFiles, ArraysOfNumPys) {
  for (const char* name : {"arrays.npz", "compressed.npz"})
    for (const bool map : {false, true}) {
      const nn::StateDict arrays = io::load_npz(theirs(name), map);
      for (const auto& [type_name, type] : kDtypes) {
        if (type == kBFloat16) continue;
        EXPECT_EQ(arrays[type_name].scalar_type(), type);
        EXPECT_TRUE(equal(arrays[type_name], arange(6).view({2, 3}).to(type))) << name << " " << type_name;
      }
      EXPECT_TRUE(equal(arrays["uint16"], arange(6).view({2, 3}).to(kUInt16)));
    }
  const nn::StateDict more = io::load_npz(theirs("compressed.npz"));
  EXPECT_TRUE(equal(more["scalar"], full({}, 7, kDouble)));
  EXPECT_EQ(more["none"].sizes(), IntArrayRef({0, 2}));
  const Tensor fortran = io::load_npy(theirs("fortran.npy"), /*map=*/true);
  EXPECT_TRUE(equal(fortran, arange(24).view({2, 3, 4}).to(kDouble)));
  EXPECT_EQ(fortran.strides(), IntArrayRef({1, 2, 6}));
  EXPECT_TRUE(equal(io::load_npy(theirs("big_endian.npy")), arange(5).to(kInt)));
  EXPECT_THROW(io::load_npy(theirs("objects.npy")), FileError);
}

TEST(PeerFiles, WritesThemForPython) {
  const Out out;
  IValue::Dict dtypes;
  for (const auto& [name, type] : kDtypes) dtypes.emplace_back(name, tensors(type));
  io::save_pt(dtypes, out / "dtypes.pt");
  const Tensor weight = arange(6).to(kFloat).view({2, 3});
  io::save_pt(IValue::Dict{{"a", weight}, {"b", weight}, {"row", weight[1]}}, out / "tied.pt");
  io::save_pt(IValue::Dict{{"tuple", IValue::Tuple{{1, IValue::Tuple{{2, 3}}}}},
                           {"list", std::vector<IValue>{1, 2.5, "x"}},
                           {"large", int64_t{1} << 40},
                           {"negative", -5},
                           {"none", IValue()},
                           {"name", "caf\xc3\xa9"},
                           {"done", false},
                           {"more", IValue::Dict{{3, IValue::Dict()}}}},
              out / "values.pt");
  const nn::Sequential net = network();
  save(net, out / "module.pt");
  optim::Adam adam(net->parameters(), optim::AdamOptions(0.125).betas({0.5, 0.75}));
  step_twice(net, adam);
  save(adam, out / "adam.pt");
  nn::StateDict arrays;
  for (const auto& [name, type] : kDtypes)
    if (type != kBFloat16) arrays.insert(name, arange(6).view({2, 3}).to(type));
  arrays.insert("uint16", arange(6).view({2, 3}).to(kUInt16));
  io::save_npz(arrays, out / "arrays.npz");
  io::save_npz(arrays, out / "compressed.npz", /*compressed=*/true);
  for (const char* name : {"arrays.npz", "compressed.npz"})
    for (const auto& item : io::load_npz(out / name))
      EXPECT_TRUE(equal(item.value(), arrays[item.key()])) << item.key();
  const Tensor turned = arange(24).to(kDouble).view({2, 3, 4}).permute({2, 1, 0}).contiguous().permute({2, 1, 0});
  io::save_npy(turned, out / "fortran.npy");
  EXPECT_EQ(io::load_npy(out / "fortran.npy").strides(), turned.strides());
}

}  // namespace
}  // namespace hearth
