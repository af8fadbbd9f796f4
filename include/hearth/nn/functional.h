#pragma once

// The modules' work as functions, by family: `functional::cross_entropy(x, y, CrossEntropyFuncOptions())`.
#include "hearth/nn/functional/activation.h"
#include "hearth/nn/functional/batchnorm.h"
#include "hearth/nn/functional/conv.h"
#include "hearth/nn/functional/distance.h"
#include "hearth/nn/functional/dropout.h"
#include "hearth/nn/functional/embedding.h"
#include "hearth/nn/functional/fold.h"
#include "hearth/nn/functional/instancenorm.h"
#include "hearth/nn/functional/linear.h"
#include "hearth/nn/functional/loss.h"
#include "hearth/nn/functional/normalization.h"
#include "hearth/nn/functional/padding.h"
#include "hearth/nn/functional/pixelshuffle.h"
#include "hearth/nn/functional/pooling.h"
#include "hearth/nn/functional/upsampling.h"
#include "hearth/nn/functional/vision.h"
