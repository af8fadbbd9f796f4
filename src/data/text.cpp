#include "hearth/data/text.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/fail.h"
#include "base/files.h"
#include "base/json_numbers.h"
#include "base/utf8.h"
#include "hearth/ops.h"
#include "io/json.h"

namespace hearth::data {

namespace {

constexpr size_t kLongestWord = 64;

enum class Sign : uint8_t { kSpace, kLetter, kDigit, kOther };

Sign sign_of(char c) {
  const auto b = static_cast<uint8_t>(c);
  if (b == ' ' || (b >= '\t' && b <= '\r')) return Sign::kSpace;
  if (b >= '0' && b <= '9') return Sign::kDigit;
  if ((b | 0x20U) >= 'a' && (b | 0x20U) <= 'z') return Sign::kLetter;
  return b >= 0x80 ? Sign::kLetter : Sign::kOther;
}

/// The first character, or the first byte where that is none.
std::string_view first_character(std::string_view text) {
  return text.substr(0, std::max<size_t>(utf8_length(text), 1));
}

void check_id(const char* op, int64_t id, int64_t size) {
  if (id < 0 || id >= size) throw IndexError(fmt::format("[{}] id {} is not among {} tokens", op, id, size), id, size);
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t begin = at;
    // One blank goes with the word behind it; other white space is a word of its own.
    if (text[at] == ' ' && at + 1 < text.size() && sign_of(text[at + 1]) != Sign::kSpace) ++at;
    const Sign sign = sign_of(text[at++]);
    while (at < text.size() && at - begin < kLongestWord && sign_of(text[at]) == sign) {
      const bool last_blank =
          sign == Sign::kSpace && text[at] == ' ' && at + 1 < text.size() && sign_of(text[at + 1]) != Sign::kSpace;
      if (last_blank) break;
      ++at;
    }
    out.push_back(text.substr(begin, at - begin));
  }
  return out;
}

std::string read_text(const std::string& path, int64_t max_bytes) {
  const std::vector<uint8_t> bytes = read_file(path, max_bytes, "read_text");
  return {bytes.begin(), bytes.end()};
}

std::string Tokenizer::decode(ArrayRef<int64_t> ids) const {
  std::string out;
  for (const int64_t id : ids) out += token(id);
  return out;
}
std::string Tokenizer::decode(const Tensor& ids) const {
  if (ids.dim() != 1) throw ShapeError("[Tokenizer::decode] ids must be [N]", ids.sizes().vec());
  const Tensor wide = ids.to(kLong).contiguous();
  return decode(ArrayRef<int64_t>(wide.data_ptr<int64_t>(), static_cast<size_t>(wide.numel())));
}
Tensor Tokenizer::encode_tensor(std::string_view text) const {
  const std::vector<int64_t> ids = encode(text);
  Tensor out = empty({static_cast<int64_t>(ids.size())}, kLong);
  std::copy(ids.begin(), ids.end(), out.data_ptr<int64_t>());
  return out;
}

CharTokenizer::CharTokenizer(std::string_view corpus) {
  std::set<std::string_view> seen;
  while (!corpus.empty()) {
    const std::string_view c = first_character(corpus);
    seen.insert(c);
    corpus.remove_prefix(c.size());
  }
  tokens_.assign(seen.begin(), seen.end());
  if (tokens_.empty()) fail("[CharTokenizer] the corpus is empty; give it a text");
}

CharTokenizer::CharTokenizer(std::vector<std::string> characters) : tokens_(std::move(characters)) {
  std::sort(tokens_.begin(), tokens_.end());
  for (size_t i = 0; i < tokens_.size(); ++i)
    if (tokens_[i].empty() || first_character(tokens_[i]).size() != tokens_[i].size() ||
        (i > 0 && tokens_[i] == tokens_[i - 1]))
      fail("[CharTokenizer] \"{}\" is no single character, or stands twice", tokens_[i]);
  if (tokens_.empty()) fail("[CharTokenizer] no characters; give at least one");
}

std::vector<int64_t> CharTokenizer::encode(std::string_view text) const {
  std::array<int64_t, 128> ascii;
  ascii.fill(-1);
  for (size_t i = 0; i < tokens_.size(); ++i)
    if (static_cast<uint8_t>(tokens_[i][0]) < 128) ascii[static_cast<size_t>(tokens_[i][0])] = static_cast<int64_t>(i);
  std::vector<int64_t> out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = first_character(text.substr(at));
    int64_t id = -1;
    if (static_cast<uint8_t>(c[0]) < 128) {
      id = ascii[static_cast<size_t>(c[0])];
    } else if (const auto it = std::lower_bound(tokens_.begin(), tokens_.end(), c); it != tokens_.end() && *it == c) {
      id = it - tokens_.begin();
    }
    if (id < 0)
      fail(
          "[CharTokenizer] character \"{}\" (at byte {}) is not among the {} of the corpus; train with a text that has "
          "it, or use BpeTokenizer, which knows every byte",
          c, at, size());
    out.push_back(id);
    at += c.size();
  }
  return out;
}

const std::string& CharTokenizer::token(int64_t id) const {
  check_id("CharTokenizer", id, size());
  return tokens_[static_cast<size_t>(id)];
}

std::string CharTokenizer::to_json() const {
  return nlohmann::json{{"format", "hearth tokenizer"}, {"kind", "characters"}, {"tokens", io::json_of_bytes(tokens_)}}
      .dump();
}

struct WordTokenizer::Index {
  std::unordered_map<std::string_view, int64_t> ids;  // of strings in tokens_
};

WordTokenizer::~WordTokenizer() = default;

namespace {

std::vector<std::string> frequent_words(std::string_view corpus, const WordOptions& options) {
  if (options.size < 2) fail("[WordTokenizer] a vocabulary of {} holds no word; ask for more", options.size);
  std::unordered_map<std::string_view, int64_t> counts;
  for (const std::string_view w : split_words(corpus)) ++counts[w];
  std::vector<std::pair<int64_t, std::string_view>> order;
  for (const auto& [word, count] : counts)
    if (count >= options.min_count) order.emplace_back(-count, word);
  std::sort(order.begin(), order.end());
  if (order.size() > static_cast<size_t>(options.size - 1)) order.resize(static_cast<size_t>(options.size - 1));
  std::vector<std::string> out;
  for (const auto& [count, word] : order) out.emplace_back(word);
  return out;
}

}  // namespace

WordTokenizer::WordTokenizer(std::string_view corpus, const WordOptions& options)
    : WordTokenizer(frequent_words(corpus, options)) {}

WordTokenizer::WordTokenizer(std::vector<std::string> words) : index_(std::make_unique<Index>()) {
  tokens_.emplace_back("<?>");
  for (std::string& w : words) tokens_.push_back(std::move(w));
  if (tokens_.size() < 2) fail("[WordTokenizer] no words; give a longer text, or a lower min_count");
  for (size_t i = 1; i < tokens_.size(); ++i)
    if (tokens_[i].empty() || !index_->ids.emplace(tokens_[i], static_cast<int64_t>(i)).second)
      fail("[WordTokenizer] the word \"{}\" is empty or stands twice", tokens_[i]);
}

std::vector<int64_t> WordTokenizer::encode(std::string_view text) const {
  std::vector<int64_t> out;
  for (const std::string_view w : split_words(text)) {
    const auto it = index_->ids.find(w);
    out.push_back(it == index_->ids.end() ? 0 : it->second);
  }
  return out;
}

const std::string& WordTokenizer::token(int64_t id) const {
  check_id("WordTokenizer", id, size());
  return tokens_[static_cast<size_t>(id)];
}

std::string WordTokenizer::to_json() const {
  const std::vector<std::string> words(tokens_.begin() + 1, tokens_.end());
  return nlohmann::json{{"format", "hearth tokenizer"}, {"kind", "words"}, {"tokens", io::json_of_bytes(words)}}.dump();
}

std::shared_ptr<Tokenizer> load_tokenizer(const std::string& text, const std::string& name) {
  constexpr const char* format = "tokenizer";
  const nlohmann::json all = io::parse_json(format, text, name);
  return io::read_json(format, name, [&]() -> std::shared_ptr<Tokenizer> {
    if (all.at("format") != "hearth tokenizer") io::fail_json(format, name, "format");
    const auto kind = all.at("kind").get<std::string>();
    try {
      if (kind == "characters") return std::make_shared<CharTokenizer>(io::list_of_json(all.at("tokens")));
      if (kind == "words") return std::make_shared<WordTokenizer>(io::list_of_json(all.at("tokens")));
      if (kind == "bpe") {
        const auto ids = integers_of(all.at("merges"));
        if (ids.size() % 2 != 0) io::fail_json(format, name, "an odd number of merged ids");
        std::vector<std::pair<int64_t, int64_t>> merges;
        for (size_t i = 0; i < ids.size(); i += 2) merges.emplace_back(ids[i], ids[i + 1]);
        return std::make_shared<BpeTokenizer>(std::move(merges), io::list_of_json(all.at("specials")));
      }
    } catch (const FileError&) {
      throw;
    } catch (const Error& e) {
      io::fail_json(format, name, e.what());
    }
    io::fail_json(format, name, "kind");
  });
}

namespace datasets {

TextWindows::TextWindows(Tensor tokens, const Options& options)
    : tokens_(std::move(tokens)),
      length_(options.length),
      stride_(options.stride == 0 ? options.length : options.stride) {
  if (tokens_.dim() != 1 || tokens_.scalar_type() != kLong)
    throw ShapeError(fmt::format("[TextWindows] tokens are {} {} where [N] of Long is wanted; see encode_tensor",
                                 shape_text(tokens_.sizes()), tokens_.scalar_type()),
                     tokens_.sizes().vec());
  if (length_ < 1 || stride_ < 1)
    fail("[TextWindows] length {} and stride {} must be positive", length_, options.stride);
  if (tokens_.size(0) <= length_)
    fail("[TextWindows] {} tokens are too few for one window of {} and the token behind it", tokens_.size(0), length_);
  count_ = (tokens_.size(0) - length_ - 1) / stride_ + 1;
}

std::pair<TextWindows, TextWindows> TextWindows::split(const Tensor& tokens, double validation,
                                                       const Options& options) {
  if (!(validation > 0 && validation < 1))
    fail("[TextWindows::split] validation is {}; it must lie between 0 and 1", validation);
  if (tokens.dim() != 1) throw ShapeError("[TextWindows::split] tokens must be [N]", tokens.sizes().vec());
  const auto held = static_cast<int64_t>(static_cast<double>(tokens.size(0)) * validation);
  const int64_t rest = tokens.size(0) - held;
  return {TextWindows(tokens.narrow(0, 0, rest), options), TextWindows(tokens.narrow(0, rest, held), options)};
}

Example<> TextWindows::get(size_t index) {
  if (index >= static_cast<size_t>(count_))
    throw IndexError(fmt::format("[TextWindows] sample {} of {}", index, count_), static_cast<int64_t>(index), count_);
  const int64_t begin = static_cast<int64_t>(index) * stride_;
  return {tokens_.narrow(0, begin, length_), tokens_.narrow(0, begin + 1, length_)};
}

}  // namespace datasets
}  // namespace hearth::data
