#pragma once

// The door for programs written for LibTorch's C++ frontend: they include this and are built against hearth.
#include <algorithm>
#include <fstream>
#include <iostream>

#include "hearth/data.h"
#include "hearth/memory.h"
#include "hearth/nn.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"
#include "hearth/threads.h"
#include "torch/types.h"
