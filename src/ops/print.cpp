// Tensors as text, in LibTorch's form.
#include <cmath>
#include <iomanip>
#include <iostream>

#include "hearth/grad_mode.h"
#include "hearth/ops.h"
#include "tensor/impl.h"

namespace hearth {

namespace {

/// Restores a stream's format when it goes.
class FormatGuard {
 public:
  explicit FormatGuard(std::ostream& out) : out_(out), saved_(nullptr) { saved_.copyfmt(out); }
  FormatGuard(const FormatGuard&) = delete;
  FormatGuard& operator=(const FormatGuard&) = delete;
  ~FormatGuard() { out_.copyfmt(saved_); }

 private:
  std::ostream& out_;
  std::ios saved_;
};

struct Format {
  double scale = 1;
  int width = 0;
};

int digits(double magnitude) { return magnitude != 0 ? static_cast<int>(std::floor(std::log10(magnitude))) + 1 : 1; }

/// One format for all the numbers, by their smallest and largest magnitude; sets it on the stream.
Format choose_format(std::ostream& out, const double* p, int64_t n) {
  bool integers = true, any = false;
  double low = 0, high = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (!std::isfinite(p[i])) continue;
    integers = integers && p[i] == std::ceil(p[i]);
    const double z = std::abs(p[i]);
    low = any ? std::min(low, z) : z;
    high = any ? std::max(high, z) : z;
    any = true;
  }
  if (n == 0) return {};
  const int least = any ? digits(low) : 1, most = any ? digits(high) : 1;
  if (integers) {
    if (most > 9) {
      out << std::scientific << std::setprecision(4);
      return {1, 11};
    }
    out << std::defaultfloat;
    return {1, most + 1};
  }
  if (most - least > 4) {
    out << std::scientific << std::setprecision(4);
    return {1, std::abs(most) > 99 || std::abs(least) > 99 ? 12 : 11};
  }
  out << std::fixed << std::setprecision(4);
  if (most > 5 || most < 0) return {std::pow(10.0, most - 1), 7};
  return {1, most == 0 ? 7 : most + 6};
}

void print_scale(std::ostream& out, double scale) {
  const FormatGuard guard(out);
  out << std::defaultfloat << scale << " *" << '\n';
}

void print_matrix(std::ostream& out, const double* p, int64_t rows, int64_t cols, int64_t linesize, int indent) {
  const Format f = choose_format(out, p, rows * cols);
  const std::string margin(static_cast<size_t>(indent), ' ');
  out << margin;
  const int64_t per_line = std::max<int64_t>(1, (std::max<int64_t>(linesize, 0) - indent) / (f.width + 1));
  for (int64_t first = 0; first < cols; first += per_line) {
    const int64_t last = std::min(first + per_line, cols) - 1;
    if (per_line < cols) {
      if (first != 0) out << '\n';
      out << "Columns " << first + 1 << " to " << last + 1 << margin;
    }
    if (f.scale != 1) {
      print_scale(out, f.scale);
      out << margin;
    }
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = first; c <= last; ++c) {
        out << std::setw(f.width) << p[r * cols + c] / f.scale;
        if (c != last) {
          out << ' ';
        } else {
          out << '\n';
          if (r != rows - 1) out << margin << (f.scale != 1 ? " " : "");
        }
      }
  }
}

void print_slices(std::ostream& out, const double* p, IntArrayRef sizes, int64_t linesize) {
  const size_t outer = sizes.size() - 2;
  const int64_t rows = sizes[outer], cols = sizes[outer + 1];
  DimVector counter(outer, 0);
  int64_t slices = 1;
  for (size_t i = 0; i < outer; ++i) slices *= sizes[i];
  for (int64_t s = 0; s < slices; ++s) {
    if (s > 0) out << '\n';
    out << '(';
    int64_t place = 0;
    for (size_t i = 0; i < outer; ++i) {
      out << counter[i] + 1 << ',';
      place = place * sizes[i] + counter[i];
    }
    out << ".,.) = " << '\n';
    print_matrix(out, p + place * rows * cols, rows, cols, linesize, 1);
    for (size_t i = 0; i < outer && ++counter[i] == sizes[i]; ++i) counter[i] = 0;  // the first dimension runs first
  }
}

}  // namespace

std::ostream& print(std::ostream& out, const Tensor& t, int64_t linesize) {
  if (!t.defined()) return out << "[ Tensor (undefined) ]";
  const FormatGuard guard(out);
  const NoGradGuard no_grad;
  const Tensor x = t.detach().to(kDouble).contiguous();
  const double* p = x.data_ptr<double>();
  const IntArrayRef sizes = x.sizes();
  if (sizes.empty()) {
    out << std::defaultfloat << p[0] << '\n';
  } else if (sizes.size() == 1) {
    const Format f = choose_format(out, p, sizes[0]);
    if (f.scale != 1) print_scale(out, f.scale);
    for (int64_t i = 0; i < sizes[0]; ++i) out << std::setw(f.width) << p[i] / f.scale << '\n';
  } else if (x.numel() > 0 && sizes.size() == 2) {
    print_matrix(out, p, sizes[0], sizes[1], linesize, 0);
  } else if (x.numel() > 0) {
    print_slices(out, p, sizes, linesize);
  }
  out << "[ " << t.toString() << '{';
  for (size_t i = 0; i < sizes.size(); ++i) out << (i ? "," : "") << sizes[i];
  return out << "} ]";
}

std::ostream& operator<<(std::ostream& out, const Tensor& t) { return print(out, t, 80); }

void Tensor::print() const {
  if (!defined()) {
    std::cerr << "[UndefinedTensor]\n";
    return;
  }
  std::cerr << "[" << toString() << " " << sizes() << "]\n";
}

}  // namespace hearth
