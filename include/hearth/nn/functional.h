#pragma once

// The modules' work as functions, by family: `functional::cross_entropy(x, y, CrossEntropyFuncOptions())`.
#include "hearth/nn/functional/activation.h"
#include "hearth/nn/functional/attention.h"
#include "hearth/nn/functional/dropout.h"
#include "hearth/nn/functional/embedding.h"
#include "hearth/nn/functional/linear.h"
#include "hearth/nn/functional/loss.h"
#include "hearth/nn/functional/pooling.h"
