#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"

namespace hearth {
namespace {

using hearth::testing::slurp;
using hearth::testing::TemporaryFolder;

std::string file_of(const std::string& header, const std::string& data) {
  const uint64_t n = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &n, 8);
  return out + header + data;
}

TEST(SafeTensors, HoldsTheFormatsExample) {
  const std::string bytes =
      file_of(R"({"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}})", std::string(16, '\0'));
  const SafeTensors content = from_safetensors(bytes, "example");
  EXPECT_TRUE(equal(content.tensors["test"], zeros({2, 2}, kInt)));
}

TEST(SafeTensors, RoundTripsEveryDtypeAndShape) {
  SafeTensors out;
  for (const ScalarType t : {kByte, kChar, kShort, kUInt16, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16}) {
    out.tensors.insert(std::string("scalar ") + dtype_name(t), ones({}, t));
    out.tensors.insert(std::string("empty ") + dtype_name(t), ones({0, 3}, t));
    out.tensors.insert(std::string("deep ") + dtype_name(t), arange(24).view({1, 2, 3, 2, 2}).to(t));
    out.tensors.insert(std::string("turned ") + dtype_name(t), arange(6).view({2, 3}).to(t).t());
  }
  out.metadata["format"] = "pt";
  out.metadata["quote"] = "\"\n\u00e9";
  const std::string bytes = to_safetensors(out);
  uint64_t header;
  std::memcpy(&header, bytes.data(), 8);
  EXPECT_EQ(header % 8, 0U);
  const SafeTensors in = from_safetensors(bytes, "memory");
  EXPECT_EQ(in.metadata, out.metadata);
  ASSERT_EQ(in.tensors.size(), out.tensors.size());
  for (const auto& item : out.tensors) {
    EXPECT_EQ(in.tensors[item.key()].scalar_type(), item.value().scalar_type());
    EXPECT_TRUE(equal(in.tensors[item.key()], item.value())) << item.key();
  }
}

TEST(SafeTensors, RefusesDamage) {
  const auto header = [](const std::string& entry) { return "{\"a\":" + entry + "}"; };
  const std::string good = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", eight(8, '\0');
  EXPECT_NO_THROW(from_safetensors(file_of(header(good), eight), "f"));
  const std::vector<std::pair<const char*, std::string>> damaged = {
      {"empty", ""},
      {"short length", "abc"},
      {"header beyond the file", file_of(header(good), eight).substr(0, 20)},
      {"no object", file_of("[1]", "")},
      {"no JSON", file_of("{\"a\":", "")},
      {"twice", file_of("{\"a\":" + good + ",\"a\":" + good + "}", eight)},
      {"dtype", file_of(header(R"({"dtype":"C64","shape":[1],"data_offsets":[0,8]})"), eight)},
      {"negative size", file_of(header(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), eight)},
      {"overflow", file_of(header(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})"), "")},
      {"wrong length", file_of(header(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), eight)},
      {"beyond", file_of(header(R"({"dtype":"F32","shape":[2],"data_offsets":[8,16]})"), eight)},
      {"backwards", file_of(header(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), eight)},
      {"one offset", file_of(header(R"({"dtype":"F32","shape":[2],"data_offsets":[8]})"), eight)},
      {"no shape", file_of(header(R"({"dtype":"F32","data_offsets":[0,8]})"), eight)},
      {"hole", file_of(header(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"), eight)},
      {"tail", file_of(header(good), eight + "x")},
      {"bool", file_of(header(R"({"dtype":"BOOL","shape":[1],"data_offsets":[0,1]})"), "\x02")},
      {"metadata", file_of("{\"__metadata__\":{\"a\":1}}", "")},
      {"metadata list", file_of("{\"__metadata__\":[1]}", "")},
      {"deep", file_of("{\"a\":" + std::string(100000, '['), "")}};
  for (const auto& [what, bytes] : damaged) EXPECT_THROW(from_safetensors(bytes, "f"), FileError) << what;
}

TEST(SafeTensors, ReadsOneTensorWithoutTheOthers) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.safetensors";
  SafeTensors out;
  out.tensors.insert("a", arange(6).view({2, 3}).to(kFloat));
  out.tensors.insert("b", ones({0, 2}, kLong));
  out.tensors.insert("flags", ones({3}, kBool));
  out.metadata["format"] = "pt";
  save_safetensors(out, path);
  std::string bytes = slurp(path);
  bytes.back() = 7;  // a damaged bool, which only its reader meets
  hearth::testing::spit(path, bytes);
  Tensor a;
  {
    const io::SafeTensorsFile file(path);
    EXPECT_EQ(file.names().size(), 3U);
    EXPECT_EQ(file.metadata().at("format"), "pt");
    EXPECT_EQ(file.dtype("b"), kLong);
    EXPECT_EQ(file.sizes("a"), (std::vector<int64_t>{2, 3}));
    a = file.get("a");
    EXPECT_EQ(file.get("b").numel(), 0);
    EXPECT_THROW(file.get("flags"), FileError);
    EXPECT_THROW(file.get("c"), ValueError);
  }
  EXPECT_TRUE(equal(a, out.tensors["a"])) << "the file stays mapped as long as a tensor is on it";
  a.fill_(1);
  EXPECT_EQ(slurp(path), bytes);
}

TEST(SafeTensors, ShardsAndTheirIndex) {
  const TemporaryFolder folder;
  SafeTensors out;
  for (int i = 0; i < 5; ++i) out.tensors.insert("t" + std::to_string(i), full({10}, i));
  out.metadata["format"] = "pt";
  io::save_sharded_safetensors(out, folder.path(), 200);  // two tensors in each
  EXPECT_TRUE(std::filesystem::exists(folder / "model-00003-of-00003.safetensors"));
  const SafeTensors in = io::load_sharded_safetensors(folder.path());
  EXPECT_EQ(in.metadata, out.metadata);
  ASSERT_EQ(in.tensors.size(), 5U);
  for (const auto& item : out.tensors) EXPECT_TRUE(equal(in.tensors[item.key()], item.value()));
  const auto refused = [&](const std::string& index) {
    hearth::testing::spit(folder / "model.safetensors.index.json", index);
    EXPECT_THROW(io::load_sharded_safetensors(folder.path()), FileError) << index;
  };
  refused("");
  refused("[1]");
  refused(R"({"weight_map":{"t0":3}})");
  refused(R"({"weight_map":{"t0":"../x.safetensors"}})");
  refused(R"({"weight_map":{"t0":"model-00001-of-00003.safetensors"}})");
  refused(R"({"weight_map":{"t0":"model-00001-of-00003.safetensors","t4":"model-00001-of-00003.safetensors"}})");
  refused(R"({"weight_map":{"t0":"none.safetensors"}})");
}

TEST(Serialize, ModulesTensorsAndOptimizersThroughFilesAndStreams) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string() + "/x.safetensors";
  nn::Sequential a(nn::Linear(3, 2), nn::BatchNorm1d(2)), b(nn::Linear(3, 2), nn::BatchNorm1d(2));
  save(a, path);
  load(b, path);
  EXPECT_TRUE(equal(a->parameters()[0], b->parameters()[0]));
  auto shared = std::make_shared<nn::LinearImpl>(3, 2), other = std::make_shared<nn::LinearImpl>(3, 2);
  std::stringstream stream;
  save(shared, stream);
  load(other, stream);
  EXPECT_TRUE(equal(shared->weight, other->weight));
  save(ones({2, 2}), path);
  Tensor t;
  load(t, path);
  EXPECT_TRUE(equal(t, ones({2, 2})));
  save(std::vector<Tensor>{ones({1}), zeros({2})}, path);
  std::vector<Tensor> list;
  load(list, path);
  EXPECT_EQ(list.size(), 2U);
  EXPECT_THROW(load(t, path), ValueError);
  optim::Adam adam(a->parameters(), 0.1), fresh(b->parameters(), 0.2);
  a->forward(rand({4, 3})).sum().backward();
  adam.step();
  save(adam, path);
  load(fresh, path);
  EXPECT_EQ(fresh.state().size(), 4U);
  EXPECT_THROW(load(a, path), ValueError) << "an optimizer's file is no module's";
  EXPECT_THROW(load(a, folder.path().string() + "/none"), FileError);
  EXPECT_THROW(save(a, folder.path().string() + "/no/such/folder"), FileError);
  EXPECT_THROW(save(Tensor(), path), TypeError);
}

TEST(Serialize, ArchivesNest) {
  serialize::OutputArchive inner, outer;
  inner.write("w", ones({2}));
  outer.write("inner", inner);
  outer.write("b", zeros({1}));
  std::stringstream stream;
  outer.save_to(stream);
  serialize::InputArchive in, part;
  in.load_from(stream);
  in.read("inner", part);
  Tensor w;
  part.read("w", w);
  EXPECT_TRUE(equal(w, ones({2})));
  EXPECT_EQ(part.keys(), std::vector<std::string>{"w"});
  EXPECT_FALSE(in.try_read("none", w));
  EXPECT_THROW(in.read("none", w), ValueError);
  EXPECT_THROW(in.read("none", part), ValueError);
}

TEST(Serialize, AFailedSaveLeavesTheOldFile) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string() + "/x";
  save(ones({100}), path);
  const std::string before = slurp(path);
  EXPECT_THROW(save(Tensor(), path), Error);
  EXPECT_EQ(slurp(path), before);
}

}  // namespace
}  // namespace hearth
