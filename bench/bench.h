// Common parts of the workloads. Uses only the LibTorch C++ frontend and the
// standard library, so that the same text compiles against either library.
#pragma once
#include <dirent.h>
#include <sys/resource.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double env_double(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::atof(text) : otherwise;
}

// Threads from BENCH_THREADS (2 unless told).
inline void init() {
  torch::set_num_threads(static_cast<int>(env_double("BENCH_THREADS", 2)));
  torch::manual_seed(1);
}

// A generator of our own: both libraries see the same numbers whatever their
// own random streams are.
struct Lcg {
  uint64_t state;
  explicit Lcg(uint64_t seed) : state(seed * 0x9E3779B97F4A7C15ull + 1) {}
  uint32_t next() {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<uint32_t>(state >> 32);
  }
  float uniform(float low, float high) { return low + (high - low) * (static_cast<float>(next() >> 8) * 0x1p-24f); }
};

// Fills a contiguous float tensor with uniform numbers.
inline void fill(torch::Tensor t, uint64_t seed, float low = -1, float high = 1) {
  Lcg rng(seed);
  float* p = t.data_ptr<float>();
  for (int64_t i = 0, n = t.numel(); i < n; ++i) p[i] = rng.uniform(low, high);
}

inline torch::Tensor floats(std::vector<int64_t> shape, uint64_t seed, float low = -1, float high = 1) {
  auto t = torch::empty(shape, torch::kFloat32);
  fill(t, seed, low, high);
  return t;
}

inline torch::Tensor labels(std::vector<int64_t> shape, int64_t classes, uint64_t seed) {
  auto t = torch::empty(shape, torch::kInt64);
  Lcg rng(seed);
  int64_t* p = t.data_ptr<int64_t>();
  for (int64_t i = 0, n = t.numel(); i < n; ++i)
    p[i] = static_cast<int64_t>(rng.next() % static_cast<uint64_t>(classes));
  return t;
}

// Replaces what the library drew at random: matrices and filters get uniform
// numbers within 1/sqrt(fan in); vectors (biases, norms) stay as they are if
// constant, else get the same treatment at a fixed width.
template <class Module>
void init_parameters(Module& module, double gain = 1.0) {
  uint64_t seed = 1000;
  for (auto& p : module.parameters()) {
    ++seed;
    auto data = p.data();
    if (data.dim() < 2) {
      const float* v = data.template data_ptr<float>();
      bool constant = true;
      for (int64_t i = 1; i < data.numel(); ++i)
        if (v[i] != v[0]) constant = false;
      if (!constant) fill(data, seed, -0.02f, 0.02f);
      continue;
    }
    int64_t fan = data.numel() / data.size(0);
    float width = static_cast<float>(gain / std::sqrt(static_cast<double>(fan)));
    fill(data, seed, -width, width);
  }
}

template <class Module>
int64_t count_parameters(Module& module) {
  int64_t n = 0;
  for (auto& p : module.parameters()) n += p.numel();
  return n;
}

// One measurement; times are seconds for one step.
struct Part {
  std::string name;
  std::string metric;
  double value = 0;  // median
  double min = 0;
  double flops = 0;  // multiply and add counted as two, the least needed
  double bytes = 0;  // least memory traffic
  double ops = 0;    // library operations (where overhead is what counts)
  double items = 0;  // samples or tokens, for a rate
  double check = 0;
  int reps = 0;
};

// Runs step until seconds have passed, at least least and at most most times.
// batch: how many calls one sample covers.
template <class F>
void measure(Part& part, F&& step, double seconds = 5, int least = 5, int most = 100000, int batch = 1) {
  seconds *= env_double("BENCH_SCALE", 1);
  std::vector<double> took;
  double begin = now();
  while (static_cast<int>(took.size()) < least || (now() - begin < seconds && static_cast<int>(took.size()) < most)) {
    double t0 = now();
    for (int i = 0; i < batch; ++i) step();
    took.push_back((now() - t0) / batch);
  }
  std::sort(took.begin(), took.end());
  size_t n = took.size();
  part.value = n % 2 ? took[n / 2] : 0.5 * (took[n / 2 - 1] + took[n / 2]);
  part.min = took[0];
  part.reps = static_cast<int>(n);
}

inline double rss_mb() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// Seconds that the process's threads were ready to run and had no processor:
// tells a measurement that others disturbed. Zero where the kernel does not say.
inline double waited() {
  double total = 0;
  DIR* tasks = opendir("/proc/self/task");
  if (!tasks) return 0;
  while (dirent* entry = readdir(tasks)) {
    std::string path = std::string("/proc/self/task/") + entry->d_name + "/schedstat";
    if (FILE* f = std::fopen(path.c_str(), "r")) {
      unsigned long long ran = 0, delay = 0;
      if (std::fscanf(f, "%llu %llu", &ran, &delay) == 2) total += delay * 1e-9;
      std::fclose(f);
    }
  }
  closedir(tasks);
  return total;
}

inline void print_fields(const Part& p) {
  std::printf(
      "\"name\":\"%s\",\"metric\":\"%s\",\"value\":%.9g,\"min\":%.9g,"
      "\"flops\":%.9g,\"bytes\":%.9g,\"ops\":%.9g,\"items\":%.9g,"
      "\"check\":%.9g,\"reps\":%d",
      p.name.c_str(), p.metric.c_str(), p.value, p.min, p.flops, p.bytes, p.ops, p.items,
      std::isfinite(p.check) ? p.check : -1e30, p.reps);
}

inline void print(const Part& part) {
  std::printf("{");
  print_fields(part);
  std::printf(",\"rss_mb\":%.1f,\"waited\":%.3f}\n", rss_mb(), waited());
}

// Several measurements on one line: the whole is their sum.
inline void print(const std::string& name, const std::vector<Part>& parts) {
  Part sum;
  sum.name = name;
  sum.metric = "seconds per step, all parts";
  for (const Part& p : parts) {
    sum.value += p.value;
    sum.min += p.min;
    sum.flops += p.flops;
    sum.bytes += p.bytes;
    sum.ops += p.ops;
    sum.check += p.check;
    sum.reps += p.reps;
  }
  std::printf("{");
  print_fields(sum);
  std::printf(",\"rss_mb\":%.1f,\"waited\":%.3f,\"parts\":[", rss_mb(), waited());
  for (size_t i = 0; i < parts.size(); ++i) {
    std::printf(i ? ",{" : "{");
    print_fields(parts[i]);
    std::printf("}");
  }
  std::printf("]}\n");
}

}  // namespace bench
