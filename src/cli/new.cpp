#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <memory>

#include "base/fail.h"
#include "cli/commands.h"
#include "hearth/io/text_file.h"
#include "kit/run_folder.h"

namespace hearth::cli {

namespace {

constexpr const char* kBuild = R"(cmake_minimum_required(VERSION 3.16)
project(@NAME@ CXX)
find_package(hearth REQUIRED)  # where it is not installed for all: cmake -Dhearth_DIR=PREFIX/lib/cmake/hearth
add_executable(@NAME@ main.cpp model.cpp data.cpp)
target_compile_features(@NAME@ PRIVATE cxx_std_17)
target_link_libraries(@NAME@ PRIVATE hearth::cli)
)";

constexpr const char* kMain =
    R"(// All of hearth's commands, with the model and the data of this project besides: ./@NAME@ train config.yaml
#include <hearth/train/main.h>

#include "data.h"
#include "model.h"

int main(int argc, char** argv) { return hearth::train::main(argc, argv, {my_model()}, {my_data()}); }
)";

constexpr const char* kModelHeader = R"(#pragma once

#include <hearth/train/registry.h>

/// What `model.name: my_model` stands for.
hearth::train::ModelEntry my_model();
)";

constexpr const char* kModel = R"(#include "model.h"

#include <hearth/nn.h>

namespace {

struct MyModelImpl : hearth::nn::Module {
  MyModelImpl(int64_t inputs, int64_t width, int64_t outputs) : first(inputs, width), last(width, outputs) {
    register_module("first", first);
    register_module("last", last);
  }
  hearth::Tensor forward(const hearth::Tensor& x) { return last(hearth::relu(first(x))); }

  hearth::nn::Linear first, last;
};

}  // namespace

hearth::train::ModelEntry my_model() {
  return {{"my_model", "two layers", {{"width", 32, "units of the hidden layer", 1}}},
          [](const hearth::train::Options& options, const hearth::train::Shapes& shapes) {
            return hearth::train::Model(
                std::make_shared<MyModelImpl>(shapes.input[0], options.integer("width"), shapes.outputs));
          }};
}
)";

constexpr const char* kDataHeader = R"(#pragma once

#include <hearth/train/registry.h>

/// What `data.name: my_data` stands for.
hearth::train::DataEntry my_data();
)";

constexpr const char* kData = R"(#include "data.h"

#include <hearth/hearth.h>

namespace {

/// Points in a square; those within a circle are one class, the others the second.
std::shared_ptr<hearth::train::Batches> points(int64_t n, uint64_t seed, hearth::train::BatchOptions options) {
  hearth::Generator generator = hearth::detail::createCPUGenerator(seed);
  const hearth::Tensor x = hearth::rand({n, 2}, generator, hearth::TensorOptions()) * 2 - 1;
  const hearth::Tensor inside = (x.pow(2).sum(1) < 0.6).to(hearth::kLong);
  return hearth::train::batches(x, inside, options);
}

}  // namespace

hearth::train::DataEntry my_data() {
  return {{"my_data", "points in and around a circle", {{"samples", 2000, "for training", 10}}},
          [](const hearth::train::Options& options, const hearth::train::BatchOptions& batch) {
            hearth::train::BatchOptions in_order = batch;
            in_order.shuffle(false);
            hearth::train::Data data;
            data.train = points(options.integer("samples"), 1, batch);
            data.val = points(500, 2, in_order);
            data.test = points(500, 3, in_order);
            data.shapes.input = {2};
            data.shapes.outputs = 2;
            data.metrics = {"accuracy"};
            data.classes = {"outside", "inside"};
            return data;
          }};
}
)";

constexpr const char* kConfig = R"(# hearth config --explain lists every key
data:
  name: my_data
model:
  name: my_model
  width: 32
optimizer:
  lr: 0.01
run:
  epochs: 20
)";

constexpr const char* kReadMe = R"(# @NAME@

    cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build
    build/@NAME@ train config.yaml        # trains; runs/ gets weights, metrics, a report
    build/@NAME@ train config.yaml run.epochs=5 model.width=64
    build/@NAME@ board runs               # curves in the browser

model.cpp and data.cpp are yours to change.
)";

std::string filled(std::string text, const std::string& name) {
  for (size_t at; (at = text.find("@NAME@")) != std::string::npos;) text.replace(at, 6, name);
  return text;
}

void write_project(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  bool good = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0]));
  for (const char c : name) good = good && (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-');
  if (!good) fail("[new] \"{}\" is no name for a program; use letters, digits, _ and -, a letter first", name);
  if (kit::exists(path)) fail("[new] {} exists already; give another name", path);
  kit::make_folders(path);
  const std::pair<const char*, const char*> files[] = {
      {"CMakeLists.txt", kBuild}, {"main.cpp", kMain}, {"model.h", kModelHeader}, {"model.cpp", kModel},
      {"data.h", kDataHeader},    {"data.cpp", kData}, {"config.yaml", kConfig},  {"README.md", kReadMe}};
  for (const auto& [file, text] : files) io::write_text(path + "/" + file, filled(text, name));
  fmt::print("{}: CMakeLists.txt, main.cpp, model.cpp, data.cpp, config.yaml; README.md says how to build it\n", path);
}

}  // namespace

void add_new(CLI::App& command, Context& context) {
  auto path = std::make_shared<std::string>();
  command.add_option("name", *path, "the project's folder, and the program's name")->required();
  command.callback([path, &context] {
    write_project(*path);
    context.status = 0;
  });
}

}  // namespace hearth::cli
