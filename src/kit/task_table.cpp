// Rows of a CSV file: a class or a number from the other columns.
#include "base/fail.h"
#include "hearth/data/table.h"
#include "hearth/hearth.h"
#include "hearth/nn.h"
#include "kit/nearest.h"
#include "kit/task.h"

namespace hearth::kit {

using data::Table;
using data::TableEncoder;
using train::Config;

namespace {

std::string target_of(const Config& config, const Table& table) {
  std::vector<std::string> names;
  for (const data::Column& c : table.columns()) names.push_back(c.name);
  if (!config.has("data.target"))
    fail("[train] say which column to predict with --target; {} has {}", config.text("data.path"), one_of(names));
  const std::string& target = config.text("data.target");
  if (!table.contains(target))
    fail("[train] {} has no column \"{}\"{}; it has {}", config.text("data.path"), target, did_you_mean(target, names),
         one_of(names));
  return target;
}

data::TableEncoderOptions encoder_options(const Config& config, const std::string& target) {
  data::TableEncoderOptions o;
  o.target = target;
  o.ignore = config.texts("data.ignore");
  if (config.text("data.kind") == "classification") o.task = data::TableEncoderOptions::Task::kClassification;
  if (config.text("data.kind") == "regression") o.task = data::TableEncoderOptions::Task::kRegression;
  return o;
}

void choose(Config& config, const TableEncoder& encoder, int64_t samples) {
  const bool classes = encoder.is_classification();
  const std::string why = fmt::format("{} rows of {} features", samples, encoder.features());
  config.choose("model.name", "mlp", "features in no order");
  const bool mlp = config.text("model.name") == "mlp";
  const int64_t wide = samples < 2000 ? 64 : samples < 50000 ? 128 : 256;
  if (mlp) config.choose("model.hidden", IValue(std::vector<IValue>{wide, wide}), why);
  if (mlp) config.choose("model.dropout", samples < 2000 ? 0.1 : 0.0, why);
  if (mlp) config.choose("model.activation", "silu", "smooth, as most tables are");
  config.choose("loss.name", classes ? "cross_entropy" : "mse",
                classes ? "the target is a class" : "the target is a number");
  config.choose("run.batch_size", fitting_batch_size(samples), why);
  config.choose("run.epochs", fitting_epochs(samples, config.integer("run.batch_size"), 2000, 10, 300),
                "about 2000 steps");
  config.choose("optimizer.name", "adamw", "works untuned");
  config.choose("optimizer.lr", 3e-3, "suits small networks");
  if (config.text("optimizer.name") == "adamw")
    config.choose("optimizer.weight_decay", samples < 2000 ? 0.05 : 0.01, why);
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("scheduler.warmup", int64_t{20}, "a soft start");
  config.choose("run.ema_decay", 0.98, "steadies what few rows say");
  config.choose("run.restore_best", false, "so few rows validate that the best epoch is mostly luck");
}

std::vector<std::string> notes_of(const TableEncoder& encoder, const Table& table, const Split& split) {
  std::vector<std::string> notes;
  notes.push_back(fmt::format(
      "{} rows and {} columns: {} to predict \"{}\" ({})", table.rows(), table.columns().size(),
      encoder.is_classification() ? "classification," : "regression,", encoder.target(),
      encoder.is_classification()
          ? fmt::format("{} classes: {}", encoder.labels().size(), one_of(encoder.labels()))
          : fmt::format("mean {:.4g}, deviation {:.4g}", encoder.target_mean(), encoder.target_deviation())));
  notes.push_back(fmt::format("{} rows train, {} validate, {} test; {} features", split.train.size(), split.val.size(),
                              split.test.size(), encoder.features()));
  for (const TableEncoder::Dropped& d : encoder.dropped())
    notes.push_back(fmt::format("left out \"{}\": {}", d.column, d.why));
  return notes;
}

/// Classes of the target before anything is fitted, so that each class can be shared out by itself; else undefined.
Tensor labels_of(const Table& table, const std::string& target) {
  const data::Column& c = table.column(target);
  if (c.kind != data::ColumnKind::kCategorical || c.codes.empty()) return {};
  std::vector<int64_t> codes(c.codes.begin(), c.codes.end());
  return tensor(codes);
}

}  // namespace

Loaded load_table(Config& config, const Json* recipe) {
  Loaded loaded;
  loaded.data.task = "table";
  std::optional<TableEncoder> encoder;
  Table table;
  Split split;
  if (recipe) {
    encoder = TableEncoder::from_json(recipe->at("encoder").get<std::string>());
    table = Table::read_csv(config.text("data.path"), encoder->table_options());
    table = table.select(table.rows_with(encoder->target()));
    for (int64_t i = 0; i < table.rows(); ++i) split.test.push_back(i);
  } else {
    table = Table::read_csv(config.text("data.path"));
    const std::string target = target_of(config, table);
    std::vector<int64_t> rows = table.rows_with(target);
    if (static_cast<int64_t>(rows.size()) < table.rows())
      loaded.data.notes.push_back(
          fmt::format("{} rows without \"{}\" are left out", table.rows() - static_cast<int64_t>(rows.size()), target));
    if (config.has("data.samples") && config.integer("data.samples") < static_cast<int64_t>(rows.size()))
      rows.resize(static_cast<size_t>(config.integer("data.samples")));
    if (rows.empty()) fail("[train] {} has no row with a \"{}\"", config.text("data.path"), target);
    table = table.select(rows);
    const bool few = table.rows() < 1000 && !config.is_set("data.test") && !config.is_set("data.val");
    if (few) {
      config.choose("data.test", 0.2, "few rows");
      config.choose("data.val", 0.1, "few rows");
    }
    const double val = config.number("data.val"), test = config.number("data.test");
    const auto seed = static_cast<uint64_t>(config.integer("run.seed"));
    split = config.text("data.split") == "chronological"
                ? split_in_order(table.rows(), val, test)
                : split_randomly(table.rows(), val, test, seed, labels_of(table, target));
    encoder = TableEncoder::fit(table, split.train, encoder_options(config, target));
    choose(config, *encoder, static_cast<int64_t>(split.train.size()));
    for (std::string& note : notes_of(*encoder, table, split)) loaded.data.notes.push_back(std::move(note));
  }
  TableEncoder::Counts counts;
  const Tensor features = encoder->transform(table, &counts), targets = encoder->targets(table);
  if (counts.unknown > 0)
    loaded.data.notes.push_back(fmt::format("{} cells hold words that training has not seen", counts.unknown));
  const auto part = [&](const std::vector<int64_t>& rows,
                        const train::BatchOptions& o) -> std::shared_ptr<train::Batches> {
    if (rows.empty()) return nullptr;
    return train::batches(features.index_select(0, places(rows)), targets.index_select(0, places(rows)), o);
  };
  loaded.data.train = part(split.train, train_batches(config));
  loaded.data.val = part(split.val, eval_batches(config));
  loaded.data.test = part(split.test, eval_batches(config));
  loaded.data.shapes.input = {encoder->features()};
  if (encoder->is_classification()) {
    loaded.data.classes = encoder->labels();
    loaded.data.shapes.outputs = static_cast<int64_t>(encoder->labels().size());
    loaded.data.metrics = {"accuracy", "f1"};
  } else {
    loaded.data.loss = "mse";
    loaded.data.metrics = {"r2", "mae"};
    loaded.unscale = [e = *encoder](const Tensor& t) { return e.inverse_target(t.detach()); };
  }
  loaded.recipe = {{"task", "table"}, {"encoder", encoder->to_json()}, {"classes", loaded.data.classes}};
  return loaded;
}

}  // namespace hearth::kit
