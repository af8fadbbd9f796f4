// A CSV table: kinds of columns are found, encoders fitted on the training rows, gaps filled, a class predicted.
// table FILE.csv TARGET; without them a table is made up.
#include "hearth/data/table.h"

#include <cstdio>
#include <fstream>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
/// Flowers of two kinds: petals' length and width, and where they grew. Some lengths were not measured.
std::string made_up(const std::string& path) {
  std::ofstream file(path);
  file << "length,width,place,kind\n";
  const Tensor noise = randn({300, 2}) * 0.4;
  for (int i = 0; i < 300; ++i) {
    const bool rose = i % 2;
    if (i % 10 != 3) file << (rose ? 4 : 3) + noise[i][0].item<float>();
    file << "," << (rose ? 1 : 2) + noise[i][1].item<float>() << "," << (i % 3 ? "garden" : "meadow") << ","
         << (rose ? "rose" : "daisy") << "\n";
  }
  return path;
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const support::ScratchFolder folder;
  const data::Table all = data::Table::read_csv(argc > 2 ? argv[1] : made_up(folder.file("flowers.csv")));
  const std::string target = argc > 2 ? argv[2] : "kind";
  const std::vector<int64_t> rows = all.rows_with(target);
  const Tensor order = randperm(static_cast<int64_t>(rows.size()));
  std::vector<int64_t> training, testing;
  for (int64_t i = 0; i < order.numel(); ++i)
    (i % 5 ? training : testing).push_back(rows[static_cast<size_t>(order[i].item<int64_t>())]);
  const data::Table train = all.select(training), test = all.select(testing);

  data::TableEncoderOptions options;
  options.target = target;
  const data::TableEncoder encoder = data::TableEncoder::fit(train, options);
  for (const std::string& name : encoder.feature_names()) std::printf("feature: %s\n", name.c_str());
  for (const auto& dropped : encoder.dropped())
    std::printf("left out: %s, %s\n", dropped.column.c_str(), dropped.why.c_str());
  if (!encoder.is_classification()) return std::puts("the target is a number; this example is for classes"), 2;

  const auto classes = static_cast<int64_t>(encoder.labels().size());
  nn::Sequential net(nn::Linear(encoder.features(), 32), nn::ReLU(), nn::Linear(32, classes));
  optim::AdamW adam(net->parameters(), optim::AdamWOptions(1e-2));
  const Tensor x = encoder.transform(train), t = encoder.targets(train);
  for (int step = 0; step < 200; ++step) {
    adam.zero_grad();
    cross_entropy_loss(net->forward(x), t).backward();
    adam.step();
  }
  const NoGradGuard no_grad;
  const Tensor right = net->forward(encoder.transform(test)).argmax(1).eq(encoder.targets(test));
  const double accuracy = right.to(kFloat).mean().item<double>();
  std::printf("accuracy on %lld rows that it has not seen: %.3f\n", static_cast<long long>(test.rows()), accuracy);
  return accuracy > 0.9 ? 0 : 1;
}
