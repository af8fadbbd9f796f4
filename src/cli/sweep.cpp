#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>

#include "base/fail.h"
#include "cli/settings.h"
#include "cli/signals.h"
#include "hearth/hearth.h"
#include "hearth/io/text_file.h"
#include "kit/session.h"
#include "report/chart.h"

namespace hearth::cli {

namespace {

/// A setting that the sweep varies: a list of values, or a range that values are drawn from.
struct Axis {
  std::string key;
  std::vector<std::string> values;
  double low = 0, high = 0;
  bool log = false;
  bool is_range() const { return values.empty(); }
};

struct Sweep {
  Settings settings;
  std::string strategy = "auto", out = "sweep";
  int64_t runs = 12;
  uint64_t seed = 0;
};

/// One run: what it sets, and what came of it.
struct Trial {
  std::vector<std::string> values;  // of each axis
  std::string folder;
  double score = std::nan("");
  bool finished = false, higher_is_better = false;
  std::string status = "to do";
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(at, begin)) != std::string::npos; begin = end + 1)
    parts.push_back(text.substr(begin, end - begin));
  parts.push_back(text.substr(begin));
  return parts;
}

/// "key=log(1e-5,1e-1)", "key=uniform(0,0.5)" or "key=a,b,c"; nothing of a plain "key=value".
std::optional<Axis> parse_axis(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos) return std::nullopt;
  Axis axis{word.substr(0, equals), {}, 0, 0, false};
  const std::string value = word.substr(equals + 1);
  const bool log = value.starts_with("log("), uniform = value.starts_with("uniform(");
  if (log || uniform) {
    const std::string inside = value.substr(value.find('(') + 1);
    const std::vector<std::string> ends = split(inside.substr(0, inside.find(')')), ',');
    char* rest = nullptr;
    axis.low = ends.size() == 2 ? std::strtod(ends[0].c_str(), &rest) : 0;
    axis.high = ends.size() == 2 ? std::strtod(ends[1].c_str(), &rest) : 0;
    if (!(axis.low < axis.high) || (log && axis.low <= 0) || !value.ends_with(")"))
      fail("[sweep] {} is no range; write {}(low,high) with {}low < high", word, log ? "log" : "uniform",
           log ? "0 < " : "");
    axis.log = log;
    return axis;
  }
  if (value.find(',') == std::string::npos || value.starts_with("[")) return std::nullopt;
  axis.values = split(value, ',');
  return axis;
}

/// The trials of a grid, the last axis fastest, or random ones from the seed.
std::vector<Trial> plan(const Sweep& s, const std::vector<Axis>& axes) {
  const bool grid = s.strategy == "grid";
  int64_t count = s.runs;
  if (grid)
    count = std::accumulate(axes.begin(), axes.end(), int64_t{1},
                            [](int64_t n, const Axis& a) { return n * static_cast<int64_t>(a.values.size()); });
  Generator generator = hearth::detail::createCPUGenerator(s.seed);
  std::vector<Trial> trials;
  for (int64_t i = 0; i < count; ++i) {
    Trial t;
    int64_t rest = i;
    for (size_t k = axes.size(); k-- > 0;) {
      const Axis& a = axes[k];
      const auto n = static_cast<int64_t>(a.values.size());
      if (grid) {
        t.values.insert(t.values.begin(), a.values[static_cast<size_t>(rest % n)]);
        rest /= n;
      } else {
        const double u = rand({1}, generator, TensorOptions(kDouble)).item<double>();
        const double v = a.log ? a.low * std::pow(a.high / a.low, u) : a.low + (a.high - a.low) * u;
        t.values.insert(t.values.begin(), a.is_range() ? fmt::format("{:.4g}", v)
                                                       : a.values[static_cast<size_t>(u * static_cast<double>(n))]);
      }
    }
    t.folder = fmt::format("{}/{:03}", s.out, i);
    trials.push_back(std::move(t));
  }
  return trials;
}

/// What the run's summary says of it: a score (the monitor's best value) and which way is better.
void read_result(Trial& t) {
  if (!kit::exists(t.folder + "/summary.json")) return;
  const kit::Json summary = kit::RunFolder::open(t.folder).read_json("summary.json");
  t.finished = summary.value("status", "") == "finished" || summary.value("status", "") == "stopped_early";
  const kit::Json best = summary.value("best", kit::Json::object());
  if (best.contains("value") && best["value"].is_number()) t.score = best["value"].get<double>();
  t.higher_is_better = best.value("mode", "min") == "max";
}

/// The settings of a trial; `epochs` of 0 leaves those to the settings.
train::Config config_of(const Sweep& s, const std::vector<Axis>& axes, const Trial& t, int64_t epochs,
                        const Context& context) {
  train::Config config = make_config(s.settings, context);
  for (size_t k = 0; k < axes.size(); ++k) config.assign(axes[k].key + "=" + t.values[k], "sweep");
  config.set("run.out", t.folder, "sweep");
  if (epochs > 0) config.set("run.epochs", epochs, "sweep");
  config.check();
  return config;
}

/// Trains one.
void run_trial(const Sweep& s, const std::vector<Axis>& axes, Trial& t, int64_t epochs, Context& context) {
  read_result(t);
  if (t.finished) {
    t.status = "finished before";
    return;
  }
  const train::Config config = config_of(s, axes, t, epochs, context);
  const bool resumes = kit::exists(t.folder + "/config.yaml");
  kit::TrainRequest request{config,
                            context.models,
                            context.datasets,
                            context.words,
                            resumes ? t.folder : "",
                            {},
                            [] { return StopSignals::received() != 0; },
                            {},
                            {}};
  try {
    const kit::TrainOutcome outcome = kit::run_training(request);
    t.status = outcome.result.status == train::Result::Status::interrupted ? "interrupted" : "finished";
    read_result(t);
  } catch (const ValueError& e) {  // a rate too high, say: the others go on
    t.status = std::string("failed: ") + e.what();
  }
}

bool higher_is_better(const std::vector<Trial>& trials) {
  return std::any_of(trials.begin(), trials.end(), [](const Trial& t) { return t.higher_is_better; });
}

void sort_by_score(std::vector<Trial>& trials, bool higher) {
  std::stable_sort(trials.begin(), trials.end(), [higher](const Trial& a, const Trial& b) {
    if (std::isnan(a.score) || std::isnan(b.score)) return !std::isnan(a.score) && std::isnan(b.score);
    return higher ? a.score > b.score : a.score < b.score;
  });
}

/// Each axis upright, a line for each trial through its values; better ones at the top of the last.
report::Chart parallel_plot(const std::vector<Axis>& axes, const std::vector<Trial>& trials, bool higher) {
  report::Chart chart{"sweep", "", "share of each axis", {}, false, false};
  for (size_t k = 0; k < axes.size(); ++k) chart.x_label += fmt::format("{}: {}   ", k, axes[k].key);
  chart.x_label += fmt::format("{}: score ({} is better)", axes.size(), higher ? "higher" : "lower");
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Trial& t : trials)
    if (!std::isnan(t.score)) low = std::min(low, t.score), high = std::max(high, t.score);
  for (const Trial& t : trials) {
    if (std::isnan(t.score)) continue;
    report::Series line;
    for (size_t k = 0; k < axes.size(); ++k) {
      const Axis& a = axes[k];
      double at = 0.5;
      if (a.is_range()) {
        const double v = std::strtod(t.values[k].c_str(), nullptr);
        at = a.log ? std::log(v / a.low) / std::log(a.high / a.low) : (v - a.low) / (a.high - a.low);
      } else if (a.values.size() > 1) {
        at = static_cast<double>(std::find(a.values.begin(), a.values.end(), t.values[k]) - a.values.begin()) /
             static_cast<double>(a.values.size() - 1);
      }
      line.x.push_back(static_cast<double>(k));
      line.y.push_back(at);
    }
    line.x.push_back(static_cast<double>(axes.size()));
    line.y.push_back(high > low ? (t.score - low) / (high - low) : 0.5);
    chart.series.push_back(std::move(line));
  }
  return chart;
}

void show(const Sweep& s, const std::vector<Axis>& axes, std::vector<Trial> trials, bool higher) {
  sort_by_score(trials, higher);
  std::string csv = "run";
  fmt::print("\n{:<12}", "run");
  for (const Axis& a : axes) {
    fmt::print("{:<18}", a.key.substr(a.key.rfind('.') + 1));
    csv += "," + a.key;
  }
  fmt::print("{:<12}{}\n", "score", "status");
  csv += ",score,status\n";
  for (const Trial& t : trials) {
    fmt::print("{:<12}", t.folder.substr(t.folder.rfind('/') + 1));
    csv += t.folder;
    for (const std::string& v : t.values) {
      fmt::print("{:<18}", v);
      csv += "," + v;
    }
    fmt::print("{:<12.6g}{}\n", t.score, t.status);
    csv += fmt::format(",{},\"{}\"\n", t.score, t.status);
  }
  io::write_text(s.out + "/sweep.csv", csv);
  report::write_chart(parallel_plot(axes, trials, higher), s.out + "/sweep");
  fmt::print("table: {0}/sweep.csv\nplot: {0}/sweep.svg, {0}/sweep.png\n", s.out);
  if (!trials.empty() && !std::isnan(trials[0].score))
    fmt::print("best: {} {:.6g}\n", trials[0].folder, trials[0].score);
}

bool run_all(const Sweep& s, const std::vector<Axis>& axes, std::vector<Trial>& trials, int64_t epochs,
             Context& context) {
  for (size_t i = 0; i < trials.size(); ++i) {
    std::string what;
    for (size_t k = 0; k < axes.size(); ++k) what += fmt::format(" {}={}", axes[k].key, trials[i].values[k]);
    fmt::print("[{}/{}]{}{}", i + 1, trials.size(), what, epochs > 0 ? fmt::format(" ({} epochs)", epochs) : "");
    std::fflush(stdout);
    run_trial(s, axes, trials[i], epochs, context);
    fmt::print(": {:.6g} ({})\n", trials[i].score, trials[i].status);
    std::fflush(stdout);
    if (StopSignals::received() != 0) return false;
  }
  return true;
}

/// Successive halving (Jamieson and Talwalkar, 2016): all for a few epochs, the better half anew for twice as many, …
bool halve(const Sweep& s, const std::vector<Axis>& axes, std::vector<Trial>& trials, Context& context) {
  const train::Config config = make_config(s.settings, context);
  const int64_t most = config.has("run.epochs") ? config.integer("run.epochs") : 8;
  int64_t rounds = 1;
  while ((int64_t{1} << rounds) < static_cast<int64_t>(trials.size()) && (most >> rounds) >= 1) ++rounds;
  std::vector<Trial> alive = trials;
  for (int64_t r = rounds - 1; r >= 0; --r) {
    const int64_t epochs = std::max<int64_t>(1, most >> r);
    for (Trial& t : alive) t.folder = t.folder.substr(0, s.out.size() + 4) + (r > 0 ? fmt::format("_{}", epochs) : "");
    if (!run_all(s, axes, alive, epochs, context)) return false;
    sort_by_score(alive, higher_is_better(alive));
    if (r > 0) {
      trials.insert(trials.end(), alive.begin() + static_cast<std::ptrdiff_t>((alive.size() + 1) / 2), alive.end());
      alive.resize((alive.size() + 1) / 2);
    }
  }
  trials = alive;
  return true;
}

void run_sweep(Sweep& s, Context& context) {
  std::vector<Axis> axes;
  std::vector<std::string> plain;
  for (const std::string& word : s.settings.words) {
    if (auto axis = parse_axis(word)) {
      axes.push_back(std::move(*axis));
    } else {
      plain.push_back(word);
    }
  }
  s.settings.words = plain;
  if (axes.empty())
    fail("[sweep] nothing varies; give settings such as optimizer.lr=log(1e-4,1e-1) or model.name=mlp,lenet");
  const bool ranges = std::any_of(axes.begin(), axes.end(), [](const Axis& a) { return a.is_range(); });
  if (s.strategy == "auto") s.strategy = ranges ? "random" : "grid";
  if (s.strategy == "grid" && ranges) fail("[sweep] a grid has no ranges; list the values, or use --strategy random");
  make_config(s.settings, context).check();
  std::vector<Trial> trials = plan(s, axes);
  for (const Trial& t : trials) config_of(s, axes, t, 0, context);  // a wrong one is told before the first trains
  io::make_folders(s.out);
  const StopSignals signals;
  context.status_of_errors = 1;
  const bool done = s.strategy == "halving" ? halve(s, axes, trials, context) : run_all(s, axes, trials, 0, context);
  if (!done) {
    context.status = 128 + StopSignals::received();
    fmt::print(stderr, "hearth: interrupted; the same command goes on where it stopped\n");
    return;
  }
  show(s, axes, trials, higher_is_better(trials));
}

}  // namespace

void add_sweep(CLI::App& command, Context& context) {
  auto s = std::make_shared<Sweep>();
  add_settings(command, s->settings);
  command
      .add_option("--strategy", s->strategy, "grid, random, or halving (the better half goes on for twice the epochs)")
      ->check(CLI::IsMember({"auto", "grid", "random", "halving"}))
      ->capture_default_str();
  command.add_option("--runs", s->runs, "of random and halving")->check(CLI::Range(1, 100000))->capture_default_str();
  command.add_option("--sweep-seed", s->seed, "of the random settings")->capture_default_str();
  command.add_option("--folder", s->out, "the sweep's folder; runs that are in it are not done again")
      ->capture_default_str();
  command.callback([s, &context] { run_sweep(*s, context); });
}

}  // namespace hearth::cli
