// Runs a graph backward: nodes in order of their sequence numbers, latest first, each once all its gradients are in.
#include <algorithm>

#include "autograd/anomaly.h"
#include "autograd/meta.h"
#include "autograd/names.h"
#include "base/fail.h"
#include "base/threads.h"
#include "hearth/ops.h"

namespace hearth::autograd {
namespace {

/// What a backward pass knows of one node.
struct Task {
  GraphNode* node = nullptr;
  uint32_t waiting = 0;  // edges whose gradient has not come yet
  bool needed = true;    // on a way to one of the wanted inputs
  Grads grads;
};

/// Node -> task, by open addressing: a pass over a long graph is dominated by these look-ups.
class TaskTable {
 public:
  TaskTable() : slots_(64) {}
  Task& operator[](GraphNode* node) {
    if (2 * (tasks_.size() + 1) > slots_.size()) grow();
    size_t at = hash(node);
    while (slots_[at].node && slots_[at].node != node) at = (at + 1) & (slots_.size() - 1);
    if (!slots_[at].node) {
      slots_[at] = {node, static_cast<uint32_t>(tasks_.size())};
      tasks_.push_back(Task{.node = node, .grads = Grads(node->outputs)});
    }
    return tasks_[slots_[at].index];
  }
  Task* find(GraphNode* node) {
    size_t at = hash(node);
    while (slots_[at].node && slots_[at].node != node) at = (at + 1) & (slots_.size() - 1);
    return slots_[at].node ? &tasks_[slots_[at].index] : nullptr;
  }
  size_t size() const { return tasks_.size(); }
  Task& at(size_t i) { return tasks_[i]; }

 private:
  struct Slot {
    GraphNode* node = nullptr;
    uint32_t index = 0;
  };
  size_t hash(const GraphNode* node) const {
    return (reinterpret_cast<uintptr_t>(node) / 64 * 0x9E3779B97F4A7C15ULL >> 20) & (slots_.size() - 1);
  }
  void grow() {
    slots_.assign(slots_.size() * 4, {});
    for (size_t i = 0; i < tasks_.size(); ++i) {
      size_t at = hash(tasks_[i].node);
      while (slots_[at].node) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {tasks_[i].node, static_cast<uint32_t>(i)};
    }
  }
  std::vector<Slot> slots_;
  std::vector<Task> tasks_;
};

/// A gradient asked for by `grad`: what arrives at an input of a node.
struct Capture {
  GraphNode* node;
  uint32_t input_nr;
  size_t index;
};

class BackwardPass {
 public:
  BackwardPass(const std::vector<Edge>& roots, bool retain_graph) : roots_(roots), retain_graph_(retain_graph) {
    discover();
  }
  void want(std::vector<Capture> captures, bool accumulate);
  variable_list run(const variable_list& root_grads, size_t captured);

 private:
  void discover();
  void give(const Edge& edge, Tensor grad);
  void evaluate(Task& task);
  void ready(GraphNode* node) {
    heap_.push_back(node);
    std::push_heap(heap_.begin(), heap_.end(), earlier);
  }
  static bool earlier(const GraphNode* a, const GraphNode* b) { return a->sequence < b->sequence; }

  const std::vector<Edge>& roots_;
  bool retain_graph_;
  bool accumulate_ = true;
  TaskTable tasks_;
  std::vector<GraphNode*> heap_;
  std::vector<Capture> captures_;
  variable_list captured_;
};

void BackwardPass::discover() {
  std::vector<GraphNode*> stack;
  const auto visit = [&](const Edge& edge) {
    const size_t before = tasks_.size();
    Task& task = tasks_[graph_node(edge.function)];
    ++task.waiting;
    if (tasks_.size() != before) stack.push_back(task.node);
  };
  for (const Edge& root : roots_)
    if (root.is_valid()) visit(root);
  while (!stack.empty()) {
    GraphNode* node = stack.back();
    stack.pop_back();
    for (const Edge& edge : node->edges)
      if (edge.is_valid()) visit(edge);
  }
}

// Marks the nodes from which a wanted input can be reached; the others are not run. Nodes are made after those they
// point to, so going up by sequence number sees every node after its targets; accumulators come first of all.
void BackwardPass::want(std::vector<Capture> captures, bool accumulate) {
  captures_ = std::move(captures);
  accumulate_ = accumulate;
  std::vector<Task*> order;
  for (size_t i = 0; i < tasks_.size(); ++i) order.push_back(&tasks_.at(i));
  const auto rank = [](const Task* t) { return t->node->sequence == UINT64_MAX ? 0 : t->node->sequence + 1; };
  std::sort(order.begin(), order.end(), [&](const Task* a, const Task* b) { return rank(a) < rank(b); });
  for (Task* task : order) {
    task->needed =
        std::any_of(captures_.begin(), captures_.end(), [&](const Capture& c) { return c.node == task->node; });
    for (const Edge& edge : task->node->edges)
      if (edge.is_valid() && tasks_[graph_node(edge.function)].needed) task->needed = true;
  }
}

void BackwardPass::give(const Edge& edge, Tensor grad) {
  Task& task = *tasks_.find(graph_node(edge.function));
  if (grad.defined() && task.needed) {
    Tensor& sum = task.grads[edge.input_nr];
    if (!sum.defined()) {
      sum = std::move(grad);
    } else if (!t_state.grad_mode && sum.use_count() == 1 && impl(sum)->storage->references() == 1 &&
               sum.is_contiguous() && sum.sizes() == grad.sizes()) {
      sum.add_(grad);
    } else {
      sum = sum + grad;
    }
  }
  if (--task.waiting == 0) ready(task.node);
}

void BackwardPass::evaluate(Task& task) {
  GraphNode* node = task.node;
  Grads grads = std::move(task.grads);
  Grads out(node->edges.size());
  const bool any = std::any_of(grads.begin(), grads.end(), [](const Tensor& g) { return g.defined(); });
  if (task.needed && any) {
    node->run_hooks(grads);
    bool captured_here = false;
    for (const Capture& c : captures_)
      if (c.node == node) {
        captured_[c.index] = grads[c.input_nr];
        captured_here = true;
      }
    const bool leaf = node->sequence == UINT64_MAX;
    const bool beyond = std::any_of(node->edges.begin(), node->edges.end(), [&](const Edge& e) {
      return e.is_valid() && tasks_.find(graph_node(e.function))->needed;
    });
    if (leaf ? accumulate_ : (beyond || !captured_here)) {
      out =
          node->node_hooks || t_state.anomaly ? apply_watched(*node, std::move(grads)) : node->apply(std::move(grads));
      if (!retain_graph_) node->release_saved();
    }
  }
  for (size_t i = 0; i < node->edges.size(); ++i)
    if (node->edges[i].is_valid()) give(node->edges[i], i < out.size() ? std::move(out[i]) : Tensor());
}

variable_list BackwardPass::run(const variable_list& root_grads, size_t captured) {
  const names::Off off;
  captured_.resize(captured);
  for (size_t i = 0; i < roots_.size(); ++i)
    if (roots_[i].is_valid()) give(roots_[i], root_grads[i]);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), earlier);
    GraphNode* node = heap_.back();
    heap_.pop_back();
    evaluate(*tasks_.find(node));
  }
  return std::move(captured_);
}

Tensor root_gradient(const Tensor& y, const variable_list& grads, size_t i) {
  if (i < grads.size() && grads[i].defined()) {
    if (grads[i].sizes() != y.sizes())
      throw ShapeError(
          fmt::format("[backward] the gradient given has shape {} but the tensor has {}; they must be equal",
                      shape_text(grads[i].sizes()), shape_text(y.sizes())),
          grads[i].sizes().vec(), y.sizes().vec());
    return grads[i].scalar_type() == y.scalar_type() ? grads[i] : grads[i].to(y.scalar_type());
  }
  if (y.numel() != 1)
    throw ShapeError(fmt::format("[backward] grad can be implicitly created only for scalar outputs, and this one has "
                                 "shape {}; reduce it with sum() or mean(), or pass a gradient",
                                 shape_text(y.sizes())),
                     y.sizes().vec());
  return ones_like(y);
}

std::vector<Edge> root_edges(const char* op, const variable_list& outputs) {
  std::vector<Edge> edges;
  for (const Tensor& y : outputs) {
    checked_impl(op, y);
    edges.push_back(gradient_edge(y));
    if (!edges.back().is_valid())
      fail<AutogradError>(
          "[{}] element {} of tensors does not require grad and does not have a grad_fn (shape {}); set requires_grad "
          "on what it is computed from, and compute it with grad mode on",
          op, edges.size() - 1, shape_text(y.sizes()));
  }
  return edges;
}

// A rule may start a backward pass of its own, and its rules again. Each nests on the stack, so every so many levels
// the pass goes on with a fresh one.
template <class F>
variable_list on_enough_stack(F&& run) {
  constexpr int kLevelsPerStack = 60;
  if (t_state.depth % kLevelsPerStack != 0) return run();
  struct Call {
    F& run;
    ThreadState state;
    variable_list result;
  } call{run, t_state, {}};
  run_on_fresh_stack(
      [](void* ctx) {
        auto& c = *static_cast<Call*>(ctx);
        t_state = c.state;
        c.result = c.run();
        c.state.next_sequence = t_state.next_sequence;
      },
      &call);
  t_state.next_sequence = std::max(t_state.next_sequence, call.state.next_sequence);
  return std::move(call.result);
}

variable_list run_backward(const char* op, const variable_list& outputs, const variable_list& grad_outputs,
                           bool retain_graph, bool create_graph, const variable_list& inputs, bool accumulate) {
  if (!grad_outputs.empty() && grad_outputs.size() != outputs.size())
    fail<ValueError>("[{}] {} gradients for {} tensors; give one for each", op, grad_outputs.size(), outputs.size());
  const std::vector<Edge> roots = root_edges(op, outputs);
  variable_list grads;
  for (size_t i = 0; i < outputs.size(); ++i) grads.push_back(root_gradient(outputs[i], grad_outputs, i));
  const Scoped<bool> mode(t_state.grad_mode, create_graph);
  const Scoped<Destination> no_destination(t_state.destination, Destination{});
  const Scoped<ScalarType> no_autocast(t_state.autocast, ScalarType::Undefined);  // gradients have their dtypes
  const Scoped<int> depth(t_state.depth, t_state.depth + 1);
  BackwardPass pass(roots, retain_graph);
  std::vector<Edge> wanted;  // keeps the accumulators alive
  if (!inputs.empty()) {
    std::vector<Capture> captures;
    for (size_t i = 0; i < inputs.size(); ++i) {
      checked_impl(op, inputs[i]);
      const Scoped<bool> enabled(t_state.grad_mode, true);
      wanted.push_back(gradient_edge(inputs[i]));
      if (!wanted.back().is_valid())
        fail<AutogradError>("[{}] input {} (shape {}) does not require grad", op, i, shape_text(inputs[i].sizes()));
      if (accumulate && !inputs[i].is_leaf())
        fail<AutogradError>("[{}] input {} (shape {}) is not a leaf; use grad() for it", op, i,
                            shape_text(inputs[i].sizes()));
      captures.push_back({graph_node(wanted.back().function), wanted.back().input_nr, i});
    }
    pass.want(std::move(captures), accumulate);
  }
  return on_enough_stack([&] { return pass.run(grads, inputs.size()); });
}

}  // namespace

void backward(const variable_list& tensors, const variable_list& grad_tensors, std::optional<bool> retain_graph,
              bool create_graph, const variable_list& inputs) {
  run_backward("backward", tensors, grad_tensors, retain_graph.value_or(create_graph), create_graph, inputs, true);
}

variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs,
                   std::optional<bool> retain_graph, bool create_graph, bool allow_unused) {
  if (inputs.empty()) fail("[grad] no inputs are given; name the tensors whose gradients you want");
  variable_list grads =
      run_backward("grad", outputs, grad_outputs, retain_graph.value_or(create_graph), create_graph, inputs, false);
  for (size_t i = 0; i < grads.size() && !allow_unused; ++i)
    if (!grads[i].defined())
      fail<AutogradError>(
          "[grad] one of the differentiated Tensors appears to not have been used in the graph: input {} (shape {}); "
          "pass allow_unused=true if that is meant",
          i, shape_text(inputs[i].sizes()));
  return grads;
}

}  // namespace hearth::autograd
