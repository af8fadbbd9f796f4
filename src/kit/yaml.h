#pragma once

#include <string>
#include <vector>

#include "hearth/ivalue.h"

namespace hearth::kit {

/// A key and what a YAML text gives it, with the line (from 1).
struct YamlEntry {
  std::string key;  ///< "run.epochs"
  IValue value;
  int line;
};
/// The entries of a text: a mapping of sections, each a mapping of keys; a value may be any YAML. Throws ValueError
/// with `name` and the line.
std::vector<YamlEntry> read_yaml(const std::string& text, const std::string& name);
/// One value.
IValue read_yaml_value(const std::string& text, const std::string& name);

}  // namespace hearth::kit
