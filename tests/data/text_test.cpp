#include "hearth/data/text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>

#include "base/faulty_files.h"
#include "base/utf8.h"
#include "hearth/hearth.h"

namespace hearth::data {
namespace {

using Ids = std::vector<int64_t>;

std::string random_bytes(size_t n, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string out(n, '\0');
  for (char& c : out) c = random() % 3 ? static_cast<char>("ab \n"[random() % 4]) : static_cast<char>(random());
  return out;
}

TEST(Utf8, FindsCharacters) {
  for (const char* good : {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\xa5", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_EQ(utf8_length(good), std::string(good).size()) << good;
  for (const char* bad : {"", "\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xff", "\xe2\x82"})
    EXPECT_EQ(utf8_length(bad), 0U);
}

TEST(Words, AreTheTextAgain) {
  const auto words = split_words("To be, or  not 42\n\nit's");
  EXPECT_EQ(words,
            (std::vector<std::string_view>{"To", " be", ",", " or", " ", " not", " 42", "\n\n", "it", "'", "s"}));
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::string text = random_bytes(300, seed);
    std::string again;
    for (const std::string_view w : split_words(text)) {
      EXPECT_FALSE(w.empty());
      EXPECT_LE(w.size(), 64U);
      again += w;
    }
    EXPECT_EQ(again, text);
  }
}

TEST(CharTokenizer, KnowsTheCorpusAlone) {
  const CharTokenizer t("h\xc3\xa4llo\xff!");
  EXPECT_EQ(t.size(), 6) << "a byte that is no UTF-8 is a character of its own";
  EXPECT_EQ(t.decode(t.encode("oh\xff\xc3\xa4")), "oh\xff\xc3\xa4");
  EXPECT_EQ(t.token(0), "!");
  try {
    t.encode("hallo");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ValueError& e) {
    EXPECT_NE(std::string(e.what()).find("\"a\" (at byte 1)"), std::string::npos) << e.what();
  }
  EXPECT_THROW(t.decode(Ids{6}), IndexError);
  EXPECT_THROW(t.decode(Ids{-1}), IndexError);
  EXPECT_THROW(CharTokenizer(""), ValueError);
  EXPECT_TRUE(equal(t.encode_tensor("h!"), tensor(t.encode("h!"))));
  EXPECT_EQ(t.decode(t.encode_tensor("h!").to(kInt)), "h!");
}

TEST(WordTokenizer, KeepsFrequentWords) {
  const std::string corpus = "a rose is a rose is a rose.";
  const WordTokenizer t(corpus);
  EXPECT_EQ(t.decode(t.encode(corpus)), corpus);
  EXPECT_EQ(t.token(1), " rose");
  EXPECT_EQ(t.encode(" tulip"), Ids{0});
  EXPECT_EQ(t.decode(Ids{0}), "<?>");
  EXPECT_EQ(WordTokenizer(corpus, {3, 1}).size(), 3);
  EXPECT_EQ(WordTokenizer(corpus, {100, 2}).size(), 4) << "unknown, rose, a, is";
  EXPECT_THROW(WordTokenizer(corpus, {1, 1}), ValueError);
  EXPECT_THROW(WordTokenizer("a b", {10, 5}), ValueError);
}

TEST(BpeTokenizer, MergesWhatIsFrequent) {
  const BpeTokenizer t("abab abab abab xyz", {259, 2, {}});
  ASSERT_EQ(t.size(), 259);
  EXPECT_EQ(t.token(256), "ab");
  EXPECT_EQ(t.token(257), "abab");
  EXPECT_EQ(t.token(258), " abab");
  EXPECT_EQ(t.encode("abab abab"), (Ids{257, 258}));
  const BpeTokenizer rare("abcd", {300, 2, {}});
  EXPECT_EQ(rare.size(), 256) << "nothing stands twice";
  const BpeTokenizer special("abab abab", {300, 1, {"<|end|>"}});
  EXPECT_EQ(special.token(special.special("<|end|>")), "<|end|>");
  EXPECT_THROW(special.special("<|begin|>"), ValueError);
  for (const int64_t id : special.encode("<|end|>")) EXPECT_NE(id, special.special("<|end|>"));
  EXPECT_THROW(BpeTokenizer("a", {255, 2, {}}), ValueError);
  EXPECT_EQ(BpeTokenizer("aaaaa aaaaa", {258, 1, {}}).encode("aaaaa").size(), 2U) << "aaaa + a";
}

/// Pairs counted anew after each merge: slow, and plainly what the algorithm says.
std::vector<std::pair<int64_t, int64_t>> plain_merges(const std::string& corpus, int merges) {
  std::vector<Ids> words;
  for (const std::string_view w : split_words(corpus)) {
    auto& ids = words.emplace_back();
    for (const char c : w) ids.push_back(static_cast<uint8_t>(c));
  }
  std::vector<std::pair<int64_t, int64_t>> out;
  for (int m = 0; m < merges; ++m) {
    std::map<std::pair<int64_t, int64_t>, int> counts;
    for (const Ids& w : words)
      for (size_t i = 1; i < w.size(); ++i) ++counts[{w[i - 1], w[i]}];
    std::pair<int64_t, int64_t> best;
    int most = 1;
    for (const auto& [pair, n] : counts)
      if (n > most) best = pair, most = n;
    if (most < 2) break;
    out.push_back(best);
    for (Ids& w : words) {
      Ids next;
      for (size_t i = 0; i < w.size(); ++i) {
        if (i + 1 < w.size() && w[i] == best.first && w[i + 1] == best.second) {
          next.push_back(256 + m);
          ++i;
        } else {
          next.push_back(w[i]);
        }
      }
      w = next;
    }
  }
  return out;
}

TEST(BpeTokenizer, TrainsAsThePlainAlgorithm) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::string corpus = random_bytes(600, seed);
    EXPECT_EQ(BpeTokenizer(corpus, {256 + 60, 2, {}}).merges(), plain_merges(corpus, 60)) << seed;
  }
}

TEST(BpeTokenizer, IsLosslessForAnyBytes) {
  const BpeTokenizer t(random_bytes(5000, 1), {600, 2, {}});
  for (uint64_t seed = 2; seed < 40; ++seed) {
    const std::string text = random_bytes(400, seed);
    EXPECT_EQ(t.decode(t.encode(text)), text);
  }
  EXPECT_EQ(t.decode(t.encode(std::string(10000, 'a'))), std::string(10000, 'a'));
}

TEST(Tokenizers, AreKeptAsJson) {
  const std::string corpus = "some \xc3\xa4 text \xff with\nwords, some words";
  const std::shared_ptr<Tokenizer> all[] = {std::make_shared<CharTokenizer>(corpus),
                                            std::make_shared<WordTokenizer>(corpus),
                                            std::make_shared<BpeTokenizer>(corpus, BpeOptions{280, 2, {"<|end|>"}})};
  for (const auto& t : all) {
    const std::string text = t->to_json();
    const auto same = load_tokenizer(text);
    EXPECT_EQ(same->encode(corpus), t->encode(corpus));
    EXPECT_EQ(same->size(), t->size());
    EXPECT_EQ(same->to_json(), text);
    for (size_t n = 0; n < text.size(); ++n) EXPECT_THROW(load_tokenizer(text.substr(0, n)), FileError) << n;
  }
  for (const char* bad :
       {R"({"format":"hearth tokenizer","kind":"bpe","merges":[0,256],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[0,1,0,1],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[0,-1],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"characters","tokens":["ab"]})",
        R"({"format":"hearth tokenizer","kind":"characters","tokens":[[97,30]]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[0,1,2],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[1e999],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[1e58,0],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[0.5,1],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":[18446744073709551615,1],"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"bpe","merges":7,"specials":[]})",
        R"({"format":"hearth tokenizer","kind":"words","tokens":["a","a"]})",
        R"({"format":"hearth tokenizer","kind":"x"})",
        R"({"format":"hearth tokenizer","kind":"characters","tokens":[[[[[[[[[[1]]]]]]]]]]})"})
    EXPECT_THROW(load_tokenizer(bad), FileError) << bad;
  std::vector<std::pair<int64_t, int64_t>> doubling = {{0, 0}};
  for (int64_t i = 256; i < 356; ++i) doubling.emplace_back(i, i);
  EXPECT_THROW(BpeTokenizer{doubling}, ValueError) << "a token of 2^100 bytes";
}

TEST(TextWindows, AreShiftedByOne) {
  using datasets::TextWindows;
  TextWindows w(arange(10, kLong), {3, 2});
  ASSERT_EQ(*w.size(), 4U);
  EXPECT_TRUE(equal(w.get(3).data, tensor({6, 7, 8})));
  EXPECT_TRUE(equal(w.get(3).target, tensor({7, 8, 9})));
  EXPECT_THROW(w.get(4), IndexError);
  EXPECT_EQ(*TextWindows(arange(10, kLong), {3, 0}).size(), 3U);
  EXPECT_EQ(*TextWindows(arange(9, kLong), {3, 0}).size(), 2U) << "the last token is a target alone";
  EXPECT_THROW(TextWindows(arange(3, kLong), {3, 0}), ValueError);
  EXPECT_THROW(TextWindows(arange(9, kLong), {0, 1}), ValueError);
  EXPECT_THROW(TextWindows(arange(9, kFloat), {3, 0}), ShapeError);
  auto [train, validation] = TextWindows::split(arange(100, kLong), 0.2, {5, 0});
  EXPECT_EQ(train.tokens().size(0), 80);
  EXPECT_EQ(validation.get(0).data[0].item<int64_t>(), 80);
  EXPECT_THROW(TextWindows::split(arange(100, kLong), 1.5), ValueError);
}

TEST(BpeTokenizer, RealText) {
  const char* data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const std::string text = read_text(std::string(data) + "/text/tinyshakespeare.txt");
  EXPECT_EQ(CharTokenizer(text).size(), 65);
  const auto begin = std::chrono::steady_clock::now();
  const BpeTokenizer t(text, {4096, 2, {}});
  const std::vector<int64_t> ids = t.encode(text);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_EQ(t.size(), 4096);
  EXPECT_EQ(t.decode(ids), text);
  EXPECT_LT(ids.size(), text.size() / 3);
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 60) << "a second or two where nothing else runs";
  EXPECT_THROW(read_text(std::string(data) + "/text/tinyshakespeare.txt", 100), FileError);
}

}  // namespace
}  // namespace hearth::data
