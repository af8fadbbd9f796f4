#include "backend/cpu/dnnl_conv_plan.h"

#include "backend/cpu/dnnl_conv.h"
#include "base/threads.h"
#include "base/verbose.h"

namespace hearth::cpu {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dims = memory::dims;

constexpr size_t kLine = 64;
size_t whole_lines(size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

/// The last 2 or 3 of three spatial numbers.
dims spatial_dims(const ConvShape& s, const Spatial& v) { return s.volume ? dims{v[0], v[1], v[2]} : dims{v[1], v[2]}; }
dims with_spatial(dims lead, const ConvShape& s, const Spatial& v) {
  const dims rest = spatial_dims(s, v);
  lead.insert(lead.end(), rest.begin(), rest.end());
  return lead;
}
dims weight_dims(const ConvShape& s) {
  return s.groups == 1 ? with_spatial({s.o, s.c}, s, s.kernel)
                       : with_spatial({s.groups, s.o / s.groups, s.c / s.groups}, s, s.kernel);
}
memory::desc plain(const dims& sizes, memory::data_type type) {
  dims strides(sizes.size());
  int64_t step = 1;
  for (size_t i = sizes.size(); i-- > 0; step *= sizes[i]) strides[i] = step;
  return {sizes, type, strides};
}

/// Geometry in oneDNN's terms.
struct Window {
  explicit Window(const ConvShape& s) {
    Spatial right{}, gaps{};
    for (size_t i = 0; i < 3; ++i) {
      const int64_t reach = s.dilation[i] * (s.kernel[i] - 1) + 1;
      const bool even = (s.in[i] + 2 * s.padding[i] - reach) / s.stride[i] + 1 == s.out[i];
      right[i] = even ? s.padding[i] : (s.out[i] - 1) * s.stride[i] + reach - s.in[i] - s.padding[i];
      gaps[i] = s.dilation[i] - 1;
    }
    strides = spatial_dims(s, s.stride);
    dilates = spatial_dims(s, gaps);
    before = spatial_dims(s, s.padding);
    after = spatial_dims(s, right);
  }
  dims strides, dilates, before, after;
};

std::unique_ptr<DnnlRunner> make_reorder(const memory::desc& from, const memory::desc& to) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::reorder::primitive_desc pd(dnnl_engine(), from, dnnl_engine(), to, attr);
  return std::make_unique<DnnlRunner>(dnnl::reorder(pd),
                                      std::vector<DnnlRunner::Arg>{{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}},
                                      pd.scratchpad_desc().get_size());
}

struct Descs {
  memory::desc x, w, y, bias;
};

/// The primitive and the layouts that it wants.
template <class Primitive>
std::unique_ptr<DnnlRunner> make_main(const typename Primitive::primitive_desc& pd, const Descs& d,
                                      std::vector<DnnlRunner::Arg> args, bool bias, int bias_arg) {
  if (bias) args.push_back({bias_arg, d.bias});
  log_once("convolution: [{}, {}, {}] by {}", d.x.dims()[0], d.x.dims()[1], d.y.dims()[1], pd.impl_info_str());
  return std::make_unique<DnnlRunner>(Primitive(pd), args, pd.scratchpad_desc().get_size());
}

std::unique_ptr<DnnlRunner> make_pass(ConvPass pass, const ConvShape& s, bool bias, algorithm how, Descs& d) {
  const auto type = dnnl_type(s.dtype), sum_type = memory::data_type::f32;
  const auto any = [&](const dims& sizes, memory::data_type t) {
    return memory::desc(sizes, t, memory::format_tag::any);
  };
  const bool weight = pass == ConvPass::weight;
  const memory::desc x = any(with_spatial({s.n, s.c}, s, s.in), type),
                     y = any(with_spatial({s.n, s.o}, s, s.out), type),
                     w = any(weight_dims(s), weight ? sum_type : type);
  d.bias = memory::desc({s.o}, weight ? sum_type : type, memory::format_tag::a);
  const Window win(s);
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const auto none = memory::desc();
  const dnnl::convolution_forward::primitive_desc forward(
      dnnl::convolution_forward::desc(
          dnnl::prop_kind::forward_training, how, x, pass == ConvPass::forward ? w : any(weight_dims(s), type),
          bias && !weight ? d.bias : none, y, win.strides, win.dilates, win.before, win.after),
      attr, dnnl_engine());
  if (pass == ConvPass::forward) {
    d.x = forward.src_desc(), d.w = forward.weights_desc(), d.y = forward.dst_desc();
    return make_main<dnnl::convolution_forward>(
        forward, d, {{DNNL_ARG_SRC, d.x}, {DNNL_ARG_WEIGHTS, d.w}, {DNNL_ARG_DST, d.y}}, bias, DNNL_ARG_BIAS);
  }
  if (pass == ConvPass::input) {
    const dnnl::convolution_backward_data::primitive_desc pd(
        dnnl::convolution_backward_data::desc(how, x, w, y, win.strides, win.dilates, win.before, win.after), attr,
        dnnl_engine(), forward);
    d.x = pd.diff_src_desc(), d.w = pd.weights_desc(), d.y = pd.diff_dst_desc();
    return make_main<dnnl::convolution_backward_data>(
        pd, d, {{DNNL_ARG_DIFF_SRC, d.x}, {DNNL_ARG_WEIGHTS, d.w}, {DNNL_ARG_DIFF_DST, d.y}}, false, 0);
  }
  const dnnl::convolution_backward_weights::primitive_desc pd(
      dnnl::convolution_backward_weights::desc(how, x, w, bias ? d.bias : none, y, win.strides, win.dilates, win.before,
                                               win.after),
      attr, dnnl_engine(), forward);
  d.x = pd.src_desc(), d.w = pd.diff_weights_desc(), d.y = pd.diff_dst_desc();
  return make_main<dnnl::convolution_backward_weights>(
      pd, d, {{DNNL_ARG_SRC, d.x}, {DNNL_ARG_DIFF_WEIGHTS, d.w}, {DNNL_ARG_DIFF_DST, d.y}}, bias, DNNL_ARG_DIFF_BIAS);
}

std::shared_ptr<ConvPlan> make_plan(ConvPass pass, const ConvShape& s, bool bias, bool winograd) {
  auto plan = std::make_shared<ConvPlan>();
  Descs d;
  if (winograd) {
    try {
      plan->main = make_pass(pass, s, bias, algorithm::convolution_winograd, d);
    } catch (const dnnl::error& e) {
      log_once("convolution: [{}, {}, {}] not by Winograd: {}", s.n, s.c, s.o, e.what());
    }
  }
  try {
    if (!plan->main) plan->main = make_pass(pass, s, bias, algorithm::convolution_direct, d);
    const auto type = dnnl_type(s.dtype);
    const memory::desc x = plain(with_spatial({s.n, s.c}, s, s.in), type),
                       y = plain(with_spatial({s.n, s.o}, s, s.out), type);
    plan->w_plain = plain(weight_dims(s), pass == ConvPass::weight ? memory::data_type::f32 : type);
    plan->w_blocked = d.w;
    if (d.x != x) {
      plan->x_reorder = pass == ConvPass::input ? make_reorder(d.x, x) : make_reorder(x, d.x);
      plan->x_bytes = whole_lines(d.x.get_size());
    }
    if (d.y != y) {
      plan->y_reorder = pass == ConvPass::forward ? make_reorder(d.y, y) : make_reorder(y, d.y);
      plan->y_bytes = whole_lines(d.y.get_size());
    }
    if (d.w != plan->w_plain) plan->w_bytes = whole_lines(d.w.get_size());
  } catch (const dnnl::error& e) {
    log_once("convolution: [{}, {}, {}] by our own loops: oneDNN refuses: {}", s.n, s.c, s.o, e.what());
    return nullptr;
  }
  return plan;
}

thread_local DnnlTable<ConvPlan> t_plans;
thread_local DnnlTable<DnnlRunner> t_weight_reorders;

/// Output channels of one cut of the weights' reorder: all, unless they are many and lie outermost on both sides.
int64_t channels_of_cut(const ConvPlan& plan, const ConvShape& s) {
  constexpr int64_t kElements = 64 << 10;
  if (s.groups > 1 || s.weights() < 2 * kElements || s.o % 32 != 0) return s.o;
  const auto& blocking = plan.w_blocked.data.format_desc.blocking;
  if (plan.w_blocked.data.format_kind != dnnl_blocked) return s.o;
  int64_t block = 1;
  for (int i = 0; i < blocking.inner_nblks; ++i)
    if (blocking.inner_idxs[i] == 0) block *= blocking.inner_blks[i];
  const bool outermost =
      block <= 32 && s.o % block == 0 &&
      blocking.strides[0] * (s.o / block) == static_cast<int64_t>(plan.w_blocked.get_size()) /
                                                 (plan.w_blocked.data_type() == memory::data_type::f32 ? 4 : 2);
  if (!outermost) return s.o;
  int64_t cut = s.o;
  while (cut % 64 == 0 && cut * (s.weights() / s.o) >= 2 * kElements) cut /= 2;
  return cut;
}

}  // namespace

ConvShape::ConvShape(const Tensor& x, const Tensor& w, const Tensor& y, const ConvParams& params)
    : n(impl(x)->sizes[0]),
      c(impl(x)->sizes[1]),
      o(impl(y)->sizes[1]),
      groups(params.groups),
      in(spatial_sizes(x)),
      kernel(spatial_sizes(w)),
      out(spatial_sizes(y)),
      stride(spatial(params.stride, 1)),
      padding(spatial(params.padding, 0)),
      dilation(spatial(params.dilation, 1)),
      volume(impl(x)->sizes.size() == 5),
      dtype(impl(x)->dtype) {}

double ConvShape::flops() const {
  return 2.0 * static_cast<double>(n) * static_cast<double>(product(out)) * static_cast<double>(weights());
}

bool ConvShape::pointwise() const {
  return groups == 1 && product(kernel) == 1 && product(stride) == 1 && padding == Spatial{0, 0, 0};
}

bool uses_winograd(ConvPass pass, const ConvShape& s) {
  // 3x3 windows one apart, whole blocks of channels.
  const bool fits = s.groups == 1 && !s.volume && s.kernel[1] == 3 && s.kernel[2] == 3 && s.stride[1] == 1 &&
                    s.stride[2] == 1 && s.dilation[1] == 1 && s.dilation[2] == 1 && s.c % 16 == 0 && s.o % 16 == 0;
  if (!fits || s.dtype != kFloat || conv_algorithm() == ConvAlgorithm::direct) return false;
  // What the planes gain must exceed the transforms of the weights, twice as there are at least two pieces.
  const double saved = s.flops() * 2.8e-12;
  const double pair = pass == ConvPass::weight ? 12e-9 : 25e-9;
  return saved > 2 * pair * static_cast<double>(s.c * s.o);
}

std::shared_ptr<ConvPlan> conv_plan(ConvPass pass, const ConvShape& s, bool bias, bool winograd) {
  DnnlKey key;
  key << static_cast<int64_t>(pass) * 16 + (bias ? 8 : 0) + (s.volume ? 4 : 0) + (s.dtype == kFloat ? 2 : 0) +
             (winograd ? 1 : 0)
      << s.n << s.c << s.o << s.groups;
  for (const Spatial* v : {&s.in, &s.kernel, &s.out, &s.stride, &s.padding, &s.dilation})
    for (const int64_t i : *v) key << i;
  return t_plans.get(key, [&] { return make_plan(pass, s, bias, winograd); });
}

void reorder_weights(const ConvPlan& plan, const ConvShape& s, const void* from, void* to, bool to_blocked) {
  const int64_t channels = channels_of_cut(plan, s), size = channels * (s.weights() / s.o);
  const memory::desc& w = plan.w_blocked;
  const bool wide = w.data_type() == memory::data_type::f32;
  parallel_chunks({s.o, s.o / channels, channels}, [&](int64_t chunk, int64_t, int64_t) {
    DnnlKey key;
    key << to_blocked << wide << channels << s.c << s.o << s.groups << s.kernel[0] << s.kernel[1] << s.kernel[2]
        << s.volume;
    const auto& blocking = w.data.format_desc.blocking;
    for (int i = 0; i < blocking.inner_nblks; ++i) key << (blocking.inner_idxs[i] << 16 | blocking.inner_blks[i]);
    for (int i = 0; i < w.data.ndims; ++i) key << blocking.strides[i];
    const auto runner = t_weight_reorders.get(key, [&]() -> std::shared_ptr<DnnlRunner> {
      memory::desc inside = plan.w_plain, blocked = w;
      if (channels != s.o) {
        dims part = weight_dims(s);
        part[0] = channels;
        inside = inside.submemory_desc(part, dims(part.size(), 0));
        blocked = blocked.submemory_desc(part, dims(part.size(), 0));
      }
      return to_blocked ? make_reorder(inside, blocked) : make_reorder(blocked, inside);
    });
    const int64_t bytes = chunk * size * (wide ? 4 : 2);
    runner->run({static_cast<const char*>(from) + bytes, static_cast<char*>(to) + bytes});
  });
}

size_t conv_plans_kept() { return t_plans.size(); }

}  // namespace hearth::cpu
