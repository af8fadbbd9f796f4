#include "kit/predict.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/fail.h"
#include "base/json_numbers.h"
#include "hearth/data/table.h"
#include "hearth/data/text.h"
#include "hearth/data/time_series.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/warning.h"
#include "kit/pictures.h"
#include "kit/text_reader.h"

namespace hearth::kit {

namespace {

constexpr int64_t kRows = 1024;  // at once

std::vector<std::string> classes_of(const Trained& t) { return t.recipe.at("classes").get<std::vector<std::string>>(); }

/// The likeliest class, its probability, and all of them.
void add_class(Answer& a, const Tensor& scores, const std::vector<std::string>& classes) {
  const Tensor p = scores.to(kDouble).softmax(0);
  const auto best = p.argmax().item<int64_t>();
  a["prediction"] = classes[static_cast<size_t>(best)];
  a["probability"] = number(p[best].item<double>());
  for (size_t c = 0; c < classes.size(); ++c)
    a["probabilities"][classes[c]] = number(p[static_cast<int64_t>(c)].item<double>());
}

/// Categories that training had not: an answer rests on the other columns then.
void warn_of_unknown(const data::TableEncoder::Counts& counts, const std::string& file) {
  if (counts.unknown == 0) return;
  std::string columns;
  for (const auto& [name, n] : counts.by_column)
    columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", n, name);
  warn(fmt::format("[predict] {} has {} categories that training had not, and {} gaps ({}); they count as unknown",
                   file, counts.unknown, counts.missing, columns));
}

void predict_table(const Trained& t, const std::string& file, const std::function<void(const Answer&)>& answer) {
  const auto encoder = data::TableEncoder::from_json(t.recipe.at("encoder").get<std::string>(), "model.json");
  const data::Table table = data::Table::read_csv(file, encoder.table_options());
  data::TableEncoder::Counts counts;
  const Tensor x = encoder.transform(table, &counts);
  warn_of_unknown(counts, file);
  for (int64_t from = 0; from < x.size(0); from += kRows) {
    const int64_t n = std::min(kRows, x.size(0) - from);
    const Tensor y = t.model.forward(x.narrow(0, from, n));
    const Tensor values = encoder.is_classification() ? y : encoder.inverse_target(y);
    for (int64_t i = 0; i < n; ++i) {
      Answer a = {{"file", file}, {"row", from + i + 1}};
      if (encoder.is_classification()) {
        add_class(a, y[i], encoder.labels());
      } else {
        a["prediction"] = number(values[i].reshape({-1})[0].item<double>());
      }
      answer(a);
    }
  }
}

void predict_series(const Trained& t, const std::string& file, const std::function<void(const Answer&)>& answer) {
  train::Config config = t.config;
  const auto scaler = data::SeriesScaler::from_json(t.recipe.at("scaler").get<std::string>(), "model.json");
  const auto lookback = integer_of(t.recipe.at("lookback")), horizon = integer_of(t.recipe.at("horizon"));
  config.set("data.path", file, "command line");
  const data::Series series = read_run_series(config, t.recipe.at("target").get<std::string>());
  if (series.length() < lookback)
    fail("[predict] {} has {} steps, and the model looks at {}", file, series.length(), lookback);
  const Tensor x = scaler.transform(series.values).narrow(0, series.length() - lookback, lookback).unsqueeze(0);
  const Tensor y = scaler.inverse(t.model.forward(x).reshape({horizon, 1}));
  for (int64_t i = 0; i < horizon; ++i)
    answer({{"file", file}, {"step", i + 1}, {"prediction", number(y[i][0].item<double>())}});
}

/// The pictures that a word of the command line stands for.
std::vector<std::string> pictures_of(const std::string& path) {
  if (!is_folder(path)) return {path};
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.is_regular_file() && io::has_image_ending(entry.path().string())) found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  if (found.empty()) fail("[predict] there is no picture in {}", path);
  return found;
}

void predict_pictures(const Trained& t, const std::string& path, const std::function<void(const Answer&)>& answer) {
  const auto sizes = integers_of(t.recipe.at("input"));
  const PictureTransform transform = PictureTransform::from_json(t.recipe.at("transform"));
  const std::vector<std::string> classes = classes_of(t);
  if (classes.empty()) fail("[predict] the model of this run names no classes; there is nothing to predict");
  for (const std::string& file : pictures_of(path)) {
    const Tensor x = transform(file, sizes).unsqueeze(0);
    Answer a = {{"file", file}};
    add_class(a, t.model.forward(x)[0], classes);
    answer(a);
  }
}

}  // namespace

void predict(const Trained& t, const std::vector<std::string>& files,
             const std::function<void(const Answer&)>& answer) {
  const NoGradGuard no_grad;
  const auto task = t.recipe.at("task").get<std::string>();
  for (const std::string& file : files) {
    if (!exists(file)) throw FileError(fmt::format("[predict] there is no {}; check the path", file), file);
    if (task == "table") {
      predict_table(t, file, answer);
    } else if (task == "series") {
      predict_series(t, file, answer);
    } else if (task == "pictures") {
      predict_pictures(t, file, answer);
    } else if (task == "text") {
      fail("[predict] this is a language model; use hearth generate");
    } else {
      fail("[predict] the data of this run is the program's own ({}); predict with a program", task);
    }
  }
}

void generate(const Trained& t, const GenerateOptions& o, const std::function<void(const std::string&)>& take) {
  if (t.recipe.at("task").get<std::string>() != "text")
    fail("[generate] this run's model is no language model; use hearth predict");
  if (!(o.temperature >= 0) || !std::isfinite(o.temperature))
    fail("[generate] --temperature is {}; it must be 0 or more", o.temperature);
  const NoGradGuard no_grad;
  const auto tokenizer = data::load_tokenizer(t.recipe.at("tokenizer").get<std::string>(), "model.json");
  const auto context = integer_of(t.recipe.at("context"));
  Generator generator = hearth::detail::createCPUGenerator(o.seed);
  std::vector<int64_t> ids = tokenizer->encode(o.prompt.empty() ? "\n" : o.prompt);
  take(o.prompt);
  const std::unique_ptr<TextReader> reader = make_reader(t.model, context);
  for (int64_t i = 0; i < o.length; ++i) {
    Tensor scores = reader->read(ids);
    int64_t next = 0;
    if (o.temperature == 0) {
      next = scores.argmax().item<int64_t>();
    } else {
      scores = scores / o.temperature;
      if (o.top_k > 0 && o.top_k < scores.numel()) {
        const Tensor least = std::get<0>(scores.topk(o.top_k)).min();
        scores = scores.masked_fill(scores.lt(least), -std::numeric_limits<float>::infinity());
      }
      next = multinomial(scores.softmax(0), 1, false, generator).item<int64_t>();
    }
    ids = {next};
    take(tokenizer->token(next));
  }
}

}  // namespace hearth::kit
