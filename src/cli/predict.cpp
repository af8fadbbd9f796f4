#include "kit/predict.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/fail.h"
#include "cli/commands.h"
#include "hearth/io/csv.h"
#include "hearth/io/text_file.h"

namespace hearth::cli {

namespace {

struct PredictCommand {
  std::string run, out, format = "csv";
  std::vector<std::string> files;
};

std::string text_of(const kit::Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Names and values of an answer as cells; probabilities have a cell each.
void cells_of(const kit::Answer& a, std::vector<std::string>& names, std::vector<std::string>& values) {
  for (const auto& [name, value] : a.items()) {
    if (!value.is_object()) {
      names.push_back(name);
      values.push_back(text_of(value));
      continue;
    }
    for (const auto& [inner, number] : value.items()) {
      names.push_back("p(" + inner + ")");
      values.push_back(text_of(number));
    }
  }
}

void run_predict(const PredictCommand& c, Context& context) {
  const kit::Trained trained = kit::open_trained(c.run, context.models, context.datasets);
  std::string kept;
  bool first = true;
  kit::predict(trained, c.files, [&](const kit::Answer& a) {
    std::string line;
    if (c.format == "json") {
      line = a.dump() + "\n";
    } else {
      std::vector<std::string> names, values;
      cells_of(a, names, values);
      line = (first ? io::csv_line(names) + "\n" : "") + io::csv_line(values) + "\n";
    }
    first = false;
    if (c.out.empty()) {
      std::fwrite(line.data(), 1, line.size(), stdout);
    } else {
      kept += line;
    }
  });
  if (!c.out.empty()) io::write_text(c.out, kept);
}

}  // namespace

void add_predict(CLI::App& command, Context& context) {
  auto c = std::make_shared<PredictCommand>();
  command.add_option("run", c->run, "the folder of a run")->required();
  command.add_option("files", c->files, "CSV files, images, or folders of images")->required();
  command.add_option("--format", c->format, "csv, or json: a line of JSON for each answer")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  command.add_option("--out", c->out, "a file for the answers, instead of standard output");
  command.callback([c, &context] { run_predict(*c, context); });
}

}  // namespace hearth::cli
