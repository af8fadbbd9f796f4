#pragma once

// Modules, containers, losses, initialisers.
#include "hearth/nn/activation.h"
#include "hearth/nn/any.h"
#include "hearth/nn/batchnorm.h"
#include "hearth/nn/conv.h"
#include "hearth/nn/dropout.h"
#include "hearth/nn/functional.h"
#include "hearth/nn/init.h"
#include "hearth/nn/linear.h"
#include "hearth/nn/loss.h"
#include "hearth/nn/module.h"
#include "hearth/nn/pooling.h"
#include "hearth/nn/sequential.h"
