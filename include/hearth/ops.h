#pragma once

// Every op as a free function.
#include "hearth/creation.h"
#include "hearth/generated/ops.h"
#include "hearth/grad_mode.h"
#include "hearth/operators.h"
