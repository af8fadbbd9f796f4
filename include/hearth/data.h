#pragma once

// Datasets, samplers, transforms and the loader.
#include "hearth/data/chunk.h"
#include "hearth/data/dataset.h"
#include "hearth/data/digits.h"
#include "hearth/data/example.h"
#include "hearth/data/loader.h"
#include "hearth/data/mnist.h"
#include "hearth/data/sampler.h"
#include "hearth/data/transforms.h"
