#pragma once

#include <string>

namespace hearth::report {

/// One page, without any file beside it or network: curves, confusion matrix, largest errors with pictures, sample
/// predictions, configuration, model, environment of a run.
std::string report_page(const std::string& run);
/// The page that asks a board's server for its runs.
std::string board_page(const std::string& title);

/// Writes report.html and plots/<quantity>.svg and .png into the run's folder. FileError where one can't be written or
/// the run has no records.
void write_report(const std::string& run);

}  // namespace hearth::report
