#pragma once

#include "hearth/train/options.h"

namespace hearth::kit {

/// A section of a configuration and its keys.
struct Section {
  const char* name;
  const char* doc;
  std::vector<train::Setting> keys;
};
/// The one table of all keys, but for those of variants.
const std::vector<Section>& schema();

// The variants by section: what a "name" may be, and its settings.
std::vector<train::Variant> model_variants();
std::vector<train::Variant> optimizer_variants();
std::vector<train::Variant> scheduler_variants();
std::vector<train::Variant> loss_variants();

}  // namespace hearth::kit
