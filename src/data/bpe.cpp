// Byte-pair encoding: training and use.
#include <algorithm>
#include <array>
#include <map>
#include <queue>
#include <unordered_map>

#include "base/fail.h"
#include "hearth/data/text.h"
#include "io/json.h"

namespace hearth::data {

namespace {

using Pair = std::pair<int64_t, int64_t>;

constexpr int64_t kBytes = 256;
constexpr size_t kLongestToken = 1 << 20;  // merges of merges could ask for more than there is memory

/// Two ids, each below 2^31, as one number.
uint64_t key_of(int64_t a, int64_t b) { return static_cast<uint64_t>(a) << 32 | static_cast<uint64_t>(b); }

/// A different word of the corpus.
struct Word {
  std::vector<int32_t> ids;
  int64_t count = 0;
};

/// Counts pairs, and keeps the counts true while pairs are merged.
class Trainer {
 public:
  explicit Trainer(std::string_view corpus) {
    std::unordered_map<std::string_view, int64_t> counts;
    for (const std::string_view w : split_words(corpus)) ++counts[w];
    std::map<std::string_view, int64_t> sorted(counts.begin(), counts.end());  // the same on every machine
    for (const auto& [text, count] : sorted) {
      if (text.size() < 2) continue;
      Word& word = words_.emplace_back();
      word.count = count;
      for (const char c : text) word.ids.push_back(static_cast<uint8_t>(c));
      add_pairs(static_cast<int32_t>(words_.size() - 1), 1);
    }
    for (const auto& [key, pair] : pairs_) queue_.push({pair.count, key});
  }

  /// The most frequent pair; of several, the one of the smallest ids.
  std::optional<Pair> best(int64_t least) {
    while (!queue_.empty()) {
      const Candidate top = queue_.top();
      const int64_t now = pairs_[top.key].count;
      if (now == top.count) {
        if (now < least) return std::nullopt;
        return Pair(static_cast<int64_t>(top.key >> 32), static_cast<int64_t>(top.key & 0xffffffff));
      }
      queue_.pop();
      if (now > 0) queue_.push({now, top.key});
    }
    return std::nullopt;
  }

  void merge(Pair pair, int32_t id) {
    const uint64_t key = key_of(pair.first, pair.second);
    std::vector<int32_t> where = std::move(pairs_[key].words);
    std::sort(where.begin(), where.end());
    where.erase(std::unique(where.begin(), where.end()), where.end());
    touched_.clear();
    for (const int32_t w : where) {
      add_pairs(w, -1);
      replace(words_[static_cast<size_t>(w)].ids, pair, id);
      add_pairs(w, 1);
    }
    pairs_.erase(key);
    for (const uint64_t k : touched_)
      if (const auto it = pairs_.find(k); it != pairs_.end()) queue_.push({it->second.count, k});
  }

 private:
  struct Places {
    int64_t count = 0;
    std::vector<int32_t> words;  // that had the pair at some time
  };
  struct Candidate {
    int64_t count;
    uint64_t key;
    bool operator<(const Candidate& other) const {
      return count != other.count ? count < other.count : key > other.key;
    }
  };

  void add_pairs(int32_t w, int64_t sign) {
    const Word& word = words_[static_cast<size_t>(w)];
    for (size_t i = 1; i < word.ids.size(); ++i) {
      const uint64_t key = key_of(word.ids[i - 1], word.ids[i]);
      Places& p = pairs_[key];
      p.count += sign * word.count;
      if (sign > 0 && (p.words.empty() || p.words.back() != w)) {
        p.words.push_back(w);
        touched_.push_back(key);
      }
    }
  }
  static void replace(std::vector<int32_t>& ids, Pair pair, int32_t id) {
    size_t to = 0;
    for (size_t i = 0; i < ids.size(); ++i) {
      const bool here = i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
      ids[to++] = here ? id : ids[i];
      i += here;
    }
    ids.resize(to);
  }

  std::vector<Word> words_;
  std::unordered_map<uint64_t, Places> pairs_;
  std::priority_queue<Candidate> queue_;
  std::vector<uint64_t> touched_;
};

}  // namespace

struct BpeTokenizer::Ranks {
  std::unordered_map<uint64_t, int32_t> made;  // what a pair of ids becomes; lower first
};

BpeTokenizer::~BpeTokenizer() = default;

BpeTokenizer::BpeTokenizer(std::string_view corpus, const BpeOptions& options) : specials_(options.specials) {
  const int64_t merges = options.size - kBytes - static_cast<int64_t>(specials_.size());
  if (merges < 0 || options.size > (int64_t{1} << 30))
    fail("[BpeTokenizer] {} tokens don't hold the 256 bytes and {} specials; ask for more, and for at most 2^30",
         options.size, specials_.size());
  Trainer trainer(corpus);
  while (static_cast<int64_t>(merges_.size()) < merges) {
    const std::optional<Pair> pair = trainer.best(std::max<int64_t>(options.min_count, 1));
    if (!pair) break;
    trainer.merge(*pair, static_cast<int32_t>(kBytes + static_cast<int64_t>(merges_.size())));
    merges_.push_back(*pair);
  }
  index();
}

BpeTokenizer::BpeTokenizer(std::vector<Pair> merges, std::vector<std::string> specials)
    : merges_(std::move(merges)), specials_(std::move(specials)) {
  index();
}

void BpeTokenizer::index() {
  ranks_ = std::make_unique<Ranks>();
  for (int64_t b = 0; b < kBytes; ++b) tokens_.emplace_back(1, static_cast<char>(b));
  size_t total = 0;
  for (const auto& [a, b] : merges_) {
    const auto known = static_cast<int64_t>(tokens_.size());
    if (a < 0 || b < 0 || a >= known || b >= known)
      throw IndexError(fmt::format("[BpeTokenizer] merge {} joins {} and {}, but there are {} tokens before it",
                                   known - kBytes, a, b, known),
                       std::max(a, b), known);
    if (!ranks_->made.emplace(key_of(a, b), static_cast<int32_t>(known)).second)
      fail("[BpeTokenizer] merge {} joins {} and {} a second time", known - kBytes, a, b);
    total += tokens_[static_cast<size_t>(a)].size() + tokens_[static_cast<size_t>(b)].size();
    if (total > kLongestToken + 64 * merges_.size())
      fail("[BpeTokenizer] the tokens up to merge {} have {} bytes; no training makes such", known - kBytes, total);
    tokens_.push_back(tokens_[static_cast<size_t>(a)] + tokens_[static_cast<size_t>(b)]);
  }
  tokens_.insert(tokens_.end(), specials_.begin(), specials_.end());
}

std::vector<int64_t> BpeTokenizer::encode(std::string_view text) const {
  std::vector<int64_t> out;
  std::unordered_map<std::string_view, std::pair<size_t, size_t>>
      seen;  // words, and where in `out` their ids begin and end
  std::vector<int32_t> ids;
  const auto rank = [&](size_t i) {
    const auto it = ranks_->made.find(key_of(ids[i], ids[i + 1]));
    return it == ranks_->made.end() ? INT32_MAX : it->second;
  };
  for (const std::string_view word : split_words(text)) {
    const auto [place, fresh] = seen.emplace(word, std::pair(out.size(), size_t{0}));
    if (!fresh) {
      for (size_t i = place->second.first; i < place->second.second; ++i) out.push_back(out[i]);
      continue;
    }
    ids.assign(word.size(), 0);
    for (size_t i = 0; i < word.size(); ++i) ids[i] = static_cast<uint8_t>(word[i]);
    while (ids.size() > 1) {
      int32_t first = INT32_MAX;
      for (size_t i = 0; i + 1 < ids.size(); ++i) first = std::min(first, rank(i));
      if (first == INT32_MAX) break;
      size_t to = 0;
      for (size_t i = 0; i < ids.size(); ++i) {
        const bool here = i + 1 < ids.size() && rank(i) == first;
        ids[to++] = here ? first : ids[i];
        i += here;
      }
      ids.resize(to);
    }
    out.insert(out.end(), ids.begin(), ids.end());
    place->second.second = out.size();
  }
  return out;
}

const std::string& BpeTokenizer::token(int64_t id) const {
  if (id < 0 || id >= size())
    throw IndexError(fmt::format("[BpeTokenizer] id {} is not among {} tokens", id, size()), id, size());
  return tokens_[static_cast<size_t>(id)];
}

int64_t BpeTokenizer::special(const std::string& name) const {
  const auto at = std::find(specials_.begin(), specials_.end(), name);
  if (at == specials_.end()) fail("[BpeTokenizer] has no special token \"{}\"", name);
  return size() - (specials_.end() - at);
}

std::string BpeTokenizer::to_json() const {
  nlohmann::json merges = nlohmann::json::array();
  for (const auto& [a, b] : merges_) {
    merges.push_back(a);
    merges.push_back(b);
  }
  return nlohmann::json{{"format", "hearth tokenizer"},
                        {"kind", "bpe"},
                        {"merges", std::move(merges)},
                        {"specials", io::json_of_bytes(specials_)}}
      .dump();
}

}  // namespace hearth::data
