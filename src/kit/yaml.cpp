// The only file that includes yaml-cpp.
#include "kit/yaml.h"

#include <yaml-cpp/yaml.h>

#include <charconv>

#include "base/fail.h"

namespace hearth::kit {

namespace {

constexpr int kDeepest = 32;

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

/// A plain scalar is a number, a truth value or nothing where it looks like one.
IValue scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text.empty() || text == "null" || text == "~") return {};
  if (text == "true" || text == "false") return text == "true";
  const char *begin = text.data() + (text[0] == '+'), *end = text.data() + text.size();
  int64_t whole = 0;
  if (const auto [at, error] = std::from_chars(begin, end, whole); error == std::errc() && at == end) return whole;
  double number = 0;
  if (const auto [at, error] = std::from_chars(begin, end, number); error == std::errc() && at == end) return number;
  return text;
}

IValue value_of(const YAML::Node& node, const std::string& name, int depth) {
  if (depth > kDeepest)
    fail("[config] {}:{}: lists and mappings are nested more than {} deep", name, line_of(node), kDeepest);
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    std::vector<IValue> items;
    for (const auto& item : node) items.push_back(value_of(item, name, depth + 1));
    return items;
  }
  if (!node.IsMap()) return {};
  IValue::Dict dict;
  for (const auto& item : node) {
    if (!item.first.IsScalar()) fail("[config] {}:{}: a key must be a word", name, line_of(item.first));
    dict.emplace_back(item.first.Scalar(), value_of(item.second, name, depth + 1));
  }
  return dict;
}

/// Runs f; what yaml-cpp throws becomes a ValueError.
template <class F>
auto guarded(const std::string& name, F&& f) {
  try {
    return f();
  } catch (const YAML::Exception& e) {
    fail("[config] {}:{}: this is no YAML: {}", name, e.mark.line + 1, e.msg);
  }
}

}  // namespace

std::vector<YamlEntry> read_yaml(const std::string& text, const std::string& name) {
  return guarded(name, [&] {
    std::vector<YamlEntry> entries;
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) return entries;
    if (!root.IsMap()) fail("[config] {}:1: a configuration has sections, such as \"run:\", with keys in them", name);
    for (const auto& section : root) {
      const std::string path = section.first.IsScalar() ? section.first.Scalar() : "?";
      if (!section.second.IsMap()) {
        entries.push_back({path, value_of(section.second, name, 0), line_of(section.first)});
        continue;
      }
      for (const auto& item : section.second) {
        if (!item.first.IsScalar()) fail("[config] {}:{}: a key must be a word", name, line_of(item.first));
        entries.push_back({path + "." + item.first.Scalar(), value_of(item.second, name, 0), line_of(item.first)});
      }
    }
    for (size_t i = 0; i < entries.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        if (entries[i].key == entries[j].key)
          fail("[config] {}:{}: \"{}\" is given again; it stands in line {} already", name, entries[i].line,
               entries[i].key, entries[j].line);
    return entries;
  });
}

IValue read_yaml_value(const std::string& text, const std::string& name) {
  return guarded(name, [&] { return value_of(YAML::Load(text), name, 0); });
}

}  // namespace hearth::kit
