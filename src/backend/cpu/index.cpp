// Reading by index, and the whole-row writes.
#include "backend/cpu/indices.h"
#include "backend/cpu/lines.h"

namespace hearth::cpu {
namespace {

/// n blocks of `bytes`: to[i] = from[place(i)].
template <class Place>
void take_blocks(char* to, const char* from, int64_t n, int64_t bytes, Place place) {
  parallel_for(0, n, grain_for(3 + 0.05 * static_cast<double>(bytes)), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      std::memcpy(to + i * bytes, from + place(i) * bytes, static_cast<size_t>(bytes));
    }
  });
}
/// The same for blocks of one element, where memcpy's call would cost more than the copy.
template <class Place>
void take_elements(int64_t itemsize, char* to, const char* from, int64_t n, Place place) {
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    auto* y = reinterpret_cast<T*>(to);
    const auto* x = reinterpret_cast<const T*>(from);
    parallel_for(0, n, grain_for(2), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = x[place(i)];
    });
  };
  switch (itemsize) {
    case 1: return run(uint8_t{});
    case 2: return run(uint16_t{});
    case 4: return run(uint32_t{});
    default: return run(uint64_t{});
  }
}
template <class Place>
void take(int64_t itemsize, char* to, const char* from, int64_t n, int64_t block, Place place) {
  if (block == 1) return take_elements(itemsize, to, from, n, place);
  take_blocks(to, from, n, block * itemsize, place);
}

template <class T>
void add_scaled(T* y, const T* x, int64_t n, Math<T> alpha) {
  if constexpr (std::is_same_v<T, bool>) {
    for (int64_t i = 0; i < n; ++i) y[i] = y[i] || (alpha && x[i]);
  } else if constexpr (std::is_integral_v<T>) {
    for (int64_t i = 0; i < n; ++i) {
      y[i] = static_cast<T>(static_cast<uint64_t>(y[i]) + static_cast<uint64_t>(alpha) * static_cast<uint64_t>(x[i]));
    }
  } else if constexpr (is_half<T>) {
    for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(static_cast<float>(y[i]) + alpha * static_cast<float>(x[i]));
  } else if (n < 16) {
    for (int64_t i = 0; i < n; ++i) y[i] += alpha * x[i];
  } else {
    loops_of<T>().axpy(alpha, x, y, n);
  }
}

/// Row offsets (in elements of the leading dimensions' block) that k index tensors name together.
std::vector<int64_t> joint_places(const char* op, const std::vector<Tensor>& indices, const Tensor& x) {
  const int64_t n = indices.empty() ? 1 : impl(indices[0])->numel;
  std::vector<int64_t> rows(static_cast<size_t>(n), 0);
  for (size_t k = 0; k < indices.size(); ++k) {
    const int64_t size = impl(x)->sizes[k];
    check_indices(op, indices[k], size);
    const Tensor flat = dense(indices[k]);
    const int64_t* p = data_of<int64_t>(flat);
    parallel_for(0, n, grain_for(1), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        int64_t& row = rows[static_cast<size_t>(i)];
        row = row * size + wrapped(p[i], size);
      }
    });
  }
  return rows;
}

/// Elements behind the first k dimensions, and how many such blocks there are.
struct Blocks {
  Blocks(const Tensor& x, size_t k) {
    for (size_t d = 0; d < impl(x)->sizes.size(); ++d) (d < k ? count : size) *= impl(x)->sizes[d];
  }
  int64_t count = 1, size = 1;
};

}  // namespace

void index_select(const Tensor& out, const Tensor& x, int64_t dim, const Tensor& index) {
  const std::vector<int64_t> at = places("index_select", index, line_length(x, dim));
  if (impl(out)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(out);
  const Around shape(from, dim);
  const auto n = static_cast<int64_t>(at.size());
  take(static_cast<int64_t>(elementSize(impl(x)->dtype)), to.data<char>(), data_of<char>(from), shape.outer * n,
       shape.inner, [&](int64_t i) { return i / n * shape.size + at[static_cast<size_t>(i % n)]; });
  to.store();
}

void index_add(const Tensor& out, int64_t dim, const Tensor& index, const Tensor& src, const Scalar& alpha) {
  const std::vector<int64_t> at = places("index_add", index, line_length(out, dim));
  if (impl(src)->numel == 0) return;
  const Tensor from = dense(src);
  const DenseOut to(out, true);
  const Around shape(to.tensor(), dim);
  const auto n = static_cast<int64_t>(at.size());
  visit_all("index_add", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto scale = static_cast<Math<T>>(scalar_as<T>(alpha));
    T* y = to.data<T>();
    const T* x = data_of<T>(from);
    const double ns = static_cast<double>(shape.outer * shape.inner) * 0.3 + 3;
    by_destination(shape.size, n, ns, [&](int64_t begin, int64_t end) {
      for (int64_t i = 0; i < n; ++i) {
        const int64_t place = at[static_cast<size_t>(i)];
        if (place < begin || place >= end) continue;
        for (int64_t o = 0; o < shape.outer; ++o) {
          add_scaled(y + (o * shape.size + place) * shape.inner, x + (o * n + i) * shape.inner, shape.inner, scale);
        }
      }
    });
  });
  to.store();
}

void index(const Tensor& out, const Tensor& x, const std::vector<Tensor>& indices) {
  const std::vector<int64_t> rows = joint_places("index", indices, x);
  if (impl(out)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(out);
  take(static_cast<int64_t>(elementSize(impl(x)->dtype)), to.data<char>(), data_of<char>(from),
       static_cast<int64_t>(rows.size()), Blocks(x, indices.size()).size,
       [&](int64_t i) { return rows[static_cast<size_t>(i)]; });
  to.store();
}

void index_put(const Tensor& out, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) {
  const std::vector<int64_t> rows = joint_places("index_put_", indices, out);
  if (impl(values)->numel == 0) return;
  const Tensor from = dense(values);
  const DenseOut to(out, true);
  const Blocks blocks(out, indices.size());
  const auto n = static_cast<int64_t>(rows.size());
  visit_all("index_put_", impl(out)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = to.data<T>();
    const T* x = data_of<T>(from);
    by_destination(blocks.count, n, static_cast<double>(blocks.size) * 0.3 + 2, [&](int64_t begin, int64_t end) {
      for (int64_t i = 0; i < n; ++i) {
        const int64_t row = rows[static_cast<size_t>(i)];
        if (row < begin || row >= end) continue;
        T* at = y + row * blocks.size;
        if (accumulate) {
          add_scaled(at, x + i * blocks.size, blocks.size, Math<T>(1));
        } else {
          std::memcpy(at, x + i * blocks.size, static_cast<size_t>(blocks.size) * sizeof(T));
        }
      }
    });
  });
  to.store();
}

void nonzero(const Tensor& out, const Tensor& x) {
  if (impl(out)->numel == 0) return;
  const Tensor from = dense(x);
  const DenseOut to(out);
  const DimVector& sizes = impl(x)->sizes;
  const auto rank = static_cast<int64_t>(sizes.size());
  visit_all("nonzero", impl(x)->dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* p = data_of<T>(from);
    const auto is_set = [&](int64_t i) { return static_cast<Math<T>>(p[i]) != 0; };
    const Chunks chunks = cut(impl(x)->numel, grain_for(1));
    std::vector<int64_t> first(static_cast<size_t>(chunks.count) + 1, 0);  // where each chunk's rows begin
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      int64_t count = 0;
      for (int64_t i = begin; i < end; ++i) count += is_set(i) ? 1 : 0;
      first[static_cast<size_t>(chunk) + 1] = count;
    });
    for (size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    parallel_chunks(chunks, [&](int64_t chunk, int64_t begin, int64_t end) {
      int64_t* row = to.data<int64_t>() + first[static_cast<size_t>(chunk)] * rank;
      for (int64_t i = begin; i < end; ++i) {
        if (!is_set(i)) continue;
        int64_t rest = i;
        for (int64_t d = rank; d-- > 0;) {
          row[d] = rest % sizes[static_cast<size_t>(d)];
          rest /= sizes[static_cast<size_t>(d)];
        }
        row += rank;
      }
    });
  });
  to.store();
}

}  // namespace hearth::cpu
