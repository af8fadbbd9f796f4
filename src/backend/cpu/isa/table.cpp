#include "backend/cpu/isa/isa.h"

#define HEARTH_TEXT(x) HEARTH_TEXT_(x)
#define HEARTH_TEXT_(x) #x

namespace hearth::cpu::HEARTH_ISA {

Loops loops() {
  Loops table{};
  table.name = HEARTH_TEXT(HEARTH_ISA);
  add_unary(table);
  add_binary(table);
  add_ternary(table);
  add_reduce(table);
  add_rows(table);
  add_norm(table);
  add_recurrent(table);
  add_optim(table);
  add_convert(table);
  add_misc(table);
  return table;
}

}  // namespace hearth::cpu::HEARTH_ISA
