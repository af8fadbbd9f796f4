#pragma once

#include <string>
#include <vector>

#include "hearth/tensor.h"

namespace hearth::cli {

/// A row of a contact sheet: its title, and pictures [C, H, W] of uint8 with 1 or 3 channels.
struct SheetRow {
  std::string title;
  std::vector<Tensor> pictures;
};
/// Pictures in rows of `side` pixels under their titles: [3, H, W] of uint8.
Tensor contact_sheet(const std::vector<SheetRow>& rows, int64_t side = 64);

}  // namespace hearth::cli
