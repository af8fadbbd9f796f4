#pragma once

#include <memory>
#include <sstream>

#include "c10/util/Exception.h"
#include "hearth/enums.h"
#include "hearth/expanding_array.h"
#include "hearth/hearth.h"
#include "torch/namespaces.h"
