#pragma once

#include "backend/cpu/reduce_kernels.h"

namespace hearth::cpu {

/// Runs a kernel and stores value(accumulator) or value(accumulator, output number) as elements of Out.
template <class Out, class K, class Value>
void store_reduced(const K& k, const Tensor& out, const Tensor& x, const ReducePlan& plan, double ns, Value value) {
  auto* y = static_cast<Out*>(impl(out)->data());
  reduce_all(k, static_cast<const typename K::T*>(impl(x)->data()), plan, ns,
             [&](int64_t output, int64_t at, typename K::Acc acc) {
               const auto store = [&](auto v) { y[at] = static_cast<Out>(static_cast<Math<Out>>(v)); };
               if constexpr (std::is_invocable_v<Value, typename K::Acc, int64_t>) {
                 store(value(acc, output));
               } else {
                 store(value(acc));
               }
             });
}

/// var, std, norm, logsumexp: floating dtypes, some in two passes. False where a variance's squares may have left the
/// dtype's range, so that double may give another result.
bool reduce_statistic(ReduceOp op, const Tensor& out, const Tensor& x, const ReducePlan& plan, double argument);

}  // namespace hearth::cpu
