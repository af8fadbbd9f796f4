#pragma once

#include "hearth/nn.h"
#include "hearth/train/registry.h"

namespace hearth::kit {

/// relu, gelu, silu, tanh, sigmoid, leaky_relu or elu at the end of a Sequential.
void push_activation(nn::SequentialImpl& net, const std::string& name, const std::string& kind);

train::Model make_resnet(const train::Options& options, const train::Shapes& shapes);
train::Model make_recurrent(const std::string& kind, const train::Options& options, const train::Shapes& shapes);
train::Model make_gpt(const train::Options& options, const train::Shapes& shapes);
train::Model make_layers(const train::Options& options, const train::Shapes& shapes);

/// A model of windows [N, T, C] whose first column is forecast, [N, horizon], made to see each window relative to
/// its own level: the window's last season is subtracted and its deviation divided out, and both are put back onto the
/// forecast (after Kim et al., 2022, RevIN). With season 0 the last value stands for the season.
train::Model with_window_norm(train::Model inner, int64_t season, int64_t horizon);

}  // namespace hearth::kit
