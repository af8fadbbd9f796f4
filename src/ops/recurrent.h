#pragma once

// One direction of a recurrent layer, as the ops over layers and the cells use it.

#include "ops/executors.h"

namespace hearth {

/// Parameters of one direction; b_ih, b_hh and w_hr (a projection of lstm's h) may be undefined.
struct RecurrentWeights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;
};
struct RecurrentState {
  Tensor h, c;  // c of lstm only
};

int64_t gate_count(RecurrentOp op);
/// x [N, I], packed rows as r says; state [B, R] and, for lstm, [B, H]: gives y [N, R] and the last state.
std::pair<Tensor, RecurrentState> run_direction(const char* name, const Recurrence& r, const Tensor& x,
                                                const RecurrentState& state, const RecurrentWeights& w);

}  // namespace hearth
