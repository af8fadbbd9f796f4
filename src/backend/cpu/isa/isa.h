#pragma once

// What the sources of this folder share: each family puts its loops into the table.

#include "backend/cpu/isa/loops.h"
#include "backend/cpu/isa/vec_math.h"

namespace hearth::cpu::HEARTH_ISA {

void add_unary(Loops& table);
void add_binary(Loops& table);
void add_ternary(Loops& table);
void add_reduce(Loops& table);
void add_rows(Loops& table);
void add_norm(Loops& table);
void add_recurrent(Loops& table);
void add_optim(Loops& table);
void add_convert(Loops& table);
void add_misc(Loops& table);

}  // namespace hearth::cpu::HEARTH_ISA
