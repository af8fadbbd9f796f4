#pragma once

#include "autograd/node.h"

namespace hearth::autograd {

/// Keeps the calls that led here, for a node that is being made in anomaly mode.
void remember_origin(GraphNode& node);

/// node.apply(grads) with the node's hooks around it; in anomaly mode, what goes wrong is told with the node's origin.
Grads apply_watched(GraphNode& node, Grads&& grads);

}  // namespace hearth::autograd
