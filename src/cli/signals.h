#pragma once

namespace hearth::cli {

/// While one lives, SIGINT and SIGTERM set a flag instead of ending the process; a second one ends it at once, with
/// status 128 and the signal's number.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  /// The signal that came, or 0.
  static int received();
};

}  // namespace hearth::cli
