#pragma once

// Optimizers, learning-rate schedulers and weight averaging.
#include "hearth/optim/adadelta.h"
#include "hearth/optim/adagrad.h"
#include "hearth/optim/adam.h"
#include "hearth/optim/adamax.h"
#include "hearth/optim/asgd.h"
#include "hearth/optim/lion.h"
#include "hearth/optim/lr_scheduler.h"
#include "hearth/optim/nadam.h"
#include "hearth/optim/optimizer.h"
#include "hearth/optim/radam.h"
#include "hearth/optim/rmsprop.h"
#include "hearth/optim/rprop.h"
#include "hearth/optim/sgd.h"
