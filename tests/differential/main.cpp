// Random calls of every op in ops.cpp, hearth against LibTorch: values, dtypes, shapes, errors and gradients, over
// shapes of 0 to 6 dimensions, strides, broadcasts, NaN and infinities. A difference is shrunk before it is shown.
//
//   differential [--cases 500] [--seed 1] [--op NAME] [--verbose]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <set>
#include <sstream>

#include "case.h"

namespace differential {
namespace {

using Random = std::mt19937_64;
int64_t pick(Random& r, int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(r); }
bool chance(Random& r, double p) { return std::uniform_real_distribution<double>(0, 1)(r) < p; }

bool is_float(const std::string& dtype) {
  return dtype == "double" || dtype == "float" || dtype == "half" || dtype == "bfloat16";
}

/// A value of the shape with random strides: contiguous, permuted, sliced or expanded along sizes of 1.
Value random_value(Random& r, std::vector<int64_t> sizes, const std::string& dtype, const Op& op,
                   const std::vector<double>& specials) {
  Value v;
  v.dtype = dtype;
  v.sizes = sizes;
  std::vector<size_t> order(sizes.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (chance(r, 0.3)) std::shuffle(order.begin(), order.end(), r);
  v.strides.assign(sizes.size(), 1);
  int64_t span = 1;
  const int64_t gap = chance(r, 0.2) ? 2 : 1;
  for (size_t i = order.size(); i-- > 0;) {
    v.strides[order[i]] = span * gap;
    span *= std::max<int64_t>(sizes[order[i]], 1) * gap;
  }
  v.offset = chance(r, 0.2) ? pick(r, 1, 3) : 0;
  v.storage.resize(static_cast<size_t>(span + v.offset + 1));
  std::uniform_real_distribution<double> real(op.low, op.high);
  const bool ties = chance(r, 0.3);
  for (double& x : v.storage) {
    x = real(r);
    if (!is_float(dtype)) {
      x = dtype == "bool" ? (x > (op.low + op.high) / 2) : std::trunc(dtype == "uint8" ? std::fabs(x) : x);
      if (dtype != "bool" && op.low > 0 && x == 0) x = 1;
      continue;
    }
    if (ties) x = std::round(x * 2) / 2;
    if (op.low > 0 && x <= 0) x = op.low;
    if (!specials.empty() && chance(r, 0.05))
      x = specials[static_cast<size_t>(pick(r, 0, static_cast<int64_t>(specials.size()) - 1))];
    if (dtype != "double") x = static_cast<double>(static_cast<float>(x));
  }
  return v;
}

std::vector<int64_t> random_sizes(Random& r, int64_t least, int64_t most, bool empty) {
  std::vector<int64_t> sizes(static_cast<size_t>(pick(r, least, most)));
  for (int64_t& s : sizes)
    s = chance(r, 0.08) && empty ? 0 : chance(r, 0.2) ? 1 : pick(r, 2, sizes.size() > 3 ? 3 : chance(r, 0.2) ? 17 : 5);
  return sizes;
}
/// A shape that broadcasts with `sizes`.
std::vector<int64_t> broadcastable(Random& r, std::vector<int64_t> sizes) {
  for (int64_t& s : sizes)
    if (chance(r, 0.25)) s = 1;
  if (!sizes.empty() && chance(r, 0.3)) sizes.erase(sizes.begin());
  return sizes;
}

std::string random_dtype(Random& r, const Op& op, bool gradient) {
  if (gradient) return "double";
  const double p = std::uniform_real_distribution<double>(0, 1)(r);
  if (op.integers && p < 0.35)
    return std::vector<std::string>{
        "int64", "int32", "int16", "int8", "uint8", "bool"}[static_cast<size_t>(pick(r, 0, 5))];
  return p < 0.7 ? "double" : "float";
}

void make_contiguous(Value& v) {
  int64_t n = 1;
  for (const int64_t s : v.sizes) n *= s;
  std::vector<double> flat;
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = i, at = v.offset;
    for (size_t d = v.sizes.size(); d-- > 0;) {
      at += rest % v.sizes[d] * v.strides[d];
      rest /= v.sizes[d];
    }
    flat.push_back(v.storage[static_cast<size_t>(at)]);
  }
  v.storage = flat;
  v.offset = 0;
  int64_t step = 1;
  for (size_t d = v.sizes.size(); d-- > 0;) {
    v.strides[d] = step;
    step *= std::max<int64_t>(v.sizes[d], 1);
  }
  if (v.storage.empty()) v.storage.push_back(0);
}

/// Whether every matrix of v is far from singular, by elimination.
bool invertible(Value v) {
  make_contiguous(v);
  const size_t n = static_cast<size_t>(v.sizes.back());
  for (double* m = v.storage.data(); m < v.storage.data() + v.storage.size(); m += n * n) {
    for (size_t k = 0; k < n; ++k) {
      size_t top = k;
      for (size_t i = k + 1; i < n; ++i)
        if (std::fabs(m[i * n + k]) > std::fabs(m[top * n + k])) top = i;
      if (std::fabs(m[top * n + k]) < 1e-3) return false;
      std::swap_ranges(m + k * n, m + (k + 1) * n, m + top * n);
      for (size_t i = k + 1; i < n; ++i) {
        const double factor = m[i * n + k] / m[k * n + k];
        for (size_t j = k; j < n; ++j) m[i * n + j] -= factor * m[k * n + j];
      }
    }
  }
  return true;
}

Case random_case(Random& r, const Op& op) {
  Case c;
  c.op = op.name;
  c.gradient = op.gradient && chance(r, 0.4);
  // The first word of an op's kind says what it takes, the others what is kept from it:
  //   finite     NaN and infinities: LibTorch 1.13 sorts NaN anyhow, has NaN for means that are infinite, zeta at
  //              infinity, and for soft_margin_loss where e^x overflows
  //   bounded    infinities: there polygamma is NaN instead of 0, and igamma(infinity, NaN) 0
  //   tame       1e12 and 1e-30: LibTorch's floor of a quotient that overflows is NaN
  //   several    sizes of 1: the variance of one element; batch_norm's gradient takes a size of 1 with an odd
  //              stride for channels-last memory
  //   inhabited  empty tensors: the median of no integers is NaN as an integer, which is any number; trapezoids of
  //              nothing have no history
  //   plain      strides: gradients of masked_select are wrong with them
  //   invertible gradients of singular matrices, where det has zeros instead of cofactors
  //   kinkless   3 and -3: the gradient of hardswish there depends on whether a vector loop or its rest meets them
  std::istringstream words(op.kind);
  std::string kind, word;
  words >> kind;
  std::set<std::string> without;
  while (words >> word) without.insert(word);
  const auto keeps_out = [&](const char* what) { return without.count(what) > 0; };
  std::string dtype = random_dtype(r, op, c.gradient);
  std::vector<double> specials;
  if (!c.gradient && !keeps_out("finite") && chance(r, 0.3) &&
      (kind == "unary" || kind == "binary" || kind == "reduce" || kind == "same"))
    specials = {0.0, -0.0, NAN};
  if (!specials.empty() && !keeps_out("tame")) specials.insert(specials.end(), {1e12, -1e-30});
  if (!specials.empty() && !keeps_out("bounded")) specials.insert(specials.end(), {INFINITY, -INFINITY});
  const bool several = keeps_out("several");
  const auto add = [&](const std::vector<int64_t>& sizes, const std::string& type) {
    c.inputs.push_back(random_value(r, sizes, type, op, specials));
  };
  if (kind == "unary") {
    auto sizes = random_sizes(r, 0, 6, !keeps_out("inhabited"));
    if (several) sizes.push_back(3);
    add(sizes, dtype);
  } else if (kind == "binary" || kind == "binary_whole") {
    if (kind == "binary_whole")
      dtype = std::vector<std::string>{"int64", "int32", "int16", "int8", "uint8"}[static_cast<size_t>(pick(r, 0, 4))];
    const auto sizes = random_sizes(r, 0, 5, true);
    add(broadcastable(r, sizes), dtype);
    const bool other = !c.gradient && kind == "binary" && chance(r, 0.2);
    add(broadcastable(r, sizes), other ? random_dtype(r, op, false) : dtype);
  } else if (kind == "reduce") {
    auto sizes = random_sizes(r, 0, 5, true);
    if (several)
      for (int64_t& size : sizes) size += size == 1 ? 1 : 0;
    if (several && sizes.empty()) sizes = {3};
    add(sizes, dtype);
    const auto rank = std::max<int64_t>(static_cast<int64_t>(sizes.size()), 1);
    c.ints = {pick(r, -rank, rank - 1), pick(r, 0, 1)};
  } else if (kind == "same") {
    const auto sizes = random_sizes(r, 1, 4, !keeps_out("inhabited"));
    add(sizes, dtype);
    add(sizes, dtype);
    c.ints = {pick(r, 0, static_cast<int64_t>(sizes.size()) - 1)};
  } else if (kind == "matmul" || kind == "matmul_whole") {
    if (kind == "matmul_whole") dtype = chance(r, 0.5) ? "int64" : "int32";
    const int64_t m = pick(r, 1, 6), k = chance(r, 0.05) ? 0 : pick(r, 1, 9), n = pick(r, 1, 6);
    std::vector<int64_t> a{m, k}, b{k, n};
    if (chance(r, 0.15)) a = {k};
    if (chance(r, 0.15)) b = {k};
    const auto batch = random_sizes(r, 0, 2, false);
    if (chance(r, 0.5) && a.size() == 2) a.insert(a.begin(), batch.begin(), batch.end());
    if (chance(r, 0.5) && b.size() == 2) b.insert(b.begin(), batch.begin(), batch.end());
    add(a, dtype);
    add(b, dtype);
  } else if (kind == "rows") {
    const int64_t k = pick(r, 1, 6);
    add({pick(r, 1, 5), k}, dtype);
    add({pick(r, 1, 5), k}, dtype);
  } else if (kind == "vectors") {
    add({pick(r, 0, 5)}, dtype);
    add({pick(r, 1, 5)}, dtype);
  } else if (kind == "square" || kind == "regular") {
    const int64_t n = pick(r, 1, 5);
    std::vector<int64_t> sizes{n, n};
    if (chance(r, 0.4)) sizes.insert(sizes.begin(), pick(r, 1, 3));
    add(sizes, dtype);
    if (kind == "regular") {  // a heavy diagonal
      Value& v = c.inputs[0];
      for (int64_t b = 0; b < (sizes.size() == 3 ? sizes[0] : 1); ++b)
        for (int64_t i = 0; i < n; ++i) {
          const size_t d = sizes.size() - 2;
          v.storage[static_cast<size_t>(v.offset + (d ? b * v.strides[0] : 0) +
                                        i * (v.strides[d] + v.strides[d + 1]))] = 9 + static_cast<double>(i);
        }
    }
    while (keeps_out("invertible") && c.gradient && !invertible(c.inputs[0])) {
      c.inputs.clear();
      add(sizes, dtype);
    }
    c.ints = {pick(r, -2, 2)};
  } else if (kind == "matrix" || kind == "wide") {  // LibTorch's trace has a wrong gradient for tall matrices
    const int64_t rows = pick(r, 2, 6);
    add({rows, kind == "wide" ? rows + pick(r, 0, 2) : pick(r, 2, 6)}, dtype);
  } else if (kind == "index") {
    auto sizes = random_sizes(r, 1, 3, false);
    add(sizes, dtype);
    for (int64_t i = pick(r, 1, 6); i > 0; --i) c.ints.push_back(pick(r, 0, sizes[0] - 1));
  } else if (kind == "image" || kind == "image_t") {
    const int64_t channels = pick(r, several ? 2 : 1, 4);
    add({pick(r, several ? 2 : 1, 3), channels, pick(r, 4, 9), pick(r, 4, 9)}, dtype);
    if (kind == "image") {
      add({pick(r, 1, 4), channels, pick(r, 1, 3), pick(r, 1, 3)}, dtype);
    } else {
      add({channels, pick(r, 1, 4), pick(r, 2, 3), pick(r, 2, 3)}, dtype);
    }
    c.ints = {pick(r, 1, 2), pick(r, 0, 1)};
  } else {  // classes
    const int64_t n = pick(r, 1, 6), classes = pick(r, 2, 5);
    add({n, classes}, dtype);
    for (int64_t i = 0; i < n; ++i) c.ints.push_back(pick(r, 0, classes - 1));
  }
  for (Value& v : c.inputs) {
    if (keeps_out("plain")) make_contiguous(v);
    if (keeps_out("kinkless") && c.gradient)
      for (double& x : v.storage) x += std::fabs(x) == 3 ? 0.25 : 0;
  }
  return c;
}

double tolerance(const Case& c, const std::string& dtype) {
  double t = dtype == "float" ? 1e-4 : dtype == "double" ? 1e-8 : 0;
  // LibTorch's own have 6 digits near the ends of their pieces.
  if (c.op.rfind("special_bessel", 0) == 0 || c.op == "special_airy_ai") t = 1e-4;
  for (const Value& v : c.inputs)
    if (v.dtype == "float" && dtype == "double") t = 1e-4;
  return t;
}

std::string shape_text(const std::vector<int64_t>& sizes) {
  std::string text = "[";
  for (size_t i = 0; i < sizes.size(); ++i) text += (i ? ", " : "") + std::to_string(sizes[i]);
  return text + "]";
}

std::string compare(const Case& c, const char* what, const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size())
    return std::string(what) + ": " + std::to_string(a.size()) + " results, LibTorch has " + std::to_string(b.size());
  for (size_t k = 0; k < a.size(); ++k) {
    const std::string at = std::string(what) + " " + std::to_string(k) + ": ";
    if (a[k].dtype != b[k].dtype) return at + "dtype " + a[k].dtype + ", LibTorch has " + b[k].dtype;
    if (a[k].sizes != b[k].sizes)
      return at + "shape " + shape_text(a[k].sizes) + ", LibTorch has " + shape_text(b[k].sizes);
    double scale = 0;
    for (const double y : b[k].storage)
      if (std::isfinite(y)) scale = std::max(scale, std::fabs(y));
    const double t = tolerance(c, b[k].dtype);
    for (size_t i = 0; i < a[k].storage.size(); ++i) {
      const double x = a[k].storage[i], y = b[k].storage[i];
      if (x == y || (std::isnan(x) && std::isnan(y))) continue;
      if (std::isfinite(x) && std::isfinite(y) && std::fabs(x - y) <= t * (1e-2 + std::fabs(y) + 0.05 * scale))
        continue;
      char text[160];
      std::snprintf(text, sizeof text, "element %zu is %.17g, LibTorch has %.17g", i, x, y);
      return at + text;
    }
  }
  return "";
}

/// What differs; empty if nothing does. That LibTorch refuses what hearth can do is no difference.
std::string difference(const Case& c) {
  const Outcome ours = run_hearth(c), theirs = run_torch(c);
  if (theirs.threw) return "";
  if (ours.threw) return "hearth threw: " + ours.error;
  const std::string values = compare(c, "output", ours.outputs, theirs.outputs);
  return values.empty() ? compare(c, "gradient", ours.gradients, theirs.gradients) : values;
}

/// Tries simpler cases that still differ: contiguous, without gradient, rounder numbers.
Case shrink(Case c) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    const auto attempt = [&](const Case& simpler) {
      if (difference(simpler).empty()) return;
      c = simpler;
      smaller = true;
    };
    for (size_t k = 0; k < c.inputs.size(); ++k) {
      Case simpler = c;
      make_contiguous(simpler.inputs[k]);
      if (simpler.inputs[k].strides != c.inputs[k].strides || simpler.inputs[k].offset != c.inputs[k].offset)
        attempt(simpler);
      for (size_t d = 0; d < c.inputs[k].sizes.size(); ++d) {  // the same size less everywhere
        if (c.inputs[k].sizes[d] <= 1) continue;
        simpler = c;
        for (Value& v : simpler.inputs)
          for (int64_t& s : v.sizes)
            if (s == c.inputs[k].sizes[d]) --s;
        attempt(simpler);
        if (smaller) break;
      }
      for (size_t i = 0; i < c.inputs[k].storage.size() && i < 64; ++i) {
        simpler = c;
        double& x = simpler.inputs[k].storage[i];
        if (!std::isfinite(x) || x == std::round(x)) continue;
        x = std::round(x) == 0 ? 1 : std::round(x);
        attempt(simpler);
      }
    }
  }
  return c;
}

void show(const Case& c, const std::string& what) {
  std::printf("%s%s: %s\n", c.op.c_str(), c.gradient ? " (with gradient)" : "", what.c_str());
  for (const Value& v : c.inputs) {
    std::printf("  %s %s strides %s offset %lld:", v.dtype.c_str(), shape_text(v.sizes).c_str(),
                shape_text(v.strides).c_str(), static_cast<long long>(v.offset));
    for (size_t i = 0; i < v.storage.size() && i < 24; ++i) std::printf(" %.17g", v.storage[i]);
    std::printf("\n");
  }
  std::printf("  ints %s\n", shape_text(c.ints).c_str());
}

int run(int cases, uint64_t seed, const std::string& only, bool verbose) {
  int failed = 0, ops = 0, refused = 0;
  int64_t total = 0;
  for (const Op& op : all_ops()) {
    if (!only.empty() && only != op.name) continue;
    ++ops;
    Random r(seed * 1000003 + std::hash<std::string>()(op.name));
    int wrong = 0;
    for (int i = 0; i < cases && wrong < 1; ++i) {
      const Case c = random_case(r, op);
      ++total;
      if (verbose && run_torch(c).threw) ++refused;
      if (difference(c).empty()) continue;
      ++wrong;
      const Case small = shrink(c);
      show(small, difference(small));
    }
    failed += wrong;
  }
  std::printf("differential: %d ops, %lld cases, %d ops differ", ops, static_cast<long long>(total), failed);
  if (verbose) std::printf(", %d cases that LibTorch refuses", refused);
  std::printf("\n");
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace differential

int main(int argc, char** argv) {
  int cases = 500;
  uint64_t seed = 1;
  std::string only;
  bool verbose = false;
  for (int i = 1; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0 && i + 1 < argc; };
    if (is("--cases")) {
      cases = std::atoi(argv[++i]);
    } else if (is("--seed")) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (is("--op")) {
      only = argv[++i];
    } else if (std::strcmp(argv[i], "--verbose") == 0) {
      verbose = true;
    } else {
      std::fprintf(stderr, "usage: differential [--cases N] [--seed N] [--op NAME] [--verbose]\n");
      return 2;
    }
  }
  return differential::run(cases, seed, only, verbose);
}
