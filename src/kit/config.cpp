#include "hearth/train/config.h"

#include <algorithm>

#include "base/fail.h"
#include "hearth/io/text_file.h"
#include "kit/nearest.h"
#include "kit/schema.h"
#include "kit/yaml.h"

namespace hearth::train {

namespace {

constexpr const char* kDefault = "default";

std::string section_of(const std::string& key) { return key.substr(0, key.find('.')); }
std::string rest_of(const std::string& key) {
  const size_t dot = key.find('.');
  return dot == std::string::npos ? "" : key.substr(dot + 1);
}

const kit::Section* find_section(const std::string& name) {
  for (const kit::Section& s : kit::schema())
    if (name == s.name) return &s;
  return nullptr;
}

}  // namespace

Config::Config(std::vector<Variant> models, std::vector<Variant> datasets) {
  std::vector<Variant> all = std::move(models);
  for (Variant& v : kit::model_variants())
    if (std::none_of(all.begin(), all.end(), [&](const Variant& own) { return own.name == v.name; }))
      all.push_back(std::move(v));
  variants_ = {{"data", std::move(datasets)},
               {"model", std::move(all)},
               {"loss", kit::loss_variants()},
               {"optimizer", kit::optimizer_variants()},
               {"scheduler", kit::scheduler_variants()}};
}

const std::vector<Variant>& Config::variants(const std::string& section) const {
  static const std::vector<Variant> none;
  for (const auto& [name, list] : variants_)
    if (name == section) return list;
  return none;
}

const Setting* Config::setting(const std::string& key) const {
  if (const kit::Section* section = find_section(section_of(key)))
    for (const Setting& s : section->keys)
      if (s.name == rest_of(key)) return &s;
  return nullptr;
}

std::vector<std::string> Config::keys() const {
  std::vector<std::string> all;
  for (const kit::Section& section : kit::schema()) {
    for (const Setting& s : section.keys) all.push_back(std::string(section.name) + "." + s.name);
    for (const Variant& v : variants(section.name))
      for (const Setting& s : v.settings) all.push_back(std::string(section.name) + "." + s.name);
  }
  return all;
}

Config::Entry* Config::find(const std::string& key) {
  for (Entry& e : entries_)
    if (e.key == key) return &e;
  return nullptr;
}
const Config::Entry* Config::find(const std::string& key) const { return const_cast<Config*>(this)->find(key); }

void Config::take(const std::string& key, IValue value, const std::string& origin, bool given) {
  const Setting* known = setting(key);
  const std::string section = section_of(key);
  if (!known) {
    const bool variant = find_section(section) && !rest_of(key).empty() && [&] {
      for (const Variant& v : variants(section))
        for (const Setting& s : v.settings)
          if (s.name == rest_of(key)) return true;
      return false;
    }();
    if (!variant) {
      std::string text =
          fmt::format("[config] there is no key \"{}\" ({}){}", key, origin, kit::did_you_mean(key, keys()));
      throw ValueError(text + "; hearth config --explain lists all keys");
    }
  } else {
    const std::string shown = to_yaml(value);
    if (!known->admit(value)) fail("[config] {} is {} ({}); it must be {}", key, shown, origin, known->rule());
    if (key.ends_with(".name") && !variants(section).empty() && value.isString()) {
      std::vector<std::string> names;
      for (const Variant& v : variants(section)) names.push_back(v.name);
      if (std::find(names.begin(), names.end(), value.toStringRef()) == names.end())
        fail("[config] {} is {} ({}){}; use {}", key, shown, origin, kit::did_you_mean(value.toStringRef(), names),
             kit::one_of(names));
    }
  }
  if (Entry* e = find(key)) {
    *e = {key, std::move(value), origin, given};
  } else {
    entries_.push_back({key, std::move(value), origin, given});
  }
}

void Config::read_text(const std::string& text, const std::string& name) {
  for (kit::YamlEntry& e : kit::read_yaml(text, name))
    take(e.key, std::move(e.value), fmt::format("{}:{}", name, e.line), true);
}
void Config::read_file(const std::string& path) { read_text(io::read_text(path, int64_t{1} << 24), path); }

void Config::assign(const std::string& assignment, const std::string& origin) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    fail("[config] \"{}\" is no setting; write key=value, such as run.epochs=3", assignment);
  take(assignment.substr(0, equals), kit::read_yaml_value(assignment.substr(equals + 1), origin), origin, true);
}
void Config::set(const std::string& key, IValue value, const std::string& origin) {
  take(key, std::move(value), origin, true);
}
void Config::choose(const std::string& key, IValue value, const std::string& why) {
  const Entry* e = find(key);
  const bool open = !e || e->value.isNone() || (e->value.isString() && e->value.toStringRef() == "auto");
  if (open) take(key, std::move(value), "chosen: " + why, false);
}

bool Config::is_set(const std::string& key) const {
  const Entry* e = find(key);
  return e && e->given && !e->value.isNone();
}
const IValue& Config::value(const std::string& key) const {
  if (const Entry* e = find(key)) return e->value;
  if (const Setting* s = setting(key)) return s->initial;
  fail("[config] there is no key \"{}\"{}", key, kit::did_you_mean(key, keys()));
}
std::vector<std::string> Config::texts(const std::string& key) const {
  std::vector<std::string> out;
  if (has(key))
    for (const IValue& v : value(key).toListRef()) out.push_back(v.toStringRef());
  return out;
}

Options Config::section(const std::string& section) const {
  const std::string key = section + ".name";
  if (!has(key)) return Options(section, {});
  const std::string& name = text(key);
  const std::vector<Variant>& all = variants(section);
  const auto variant = std::find_if(all.begin(), all.end(), [&](const Variant& v) { return v.name == name; });
  Options options(fmt::format("the {} {}", section, name),
                  variant == all.end() ? std::vector<Setting>() : variant->settings);
  for (const Entry& e : entries_) {
    if (section_of(e.key) != section || setting(e.key)) continue;
    const std::string own = rest_of(e.key);
    const bool has_it = std::any_of(options.settings().begin(), options.settings().end(),
                                    [&](const Setting& s) { return s.name == own; });
    if (!has_it && !e.given) continue;  // chosen for a variant that the user then replaced
    options.set(own, e.value, " (" + e.origin + ")");
  }
  return options;
}
void Config::check() const {
  for (const auto& [name, list] : variants_)
    if (!list.empty()) section(name);
}

std::vector<Config::Entry> Config::complete() const {
  std::vector<Entry> all;
  const auto add = [&](const std::string& key, const IValue& initial) {
    const Entry* e = find(key);
    all.push_back(e ? *e : Entry{key, initial, kDefault, false});
  };
  for (const kit::Section& section : kit::schema()) {
    const std::string name = section.name;
    for (const Setting& s : section.keys) add(name + "." + s.name, s.initial);
    const Options options = variants(name).empty() || !has(name + ".name") ? Options() : this->section(name);
    for (const Setting& s : options.settings()) {
      add(name + "." + s.name, s.initial);
      all.back().value = options.value(s.name);
    }
  }
  return all;
}

std::string Config::yaml() const {
  std::string text, section;
  for (const Entry& e : complete()) {
    if (section_of(e.key) != section) {
      section = section_of(e.key);
      text += section + ":\n";
    }
    text += fmt::format("  {}: {}\n", rest_of(e.key), to_yaml(e.value));
  }
  return text;
}

std::vector<std::string> Config::differences(const Config& other) const {
  std::vector<std::string> found;
  const std::vector<Entry> mine = complete(), others = other.complete();
  const auto value_in = [](const std::vector<Entry>& list, const std::string& key) {
    for (const Entry& e : list)
      if (e.key == key) return to_yaml(e.value);
    return std::string("nothing");
  };
  for (const Entry& e : mine)
    if (const std::string a = to_yaml(e.value), b = value_in(others, e.key); a != b)
      found.push_back(fmt::format("{}: {} and {}", e.key, a, b));
  for (const Entry& e : others)
    if (value_in(mine, e.key) == "nothing") found.push_back(fmt::format("{}: nothing and {}", e.key, to_yaml(e.value)));
  return found;
}

namespace {
std::string explained(const std::string& key, const Setting& s) {
  const std::string value = s.initial.isNone() ? "(chosen or unset)" : to_yaml(s.initial);
  return fmt::format("  {:24} {:20} {}. {}\n", key, value, s.rule(), s.doc);
}
}  // namespace

std::string Config::explain() const {
  std::string text;
  for (const kit::Section& section : kit::schema()) {
    text += fmt::format("{}: {}\n", section.name, section.doc);
    const std::string name = section.name;
    for (const Setting& s : section.keys) text += explained(name + "." + s.name, s);
    for (const Variant& v : variants(name)) {
      text += fmt::format("  {}.name: {}: {}\n", name, v.name, v.doc);
      for (const Setting& s : v.settings) text += "  " + explained(name + "." + s.name, s);
    }
    text += "\n";
  }
  return text;
}

std::string Config::origins() const {
  std::string text;
  for (const Entry& e : complete()) text += fmt::format("{} = {}  # {}\n", e.key, to_yaml(e.value), e.origin);
  return text;
}

}  // namespace hearth::train
