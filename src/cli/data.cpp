// hearth data preview | fetch.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>

#include "base/fail.h"
#include "cli/commands.h"
#include "cli/fetch.h"
#include "cli/progress.h"
#include "cli/sheet.h"
#include "hearth/data/cifar.h"
#include "hearth/data/image_folder.h"
#include "hearth/data/mnist.h"
#include "hearth/data/table.h"
#include "hearth/data/text.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"

namespace hearth::cli {

namespace {

namespace sets = data::datasets;

constexpr size_t kRows = 20, kColumns = 10, kMeasured = 200;

bool exists(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0;
}
bool is_folder(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}
bool ends_with(const std::string& text, const char* end) { return std::string_view(text).ends_with(end); }

/// Pictures by number, with their classes.
struct Pictures {
  std::vector<std::string> classes;
  Tensor targets;                           ///< [N] of int64
  std::function<Tensor(int64_t)> picture;   ///< [C, H, W] of uint8, as it is in the file
  std::vector<sets::ImageFolder::Bad> bad;  ///< files that can't be read
};

std::vector<std::string> numbered(int64_t n) {
  std::vector<std::string> out;
  for (int64_t i = 0; i < n; ++i) out.push_back(fmt::format("{}", i));
  return out;
}

Pictures of_mnist(const std::string& path, sets::MNIST::Mode mode) {
  const auto all = std::make_shared<sets::MNIST>(path, mode);
  return {numbered(10), all->targets(), [all](int64_t i) { return all->images()[i].mul(255).round().to(kByte); }, {}};
}
template <class Cifar>
Pictures of_cifar(std::shared_ptr<Cifar> all, std::vector<std::string> classes) {
  return {std::move(classes), all->targets(), [all](int64_t i) { return all->images()[i]; }, {}};
}
Pictures of_folder(const std::string& path) {
  sets::ImageFolderOptions options;
  const auto all = std::make_shared<sets::ImageFolder>(path, options);
  return {all->classes(), all->targets(), [all](int64_t i) { return all->get(static_cast<size_t>(i)).data; },
          all->find_bad()};
}

Pictures open_pictures(const std::string& path) {
  for (const auto& [part, mode] :
       {std::pair("train", sets::MNIST::Mode::kTrain), std::pair("t10k", sets::MNIST::Mode::kTest)})
    for (const char* packed : {"", ".gz"})
      if (exists(fmt::format("{}/{}-images-idx3-ubyte{}", path, part, packed))) return of_mnist(path, mode);
  if (exists(path + "/data_batch_1.bin") || is_folder(path + "/cifar-10-batches-bin"))
    return of_cifar(std::make_shared<sets::CIFAR10>(path), sets::CIFAR10::classes());
  if (exists(path + "/train.bin") || is_folder(path + "/cifar-100-binary"))
    return of_cifar(std::make_shared<sets::CIFAR100>(path), numbered(100));
  return of_folder(path);
}

/// Sizes, means and deviations over some pictures, evenly spread.
void print_measures(const Pictures& p) {
  const int64_t n = p.targets.size(0), step = std::max<int64_t>(n / static_cast<int64_t>(kMeasured), 1);
  std::vector<int64_t> heights, widths;
  double count = 0, sum[3] = {}, squares[3] = {};
  for (int64_t i = 0; i < n; i += step) {
    try {
      const Tensor x = p.picture(i).to(kFloat).div_(255);
      heights.push_back(x.size(1));
      widths.push_back(x.size(2));
      for (int64_t c = 0; c < std::min<int64_t>(x.size(0), 3); ++c) {
        sum[c] += x[c].mean().item<double>();
        squares[c] += x[c].pow(2).mean().item<double>();
      }
      count += 1;
    } catch (const FileError&) {  // it is among the bad ones
    }
  }
  if (count == 0) return;
  const auto range = [](std::vector<int64_t>& v) {
    std::sort(v.begin(), v.end());
    return v.front() == v.back() ? fmt::format("{}", v.front())
                                 : fmt::format("{} to {} (median {})", v.front(), v.back(), v[v.size() / 2]);
  };
  fmt::print("height {}, width {}\n", range(heights), range(widths));
  const bool colour = squares[1] > 0;
  for (int c = 0; c < (colour ? 3 : 1); ++c) {
    const double mean = sum[c] / count, spread = std::sqrt(std::max(squares[c] / count - mean * mean, 0.0));
    fmt::print("{}: mean {:.4f}, deviation {:.4f} (of 0 to 1, over {} pictures)\n",
               colour ? std::array{"red", "green", "blue"}[static_cast<size_t>(c)] : "grey", mean, spread, count);
  }
}

int preview_pictures(const std::string& path, const std::string& out) {
  const Pictures p = open_pictures(path);
  const int64_t n = p.targets.size(0);
  std::vector<std::vector<int64_t>> by_class(p.classes.size());
  const int64_t* const target = p.targets.data_ptr<int64_t>();
  for (int64_t i = 0; i < n; ++i) by_class[static_cast<size_t>(target[i])].push_back(i);
  fmt::print("{}: {} pictures of {} classes\n", path, grouped(static_cast<double>(n)), p.classes.size());
  print_measures(p);
  for (size_t c = 0; c < by_class.size(); ++c)
    fmt::print("{:>8}  {}\n", grouped(static_cast<double>(by_class[c].size())), p.classes[c]);
  for (const auto& bad : p.bad) fmt::print("bad: {}: {}\n", bad.path, bad.why);
  if (out.empty()) return p.bad.empty() ? 0 : 1;
  std::vector<SheetRow> rows;
  for (size_t c = 0; c < std::min(by_class.size(), kRows); ++c) {
    SheetRow& row = rows.emplace_back();
    row.title = fmt::format("{} ({})", p.classes[c], by_class[c].size());
    for (const int64_t i : by_class[c]) {
      if (row.pictures.size() == kColumns) break;
      try {
        row.pictures.push_back(p.picture(i));
      } catch (const FileError&) {  // it was named above
      }
    }
  }
  io::write_png(contact_sheet(rows), out);
  fmt::print("contact sheet: {}\n", out);
  return p.bad.empty() ? 0 : 1;
}

std::string describe(const data::Column& c) {
  const bool numbers = !c.numbers.empty();
  if (!numbers) {
    std::vector<int64_t> counts(c.levels.size());
    for (const int32_t code : c.codes)
      if (code >= 0) ++counts[static_cast<size_t>(code)];
    std::vector<size_t> order(counts.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return counts[a] > counts[b]; });
    std::string text = fmt::format("{} different: ", order.size());
    for (size_t i = 0; i < std::min<size_t>(order.size(), 5); ++i)
      text += fmt::format("{}{} ({})", i > 0 ? ", " : "", c.levels[order[i]].substr(0, 40), counts[order[i]]);
    return text + (order.size() > 5 ? ", …" : "");
  }
  double low = HUGE_VAL, high = -HUGE_VAL, sum = 0, n = 0;
  for (const double v : c.numbers) {
    if (std::isnan(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
    sum += v;
    n += 1;
  }
  if (n == 0) return "all missing";
  if (c.kind == data::ColumnKind::kTime) return fmt::format("{} to {}", data::time_text(low), data::time_text(high));
  return fmt::format("min {:.6g}  mean {:.6g}  max {:.6g}", low, sum / n, high);
}

void preview_table(const std::string& path) {
  const data::Table t = data::Table::read_csv(path);
  fmt::print("{}: {} rows, {} columns\n", path, grouped(static_cast<double>(t.rows())), t.columns().size());
  size_t wide = 0;
  for (const data::Column& c : t.columns()) wide = std::max(wide, c.name.size());
  for (const data::Column& c : t.columns()) {
    const std::string missing = c.missing > 0 ? fmt::format("{} missing", c.missing) : "";
    fmt::print("{:{}}  {:11}  {:12}  {}{}\n", c.name, wide, data::name_of(c.kind), missing, describe(c),
               c.note.empty() ? "" : "; " + c.note);
  }
}

void preview_text(const std::string& path) {
  const std::string text = data::read_text(path, int64_t{1} << 32);
  if (text.empty()) throw FileError(fmt::format("[data] '{}' is empty", path), path);
  const data::CharTokenizer characters(text);
  const auto words = data::split_words(text);
  std::vector<std::string_view> different(words.begin(), words.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  fmt::print("{}: {} bytes, {} lines, {} different characters, {} words ({} different)\n", path,
             grouped(static_cast<double>(text.size())),
             grouped(static_cast<double>(std::count(text.begin(), text.end(), '\n'))), characters.size(),
             grouped(static_cast<double>(words.size())), grouped(static_cast<double>(different.size())));
  size_t end = std::min<size_t>(text.size(), 300);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  fmt::print("\n{}{}\n", text.substr(0, end), end < text.size() ? " …" : "");
}

void preview_picture(const std::string& path) {
  const Tensor x = io::read_image(path);
  fmt::print("{}: {} x {} pixels, {} channels\n", path, x.size(2), x.size(1), x.size(0));
  for (int64_t c = 0; c < x.size(0); ++c) {
    const Tensor plane = x[c].to(kFloat);
    fmt::print("channel {}: min {:.0f}  mean {:.1f}  max {:.0f}\n", c, plane.min().item<double>(),
               plane.mean().item<double>(), plane.max().item<double>());
  }
}

int preview(const std::string& path, const std::string& out) {
  if (!exists(path)) throw FileError(fmt::format("[data] there is no '{}'; check the path", path), path);
  const bool pictures = is_folder(path);
  if (!out.empty() && !pictures)
    fail("[data] --out takes the contact sheet of a folder of pictures, and {} is a file", path);
  if (pictures) return preview_pictures(path, out);
  if (io::has_image_ending(path))
    preview_picture(path);
  else if (ends_with(path, ".csv") || ends_with(path, ".tsv"))
    preview_table(path);
  else if (ends_with(path, ".txt") || ends_with(path, ".md"))
    preview_text(path);
  else
    fail("[data] '{}' ends in none of .csv .tsv .txt .jpg .png .bmp .ppm .pgm; for arrays see hearth weights ls", path);
  return 0;
}

void fetch(const std::string& name, const FetchOptions& options) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const auto arriving = [&](const std::string& file, double done, double all, double rate) {
    if (!terminal) return;
    const std::string of = all > done ? fmt::format(" of {} kB, {} left", grouped(all / 1000),
                                                    duration((all - done) / std::max(rate, 1.0)))
                                      : " kB";
    fmt::print("\r\033[K{}: {}{}", file, grouped(done / 1000), of);
    std::fflush(stdout);
  };
  const auto say = [&](const std::string& line) {
    fmt::print("{}{}\n", terminal ? "\r\033[K" : "", line);
    std::fflush(stdout);
  };
  const std::string folder = fetch_set(name, options, arriving, say);
  say(fmt::format("{} is in {}", name, folder));
}

}  // namespace

void add_data(CLI::App& command, Context& context) {
  struct Config {
    std::string path, out, name;
    FetchOptions fetch;
  };
  const auto config = std::make_shared<Config>();
  command.require_subcommand(1);
  CLI::App* look = command.add_subcommand(
      "preview",
      "Says what is in a folder of pictures, a table, a text or a picture; the exit status is 1 where files are bad.");
  look->add_option("path", config->path, "folder of classes, MNIST's or CIFAR's folder, .csv, .txt, or a picture")
      ->required();
  look->add_option("--out", config->out, "a contact sheet of the classes goes to this PNG file");
  look->footer("Example:\n  hearth data preview photos --out sheet.png");
  look->callback([config, &context] { context.status = preview(config->path, config->out); });
  CLI::App* get = command.add_subcommand("fetch", "Gets a public data set; a transfer that broke off goes on.");
  get->add_option("name", config->name,
                  "mnist, fashion-mnist, kmnist, cifar10, cifar100, iris, penguins, mpg, flights, tinyshakespeare")
      ->required();
  get->add_option("--cache", config->fetch.cache, "folder that keeps it; else $HEARTH_CACHE, else ~/.cache/hearth");
  get->add_option("--from", config->fetch.from, "another URL to take the files from");
  get->add_flag("--accept-changed", config->fetch.accept_changed,
                "takes files whose SHA-256 is not the published or noted one, and notes theirs");
  get->footer("Example:\n  hearth data fetch mnist");
  get->callback([config] {
    config->fetch.cache = cache_folder(config->fetch.cache);
    fetch(config->name, config->fetch);
  });
}

}  // namespace hearth::cli
