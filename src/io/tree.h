#pragma once

// Trees of values, and what modules and optimizers make of them.

#include "hearth/ivalue.h"
#include "hearth/optim/optimizer.h"

namespace hearth::io {

/// The tensors of a tree by their paths, joined by dots; list items by number. A pickled Python module gives its
/// parameters and buffers. Numbers and strings are left out.
nn::StateDict tensors_of(const IValue& tree);
IValue dict_of(const nn::StateDict& state);

/// The same tree with other tensors.
IValue map_tensors(const IValue& tree, const std::function<Tensor(const Tensor&)>& f);

/// What Python's optimizer.state_dict() is: {'state': {0: {...}}, 'param_groups': [{..., 'params': [0, 1]}]}.
IValue python_state(const optim::Optimizer& optimizer);
/// An optimizer's state dict out of Python's layout, LibTorch's archive, or its own. Settings of a group that this
/// optimizer does not have are left out.
nn::StateDict optimizer_state(const IValue& tree, const optim::Optimizer& optimizer);

}  // namespace hearth::io
