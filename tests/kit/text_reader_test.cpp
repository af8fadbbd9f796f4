// A model that goes on from what it has read says what it would say after reading everything anew.
#include "kit/text_reader.h"

#include <gtest/gtest.h>

#include "hearth/hearth.h"
#include "hearth/train/config.h"

namespace hearth {
namespace {

constexpr int64_t kContext = 8, kVocabulary = 11;

train::Model model_of(const std::vector<std::string>& settings) {
  manual_seed(3);
  train::Config config;
  for (const std::string& s : settings) config.assign(s);
  train::Shapes shapes;
  shapes.input = {kContext};
  shapes.outputs = shapes.vocabulary = kVocabulary;
  shapes.each_step = true;
  train::Model model = train::make_model(config, shapes);
  const NoGradGuard no_grad;
  for (Tensor& p : model.module->parameters()) p.mul_(3);  // scores that differ
  model.module->eval();
  return model;
}

std::vector<int64_t> text_of(int64_t length) {
  const Tensor ids = randint(kVocabulary, {length});
  return {ids.data_ptr<int64_t>(), ids.data_ptr<int64_t>() + length};
}

Tensor read_anew(const train::Model& model, const std::vector<int64_t>& ids) {
  const Tensor scores = model.forward(tensor(ids).unsqueeze(0));
  return scores.select(1, scores.size(1) - 1).squeeze(0);
}

void expect_same(const Tensor& a, const Tensor& b, size_t at) {
  EXPECT_TRUE(allclose(a, b, 1e-4, 1e-5)) << "after " << at << " tokens";
  EXPECT_EQ(a.argmax().item<int64_t>(), b.argmax().item<int64_t>()) << "after " << at << " tokens";
}

/// The window that a transformer sees: where the context is full, the later half of it remains.
std::vector<int64_t> window_of(const std::vector<int64_t>& text, size_t read) {
  std::vector<int64_t> window;
  for (size_t i = 0; i < read; ++i) {
    if (window.size() == static_cast<size_t>(kContext)) window.erase(window.begin(), window.end() - kContext / 2);
    window.push_back(text[i]);
  }
  return window;
}

TEST(TextReader, OfATransformerKeepsKeysAndValues) {
  const NoGradGuard no_grad;
  const train::Model model = model_of({"model.name=gpt", "model.layers=2", "model.heads=2", "model.width=16"});
  const std::vector<int64_t> text = text_of(40);
  for (const size_t prompt : {1UL, 3UL, 8UL, 9UL, 12UL, 21UL}) {
    const auto reader = kit::make_reader(model, kContext);
    Tensor scores = reader->read({text.begin(), text.begin() + static_cast<std::ptrdiff_t>(prompt)});
    for (size_t read = prompt; read < text.size(); ++read) {
      expect_same(scores, read_anew(model, window_of(text, read)), read);
      scores = reader->read({text[read]});
    }
  }
}

TEST(TextReader, OfRecurrentLayersKeepsTheirState) {
  const NoGradGuard no_grad;
  for (const char* name : {"rnn", "lstm", "gru"}) {
    const train::Model model =
        model_of({std::string("model.name=") + name, "model.layers=2", "model.hidden=12", "model.embedding=6"});
    const std::vector<int64_t> text = text_of(30);
    const auto reader = kit::make_reader(model, kContext);
    Tensor scores = reader->read({text[0], text[1]});
    for (size_t read = 2; read < text.size(); ++read) {
      expect_same(scores, read_anew(model, {text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read)}), read);
      scores = reader->read({text[read]});
    }
  }
}

TEST(TextReader, ReadsAnewWhatCannotGoOn) {
  const NoGradGuard no_grad;
  const train::Model model = model_of({"model.name=gru", "model.hidden=12", "model.bidirectional=true"});
  const std::vector<int64_t> text = text_of(20);
  const auto reader = kit::make_reader(model, kContext);
  for (size_t read = 1; read <= text.size(); ++read) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(read);
    const auto begin = read > static_cast<size_t>(kContext) ? end - kContext : text.begin();
    expect_same(reader->read({text[read - 1]}), read_anew(model, {begin, end}), read);
  }
}

}  // namespace
}  // namespace hearth
