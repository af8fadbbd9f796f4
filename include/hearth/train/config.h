#pragma once

#include "hearth/train/options.h"

namespace hearth::train {

/// What a run does, by keys such as "run.epochs": each typed, documented, with a default, and checked. Sections: data,
/// transforms, model, loss, optimizer, scheduler, run. Sections with a "name" take that variant's settings besides.
class HEARTH_API Config {
 public:
  /// `models` and `datasets` are a program's own, beside the library's.
  explicit Config(std::vector<Variant> models = {}, std::vector<Variant> datasets = {});

  /// Takes the keys of a YAML file. Throws ValueError, with file and line, on a key that there is not (with the nearest
  /// one) or a value of the wrong kind; FileError where it can't be read.
  void read_file(const std::string& path);
  /// The same of text; `name` stands for the file.
  void read_text(const std::string& text, const std::string& name);
  /// "run.epochs=3"; the value is YAML.
  void assign(const std::string& assignment, const std::string& origin = "command line");
  void set(const std::string& key, IValue value, const std::string& origin);
  /// Takes a value for a key that nobody has set or chosen yet ("auto" counts as not set), and remembers why.
  void choose(const std::string& key, IValue value, const std::string& why);
  /// Checks the settings of variants, which hang on the section's name. Called by section().
  void check() const;

  /// Whether a file or the command line set it.
  bool is_set(const std::string& key) const;
  const IValue& value(const std::string& key) const;
  bool has(const std::string& key) const { return !value(key).isNone(); }
  bool flag(const std::string& key) const { return value(key).toBool(); }
  int64_t integer(const std::string& key) const { return value(key).toInt(); }
  double number(const std::string& key) const { return value(key).toDouble(); }
  const std::string& text(const std::string& key) const { return value(key).toStringRef(); }
  std::vector<std::string> texts(const std::string& key) const;
  /// The settings of the variant that a section names, complete.
  Options section(const std::string& section) const;
  /// The variants of a section: "model", "optimizer", "scheduler", "loss".
  const std::vector<Variant>& variants(const std::string& section) const;

  /// The whole configuration as YAML, ready to be read again.
  std::string yaml() const;
  /// Keys that hold other values than in the other one: "run.epochs: 3 and 5".
  std::vector<std::string> differences(const Config& other) const;
  /// Every key with its default and what it means.
  std::string explain() const;
  /// Every value and where it came from: default, file:line, the command line, or chosen and why.
  std::string origins() const;

 private:
  struct Entry {
    std::string key;
    IValue value;
    std::string origin;
    bool given = false;
  };
  const Setting* setting(const std::string& key) const;
  std::vector<std::string> keys() const;
  Entry* find(const std::string& key);
  const Entry* find(const std::string& key) const;
  void take(const std::string& key, IValue value, const std::string& origin, bool given);
  std::vector<Entry> complete() const;

  std::vector<std::pair<std::string, std::vector<Variant>>> variants_;
  std::vector<Entry> entries_;  // what is not a default
};

}  // namespace hearth::train
