// Public data sets by name. Sums are those of published lists; a set without them is noted as it first comes.
#include <array>
#include <map>

#include "base/fail.h"
#include "cli/fetch.h"

namespace hearth::cli {

namespace {

/// Of train images and labels, then t10k images and labels.
std::vector<KnownFile> mnist_files(const std::string& base, const std::array<const char*, 4>& sums) {
  return {{"train-images-idx3-ubyte.gz", base, sums[0]},
          {"train-labels-idx1-ubyte.gz", base, sums[1]},
          {"t10k-images-idx3-ubyte.gz", base, sums[2]},
          {"t10k-labels-idx1-ubyte.gz", base, sums[3]}};
}

const std::map<std::string, std::vector<KnownFile>>& all_sets() {
  const std::string tables = "https://raw.githubusercontent.com/mwaskom/seaborn-data/master/";
  static const std::map<std::string, std::vector<KnownFile>> sets = {
      {"mnist", mnist_files("https://storage.googleapis.com/cvdf-datasets/mnist/",
                            {"440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                             "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                             "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                             "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"})},
      {"fashion-mnist", mnist_files("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                                    {"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                                     "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                                     "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                                     "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"})},
      {"kmnist", mnist_files("http://codh.rois.ac.jp/kmnist/dataset/kmnist/", {"", "", "", ""})},
      {"cifar10",
       {{"cifar-10-binary.tar.gz", "https://www.cs.toronto.edu/~kriz/",
         "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}}},
      {"cifar100",
       {{"cifar-100-binary.tar.gz", "https://www.cs.toronto.edu/~kriz/",
         "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"}}},
      {"iris", {{"iris.csv", tables, ""}}},
      {"penguins", {{"penguins.csv", tables, ""}}},
      {"mpg", {{"mpg.csv", tables, ""}}},
      {"flights", {{"flights.csv", tables, ""}}},
      {"tinyshakespeare",
       {{"input.txt", "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/",
         "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"}}}};
  return sets;
}

}  // namespace

const std::vector<KnownFile>& known_set(const std::string& name) {
  const auto& sets = all_sets();
  if (const auto it = sets.find(name); it != sets.end()) return it->second;
  std::string names;
  for (const auto& [known, files] : sets) names += (names.empty() ? "" : ", ") + known;
  fail("[fetch] no data set is known as \"{}\"; there are {}", name, names);
}

}  // namespace hearth::cli
