#pragma once

#include <string>
#include <vector>

#include "hearth/ivalue.h"

namespace hearth::train {

/// A documented setting: what may stand under its name in a configuration.
struct HEARTH_API Setting {
  enum class Kind { flag, integer, number, text, integers, numbers, texts, any };
  std::string name;
  Kind kind = Kind::any;
  IValue initial;  ///< the default; nothing: chosen to suit the rest, or not set
  std::string doc;
  double least = -1e300, most = 1e300;    ///< of numbers, and of each in a list
  std::vector<std::string> choices = {};  ///< of text; none: any

  // Its name, default, documentation and range or choices; the default says the kind.
  Setting(std::string n, int64_t i, std::string d, double low = -1e300, double high = 1e300);
  Setting(std::string n, double i, std::string d, double low = -1e300, double high = 1e300);
  Setting(std::string n, bool i, std::string d);
  Setting(std::string n, const char* i, std::string d, std::vector<std::string> c = {});
  Setting(std::string n, int i, std::string d, double low = -1e300, double high = 1e300)
      : Setting(std::move(n), static_cast<int64_t>(i), std::move(d), low, high) {}
  Setting(std::string n, Kind k, IValue i, std::string d, double low = -1e300, double high = 1e300,
          std::vector<std::string> c = {});

  /// "an integer of at least 1", "one of relu, gelu or tanh", …
  std::string rule() const;
  /// The value in this setting's kind (an integer where a number is asked for becomes one, a single value a list).
  /// Returns false where it does not follow the rule.
  bool admit(IValue& value) const;
};

/// One thing that a name in a configuration stands for, with the settings that it takes: a model, a scheduler, …
struct HEARTH_API Variant {
  std::string name, doc;
  std::vector<Setting> settings;
};

/// Values of settings by name, checked and complete. Asking for a name that is not there is a ValueError.
class HEARTH_API Options {
 public:
  Options() = default;
  /// The defaults of the settings; then set() the others.
  Options(std::string what, const std::vector<Setting>& settings);
  /// Throws ValueError where there is no such setting, with the nearest one, or the value breaks its rule. `where` ends
  /// the message: " (config.yaml:3)".
  void set(const std::string& name, IValue value, const std::string& where = "");

  const IValue& value(const std::string& name) const;
  bool has(const std::string& name) const { return !value(name).isNone(); }
  bool flag(const std::string& name) const { return value(name).toBool(); }
  int64_t integer(const std::string& name) const { return value(name).toInt(); }
  double number(const std::string& name) const { return value(name).toDouble(); }
  const std::string& text(const std::string& name) const { return value(name).toStringRef(); }
  std::vector<int64_t> integers(const std::string& name) const;
  std::vector<double> numbers(const std::string& name) const;
  std::vector<std::string> texts(const std::string& name) const;
  const std::vector<Setting>& settings() const { return settings_; }

 private:
  size_t find(const std::string& name) const;
  std::string what_;
  std::vector<Setting> settings_;
  std::vector<IValue> values_;
};

/// A value as YAML writes it on one line: 3, 0.5, [1, 2], {a: 1}, "text".
HEARTH_API std::string to_yaml(const IValue& value);

}  // namespace hearth::train
