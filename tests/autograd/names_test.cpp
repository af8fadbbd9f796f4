// Names of dimensions: given, shown, carried through ops, and refused where an op has no rule. tests/peer/names.cpp
// compares the same with LibTorch.
#include <gtest/gtest.h>

#include <sstream>

#include "hearth/hearth.h"

namespace hearth {
namespace {

Dimname name(const char* word) { return Dimname::fromSymbol(Symbol::dimname(word)); }
std::vector<Dimname> list(std::initializer_list<const char*> words) {
  std::vector<Dimname> names;
  for (const char* w : words) names.push_back(name(w));
  return names;
}
Tensor named(IntArrayRef sizes, std::initializer_list<const char*> words) {
  return randn(sizes).refine_names(list(words));
}
std::string names_of(const Tensor& t) {
  std::ostringstream out;
  out << t.names();
  return out.str();
}
template <class E, class F>
void expect_throws(F&& call, std::initializer_list<const char*> words) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const E& e) {
    for (const char* word : words) EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
  }
}

TEST(Names, AreGivenAndShown) {
  const Tensor u = randn({2, 3}), x = u.refine_names({name("N"), Dimname::wildcard()});
  EXPECT_FALSE(u.has_names());
  EXPECT_TRUE(x.has_names());
  EXPECT_EQ(names_of(u), "[None, None]");
  EXPECT_EQ(names_of(x), "['N', None]");
  EXPECT_FALSE(u.opt_names().has_value());
  EXPECT_EQ(*x.opt_names(), x.names());
  EXPECT_EQ(names_of(x.refine_names(list({"N", "C"}))), "['N', 'C']");
  EXPECT_EQ(names_of(x.rename(list({"A", "B"}))), "['A', 'B']");
  EXPECT_EQ(names_of(x.rename(std::nullopt)), "[None, None]");
  EXPECT_EQ(names_of(x), "['N', None]");
  x.rename_(list({"B", "C"}));
  EXPECT_EQ(x.size(name("C")), 3);
  EXPECT_EQ(x.stride(name("B")), 3);
  x.rename_(std::nullopt);
  EXPECT_FALSE(x.has_names());
}

TEST(Names, ThatDoNotFitAreRefused) {
  const Tensor x = named({2, 3}, {"N", "C"});
  expect_throws<ValueError>([&] { x.refine_names(list({"N", "W"})); }, {"refine_names", "'C'", "'W'"});
  expect_throws<ValueError>([&] { x.refine_names(list({"N", "*"})); }, {"'C'", "None"});
  expect_throws<ValueError>([&] { x.refine_names(list({"N"})); }, {"['N']", "['N', 'C']"});
  expect_throws<ValueError>([&] { x.rename(list({"N", "N"})); }, {"'N' twice"});
  expect_throws<ValueError>([&] { x.rename(list({"N"})); }, {"1 names", "2 dimensions"});
  expect_throws<ValueError>([] { name("1a"); }, {"1a"});
  expect_throws<ValueError>([&] { x.sum(name("Q")); }, {"[sum]", "'Q'", "['N', 'C']"});
  EXPECT_EQ(names_of(x), "['N', 'C']");
}

TEST(Names, OfTwoInputsAreUnifiedFromTheRight) {
  const Tensor x = named({2, 3}, {"N", "C"}), u = randn({2, 3}), c = named({3}, {"C"});
  EXPECT_EQ(names_of(x + u), "['N', 'C']");
  EXPECT_EQ(names_of(u * x), "['N', 'C']");
  EXPECT_EQ(names_of(x - c), "['N', 'C']");
  EXPECT_EQ(names_of(x > 0), "['N', 'C']");
  EXPECT_EQ(names_of(where(x > 0, x, u)), "['N', 'C']");
  EXPECT_EQ(names_of(cat({x, u}, 0)), "['N', 'C']");
  const Tensor w = named({2, 3}, {"N", "W"}), before = w.clone();
  expect_throws<ShapeError>([&] { x + w; }, {"[add]", "['N', 'C']", "['N', 'W']", "'C'", "'W'"});
  expect_throws<ShapeError>([&] { w.add_(x); }, {"[add]"});
  EXPECT_TRUE(w.equal(before));  // nothing was written
  expect_throws<ShapeError>([&] { randn({3, 3}).refine_names(list({"C", "*"})) + c; }, {"'C'", "another position"});
}

TEST(Names, OfInPlaceAndOutFormsAreTheResults) {
  const Tensor x = named({2, 3}, {"N", "C"});
  Tensor y = randn({2, 3}), z = randn({2, 3}), out;
  EXPECT_EQ(names_of(y.add_(x)), "['N', 'C']");
  EXPECT_EQ(names_of(y.mul_(2)), "['N', 'C']");
  EXPECT_EQ(names_of(y.zero_()), "['N', 'C']");
  EXPECT_EQ(names_of(z.copy_(x)), "['N', 'C']");
  EXPECT_EQ(names_of(add_out(out, x, x)), "['N', 'C']");
  EXPECT_EQ(names_of(x.clone().t_()), "['C', 'N']");
}

TEST(Names, GoWithDimensions) {
  const Tensor x = named({2, 3}, {"N", "C"});
  EXPECT_EQ(names_of(x.t()), "['C', 'N']");
  EXPECT_EQ(names_of(x.permute({1, 0})), "['C', 'N']");
  EXPECT_EQ(names_of(x.transpose(name("N"), name("C"))), "['C', 'N']");
  EXPECT_EQ(names_of(x[1]), "['C']");
  EXPECT_EQ(names_of(x.select(name("C"), 0)), "['N']");
  EXPECT_EQ(names_of(x.narrow(1, 0, 2)), "['N', 'C']");
  EXPECT_EQ(names_of(x.unsqueeze(1)), "['N', None, 'C']");
  EXPECT_EQ(names_of(x.narrow(0, 0, 1).squeeze()), "['C']");
  EXPECT_EQ(names_of(x.narrow(0, 0, 1).squeeze(name("N"))), "['C']");
  EXPECT_EQ(names_of(x.expand({4, 2, 3})), "[None, 'N', 'C']");
  EXPECT_EQ(names_of(x.diagonal()), "[None]");
  EXPECT_EQ(names_of(x.unbind(name("N"))[1]), "['C']");
  EXPECT_EQ(names_of(x.split(2, 1)[1]), "['N', 'C']");
  EXPECT_EQ(names_of(x.detach()), "['N', 'C']");
  EXPECT_EQ(names_of(x.to(kDouble)), "['N', 'C']");
  EXPECT_EQ(names_of(zeros_like(x)), "['N', 'C']");
}

TEST(Names, OfReducedDimensionsGo) {
  const Tensor x = named({2, 3, 4}, {"N", "C", "T"});
  EXPECT_EQ(names_of(x.sum(1)), "['N', 'T']");
  EXPECT_EQ(names_of(x.sum(1, true)), "['N', 'C', 'T']");
  EXPECT_EQ(names_of(x.sum({0, 2})), "['C']");
  EXPECT_EQ(names_of(x.sum(list({"N", "T"}))), "['C']");
  EXPECT_EQ(names_of(x.sum({name("N"), name("C")}, true)), "['N', 'C', 'T']");
  EXPECT_EQ(names_of(x.sum()), "[]");
  EXPECT_EQ(names_of(x.prod()), "[]");
  EXPECT_TRUE(x.sum({name("C")}).rename(std::nullopt).equal(x.rename(std::nullopt).sum(1)));
  EXPECT_EQ(names_of(x.mean(name("T"))), "['N', 'C']");
  EXPECT_EQ(names_of(x.var(name("T"), true)), "['N', 'C']");
  EXPECT_EQ(names_of(x.logsumexp(name("T"))), "['N', 'C']");
  EXPECT_EQ(names_of(std::get<0>(x.max(name("C")))), "['N', 'T']");
  EXPECT_EQ(names_of(std::get<1>(x.max(name("C")))), "['N', 'T']");
  EXPECT_EQ(names_of(x.softmax(name("C"))), "['N', 'C', 'T']");
  EXPECT_EQ(names_of(x.cumsum(name("C"))), "['N', 'C', 'T']");
}

TEST(Names, OfMatrixProducts) {
  const Tensor a = named({2, 3}, {"N", "C"}), b = named({3, 4}, {"Q", "R"}), v = named({3}, {"C"});
  EXPECT_EQ(names_of(a.mm(b)), "['N', 'R']");
  EXPECT_EQ(names_of(a.matmul(b)), "['N', 'R']");
  EXPECT_EQ(names_of(a.mm(randn({3, 4}))), "['N', None]");
  EXPECT_EQ(names_of(a.mv(v)), "['N']");
  EXPECT_EQ(names_of(v.dot(v)), "[]");
  EXPECT_EQ(names_of(named({5, 2, 3}, {"B", "N", "C"}).matmul(b)), "['B', 'N', 'R']");
  EXPECT_EQ(names_of(named({5, 2, 3}, {"B", "N", "C"}).bmm(named({5, 3, 4}, {"B", "Q", "R"}))), "['B', 'N', 'R']");
  EXPECT_EQ(names_of(linear(a, named({4, 3}, {"O", "C"}))), "['N', 'O']");
  expect_throws<ShapeError>([&] { a.mm(a.t()); }, {"'N' twice"});
}

TEST(Names, AreGivenToNewTensors) {
  const std::vector<Dimname> nc = list({"N", "C"});
  for (const Tensor& t :
       {empty({2, 3}, nc), zeros({2, 3}, nc), ones({2, 3}, nc, kLong), full({2, 3}, 7, nc), rand({2, 3}, nc),
        randn({2, 3}, nc, kDouble), rand({2, 3}, Generator(), nc), randn({2, 3}, Generator(), nc)})
    EXPECT_EQ(names_of(t), "['N', 'C']");
  EXPECT_EQ(ones({2, 3}, nc, kLong).scalar_type(), kLong);
  EXPECT_TRUE(full({2, 3}, 7, nc).rename(std::nullopt).equal(full({2, 3}, 7)));
  EXPECT_FALSE(zeros({2}, std::optional<DimnameList>()).has_names());
  manual_seed(3);
  const Tensor drawn = randn({2, 3}, nc).rename(std::nullopt);
  manual_seed(3);
  expect_throws<ValueError>([&] { randn({2}, nc); }, {"[randn]", "2 names", "1 dimensions"});
  EXPECT_TRUE(randn({2, 3}).equal(drawn));  // what was refused drew nothing
}

TEST(Names, OfOrderStatistics) {
  const Tensor x = named({2, 3, 4}, {"N", "C", "T"}), plain = x.rename(std::nullopt);
  const auto [median_at_c, places] = x.median(name("C"));
  EXPECT_EQ(names_of(median_at_c), "['N', 'T']");
  EXPECT_EQ(names_of(places), "['N', 'T']");
  EXPECT_TRUE(median_at_c.rename(std::nullopt).equal(std::get<0>(plain.median(1))));
  EXPECT_EQ(names_of(std::get<0>(x.median(-1, true))), "['N', 'C', 'T']");
  EXPECT_EQ(names_of(std::get<1>(x.kthvalue(2, name("T")))), "['N', 'C']");
  EXPECT_EQ(names_of(std::get<0>(x.mode(name("N")))), "['C', 'T']");
  EXPECT_EQ(names_of(std::get<0>(nanmedian(x, name("N"), true))), "['N', 'C', 'T']");
  EXPECT_EQ(x.median().item<float>(), plain.median().item<float>());
  EXPECT_EQ(names_of(std::get<1>(std_mean(x, list({"N", "C"}), true))), "['T']");
  EXPECT_EQ(names_of(std::get<0>(var_mean(x, name("N"), true, true))), "['N', 'C', 'T']");
  expect_throws<ValueError>([&] { x.median(name("Q")); }, {"[median]", "'Q'"});
  const Tensor leaf = randn({2, 3}).requires_grad_();
  std::get<0>(leaf.refine_names(list({"N", "C"})).median(name("C"))).sum().backward();
  EXPECT_EQ(leaf.grad().sum().item<float>(), 2.f);
}

TEST(Names, OfDimensionsJoinedAndSplit) {
  const Tensor x = named({2, 3, 4}, {"N", "C", "T"});
  EXPECT_EQ(names_of(x.flatten(list({"C", "T"}), name("F"))), "['N', 'F']");
  EXPECT_EQ(names_of(x.flatten(name("N"), name("C"), name("F"))), "['F', 'T']");
  EXPECT_EQ(names_of(flatten(x, 0, -1, name("F"))), "['F']");
  EXPECT_EQ(names_of(x.flatten(1, 1, name("F"))), "['N', 'F', 'T']");
  EXPECT_EQ(names_of(x), "['N', 'C', 'T']");
  EXPECT_EQ(names_of(ones({}).flatten(0, 0, name("F"))), "['F']");
  const Tensor split = x.unflatten(name("T"), {2, -1}, list({"H", "W"}));
  EXPECT_EQ(names_of(split), "['N', 'C', 'H', 'W']");
  EXPECT_EQ(split.sizes(), std::vector<int64_t>({2, 3, 2, 2}));
  EXPECT_EQ(names_of(x.unflatten(0, {2}, list({"B"}))), "['B', 'C', 'T']");
  EXPECT_EQ(names_of(cat({x, x}, name("C"))), "['N', 'C', 'T']");
  EXPECT_EQ(cat({x, x}, name("C")).size(1), 6);
  expect_throws<ValueError>([&] { x.flatten(list({"N", "T"}), name("F")); }, {"['N', 'T']", "neighbours"});
  expect_throws<ValueError>([&] { x.flatten(1, 2, name("N")); }, {"'N' twice"});
  expect_throws<ValueError>([&] { x.flatten(2, 1, name("F")); }, {"start_dim 2"});
  expect_throws<ValueError>([&] { x.flatten(DimnameList(std::vector<Dimname>()), name("F")); }, {"empty"});
  expect_throws<ValueError>([&] { x.unflatten(2, {2, 2}, list({"H"})); }, {"2 sizes", "1 names"});
  expect_throws<ValueError>([&] { x.unflatten(2, {2, 2}, list({"H", "C"})); }, {"'C' twice"});
  expect_throws<ShapeError>([&] { x.unflatten(2, {3, 2}, list({"H", "W"})); }, {"[3, 2]"});
}

TEST(Names, AlignDimensions) {
  const Tensor x = named({2, 3}, {"N", "C"}), c = named({3}, {"C"});
  const Tensor y = x.align_to(list({"C", "H", "N"}));
  EXPECT_EQ(names_of(y), "['C', 'H', 'N']");
  EXPECT_EQ(y.sizes(), std::vector<int64_t>({3, 1, 2}));
  EXPECT_EQ(names_of(c.align_as(x)), "['N', 'C']");
  EXPECT_EQ(c.align_as(x).sizes(), std::vector<int64_t>({1, 3}));
  EXPECT_EQ(names_of(x.align_to(list({"C"}), 1)), "['C', 'N']");
  EXPECT_EQ(names_of(x.align_to(list({"H"}), 1)), "['H', 'N', 'C']");
  expect_throws<ValueError>([&] { x.align_to(list({"C", "H"})); }, {"'N'", "['C', 'H']"});
  expect_throws<ValueError>([&] { randn({2}).align_to(list({"C"})); }, {"no name"});
}

TEST(Names, WithoutARuleAreRefusedByName) {
  const Tensor x = named({2, 3}, {"N", "C"});
  expect_throws<NotImplementedError>([&] { x.sort(1); }, {"[sort]", "['N', 'C']", "rename(nullopt)"});
  expect_throws<NotImplementedError>([&] { x.argmax(1); }, {"[argmax]"});
  expect_throws<NotImplementedError>([&] { x.view({6}); }, {"[view]"});
  expect_throws<NotImplementedError>([&] { x.nonzero(); }, {"[nonzero]"});
  expect_throws<NotImplementedError>([&] { x.index_select(0, tensor({0})); }, {"[index_select]"});
  EXPECT_EQ(std::get<0>(x.rename(std::nullopt).sort(1)).sizes(), x.sizes());
}

TEST(Names, GradientsHaveNone) {
  const Tensor leaf = ones({2, 3}).requires_grad_(), x = named({2, 3}, {"N", "C"});
  const Tensor y = (leaf.refine_names(list({"N", "C"})) * x).mm(named({3, 2}, {"Q", "R"})).softmax(name("R"));
  (y * y).sum().backward();
  EXPECT_FALSE(leaf.grad().has_names());
  EXPECT_EQ(leaf.grad().sizes(), leaf.sizes());
}

TEST(Names, AreWordsOrTheWildcard) {
  EXPECT_EQ(name("N"), Dimname("N"));
  EXPECT_NE(name("N"), name("C"));
  EXPECT_TRUE(name("*").isWildcard());
  EXPECT_TRUE(name("N").isBasic());
  EXPECT_TRUE(name("N").matches(Dimname::wildcard()));
  EXPECT_EQ(*Dimname::wildcard().unify(name("N")), name("N"));
  EXPECT_FALSE(name("N").unify(name("C")).has_value());
  EXPECT_EQ(std::string(name("N").symbol().toQualString()), "dimname::N");
  EXPECT_FALSE(Dimname::isValidName(""));
  EXPECT_TRUE(Dimname::isValidName("_a1"));
}

}  // namespace
}  // namespace hearth
