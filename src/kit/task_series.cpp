// A time series: its next values from those before them.
#include "base/fail.h"
#include "base/json_numbers.h"
#include "hearth/data/time_series.h"
#include "hearth/hearth.h"
#include "kit/modules.h"
#include "kit/nearest.h"
#include "kit/task.h"

namespace hearth::kit {

using train::Config;

namespace {

/// "year, month" as its words.
std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at <= list.size()) {
    const size_t end = std::min(list.find(',', at), list.size());
    std::string word = list.substr(at, end - at);
    while (!word.empty() && word.front() == ' ') word.erase(0, 1);
    while (!word.empty() && word.back() == ' ') word.pop_back();
    if (!word.empty()) words.push_back(word);
    at = end + 1;
  }
  return words;
}

void choose(Config& config, const data::Series& series) {
  const int64_t length = series.length(), season = series.season();
  config.choose("data.season", season, "steps of " + series.step_text());
  config.choose("data.horizon", std::max<int64_t>(1, std::min(config.integer("data.season"), length / 10)),
                "a season ahead, as far as the data goes");
  const int64_t back =
      std::max({int64_t{2} * config.integer("data.season"), 2 * config.integer("data.horizon"), int64_t{8}});
  config.choose("data.lookback", std::max<int64_t>(2, std::min(back, length / 4)),
                "two seasons, as far as the data goes");
}

void choose_training(Config& config, int64_t windows) {
  const std::string why = fmt::format("{} windows", windows);
  config.choose("model.name", "mlp", "windows are short");
  if (config.text("model.name") == "mlp") {
    const bool few = windows < 500;
    config.choose("model.hidden", IValue(few ? std::vector<IValue>{} : std::vector<IValue>{int64_t{64}, int64_t{64}}),
                  few ? why + ": a linear model" : why);
    config.choose("model.dropout", few ? 0.0 : 0.1, why);
  }
  config.choose("loss.name", "mse", "the target is numbers");
  config.choose("run.batch_size", fitting_batch_size(windows), why);
  config.choose("run.epochs", fitting_epochs(windows, config.integer("run.batch_size"), 1500, 10, 500),
                "about 1500 steps");
  config.choose("optimizer.name", "adamw", "works untuned");
  config.choose("optimizer.lr", 3e-3, "suits small networks");
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("run.restore_best", false, "few windows validate");
}

}  // namespace

data::Series read_run_series(const Config& config, const std::string& target) {
  const data::Table table = data::Table::read_csv(config.text("data.path"));
  std::vector<std::string> names;
  for (const data::Column& c : table.columns()) names.push_back(c.name);
  if (target.empty())
    fail("[train] say which column to forecast with --target; {} has {}", config.text("data.path"), one_of(names));
  if (!table.contains(target))
    fail("[train] {} has no column \"{}\"{}; it has {}", config.text("data.path"), target, did_you_mean(target, names),
         one_of(names));
  data::SeriesOptions o;
  if (config.has("data.time")) o.time = words_of(config.text("data.time"));
  // A time given as "month" alone, with the year in a column of its own.
  if (o.time.size() == 1 && table.contains("year") && o.time[0] == "month") o.time = {"year", "month"};
  if (o.time.size() == 1 && table.contains("month") && o.time[0] == "year") o.time = {"year", "month"};
  o.values = {target};
  o.gaps = data::SeriesOptions::Gaps::kFill;
  return read_series(table, o);
}

train::Model wrapped(train::Model inner, const Json& window) {
  return with_window_norm(std::move(inner), integer_of(window.at("season")), integer_of(window.at("horizon")));
}

Loaded load_series(Config& config, const Json* recipe) {
  const std::string target = recipe                      ? recipe->at("target").get<std::string>()
                             : config.has("data.target") ? config.text("data.target")
                                                         : "";
  const data::Series series = read_run_series(config, target);
  if (!recipe) choose(config, series);
  const int64_t length = series.length();
  data::datasets::SeriesWindowsOptions windows;
  windows.lookback = config.integer("data.lookback");
  windows.horizon = config.integer("data.horizon");
  const int64_t season = std::min(config.integer("data.season"), windows.lookback);
  const bool few = length < 1000 && !config.is_set("data.val") && !config.is_set("data.test");
  if (!recipe && few) {
    config.choose("data.val", 0.15, "few steps");
    config.choose("data.test", 0.2, "few steps");
  }
  data::SeriesSplit split = data::split_in_time(length, config.number("data.val"), config.number("data.test"));
  if (recipe) split = {{0, 0}, {0, 0}, {windows.lookback, length}};
  const data::SeriesScaler scaler = recipe ? data::SeriesScaler::from_json(recipe->at("scaler").get<std::string>())
                                           : data::SeriesScaler(series, split.train.end);
  const Tensor scaled = scaler.transform(series.values);
  const auto part = [&](data::SeriesRange range, const train::BatchOptions& o) -> std::shared_ptr<train::Batches> {
    if (range.size() < 1) return nullptr;
    // Targets [horizon, 1] become [horizon].
    const data::datasets::SeriesWindows set(scaled, range, windows);
    std::vector<Tensor> inputs, targets;
    data::datasets::SeriesWindows copy = set;
    for (size_t i = 0; i < *set.size(); ++i) {
      const data::Example<> e = copy.get(i);
      inputs.push_back(e.data);
      targets.push_back(e.target.reshape({-1}));
    }
    return train::batches(stack(inputs), stack(targets), o);
  };
  Loaded loaded;
  loaded.data.task = "series";
  if (!recipe) {
    const int64_t n = split.train.size() - windows.horizon - windows.lookback + 1;
    if (n < 1)
      fail(
          "[train] {} has {} steps to train on, which is less than data.lookback ({}) and data.horizon ({}) together; "
          "give smaller ones",
          config.text("data.path"), split.train.size(), windows.lookback, windows.horizon);
    choose_training(config, n);
    loaded.data.train = part(split.train, train_batches(config));
    loaded.data.val = part(split.validation, eval_batches(config));
    loaded.data.notes = {
        fmt::format("{} steps of {}{}; forecasting {} steps of \"{}\" from the {} before", length, series.step_text(),
                    series.filled > 0 ? fmt::format(" ({} filled in)", series.filled) : "", windows.horizon, target,
                    windows.lookback),
        fmt::format("the first {} steps train, the next {} validate, the last {} test", split.train.size(),
                    split.validation.size(), split.test.size())};
  }
  loaded.data.test = part(split.test, eval_batches(config));
  loaded.data.shapes.input = {windows.lookback, 1};
  loaded.data.shapes.outputs = windows.horizon;
  loaded.data.loss = "mse";
  loaded.data.metrics = {"mae", "r2"};
  loaded.unscale = [scaler](const Tensor& t) { return scaler.inverse(t.detach().unsqueeze(-1)).squeeze(-1); };
  const Json window = {{"season", season}, {"horizon", windows.horizon}};
  loaded.wrap = [window](train::Model m) { return wrapped(std::move(m), window); };
  if (split.test.size() >= windows.horizon && split.test.begin >= season) {
    const Tensor naive = data::seasonal_naive_error(series.values, split.test, season, windows.horizon);
    loaded.baselines = {{"the mae of the last season over again", naive[0].item<double>()}};
  }
  loaded.recipe = {{"task", "series"},
                   {"target", target},
                   {"scaler", scaler.to_json()},
                   {"window", window},
                   {"lookback", windows.lookback},
                   {"horizon", windows.horizon}};
  return loaded;
}

}  // namespace hearth::kit
