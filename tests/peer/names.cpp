// Names of dimensions: what they are after ops of every kind that LibTorch has rules for, and which calls throw.
#include <torch/torch.h>

#include <functional>
#include <iostream>
#include <vector>

using torch::Tensor;

namespace {

at::Dimname name(const std::string& word) { return at::Dimname::fromSymbol(at::Symbol::dimname(word)); }
std::vector<at::Dimname> list(const std::vector<std::string>& words) {
  std::vector<at::Dimname> names;
  for (const std::string& w : words) names.push_back(name(w));
  return names;
}
Tensor ramp(torch::IntArrayRef sizes) {
  int64_t n = 1;
  for (const int64_t s : sizes) n *= s;
  return torch::arange(n, torch::kDouble).reshape(sizes);
}
Tensor named(torch::IntArrayRef sizes, const std::vector<std::string>& words) {
  return ramp(sizes).refine_names(list(words));
}
void show(const char* what, const Tensor& t) {
  std::cout << what << ": " << t.names() << ' ' << t.sizes() << ' ' << t.has_names() << ' '
            << (t.dtype() == torch::kBool ? 0.0 : t.rename(torch::nullopt).to(torch::kDouble).sum().item<double>())
            << '\n';
}
void throws(const char* what, const std::function<void()>& call) {
  bool thrown = false;
  try {
    call();
  } catch (const c10::Error&) {
    thrown = true;
  }
  std::cout << what << (thrown ? " throws" : " does not throw") << '\n';
}

}  // namespace

int main() {
  const Tensor u = ramp({2, 3}), x = named({2, 3}, {"N", "C"}), c = named({3}, {"C"}), w = named({2, 3}, {"N", "W"});
  const Tensor cube = named({2, 3, 4}, {"N", "C", "T"});
  show("unnamed", u);
  show("named", x);
  show("wildcard", u.refine_names({name("N"), torch::Dimname::wildcard()}));
  show("renamed", x.rename(torch::DimnameList(list({"A", "B"}))));
  show("dropped", x.rename(torch::nullopt));
  std::cout << x.opt_names().has_value() << u.opt_names().has_value() << x.size(name("C")) << x.stride(name("N"))
            << '\n';
  std::cout << name("N") << ' ' << at::Dimname::wildcard() << ' ' << name("N").symbol().toUnqualString() << ' '
            << name("N").symbol().toQualString() << ' ' << name("N").matches(name("*")) << name("N").isBasic() << '\n';
  show("add", x + u);
  show("sub", u - x);
  show("broadcast", x * c);
  show("add_", u.clone().add_(x));
  show("zero_", x.clone().zero_());
  show("copy_", u.clone().copy_(x));
  show("relu", x.relu());
  show("clamp", x.clamp(0, 1));
  show("pow", x.pow(2));
  show("gt", x > 0);
  show("isnan", x.isnan());
  show("masked_fill", x.masked_fill(u > 0, 1));
  show("sum", x.sum(0));
  show("sum kept", x.sum(0, true));
  show("sum all", x.sum());
  show("sum by name", cube.sum({name("N"), name("T")}));
  show("mean", cube.mean(name("T")));
  show("prod", x.prod(name("N")));
  show("var", cube.var(name("T"), true));
  show("std", cube.std(name("T"), true));
  show("logsumexp", cube.logsumexp(name("T")));
  show("max", std::get<0>(x.max(name("C"))));
  show("max at", std::get<1>(x.max(name("C"))));
  show("softmax", x.softmax(name("C")));
  show("log_softmax", x.log_softmax(1));
  show("cumsum", x.cumsum(name("C")));
  show("t", x.t());
  show("transpose", cube.transpose(name("N"), name("T")));
  show("select", x.select(name("C"), 0));
  show("index", x[0]);
  show("narrow", x.narrow(1, 0, 2));
  show("slice", x.slice(0, 0, 1));
  show("unbind", x.unbind(name("N"))[0]);
  show("split", x.split(1, 0)[0]);
  show("chunk", x.chunk(2, 0)[1]);
  show("squeeze", x.narrow(0, 0, 1).squeeze());
  show("squeeze by name", x.narrow(0, 0, 1).squeeze(name("N")));
  show("diagonal", x.diagonal());
  show("clone", x.clone());
  show("detach", x.detach());
  show("to", x.to(torch::kFloat));
  show("contiguous", x.contiguous());
  show("zeros_like", torch::zeros_like(x));
  show("cat", torch::cat({x, u}, 0));
  show("cat by name", torch::cat({x, x}, name("C")));
  show("zeros", torch::zeros({2, 3}, list({"N", "C"})));
  show("full", torch::full({2, 3}, 1.5, list({"N", "C"}), torch::kDouble));
  show("ones of no names", torch::ones({2, 3}, torch::optional<torch::DimnameList>()));
  show("median", std::get<0>(cube.median(name("C"))));
  show("median at", std::get<1>(cube.median(1, true)));
  show("median of all", cube.median());
  show("nanmedian", std::get<0>(cube.nanmedian(name("T"))));
  show("kthvalue", std::get<0>(cube.kthvalue(2, name("T"))));
  show("mode", std::get<0>(cube.mode(name("N"))));
  show("std_mean", std::get<1>(torch::std_mean(cube, name("T"), true)));
  show("flatten dims", cube.flatten(list({"C", "T"}), name("F")));
  show("flatten from to", cube.flatten(name("N"), name("C"), name("F")));
  show("flatten by number", cube.flatten(0, 2, name("F")));
  show("unflatten", cube.unflatten(name("T"), {2, 2}, list({"H", "W"})));
  const Tensor b = named({3, 4}, {"Q", "R"});
  show("mm", x.mm(b));
  show("mm unnamed", x.mm(ramp({3, 4})));
  show("matmul", x.matmul(b));
  show("matmul of three", named({5, 2, 3}, {"B", "N", "C"}).matmul(b));
  show("bmm", named({5, 2, 3}, {"B", "N", "C"}).bmm(named({5, 3, 4}, {"B", "Q", "R"})));
  show("mv", x.mv(c));
  show("dot", c.dot(c));
  show("addmm", torch::addmm(named({4}, {"R"}), x, b));
  show("linear", torch::linear(x, named({4, 3}, {"O", "C"})));
  show("align_to", x.align_to({name("C"), name("H"), name("N")}));
  show("align_to rest", x.align_to({name("H"), name("C")}, 1));
  show("align_as", c.align_as(x));
  std::cout << x.equal(x) << x.equal(u) << '\n';
  std::cout << x << '\n';

  const Tensor leaf = torch::ones({2, 3}, torch::dtype(torch::kDouble).requires_grad(true));
  (leaf.refine_names(list({"N", "C"})) * x).sum(name("C")).sum().backward();
  show("gradient", leaf.grad());

  throws("add", [&] { x + w; });
  throws("misaligned", [&] { ramp({3, 3}).refine_names({name("C"), name("*")}) + c; });
  throws("refine", [&] { x.refine_names(list({"N", "W"})); });
  throws("refine by a wildcard", [&] { x.refine_names(list({"N", "*"})); });
  throws("refine too few", [&] { x.refine_names(list({"N"})); });
  throws("twice", [&] { u.refine_names(list({"N", "N"})); });
  throws("unknown", [&] { x.sum(name("Q")); });
  throws("mm twice", [&] { x.mm(x.t()); });
  throws("cat", [&] { torch::cat({x, w}, 0); });
  throws("align_to", [&] { x.align_to({name("C"), name("H")}); });
  throws("align_to unnamed", [&] { u.align_to({name("C"), name("H")}); });
  throws("word", [&] { name("1a"); });
  throws("view", [&] { x.view({6}); });
  throws("reshape", [&] { x.reshape({3, 2}); });
  throws("flatten", [&] { x.flatten(); });
  throws("flatten apart", [&] { cube.flatten(list({"N", "T"}), name("F")); });
  throws("flatten to a name that is there", [&] { cube.flatten(1, 2, name("N")); });
  throws("unflatten too few", [&] { cube.unflatten(name("T"), {2, 2}, list({"H"})); });
  throws("zeros", [&] { torch::zeros({2, 3}, list({"N"})); });
  throws("sort", [&] { x.sort(1); });
  throws("topk", [&] { x.topk(1); });
  throws("argmax", [&] { x.argmax(1); });
  throws("gather", [&] { x.gather(0, torch::zeros({1, 3}, torch::kLong)); });
  throws("index_select", [&] { x.index_select(0, torch::tensor({0})); });
}
