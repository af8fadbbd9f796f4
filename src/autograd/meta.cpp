// The autograd part of tensors: history, views and in-place writes.
#include "autograd/meta.h"

#include "autograd/record.h"
#include "base/fail.h"
#include "base/view_counts.h"
#include "hearth/ops.h"
#include "tensor/allocator.h"

namespace hearth::autograd {

void* Meta::operator new(size_t bytes) { return allocate_object(bytes); }
void Meta::operator delete(void* p, size_t bytes) noexcept { free_object(p, bytes); }

Meta::~Meta() {
  if (retain) retain->self = nullptr;
}

bool destroy(Meta* meta, StorageImpl* storage) noexcept {
  ViewCounts* const counts = ViewCounts::current();
  const bool kept = counts && meta->base.defined() && counts->give(meta->base, storage);
  delete meta;
  return kept;
}

Meta& meta_of(const Tensor& t) {
  TensorImpl* i = impl(t);
  if (!i->meta) i->meta = new Meta;
  return *i->meta;
}

// A view is part of what its base became; one made without grad mode stays what it was.
bool requires_grad_slow(const TensorImpl& t) {
  const Meta& meta = *t.meta;
  return meta.requires_grad || meta.grad_fn || (meta.creation == Creation::normal && needs_grad(meta.base));
}

namespace {

/// Puts a gradient of a whole base through an in-place write into one of its views: outside the view it passes, inside
/// it is what the op says of its first input.
class CopySlices final : public GraphNode {
 public:
  CopySlices(const Tensor& view, const Tensor& base, NodePtr inner)
      : base_sizes_(base.sizes()),
        base_strides_(base.strides()),
        sizes_(view.sizes()),
        strides_(view.strides()),
        offset_(view.storage_offset() - base.storage_offset()),
        inner_(std::move(inner)) {
    op = "copy_slices";
    add_edge(gradient_edge(base));
    for (size_t i = 1; i < graph_node(inner_)->edges.size(); ++i) add_edge(graph_node(inner_)->edges[i]);
  }
  std::string name() const override { return "CopySlices"; }
  Grads apply(Grads&& grads) override {
    if (!grads[0].defined()) return Grads(edges.size());
    Tensor whole = make_strided(base_sizes_, base_strides_, grads[0].scalar_type());
    whole.copy_(grads[0]);
    Tensor part = whole.as_strided(sizes_, strides_, offset_);
    Grads of_view;
    of_view.push_back(part.clone());
    Grads from_inner = graph_node(inner_)->apply(std::move(of_view));
    Grads out(edges.size());
    for (size_t i = 1; i < edges.size(); ++i) out[i] = std::move(from_inner[i]);
    if (!edges[0].is_valid()) return out;
    if (from_inner[0].defined()) {
      part.copy_(from_inner[0]);
    } else {
      part.zero_();
    }
    out[0] = std::move(whole);
    return out;
  }
  void release_saved() override { graph_node(inner_)->release_saved(); }

 private:
  DimVector base_sizes_, base_strides_, sizes_, strides_;
  int64_t offset_;
  NodePtr inner_;
};

/// A view's history after its base was written: the base's, seen through as_strided.
NodePtr as_strided_node(const Tensor& view, const Tensor& base) {
  return make_node("as_strided", {&base}, as_strided_rule(base, view.sizes(), view.strides(), view.storage_offset()));
}

}  // namespace

AsStridedRule as_strided_rule(const Tensor& base, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  return {DimVector(base.sizes()), DimVector(base.strides()), DimVector(sizes), DimVector(strides),
          offset - base.storage_offset()};
}

// Elements that the view sees twice get both gradients.
Tensor AsStridedRule::operator()(const Tensor& g) const {
  int64_t low = 0, high = offset;
  for (size_t i = 0; i < sizes.size(); ++i) high += (sizes[i] - 1) * strides[i];
  for (size_t i = 0; i < base_sizes.size(); ++i) low += (base_sizes[i] - 1) * base_strides[i];
  const int64_t span = std::max(low, high) + 1;
  if (g.numel() == 0) return g.new_zeros(base_sizes);
  Tensor memory = g.new_zeros({span});
  if (may_overlap_itself(sizes, strides)) {
    Tensor places = arange(span, kLong).as_strided(sizes, strides, offset).reshape({-1});
    memory = memory.index_add(0, places, g.reshape({-1}));
  } else {
    memory.as_strided(sizes, strides, offset).copy_(g);
  }
  return memory.as_strided(base_sizes, base_strides, 0);
}

NodePtr current_grad_fn(const Tensor& t) {
  TensorImpl* i = impl(t);
  if (!i->meta) return nullptr;
  Meta& meta = *i->meta;
  if (meta.base.defined() && meta.creation != Creation::no_grad && meta.view_version != i->version() &&
      needs_grad(meta.base)) {
    meta.grad_fn = as_strided_node(t, meta.base);
    meta.output_nr = 0;
    meta.view_version = i->version();
  }
  return meta.grad_fn;
}

void set_history(const Tensor& y, const NodePtr& node, uint32_t nr) {
  Meta& meta = meta_of(y);
  meta.grad_fn = node;
  meta.output_nr = nr;
  meta.view_version = impl(y)->version();
}

void rebase_history(const Tensor& t, const NodePtr& node, uint32_t nr) {
  Meta& meta = meta_of(t);
  if (!meta.base.defined()) {
    meta.grad_fn = node;
    meta.output_nr = nr;
    return;
  }
  const NodePtr slices(new CopySlices(t, meta.base, node));
  Meta& base = meta_of(meta.base);
  base.grad_fn = slices;
  base.output_nr = 0;
  meta.grad_fn = as_strided_node(t, meta.base);
  meta.output_nr = 0;
  meta.view_version = impl(t)->version();
}

void check_in_place(const char* op, const Tensor& t, bool recording) {
  const TensorImpl* i = impl(t);
  if (i->inference && !t_state.inference && t_state.grad_mode && recording)
    fail<AutogradError>("[{}_] an inference tensor is written in place outside InferenceMode; clone it first", op);
  if (!recording || !t_state.grad_mode || !i->meta) return;
  const Meta& meta = *i->meta;
  // A view that was made a leaf too: with a history its base would hold it, and it its base, for good.
  if (meta.requires_grad && !meta.grad_fn && !(meta.base.defined() && t.grad_fn()))
    fail<AutogradError>(
        "[{}_] a leaf Variable that requires grad is being used in an in-place operation (shape {}); wrap the write "
        "in NoGradGuard, or write into a clone",
        op, shape_text(t.sizes()));
  if (!meta.base.defined()) return;
  if (meta.creation == Creation::multi_output)
    fail<AutogradError>(
        "[{}_] the tensor (shape {}) is one of several views that one function returned (split, chunk, unbind); such a "
        "view can't be written in place: use the out-of-place form, or select and slice instead",
        op, shape_text(t.sizes()));
  if (meta.creation != Creation::normal)
    fail<AutogradError>(
        "[{}_] the tensor (shape {}) is a view made under NoGradGuard or InferenceMode and is written in place with "
        "grad mode on; make the view and write it in the same mode",
        op, shape_text(t.sizes()));
  const Meta* base = impl(meta.base)->meta;
  if (base && base->requires_grad && !base->grad_fn)
    fail<AutogradError>(
        "[{}_] a view of a leaf Variable that requires grad is being used in an in-place operation (shape {} of a leaf "
        "of shape {}); wrap the write in NoGradGuard, or write into a clone",
        op, shape_text(t.sizes()), shape_text(meta.base.sizes()));
}

void wrote_in_place(const char* op, const Tensor& t) {
  TensorImpl* i = impl(t);
  i->bump_version();
  i->storage->set_last_writer(op);
}

Tensor make_view(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset, bool multi_output) {
  TensorImpl* const source = impl(x);
  const bool chained = source->meta && source->meta->base.defined();
  const Tensor& base = chained ? source->meta->base : x;
  ViewCounts* const counts = ViewCounts::current();
  Tensor kept = counts ? counts->take(base, source->storage) : Tensor();
  if (!kept.defined()) source->storage->retain();
  Tensor alias = make_counted_alias(x, sizes, strides, offset);
  Meta& meta = meta_of(alias);
  if (kept.defined()) {
    meta.base = std::move(kept);
  } else {
    meta.base = base;
  }
  meta.view_version = impl(alias)->version();
  meta.creation = t_state.inference                                       ? Creation::inference
                  : !t_state.grad_mode                                    ? Creation::no_grad
                  : chained && source->meta->creation != Creation::normal ? source->meta->creation
                  : multi_output                                          ? Creation::multi_output
                                                                          : Creation::normal;
  return alias;
}

}  // namespace hearth::autograd
