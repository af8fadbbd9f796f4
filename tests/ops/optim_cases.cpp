// Rows of src/ops/optim.cpp. The passes change their arguments; what comes out is what they are then.
#include <cmath>

#include "ops/op_table.h"

namespace hearth::op_table {

namespace {

const Tensor undefined;
#define ON(E, what, ...) bad<E>(what, [] { __VA_ARGS__; })

StepArgs momentum_args() {
  StepArgs a;
  a.lr = 0.1;
  a.beta1 = 0.9;
  a.rest1 = 0.8;
  a.decay = 0.05;
  return a;
}
StepArgs adam_args() {
  StepArgs a;
  a.lr = 0.3;
  a.beta1 = 0.9;
  a.rest1 = 0.1;
  a.beta2 = 0.99;
  a.eps = 1e-8;
  a.scale = 2;
  a.shrink = 0.9;
  a.maximize = true;
  return a;
}

}  // namespace

void add_optim_rows(Rows& rows) {
  Row row;
  row.gradient = false;
  row.layouts = true;
  row.loss_of_precision = 4;
  row.dtypes = {kFloat};
  row.samples = {{numbers({37}), numbers({37}, -1, 1, 2), numbers({37}, -1, 1, 3), numbers({37}, 0.1, 1, 4)}};
  row.name = "_fused_step_";
  row.function = [](const In& x) {
    _fused_step_(StepOp::sgd, {x[0]}, {x[1]}, {{x[2]}}, momentum_args());
    return join({x[0], x[2]});
  };
  row.reference = [](const In& x) {
    const Tensor p = x[0].to(kDouble), g = x[1].to(kDouble) + 0.05 * p, m = 0.9 * x[2].to(kDouble) + 0.8 * g;
    return join({p - 0.1 * m, m});
  };
  row.bad = {ON(ValueError, "gradients", _fused_step_(StepOp::sgd, {ones({2})}, {}, {}, {})),
             ON(ShapeError, "shape", _fused_step_(StepOp::sgd, {ones({2})}, {ones({3})}, {}, {})),
             ON(TypeError, "undefined", _fused_step_(StepOp::sgd, {ones({2})}, {undefined}, {}, {})),
             ON(ValueError, "2 to 3", _fused_step_(StepOp::adam, {ones({2})}, {ones({2})}, {{ones({2})}}, {})),
             ON(ValueError, "states 1", _fused_step_(StepOp::adam, {ones({2})}, {ones({2})}, {{ones({2})}, {}}, {})),
             ON(ShapeError, "Double", _fused_step_(StepOp::lion, {ones({2})}, {ones({2})}, {{ones({2}, kDouble)}}, {})),
             ON(ValueError, "pass number 99", _fused_step_(static_cast<StepOp>(99), {ones({2})}, {ones({2})}, {}, {}))};
  rows.push_back(row);
  row.name = "_fused_step_.adam";
  row.function = [](const In& x) {
    _fused_step_(StepOp::adam, {x[0]}, {x[1]}, {{x[2]}, {x[3]}}, adam_args());
    return join({x[0], x[2], x[3]});
  };
  row.reference = [](const In& x) {
    const Tensor p = x[0].to(kDouble) * 0.9, g = -x[1].to(kDouble);
    const Tensor m = 0.9 * x[2].to(kDouble) + 0.1 * g, v = 0.99 * x[3].to(kDouble) + 0.01 * g * g;
    return join({p - 0.3 * m / (v.sqrt() * 2 + 1e-8), m, v});
  };
  rows.push_back(row);
}

}  // namespace hearth::op_table
