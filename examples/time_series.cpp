// A forecast: a year of monthly numbers, twelve steps ahead, against the same months of the year before.
// time_series FILE.csv; without it a series is made up.
#include "hearth/data/time_series.h"

#include <cmath>
#include <cstdio>
#include <fstream>

#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "support.h"

using namespace hearth;

namespace {
std::string made_up(const std::string& path) {  // grows, and swings with the seasons
  std::ofstream file(path);
  file << "month,visitors\n";
  const Tensor noise = randn({144}) * 3;
  for (int i = 0; i < 144; ++i) {
    const double season = std::sin(i * 2 * 3.14159265 / 12);
    file << 2010 + i / 12 << (i % 12 < 9 ? "-0" : "-") << i % 12 + 1 << ","
         << 100 + 1.2 * i + (20 + 0.2 * i) * season + noise[i].item<double>() << "\n";
  }
  return path;
}
}  // namespace

int main(int argc, char** argv) {
  manual_seed(0);
  const support::ScratchFolder folder;
  const std::string path = argc > 1 ? argv[1] : made_up(folder.file("series.csv"));
  const data::Series series = data::read_series(data::Table::read_csv(path));
  const int64_t season = series.season(), lookback = 2 * season, horizon = season;
  const data::SeriesSplit split = data::split_in_time(series.length(), 0.0, 0.25);
  const data::SeriesScaler scaler(series, split.train.end);
  data::datasets::SeriesWindowsOptions options;
  options.lookback = lookback;
  options.horizon = horizon;
  const Tensor scaled = scaler.transform(series.values);
  data::datasets::SeriesWindows train(scaled, {lookback, split.train.end}, options), test(scaled, split.test, options);

  // What is learnt is the change against the season before.
  const auto rows = [&](data::datasets::SeriesWindows& windows) {
    std::vector<Tensor> x, y;
    for (size_t i = 0; i < *windows.size(); ++i) {
      const auto sample = windows.get(i);
      x.push_back(sample.data.flatten());
      y.push_back(sample.target.flatten());
    }
    return std::pair(stack(x), stack(y));
  };
  const auto [x, y] = rows(train);
  const auto test_rows = rows(test);
  const Tensor &test_x = test_rows.first, &test_y = test_rows.second;
  const auto last_season = [&](const Tensor& t) { return t.narrow(1, lookback - season, season); };
  nn::Linear net(lookback, horizon);
  optim::AdamW adam(net->parameters(), optim::AdamWOptions(1e-2).weight_decay(0.1));
  for (int step = 0; step < 500; ++step) {
    adam.zero_grad();
    mse_loss(net->forward(x) + last_season(x), y).backward();
    adam.step();
  }
  const NoGradGuard no_grad;
  const auto error = [&](const Tensor& forecast) {
    return (forecast - test_y).abs().mean().item<double>() * scaler.deviation()[0];
  };
  const double ours = error(net->forward(test_x) + last_season(test_x)), naive = error(last_season(test_x));
  std::printf("mean error: %.2f; of last year's numbers: %.2f\n", ours, naive);
  return ours < naive ? 0 : 1;
}
