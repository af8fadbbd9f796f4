#pragma once

#include "hearth/train/registry.h"

namespace hearth::train {

/// The command line of `hearth` as a function, with models and data sets of the program's own besides:
///
///     int main(int argc, char** argv) { return hearth::train::main(argc, argv, {my_model()}, {my_data()}); }
///
/// Link hearth::cli. Returns the exit status; never throws.
HEARTH_API int main(int argc, char** argv, const std::vector<ModelEntry>& models = {},
                    const std::vector<DataEntry>& datasets = {});

}  // namespace hearth::train
