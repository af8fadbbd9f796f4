// Optimizers to files and back: all of them go on bit by bit; options and states to archives.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "base/faulty_files.h"
#include "hearth/hearth.h"
#include "hearth/optim.h"
#include "hearth/serialize.h"

namespace hearth::optim {
namespace {

using Params = std::vector<Tensor>;
using Made = std::unique_ptr<Optimizer>;

struct Kind {
  const char* name;
  std::function<Made(std::vector<OptimizerParamGroup>)> make;
};
template <class O, class Options>
Kind kind(const char* name, Options options) {
  return {name, [options](std::vector<OptimizerParamGroup> groups) -> Made {
            return std::make_unique<O>(std::move(groups), options);
          }};
}
std::ostream& operator<<(std::ostream& out, const Kind& k) { return out << k.name; }

std::vector<Kind> kinds() {
  return {kind<SGD>("SGD", SGDOptions(0.1).momentum(0.9).nesterov(true)),
          kind<Adam>("Adam", AdamOptions(0.1).amsgrad(true).betas({0.8, 0.95})),
          kind<AdamW>("AdamW", AdamWOptions(0.1)),
          kind<Adagrad>("Adagrad", AdagradOptions(0.1).lr_decay(0.1)),
          kind<Adadelta>("Adadelta", AdadeltaOptions(0.5)),
          kind<Adamax>("Adamax", AdamaxOptions(0.1)),
          kind<NAdam>("NAdam", NAdamOptions(0.1)),
          kind<RAdam>("RAdam", RAdamOptions(0.1)),
          kind<RMSprop>("RMSprop", RMSpropOptions(0.1).momentum(0.5).centered(true)),
          kind<Rprop>("Rprop", RpropOptions(0.1)),
          kind<ASGD>("ASGD", ASGDOptions(0.1).t0(2)),
          kind<Lion>("Lion", LionOptions(0.1)),
          kind<LAMB>("LAMB", LAMBOptions(0.1)),
          kind<Adafactor>("Adafactor", AdafactorOptions(0.1)),
          kind<Muon>("Muon", MuonOptions(0.1).adjust_lr_fn("match_rms_adamw")),
          {"LBFGS", [](std::vector<OptimizerParamGroup> groups) -> Made {
             return std::make_unique<LBFGS>(
                 std::move(groups), LBFGSOptions(0.3).max_iter(3).history_size(4).line_search_fn("strong_wolfe"));
           }}};
}

Params parameters() {
  const Tensor line = (arange(0, 12, kFloat) * 0.7).sin().view({3, 4});
  return {line.clone().set_requires_grad(true), (line * 2).clone().set_requires_grad(true)};
}
void run(Optimizer& optimizer, const Params& params, int steps) {
  for (int i = 0; i < steps; ++i)
    optimizer.step([&] {
      optimizer.zero_grad();
      const Tensor loss = (params[0].square() * (params[1] + 0.3).square() + params[0].cos()).sum();
      loss.backward();
      return loss;
    });
}
/// One group for LBFGS, which takes no more; two for the others.
Made make(const Kind& kind, const Params& p) {
  if (std::string(kind.name) == "LBFGS") return kind.make({OptimizerParamGroup(p)});
  return kind.make({OptimizerParamGroup({p[0]}), OptimizerParamGroup({p[1]})});
}

class Files : public ::testing::TestWithParam<Kind> {};

TEST_P(Files, TrainingGoesOnBitByBit) {
  const testing::TemporaryFolder folder;
  const std::string path = folder / "optimizer.pt";
  const Params a = parameters(), b = parameters();
  const Made first = make(GetParam(), a);
  run(*first, a, 5);
  first->param_groups()[0].options().set_lr(0.05);
  run(*first, a, 2);
  save(*first, path);
  for (size_t i = 0; i < a.size(); ++i) b[i].data().copy_(a[i]);
  const Made second = make(GetParam(), b);
  load(*second, path);
  EXPECT_EQ(second->param_groups()[0].options().get_lr(), 0.05);
  run(*first, a, 6);
  run(*second, b, 6);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(equal(a[i], b[i])) << i;
  std::stringstream one, other;
  save(*first, one);
  save(*second, other);
  EXPECT_EQ(one.str(), other.str()) << "and so does the file";
}

TEST_P(Files, OptionsAndStatesHaveTheirOwnArchives) {
  const Params p = parameters();
  const Made optimizer = make(GetParam(), p);
  run(*optimizer, p, 3);
  const auto check = [](const auto& value, auto fresh) {
    std::stringstream file, second;
    serialize::OutputArchive out, again;
    value.serialize(out);
    out.save_to(file);
    serialize::InputArchive in;
    in.load_from(file);
    fresh->serialize(in);
    fresh->serialize(again);
    again.save_to(second);
    EXPECT_EQ(file.str(), second.str());
  };
  optimizer->param_groups()[0].options().set_lr(0.07);
  const auto fresh = make(GetParam(), parameters())->defaults().clone();
  check(optimizer->param_groups()[0].options(), fresh->clone());
  serialize::InputArchive none;
  EXPECT_THROW(fresh->serialize(none), ValueError) << "a number is not there";
  ASSERT_FALSE(optimizer->state().empty());
  const Made later = make(GetParam(), p);  // whose states are others
  run(*later, p, 1);
  auto state = later->state().begin();
  for (const auto& entry : optimizer->state()) check(*entry.second, (state++)->second->clone());
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Files, ::testing::ValuesIn(kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(OptimizerArchive, OfLbfgsIsWhatPythonsStepNeeds) {
  const Params p = parameters();
  LBFGS lbfgs(p, LBFGSOptions(0.3).max_iter(3).line_search_fn("strong_wolfe"));
  run(lbfgs, p, 2);
  serialize::OutputArchive out;
  out << lbfgs;
  EXPECT_EQ(out.root().at("param_groups").toListRef()[0].at("line_search_fn").toStringRef(), "strong_wolfe");
  const IValue& state = *out.root().at("state").find(0);
  for (const char* list : {"old_dirs", "old_stps", "ro"}) EXPECT_TRUE(state.at(list).isList()) << list;
  LBFGS plain(parameters(), LBFGSOptions(0.3));
  serialize::OutputArchive unset;
  unset << plain;
  EXPECT_TRUE(unset.root().at("param_groups").toListRef()[0].at("line_search_fn").isNone());
}

TEST(OptimizerArchive, HoldsEachFieldUnderItsName) {
  serialize::OutputArchive out;
  AdamOptions(0.25).betas({0.5, 0.75}).amsgrad(true).serialize(out);
  EXPECT_EQ(out.root().at("lr").toDouble(), 0.25);
  EXPECT_EQ(out.root().at("betas").toTupleRef().at(1).toDouble(), 0.75);
  EXPECT_TRUE(out.root().at("amsgrad").toBool());
  std::stringstream file;
  out.save_to(file);
  serialize::InputArchive in;
  in.load_from(file);
  AdamOptions read(7);
  read.serialize(in);
  EXPECT_TRUE(read == AdamOptions(0.25).betas({0.5, 0.75}).amsgrad(true));
  AdamParamState state;
  state.step(3).exp_avg(ones({2}));
  serialize::OutputArchive state_out;
  state.serialize(state_out);
  EXPECT_EQ(state_out.root().at("step").toInt(), 3);
  EXPECT_FALSE(state_out.root().find("exp_avg_sq")) << "undefined";
  std::stringstream state_file;
  state_out.save_to(state_file);
  serialize::InputArchive state_in;
  state_in.load_from(state_file);
  AdamParamState other;
  other.exp_avg_sq(zeros({2}));
  other.serialize(state_in);
  EXPECT_TRUE(other == state);
  LBFGSOptions wolfe;
  serialize::OutputArchive lbfgs;
  LBFGSOptions().line_search_fn("strong_wolfe").serialize(lbfgs);
  std::stringstream lbfgs_file;
  lbfgs.save_to(lbfgs_file);
  serialize::InputArchive lbfgs_in;
  lbfgs_in.load_from(lbfgs_file);
  wolfe.serialize(lbfgs_in);
  EXPECT_EQ(wolfe.line_search_fn(), "strong_wolfe");
  SGDOptions untouched(0.5);
  EXPECT_THROW(untouched.serialize(lbfgs_in), ValueError) << "another optimizer's";
  EXPECT_TRUE(untouched == SGDOptions(0.5));
}

}  // namespace
}  // namespace hearth::optim
