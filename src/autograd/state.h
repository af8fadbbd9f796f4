#pragma once

#include <cstdint>

#include "hearth/dtype.h"

namespace hearth {
class TensorImpl;
}

namespace hearth::autograd {

class GraphNode;

/// What an op's `name_` and `name_out` forms ask of it: to write into this tensor, if the executor of that name can.
struct Destination {
  const char* name = nullptr;  // taken (set to null) by the executor that writes into it
  TensorImpl* target = nullptr;
  bool in_place = false;  // else an out form
};

/// Settings of the calling thread.
struct ThreadState {
  bool grad_mode = true;
  bool inference = false;
  bool names_off = false;  // tensors seem to have no names
  Destination destination;
  GraphNode* evaluating = nullptr;  // the node whose rule runs
  uint64_t next_sequence = 0;
  int depth = 0;                                // backward passes that run inside one another
  bool anomaly = false;                         // nodes remember where they were made
  bool check_nan = false;                       // and a gradient that is NaN is an error
  ScalarType autocast = ScalarType::Undefined;  // what products run in, if autocast is on
};

// initial-exec: one instruction to reach, in the shared library as well.
#pragma GCC visibility push(hidden)
extern __attribute__((tls_model("initial-exec"))) constinit thread_local ThreadState t_state;
#pragma GCC visibility pop

/// Sets a field of the thread's state for a scope.
template <class T>
class Scoped {
 public:
  Scoped(T& field, T value) : field_(field), before_(field) { field = value; }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;
  ~Scoped() { field_ = before_; }

 private:
  T& field_;
  T before_;
};

}  // namespace hearth::autograd
