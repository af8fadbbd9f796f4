#include "hearth/train/options.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "kit/nearest.h"

namespace hearth::train {

Setting::Setting(std::string n, Kind k, IValue i, std::string d, double low, double high, std::vector<std::string> c)
    : name(std::move(n)),
      kind(k),
      initial(std::move(i)),
      doc(std::move(d)),
      least(low),
      most(high),
      choices(std::move(c)) {}
Setting::Setting(std::string n, int64_t i, std::string d, double low, double high)
    : Setting(std::move(n), Kind::integer, IValue(i), std::move(d), low, high) {}
Setting::Setting(std::string n, double i, std::string d, double low, double high)
    : Setting(std::move(n), Kind::number, IValue(i), std::move(d), low, high) {}
Setting::Setting(std::string n, bool i, std::string d) : Setting(std::move(n), Kind::flag, IValue(i), std::move(d)) {}
Setting::Setting(std::string n, const char* i, std::string d, std::vector<std::string> c)
    : Setting(std::move(n), Kind::text, i ? IValue(i) : IValue(), std::move(d), -1e300, 1e300, std::move(c)) {}

std::string Setting::rule() const {
  const char* kinds[] = {"true or false",      "an integer",        "a number",       "text",
                         "a list of integers", "a list of numbers", "a list of text", "anything"};
  std::string text = kinds[static_cast<int>(kind)];
  if (!choices.empty()) return (kind == Kind::texts ? "a list of " : "") + kit::one_of(choices);
  if (least > -1e300 && most < 1e300) return fmt::format("{} from {:g} to {:g}", text, least, most);
  if (least > -1e300) return fmt::format("{} of at least {:g}", text, least);
  return most < 1e300 ? fmt::format("{} of at most {:g}", text, most) : text;
}

namespace {

bool is_number(const IValue& v) { return v.isInt() || v.isDouble(); }

/// The items of any kind of list; of anything else, itself.
std::vector<IValue> items_of(const IValue& value) {
  if (value.isIntList()) return {value.toIntVector().begin(), value.toIntVector().end()};
  if (value.isDoubleList()) return {value.toDoubleVector().begin(), value.toDoubleVector().end()};
  if (value.isList() && !value.isTensorList()) return value.toListRef();
  return {value};
}

}  // namespace

bool Setting::admit(IValue& value) const {
  if (value.isNone()) return initial.isNone();
  const auto in_range = [this](double x) { return x >= least && x <= most && std::isfinite(x); };
  const auto chosen = [this](const std::string& t) {
    return choices.empty() || std::find(choices.begin(), choices.end(), t) != choices.end();
  };
  const auto as_text = [](const IValue& v) {
    return v.isString() ? IValue(v) : is_number(v) || v.isBool() ? IValue(to_yaml(v)) : IValue();
  };
  if (kind == Kind::integers || kind == Kind::numbers || kind == Kind::texts) {
    Setting one = *this;
    one.kind = kind == Kind::integers ? Kind::integer : kind == Kind::numbers ? Kind::number : Kind::text;
    one.initial = IValue(true);  // an item must be there
    std::vector<IValue> items = items_of(value);
    for (IValue& item : items)
      if (!one.admit(item)) return false;
    value = IValue(std::move(items));
    return true;
  }
  switch (kind) {
    case Kind::flag: return value.isBool();
    case Kind::integer:
      if (value.isDouble() && std::nearbyint(value.toDouble()) == value.toDouble() &&
          std::fabs(value.toDouble()) < 1e15)
        value = IValue(static_cast<int64_t>(value.toDouble()));  // 1e3
      return value.isInt() && in_range(static_cast<double>(value.toInt()));
    case Kind::number:
      if (value.isInt()) value = IValue(static_cast<double>(value.toInt()));
      return value.isDouble() && in_range(value.toDouble());
    case Kind::text: value = as_text(value); return value.isString() && chosen(value.toStringRef());
    default: return true;
  }
}

Options::Options(std::string what, const std::vector<Setting>& settings) : what_(std::move(what)), settings_(settings) {
  for (const Setting& s : settings_) values_.push_back(s.initial);
}
size_t Options::find(const std::string& name) const {
  std::vector<std::string> names;
  for (size_t i = 0; i < settings_.size(); ++i) {
    if (settings_[i].name == name) return i;
    names.push_back(settings_[i].name);
  }
  fail("[config] {} has no setting \"{}\"{}; it has {}", what_, name, kit::did_you_mean(name, names),
       names.empty() ? "none" : kit::one_of(names));
}
void Options::set(const std::string& name, IValue value, const std::string& where) {
  const size_t i = find(name);
  const std::string given = to_yaml(value);
  if (!settings_[i].admit(value))
    fail("[config] \"{}\" of {} is {}{}; it must be {}", name, what_, given, where, settings_[i].rule());
  values_[i] = std::move(value);
}
const IValue& Options::value(const std::string& name) const { return values_[find(name)]; }
std::vector<int64_t> Options::integers(const std::string& name) const {
  std::vector<int64_t> out;
  for (const IValue& v : items_of(value(name))) out.push_back(v.toInt());
  return out;
}
std::vector<double> Options::numbers(const std::string& name) const {
  std::vector<double> out;
  for (const IValue& v : items_of(value(name))) out.push_back(v.toDouble());
  return out;
}
std::vector<std::string> Options::texts(const std::string& name) const {
  std::vector<std::string> out;
  for (const IValue& v : items_of(value(name))) out.push_back(v.toStringRef());
  return out;
}

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}
/// Whether YAML reads it back as the same text without quotes.
bool is_plain(const std::string& t) {
  if (t.empty() || t == "true" || t == "false" || t == "null" || t == "yes" || t == "no" || t == "on" || t == "off")
    return false;
  if (!std::isalpha(static_cast<unsigned char>(t[0])) && t[0] != '/' && t[0] != '_') return false;
  const bool word = std::all_of(t.begin(), t.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '/' || c == '.';
  });
  return word && t != "nan" && t != "inf" && t != "NaN" && t != "y" && t != "n";
}

}  // namespace

std::string to_yaml(const IValue& value) {
  if (value.isNone()) return "null";
  if (value.isBool()) return value.toBool() ? "true" : "false";
  if (value.isInt()) return std::to_string(value.toInt());
  if (value.isDouble()) {
    std::string text = fmt::format("{}", value.toDouble());
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  if (value.isString()) return is_plain(value.toStringRef()) ? value.toStringRef() : quoted(value.toStringRef());
  std::string text;
  if (value.isGenericDict()) {
    for (const auto& [k, v] : value.toGenericDict())
      text += (text.empty() ? "" : ", ") + to_yaml(k) + ": " + to_yaml(v);
    return "{" + text + "}";
  }
  for (const IValue& v : items_of(value)) text += (text.empty() ? "" : ", ") + to_yaml(v);
  return "[" + text + "]";
}

}  // namespace hearth::train
