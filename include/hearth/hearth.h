#pragma once

// Everything.
#include "hearth/autograd.h"
#include "hearth/creation.h"
#include "hearth/custom_function.h"
#include "hearth/error.h"
#include "hearth/generator.h"
#include "hearth/grad_mode.h"
#include "hearth/gradcheck.h"
#include "hearth/indexing.h"
#include "hearth/memory.h"
#include "hearth/ops.h"
#include "hearth/tensor.h"
#include "hearth/threads.h"
#include "hearth/warning.h"
