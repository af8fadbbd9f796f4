#pragma once

// Optimizers and learning-rate schedulers.
#include "hearth/optim/adam.h"
#include "hearth/optim/lr_scheduler.h"
#include "hearth/optim/optimizer.h"
#include "hearth/optim/sgd.h"
