// What this machine can do at most, in plain C++: single-precision matrix
// product (oneDNN), memory bandwidth at several sizes, and the price of the two
// allocations that a small tensor operation cannot well do without.
// Prints one line of JSON. Threads from BENCH_THREADS (2 unless told).
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static float* take(size_t n) {
  float* p = static_cast<float*>(std::aligned_alloc(4096, (n * 4 + 4095) / 4096 * 4096));
#pragma omp parallel for
  for (size_t i = 0; i < n; ++i) p[i] = 1.0f;
  return p;
}

static double gemm(int n, double seconds) {
  size_t count = static_cast<size_t>(n) * n;
  float *a = take(count), *b = take(count), *c = take(count);
  double best = 1e30, begin = now();
  for (int r = 0; r < 4 || now() - begin < seconds; ++r) {
    double t0 = now();
    dnnl_sgemm('N', 'N', n, n, n, 1.f, a, n, b, n, 0.f, c, n);
    if (r > 0) best = std::min(best, now() - t0);
  }
  std::free(a), std::free(b), std::free(c);
  return 2.0 * n * n * n / best;
}

// a = b + k * c. Two reads and one write counted, over megabytes in all.
static double triad(double megabytes, double seconds) {
  size_t n = static_cast<size_t>(megabytes * 1e6 / 12) / 32 * 32;
  float *a = take(n), *b = take(n), *c = take(n);
  int inner = std::max(1, static_cast<int>(64e6 / (12.0 * n)));
  double best = 1e30, begin = now();
  while (now() - begin < seconds) {
    double t0 = now();
#pragma omp parallel
    for (int k = 0; k < inner; ++k) {
#pragma omp for schedule(static) nowait
      for (size_t i = 0; i < n; ++i) a[i] = b[i] + 3.0f * c[i];
      __asm__ volatile("" : : "r"(a), "r"(b), "r"(c) : "memory");
    }
    best = std::min(best, (now() - t0) / inner);
  }
  double rate = 12.0 * n / best;
  std::free(a), std::free(b), std::free(c);
  return rate;
}

// A read alone, for reductions, and a read with a write (no third stream).
static double copy(double megabytes, double seconds) {
  size_t n = static_cast<size_t>(megabytes * 1e6 / 8) / 32 * 32;
  float *a = take(n), *b = take(n);
  double best = 1e30, begin = now();
  while (now() - begin < seconds) {
    double t0 = now();
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; ++i) a[i] = b[i] * 1.5f;
    best = std::min(best, now() - t0);
  }
  std::free(a), std::free(b);
  return 8.0 * n / best;
}

// The same stream read and written in place: no line is fetched only to be
// overwritten, so this shows the most that the memory moves.
static double in_place(double megabytes, double seconds) {
  size_t n = static_cast<size_t>(megabytes * 1e6 / 4) / 32 * 32;
  float* a = take(n);
  double best = 1e30, begin = now();
  while (now() - begin < seconds) {
    double t0 = now();
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; ++i) a[i] = a[i] * 1.0001f + 0.5f;
    best = std::min(best, now() - t0);
  }
  std::free(a);
  return 8.0 * n / best;
}

static double read(double megabytes, double seconds) {
  size_t n = static_cast<size_t>(megabytes * 1e6 / 4) / 32 * 32;
  float* a = take(n);
  double best = 1e30, begin = now();
  volatile float sink = 0;
  while (now() - begin < seconds) {
    double t0 = now();
    float sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
    for (size_t i = 0; i < n; ++i) sum += a[i];
    sink = sink + sum;
    best = std::min(best, now() - t0);
  }
  std::free(a);
  return 4.0 * n / best;
}

// An object with a counter, storage of one float, a call through a pointer.
struct Thing {
  std::atomic<int> count{1};
  float* data;
  int64_t size[5] = {1};
  int64_t stride[5] = {1};
};
static void add(Thing* r, const Thing* a, const Thing* b) { *r->data = *a->data + *b->data; }
static void (*volatile call)(Thing*, const Thing*, const Thing*) = add;
static Thing* make() {
  Thing* t = new Thing;
  t->data = static_cast<float*>(std::aligned_alloc(64, 64));
  return t;
}
static void drop(Thing* t) {
  if (t->count.fetch_sub(1) == 1) {
    std::free(t->data);
    delete t;
  }
}

static double small_op() {
  Thing *a = make(), *b = make();
  *a->data = 1, *b->data = 2;
  double best = 1e30;
  for (int r = 0; r < 50; ++r) {
    double t0 = now();
    Thing* last = make();
    for (int i = 0; i < 20000; ++i) {
      Thing* c = make();
      call(c, a, b);
      drop(last);
      last = c;
    }
    drop(last);
    best = std::min(best, (now() - t0) / 20000);
  }
  drop(a), drop(b);
  return best;
}

int main() {
  const char* text = std::getenv("BENCH_THREADS");
  int threads = text && *text ? std::atoi(text) : 2;
  omp_set_num_threads(threads);
  double peak = std::max(gemm(1536, 1.5), gemm(3072, 2.5));
  double tiny = triad(1.2, 0.5), cache = triad(12, 0.7);
  double stream = triad(600, 2.0), both = copy(400, 1.5), in = read(200, 1.0);
  double place = in_place(400, 1.5), part = in_place(67, 1.0);
  std::printf(
      "{\"name\":\"floor\",\"threads\":%d,\"flops_per_s\":%.6g,"
      "\"bytes_per_s\":%.6g,\"triad\":%.6g,\"copy\":%.6g,\"read\":%.6g,\"in_place\":%.6g,"
      "\"bytes_per_s_100mb\":%.6g,\"bytes_per_s_12mb\":%.6g,\"bytes_per_s_1mb\":%.6g,"
      "\"seconds_per_op\":%.6g}\n",
      threads, peak, std::max({stream, both, in, place}), stream, both, in, place, part, cache, tiny, small_op());
}
