// An encoder as text, which is kept with the model.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "hearth/data/table.h"
#include "io/json.h"

namespace hearth::data {

namespace {

using nlohmann::json;
using Task = TableEncoder::Task;
using Categories = TableEncoderOptions::Categories;

constexpr const char* kFormat = "table encoder";

}  // namespace

std::string TableEncoder::to_json() const {
  json inputs = json::array(), dropped = json::array();
  for (const Input& in : inputs_)
    inputs.push_back({{"name", io::json_of_bytes(in.name)},
                      {"kind", name_of(in.kind)},
                      {"mean", in.mean},
                      {"deviation", in.deviation},
                      {"median", in.median},
                      {"indicator", in.indicator},
                      {"daily", in.daily},
                      {"levels", io::json_of_bytes(in.levels)}});
  for (const Dropped& d : dropped_) dropped.push_back({io::json_of_bytes(d.column), io::json_of_bytes(d.why)});
  const json all = {{"format", "hearth table encoder"},
                    {"version", 1},
                    {"categories", categories_ == Categories::kIndex ? "index" : "one-hot"},
                    {"inputs", inputs},
                    {"dropped", dropped},
                    {"target", io::json_of_bytes(target_)},
                    {"target_kind", name_of(target_kind_)},
                    {"task", task_ == Task::kInfer ? "none"
                             : is_classification() ? "classification"
                                                   : "regression"},
                    {"labels", io::json_of_bytes(labels_)},
                    {"target_mean", target_mean_},
                    {"target_deviation", target_deviation_}};
  return all.dump();
}

TableEncoder TableEncoder::from_json(const std::string& text, const std::string& name) {
  const json all = io::parse_json(kFormat, text, name);
  return io::read_json(kFormat, name, [&] {
    const auto one_of = [&](const json& value, const auto& values, auto to_text) {
      for (const auto v : values)
        if (value.get<std::string>() == to_text(v)) return v;
      io::fail_json(kFormat, name, fmt::format("\"{}\" is not known", value.get<std::string>()).c_str());
    };
    static constexpr ColumnKind kKinds[] = {ColumnKind::kNumeric, ColumnKind::kCategorical, ColumnKind::kTime,
                                            ColumnKind::kText};
    if (all.at("format") != "hearth table encoder" || all.at("version") != 1)
      io::fail_json(kFormat, name, "format or version");
    TableEncoder e;
    e.categories_ = one_of(all.at("categories"), std::array{Categories::kOneHot, Categories::kIndex},
                           [](Categories c) { return c == Categories::kIndex ? "index" : "one-hot"; });
    for (const json& in : all.at("inputs")) {
      Input& to = e.inputs_.emplace_back();
      to.name = io::bytes_of_json(in.at("name"));
      to.kind = one_of(in.at("kind"), kKinds, name_of);
      in.at("mean").get_to(to.mean);
      in.at("deviation").get_to(to.deviation);
      in.at("median").get_to(to.median);
      in.at("indicator").get_to(to.indicator);
      in.at("daily").get_to(to.daily);
      to.levels = io::list_of_json(in.at("levels"));
      if (!(to.deviation > 0) || to.kind == ColumnKind::kText || !std::is_sorted(to.levels.begin(), to.levels.end()))
        io::fail_json(kFormat, name, fmt::format("column \"{}\"", to.name).c_str());
    }
    for (const json& d : all.at("dropped"))
      e.dropped_.push_back({io::bytes_of_json(d.at(0)), io::bytes_of_json(d.at(1))});
    e.target_ = io::bytes_of_json(all.at("target"));
    e.target_kind_ = one_of(all.at("target_kind"), kKinds, name_of);
    e.task_ = one_of(all.at("task"), std::array{Task::kInfer, Task::kClassification, Task::kRegression}, [](Task t) {
      return t == Task::kInfer ? "none" : t == Task::kClassification ? "classification" : "regression";
    });
    e.labels_ = io::list_of_json(all.at("labels"));
    all.at("target_mean").get_to(e.target_mean_);
    all.at("target_deviation").get_to(e.target_deviation_);
    if (!(e.target_deviation_ > 0)) io::fail_json(kFormat, name, "target_deviation");
    e.name_features();
    return e;
  });
}

}  // namespace hearth::data
