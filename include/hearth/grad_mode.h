#pragma once

#include "hearth/export.h"

namespace hearth {

/// Whether ops record what backward() needs; a setting of the thread.
struct HEARTH_API GradMode {
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

/// Sets grad mode for a scope.
class HEARTH_API AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled);
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;
  ~AutoGradMode();

 private:
  bool before_;
};

/// No history is recorded in its scope: `torch::NoGradGuard no_grad;`
class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

/// No history and no later one: tensors made in its scope can't be saved for a gradient.
class HEARTH_API InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true);
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;
  ~InferenceMode();
  static bool is_enabled();

 private:
  bool grad_before_, inference_before_;
};

}  // namespace hearth
