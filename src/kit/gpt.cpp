// A transformer that predicts the next token.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "hearth/hearth.h"
#include "kit/modules.h"
#include "kit/text_reader.h"

namespace hearth::kit {

using train::Model;
using train::Options;
using train::Shapes;

namespace {

/// Keys and values of the tokens that a block has seen: [1, heads, T, width / heads].
struct Seen {
  Tensor keys, values;
};

/// Attention and a feed-forward part, each around which the input goes: [N, T, width] to the same.
struct TransformerBlockImpl : nn::Module {
  TransformerBlockImpl(int64_t w, int64_t h, double p)
      : width(w),
        heads(h),
        dropout(p),
        norm1(register_module("norm1", nn::LayerNorm(nn::LayerNormOptions({w})))),
        qkv(register_module("qkv", nn::Linear(nn::LinearOptions(w, 3 * w).bias(false)))),
        proj(register_module("proj", nn::Linear(nn::LinearOptions(w, w).bias(false)))),
        norm2(register_module("norm2", nn::LayerNorm(nn::LayerNormOptions({w})))),
        up(register_module("up", nn::Linear(nn::LinearOptions(w, 4 * w).bias(false)))),
        down(register_module("down", nn::Linear(nn::LinearOptions(4 * w, w).bias(false)))) {}
  /// With `seen`, x comes after the tokens in it, and joins them.
  Tensor attend(const Tensor& x, Seen* seen) {
    const int64_t n = x.size(0), t = x.size(1);
    std::vector<Tensor> parts = qkv(x).view({n, t, 3, heads, width / heads}).permute({2, 0, 3, 1, 4}).unbind(0);
    const bool first = !seen || !seen->keys.defined();
    if (!first) {
      parts[1] = cat({seen->keys, parts[1]}, 2);
      parts[2] = cat({seen->values, parts[2]}, 2);
    }
    if (seen) *seen = {parts[1], parts[2]};
    const Tensor y = scaled_dot_product_attention(parts[0], parts[1], parts[2], {}, is_training() ? dropout : 0.0,
                                                  /*is_causal=*/first);
    return proj(y.transpose(1, 2).reshape({n, t, width}));
  }
  Tensor drop(const Tensor& x) { return dropout > 0 ? hearth::dropout(x, dropout, is_training()) : x; }
  Tensor forward(const Tensor& x) { return forward_after(x, nullptr); }
  Tensor forward_after(const Tensor& x, Seen* seen) {
    const Tensor y = x + drop(attend(norm1(x), seen));
    return y + drop(down(gelu(up(norm2(y)))));
  }
  int64_t width, heads;
  double dropout;
  nn::LayerNorm norm1;
  nn::Linear qkv, proj;
  nn::LayerNorm norm2;
  nn::Linear up, down;
};
HEARTH_MODULE(TransformerBlock);

/// [N, T] tokens, T at most the context, to scores [N, T, vocabulary].
struct GptImpl : nn::Module, TextModel {
  GptImpl(int64_t vocabulary, int64_t most, const Options& o) : context(most), dropout(o.number("dropout")) {
    const int64_t width = o.integer("width"), heads = o.integer("heads"), layers = o.integer("layers");
    if (width % heads != 0)
      fail("[model] model.width is {} and model.heads {}; the width must be a multiple of the heads", width, heads);
    tokens = register_module("tokens", nn::Embedding(vocabulary, width));
    places = register_module("places", nn::Embedding(context, width));
    blocks = register_module("blocks", nn::Sequential());
    for (int64_t i = 0; i < layers; ++i) blocks->push_back(TransformerBlock(width, heads, dropout));
    norm = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({width})));
    head = register_module("head", nn::Linear(nn::LinearOptions(width, vocabulary).bias(false)));
    // Small weights, and smaller ones where the paths of 2 * layers parts are summed (Radford et al., 2019).
    for (auto& item : named_parameters()) {
      if (item.value().dim() < 2) continue;
      const bool sums = item.key().ends_with("proj.weight") || item.key().ends_with("down.weight");
      const double scale = sums ? 0.02 / std::sqrt(2.0 * static_cast<double>(layers)) : 0.02;
      nn::init::normal_(item.value(), 0.0, scale);
    }
  }
  Tensor forward(const Tensor& ids) {
    Tensor x = tokens(ids) + places(arange(ids.size(1)));
    if (dropout > 0) x = hearth::dropout(x, dropout, is_training());
    return head(norm(blocks->forward(x)));
  }
  std::unique_ptr<TextReader> reader() override;
  int64_t context;
  double dropout;
  nn::Embedding tokens{nullptr}, places{nullptr};
  nn::Sequential blocks{nullptr};
  nn::LayerNorm norm{nullptr};
  nn::Linear head{nullptr};
};

/// Keeps keys and values. A token's depend on its place, so where the context is full, the later half of it is read
/// anew from the first place on: on average two tokens are computed for each that is read.
class GptReader : public TextReader {
 public:
  explicit GptReader(GptImpl& model) : model_(model), seen_(model.blocks->size()) {}
  Tensor read(const std::vector<int64_t>& ids) override {
    Tensor scores;
    for (const int64_t id : ids) {
      if (static_cast<int64_t>(window_.size()) == model_.context) {
        window_.erase(window_.begin(), window_.end() - model_.context / 2);
        unread_ = window_;
        for (Seen& s : seen_) s = Seen();
      }
      window_.push_back(id);
      unread_.push_back(id);
      // At the first place any number of tokens goes at once, later one at a time.
      if (seen_[0].keys.defined() || static_cast<int64_t>(window_.size()) == model_.context) scores = step();
    }
    return unread_.empty() ? scores : step();
  }

 private:
  /// Scores after the unread tokens, which become read.
  Tensor step() {
    const auto all = static_cast<int64_t>(window_.size()), fresh = static_cast<int64_t>(unread_.size());
    Tensor x = model_.tokens(tensor(unread_).unsqueeze(0)) + model_.places(arange(all - fresh, all));
    unread_.clear();
    for (size_t i = 0; i < seen_.size(); ++i)
      x = model_.blocks->at<TransformerBlockImpl>(i).forward_after(x, &seen_[i]);
    return model_.head(model_.norm(x.select(1, fresh - 1))).squeeze(0);
  }

  GptImpl& model_;
  std::vector<int64_t> window_, unread_;
  std::vector<Seen> seen_;
};

std::unique_ptr<TextReader> GptImpl::reader() { return std::make_unique<GptReader>(*this); }

/// Reads the last tokens anew each time.
class WindowReader : public TextReader {
 public:
  WindowReader(Model model, int64_t context) : model_(std::move(model)), context_(context) {}
  Tensor read(const std::vector<int64_t>& ids) override {
    window_.insert(window_.end(), ids.begin(), ids.end());
    if (static_cast<int64_t>(window_.size()) > context_) window_.erase(window_.begin(), window_.end() - context_);
    const Tensor scores = model_.forward(tensor(window_).unsqueeze(0));
    return scores.select(1, scores.size(1) - 1).squeeze(0);
  }

 private:
  Model model_;
  int64_t context_;
  std::vector<int64_t> window_;
};

}  // namespace

Model make_gpt(const Options& o, const Shapes& s) {
  if (s.vocabulary < 1 || s.input.size() != 1)
    throw ShapeError(fmt::format("[model] gpt wants tokens [steps], but a sample is {}; use it for text",
                                 to_string(IntArrayRef(s.input))),
                     s.input);
  return std::make_shared<GptImpl>(s.vocabulary, s.input[0], o);
}

std::unique_ptr<TextReader> make_reader(const Model& model, int64_t context) {
  if (auto* own = dynamic_cast<TextModel*>(model.module.get()))
    if (std::unique_ptr<TextReader> reader = own->reader()) return reader;
  return std::make_unique<WindowReader>(model, context);
}

}  // namespace hearth::kit
