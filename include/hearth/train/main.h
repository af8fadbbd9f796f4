#pragma once

#include "hearth/export.h"

namespace hearth::train {

/// The command line of `hearth` as a function: `int main(int argc, char** argv) { return hearth::train::main(argc,
/// argv); }`. Link hearth::cli. Returns the exit status; never throws.
HEARTH_API int main(int argc, char** argv);

}  // namespace hearth::train
