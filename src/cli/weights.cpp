#include "hearth/io/weights.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <sstream>

#include "base/fail.h"
#include "cli/commands.h"
#include "hearth/error.h"
#include "hearth/hearth.h"
#include "hearth/io/text_file.h"

namespace hearth::cli {

namespace {

struct WeightsConfig {
  std::string first, second;
  bool by_order = false;
  double tolerance = 0;
  std::string like, rules_file, out;
  std::vector<std::string> rules;
};

std::string numbers(const Tensor& t) {
  if (t.numel() == 0) return "no elements";
  const Tensor x = t.to(kDouble).reshape({-1});
  const int64_t odd = (~x.isfinite()).sum().item<int64_t>();
  const double mean = x.mean().item<double>(), spread = std::sqrt((x - mean).pow(2).mean().item<double>());
  std::string text = fmt::format("mean {:.4g} std {:.4g} min {:.4g} max {:.4g}", mean, spread, x.min().item<double>(),
                                 x.max().item<double>());
  if (odd > 0) text += fmt::format(", {} not finite", odd);
  return text;
}

size_t longest_name(const nn::StateDict& tensors) {
  size_t wide = 0;
  for (const auto& item : tensors) wide = std::max(wide, item.key().size());
  return wide;
}

void list(const WeightsConfig& config) {
  const NoGradGuard no_grad;
  const nn::StateDict tensors = io::load_weights(config.first);
  const size_t wide = longest_name(tensors);
  int64_t elements = 0, bytes = 0;
  for (const auto& item : tensors) {
    const Tensor& t = item.value();
    fmt::print("{:{}}  {:8}  {:16}  {}\n", item.key(), wide, dtype_name(t.scalar_type()), to_string(t.sizes()),
               numbers(t));
    elements += t.numel();
    bytes += static_cast<int64_t>(t.nbytes());
  }
  fmt::print("{} tensors, {} elements, {} bytes\n", tensors.size(), elements, bytes);
}

/// How two tensors of one name differ; "" where they do not.
std::string difference(const Tensor& a, const Tensor& b, double tolerance) {
  if (a.sizes() != b.sizes()) return fmt::format("shape {} and {}", to_string(a.sizes()), to_string(b.sizes()));
  if (a.scalar_type() != b.scalar_type())
    return fmt::format("{} and {}", dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  const Tensor x = a.to(kDouble).reshape({-1}), y = b.to(kDouble).reshape({-1});
  const Tensor same = x.eq(y).logical_or(x.isnan().logical_and(y.isnan()));
  const Tensor apart = (x - y).abs().masked_fill(same, 0);
  const Tensor beyond = (~(apart <= tolerance)).logical_and(~same);  // NaN is beyond everything
  const auto count = beyond.sum().item<int64_t>();
  if (count == 0) return {};
  const auto worst = apart.masked_fill(apart.isnan(), HUGE_VAL).argmax().item<int64_t>();
  return fmt::format("{} of {} elements, at most by {:.6g} (element {}: {:.9g} and {:.9g})", count, a.numel(),
                     apart[worst].item<double>(), worst, x[worst].item<double>(), y[worst].item<double>());
}

int diff(const WeightsConfig& config) {
  const NoGradGuard no_grad;
  const nn::StateDict a = io::load_weights(config.first);
  nn::StateDict b = io::load_weights(config.second);
  if (config.by_order) b = io::match_by_shape(b, a);
  const size_t wide = std::max(longest_name(a), longest_name(b));
  int64_t differ = 0;
  for (const auto& item : a) {
    const Tensor* other = b.find(item.key());
    const std::string text = other ? difference(item.value(), *other, config.tolerance) : "only in " + config.first;
    if (text.empty()) continue;
    fmt::print("{:{}}  {}\n", item.key(), wide, text);
    ++differ;
  }
  for (const auto& item : b)
    if (!a.contains(item.key())) {
      fmt::print("{:{}}  only in {}\n", item.key(), wide, config.second);
      ++differ;
    }
  fmt::print("{}\n", differ == 0 ? fmt::format("{} tensors are equal", a.size()) : fmt::format("{} differ", differ));
  return differ == 0 ? 0 : 1;
}

void convert(const WeightsConfig& config) {
  const nn::StateDict tensors = io::load_weights(config.first);
  io::save_weights(tensors, config.second);
  fmt::print("{} tensors written to {}\n", tensors.size(), config.second);
}

/// A rule a line; empty lines and those that begin with # are none.
std::vector<std::string> all_rules(const WeightsConfig& config) {
  std::vector<std::string> rules = config.rules;
  if (config.rules_file.empty()) return rules;
  std::istringstream text(io::read_text(config.rules_file));
  for (std::string line; std::getline(text, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty() && line[0] != '#') rules.push_back(line);
  }
  return rules;
}

/// Prints what goes where, as rules that may be mended and given again. Returns the tensors under their new names.
nn::StateDict propose(const nn::StateDict& given, const nn::StateDict& own, bool& fits) {
  const io::NameMap map = io::propose_names(given, own);
  nn::StateDict out;
  for (const auto& [from, to] : map.pairs) {
    if (from != to) fmt::print("{}={}\n", from, to);
    out.insert(to, given[from]);
  }
  const auto left = [](const std::vector<std::string>& names, const nn::StateDict& tensors, const char* what) {
    for (const std::string& name : names) fmt::print("# {} {}: {}\n", name, to_string(tensors[name].sizes()), what);
  };
  left(map.own_left, own, "nothing fits it");
  left(map.given_left, given, "it fits nothing");
  fits = map.own_left.empty() && map.given_left.empty();
  return out;
}

int map_names(const WeightsConfig& config) {
  const std::vector<std::string> rules = all_rules(config);
  if (config.like.empty() && rules.empty())
    fail("[weights] nothing says what the names should be; give --like FILE, --rule or --rules");
  nn::StateDict tensors = io::rename(io::load_weights(config.first), rules);
  bool fits = true;
  if (config.like.empty()) {
    for (const auto& item : tensors) fmt::print("# {} {}\n", item.key(), to_string(item.value().sizes()));
  } else {
    tensors = propose(tensors, io::load_weights(config.like), fits);
  }
  if (!fits) {
    fmt::print(stderr,
               "hearth: not every tensor has its place in {}{}; give --rule old=new, or old= to leave one out\n",
               config.like, config.out.empty() ? "" : ", and nothing was written");
    return 1;
  }
  if (config.out.empty()) return 0;
  io::save_weights(tensors, config.out);
  fmt::print("# {} tensors written to {}\n", tensors.size(), config.out);
  return 0;
}

}  // namespace

void add_weights(CLI::App& command, Context& context) {
  auto config = std::make_shared<WeightsConfig>();
  command.require_subcommand(1);
  const char* formats = "file: .pt, .pth, .safetensors, .npz, .npy, .ckpt, or a folder of shards";
  CLI::App* ls = command.add_subcommand("ls", "Lists tensors: name, dtype, shape, mean, spread, smallest, largest.");
  ls->add_option("file", config->first, formats)->required();
  ls->footer("Example:\n  hearth weights ls model.safetensors");
  ls->callback([config] { list(*config); });
  CLI::App* compare = command.add_subcommand("diff", "Compares two files; the exit status is 1 where they differ.");
  compare->add_option("first", config->first, formats)->required();
  compare->add_option("second", config->second, formats)->required();
  compare->add_flag("--by-order", config->by_order, "pair tensors by shape and order, not by name");
  compare->add_option("--tolerance", config->tolerance, "largest difference that counts as equal")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  compare->footer("Example:\n  hearth weights diff runs/a runs/b --tolerance 1e-6");
  compare->callback([config, &context] { context.status = diff(*config); });
  CLI::App* into = command.add_subcommand("convert", "Writes the tensors of a file in another format.");
  into->add_option("from", config->first, formats)->required();
  into->add_option("to", config->second, "new file; its ending names the format")->required();
  into->footer("Example:\n  hearth weights convert model.pt model.safetensors");
  into->callback([config] { convert(*config); });
  CLI::App* names = command.add_subcommand(
      "map",
      "Gives tensors other names: by rules, or as in another file, guessed from shapes, order and names. Prints the "
      "guess as rules; the exit status is 1 where a tensor is left over.");
  names->add_option("from", config->first, formats)->required();
  names->add_option("--like", config->like, "a file or run folder whose names the tensors shall have");
  names->add_option("--rule", config->rules,
                    "old=new, where each * stands for any text; /pattern/=new; old= leaves a tensor out");
  names->add_option("--rules", config->rules_file, "a file of such rules, one a line");
  names->add_option("--out", config->out, "the file to write; its ending names the format");
  names->footer(
      "Examples:\n  hearth weights map theirs.pt --like runs/digits --out ours.safetensors\n"
      "  hearth weights map theirs.pt --rule 'module.*=*' --out ours.pt");
  names->callback([config, &context] { context.status = map_names(*config); });
}

}  // namespace hearth::cli
