#include "autograd/names.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "autograd/meta.h"
#include "base/fail.h"
#include "hearth/ops.h"

namespace hearth {

namespace names {

constinit std::atomic<bool> somebody_named{false};

std::string text(ArrayRef<Dimname> names) {
  std::ostringstream out;
  out << names;
  return out.str();
}

std::string text(Dimname name) {
  return text(ArrayRef<Dimname>(name)).substr(1, text(ArrayRef<Dimname>(name)).size() - 2);
}

namespace {

enum class Rule {
  keep,   // the first input's names
  unify,  // all inputs'
  own,    // the op has given them itself
};
struct Known {
  std::string_view op;
  Rule rule;
};
// By the name that an op records. Not here: refused.
constexpr Known known[] = {
    {"addmm", Rule::own},
    {"alias", Rule::keep},
    {"amax", Rule::own},
    {"amin", Rule::own},
    {"angle", Rule::keep},
    {"bmm", Rule::own},
    {"cat", Rule::unify},
    {"clone", Rule::keep},
    {"cummax", Rule::keep},
    {"cummin", Rule::keep},
    {"cumprod", Rule::keep},
    {"cumsum", Rule::keep},
    {"diagonal", Rule::own},
    {"dot", Rule::own},
    {"dropout", Rule::keep},
    {"expand", Rule::own},
    {"lerp", Rule::unify},
    {"log_softmax", Rule::keep},
    {"logcumsumexp", Rule::keep},
    {"logsumexp", Rule::own},
    {"masked_fill", Rule::unify},
    {"max", Rule::own},
    {"mean", Rule::own},
    {"min", Rule::own},
    {"mm", Rule::own},
    {"mv", Rule::own},
    {"norm", Rule::own},
    {"permute", Rule::own},
    {"prod", Rule::own},
    {"select", Rule::own},
    {"slice", Rule::keep},
    {"softmax", Rule::keep},
    {"special_entr", Rule::keep},
    {"split", Rule::keep},
    {"squeeze", Rule::own},
    {"std", Rule::own},
    {"sum", Rule::own},
    {"to_copy", Rule::keep},
    {"transpose", Rule::own},
    {"unsqueeze", Rule::own},
    {"var", Rule::own},
    {"where", Rule::unify},
};

const Known* find(std::string_view op) {
  const auto* at = std::find_if(std::begin(known), std::end(known), [&](const Known& k) { return k.op == op; });
  return at == std::end(known) ? nullptr : at;
}

[[noreturn]] void throw_no_rule(const char* op, const Tensor& named) {
  fail<NotImplementedError>(
      "[{}] does not know what becomes of names, and an input has the dimensions {}; drop them with rename(nullopt), "
      "and name the result",
      op, text(*of(named)));
}

void unify_into(const char* op, Names& all, const Names& more) {
  Names out(std::max(all.size(), more.size()), Dimname::wildcard());
  for (size_t i = 0; i < out.size(); ++i) {  // i counts from the last dimension
    const Dimname a = i < all.size() ? all[all.size() - 1 - i] : Dimname::wildcard();
    const Dimname b = i < more.size() ? more[more.size() - 1 - i] : Dimname::wildcard();
    const std::optional<Dimname> both = a.unify(b);
    if (!both)
      fail<ShapeError>(
          "[{}] the names {} and {} do not fit: dim {} and dim {} are at the same position from the right; rename "
          "one, or align_to brings dimensions into one order",
          op, text(all), text(more), text(a), text(b));
    out[out.size() - 1 - i] = *both;
  }
  for (size_t i = 0; i < out.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (out[i].isBasic() && out[i] == out[j])
        fail<ShapeError>(
            "[{}] the names {} and {} do not fit: dim {} is at another position from the right in each; align_to "
            "brings "
            "dimensions into one order",
            op, text(all), text(more), text(out[i]));
  all = std::move(out);
}

}  // namespace

const Names* of(const Tensor& t) {
  if (!t.defined() || !impl(t)->meta) return nullptr;
  return impl(t)->meta->names.get();
}

bool any_named(std::initializer_list<const Tensor*> tensors) {
  return std::any_of(tensors.begin(), tensors.end(), [](const Tensor* t) { return of(*t) != nullptr; });
}

Names full(const Tensor& t) {
  if (const Names* names = of(t)) return *names;
  return Names(static_cast<size_t>(t.dim()), Dimname::wildcard());
}

void check(const char* op, IntArrayRef sizes, ArrayRef<Dimname> names) {
  if (names.size() != sizes.size())
    fail("[{}] {} names {} were given to a tensor of {} dimensions (shape {}); give one for each", op, names.size(),
         text(names), sizes.size(), shape_text(sizes));
  check_distinct(op, names);
}

void check_distinct(const char* op, ArrayRef<Dimname> names) {
  for (size_t i = 0; i < names.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (names[i].isBasic() && names[i] == names[j])
        fail("[{}] a tensor can't have the dimension {} twice: {}; rename one of them", op, text(names[i]),
             text(names));
}

void set(const char* op, const Tensor& t, Names names) {
  if (std::all_of(names.begin(), names.end(), [](Dimname n) { return n.isWildcard(); })) {
    if (of(t)) impl(t)->meta->names.reset();
    return;
  }
  check(op, t.sizes(), names);
  somebody_named.store(true, std::memory_order_relaxed);
  autograd::meta_of(t).names = std::make_unique<Names>(std::move(names));
}

Names unified(const char* op, std::initializer_list<const Tensor*> inputs) {
  Names all;
  for (const Tensor* t : inputs)
    if (t->defined()) unify_into(op, all, full(*t));
  return all;
}

Names of_product(const char* op, const Tensor& a, const Tensor& b) {
  Names left = full(a), right = full(b);
  Names rows, columns;
  if (left.size() > 1) rows = {left[left.size() - 2]};
  if (right.size() > 1) columns = {right[right.size() - 1]};
  left.resize(left.size() > 2 ? left.size() - 2 : 0, Dimname::wildcard());
  right.resize(right.size() > 2 ? right.size() - 2 : 0, Dimname::wildcard());
  unify_into(op, left, right);
  left.insert(left.end(), rows.begin(), rows.end());
  left.insert(left.end(), columns.begin(), columns.end());
  for (size_t i = 0; i < left.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (left[i].isBasic() && left[i] == left[j])
        fail<ShapeError>("[{}] the product of dimensions {} and {} would have {} twice; rename one of them", op,
                         text(full(a)), text(full(b)), text(left[i]));
  return left;
}

void propagate(const char* op, std::initializer_list<const Tensor*> outputs,
               std::initializer_list<const Tensor*> inputs) {
  const auto* named = std::find_if(inputs.begin(), inputs.end(), [](const Tensor* t) { return of(*t) != nullptr; });
  if (named == inputs.end()) return;
  const Known* k = find(op);
  if (!k) throw_no_rule(op, **named);
  if (k->rule == Rule::own) return;
  const Names names = k->rule == Rule::keep ? full(**inputs.begin()) : unified(op, inputs);
  for (const Tensor* y : outputs)
    if (y->defined()) set(op, *y, names);
}

void propagate(const char* op, const Tensor& output, TensorList inputs) {
  const auto* named = std::find_if(inputs.begin(), inputs.end(), [](const Tensor& t) { return of(t) != nullptr; });
  if (named == inputs.end()) return;
  const Known* k = find(op);
  if (!k || k->rule != Rule::unify) throw_no_rule(op, *named);
  Names names;
  for (const Tensor& t : inputs) unify_into(op, names, full(t));
  set(op, output, std::move(names));
}

void refuse(const char* op, std::initializer_list<const Tensor*> inputs) {
  if (!on()) return;
  for (const Tensor* t : inputs)
    if (of(*t)) throw_no_rule(op, *t);
}

Tensor kept(const char* op, Tensor y, const Tensor& x) {
  if (on() && of(x)) set(op, y, *of(x));
  return y;
}

Tensor without(const char* op, Tensor y, const Tensor& x, IntArrayRef dims) {
  if (!on() || !of(x)) return y;
  Names names;
  for (size_t i = 0; i < of(x)->size(); ++i)
    if (std::find(dims.begin(), dims.end(), static_cast<int64_t>(i)) == dims.end()) names.push_back((*of(x))[i]);
  set(op, y, std::move(names));
  return y;
}

int64_t position(const char* op, const Tensor& x, Dimname name) {
  checked_impl(op, x);
  if (name.isWildcard()) fail("[{}] the wildcard names no dimension; give a name, or a number", op);
  const Names names = full(x);
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    fail("[{}] name {} is not among the tensor's dimensions {}; use one of them, or a number", op, text(name),
         text(names));
  return at - names.begin();
}

std::vector<int64_t> positions(const char* op, const Tensor& x, DimnameList wanted) {
  std::vector<int64_t> out;
  for (const Dimname name : wanted) out.push_back(position(op, x, name));
  return out;
}

}  // namespace names

DimnameList Tensor::names() const {
  static const names::Names& wild = *std::make_unique<names::Names>(64, Dimname::wildcard()).release();
  checked_impl("names", *this);
  if (const names::Names* own = names::of(*this)) return *own;
  const auto rank = static_cast<size_t>(dim());
  if (rank > wild.size()) fail<ShapeError>("[names] tensors with names have at most 64 dimensions, this one {}", rank);
  return ArrayRef<Dimname>(wild.data(), rank);
}
bool Tensor::has_names() const {
  checked_impl("has_names", *this);
  return names::of(*this) != nullptr;
}
std::optional<DimnameList> Tensor::opt_names() const {
  return has_names() ? std::optional<DimnameList>(names()) : std::nullopt;
}
int64_t Tensor::size(Dimname dim) const { return size(names::position("size", *this, dim)); }
int64_t Tensor::stride(Dimname dim) const { return stride(names::position("stride", *this, dim)); }

const Tensor& Tensor::rename_(std::optional<DimnameList> to) const {
  checked_impl("rename_", *this);
  names::set("rename_", *this, to ? to->vec() : names::Names());
  return *this;
}

Tensor Tensor::rename(std::optional<DimnameList> to) const {
  checked_impl("rename", *this);
  const names::Off off;
  Tensor y = alias();
  names::set("rename", y, to ? to->vec() : names::Names());
  return y;
}

Tensor Tensor::refine_names(DimnameList to) const {
  const DimnameList from = names();
  if (from.size() != to.size())
    fail("[refine_names] {} names {} can't refine the {} dimensions {}; give one for each", to.size(), names::text(to),
         from.size(), names::text(from));
  for (size_t i = 0; i < to.size(); ++i)
    if (from[i].isBasic() && from[i] != to[i])
      fail("[refine_names] dimension {} is {} already and can't become {} (from {} to {}); rename does that", i,
           names::text(from[i]), names::text(to[i]), names::text(from), names::text(to));
  return rename(to);
}

Tensor Tensor::align_to(DimnameList order) const {
  const DimnameList own = names();
  for (size_t i = 0; i < own.size(); ++i) {
    if (own[i].isWildcard())
      fail("[align_to] dimension {} of {} has no name; refine_names gives it one", i, names::text(own));
    if (std::find(order.begin(), order.end(), own[i]) == order.end())
      fail("[align_to] dimension {} of {} is not in {}; name it there", names::text(own[i]), names::text(own),
           names::text(order));
  }
  std::vector<int64_t> from, added;
  for (size_t i = 0; i < order.size(); ++i) {
    const auto* at = std::find(own.begin(), own.end(), order[i]);
    if (at == own.end()) {
      added.push_back(static_cast<int64_t>(i));
    } else {
      from.push_back(at - own.begin());
    }
  }
  return names::ran(
      "align_to", [&] { return order.vec(); },
      [&] {
        Tensor y = permute(from);
        for (const int64_t d : added) y = y.unsqueeze(d);
        return y;
      });
}

Tensor Tensor::align_to(DimnameList order, int64_t ellipsis_idx) const {
  const DimnameList own = names();
  if (ellipsis_idx < 0 || ellipsis_idx > static_cast<int64_t>(order.size()))
    throw IndexError(fmt::format("[align_to] the ellipsis is at {}, beyond the {} names", ellipsis_idx, order.size()),
                     ellipsis_idx, static_cast<int64_t>(order.size()));
  names::Names whole(order.begin(), order.begin() + ellipsis_idx);
  for (const Dimname name : own)
    if (std::find(order.begin(), order.end(), name) == order.end()) whole.push_back(name);
  whole.insert(whole.end(), order.begin() + ellipsis_idx, order.end());
  return align_to(whole);
}

Tensor Tensor::align_as(const Tensor& other) const { return align_to(other.names()); }

}  // namespace hearth
