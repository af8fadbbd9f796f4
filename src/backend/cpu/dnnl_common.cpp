#include "backend/cpu/dnnl_common.h"

#include <omp.h>

#include "base/cpu_features.h"
#include "base/fail.h"
#include "base/threads.h"
#include "tensor/allocator.h"

namespace hearth::cpu {

namespace {

/// The instructions that oneDNN may use: what HEARTH_CPU_ISA allows, and never AMX, whose tiles oneDNN 2.6 uses without
/// having set them up on some systems (an illegal instruction).
dnnl_cpu_isa_t allowed_isa() {
  switch (cpu_isa()) {
    case Isa::v4: return dnnl_cpu_isa_avx512_core_bf16;
    case Isa::v3: return dnnl_cpu_isa_avx2;
    case Isa::v2:
    case Isa::base: break;
  }
  return dnnl_cpu_isa_sse41;
}

}  // namespace

void prepare_dnnl() {
  static const bool once = [] {
    dnnl_set_max_cpu_isa(allowed_isa());
    set_thread_start_hook([] { omp_set_num_threads(1); });
    return true;
  }();
  static_cast<void>(once);
  prepare_thread();
}

const dnnl::engine& dnnl_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& dnnl_stream() {
  static thread_local dnnl::stream stream(dnnl_engine());
  return stream;
}

std::mutex& dnnl_making() {
  static std::mutex mutex;
  return mutex;
}

bool dnnl_has_bf16() {
  static const bool has = [] {
    prepare_dnnl();
    return dnnl_get_effective_cpu_isa() == dnnl_cpu_isa_avx512_core_bf16;
  }();
  return has;
}

Scratch::Scratch(size_t bytes) : bytes_(bytes), data_(bytes > 0 ? allocate_block(bytes) : nullptr) {}
Scratch::~Scratch() { free_block(data_, bytes_); }

DnnlRunner::DnnlRunner(const dnnl::primitive& primitive, const std::vector<Arg>& args, size_t scratch_bytes)
    : primitive_(primitive), scratch_bytes_(scratch_bytes) {
  const auto add = [this](int what, const dnnl::memory::desc& desc) {
    memories_.emplace_back(desc, dnnl_engine(), nullptr);
    args_.at(static_cast<size_t>(count_++)) = {what, memories_.back().get()};
  };
  for (const Arg& arg : args) add(arg.what, arg.desc);
  if (scratch_bytes_ > 0)
    add(DNNL_ARG_SCRATCHPAD, dnnl::memory::desc({static_cast<int64_t>(scratch_bytes_)}, dnnl::memory::data_type::u8,
                                                dnnl::memory::format_tag::a));
}

void DnnlRunner::run(std::initializer_list<const void*> data, void* scratch) {
  const Scratch own(scratch == nullptr ? scratch_bytes_ : 0);
  size_t i = 0;
  for (const void* p : data) dnnl_memory_set_data_handle(args_[i++].memory, const_cast<void*>(p));
  if (scratch_bytes_ > 0) dnnl_memory_set_data_handle(args_[i].memory, scratch ? scratch : own.data());
  const dnnl_status_t status = dnnl_primitive_execute(primitive_.get(), dnnl_stream().get(), count_, args_.data());
  if (status != dnnl_success) fail<Error>("[dnnl] a primitive failed with status {}", static_cast<int>(status));
}

}  // namespace hearth::cpu
