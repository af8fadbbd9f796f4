#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hearth/data/dataset.h"

namespace hearth::data {

/// Texts as numbers. Texts are bytes, UTF-8 as a rule; a byte that is no UTF-8 stands for itself and comes back as it
/// was.
class HEARTH_API Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// How many tokens there are: ids go from 0 to size() - 1.
  virtual int64_t size() const = 0;
  virtual std::vector<int64_t> encode(std::string_view text) const = 0;
  /// A token's bytes. IndexError for an id that isn't there.
  virtual const std::string& token(int64_t id) const = 0;
  /// The tokens' bytes, one after the other.
  std::string decode(ArrayRef<int64_t> ids) const;
  std::string decode(const Tensor& ids) const;  ///< [N] of any integer dtype
  /// The text's ids [N] (int64).
  Tensor encode_tensor(std::string_view text) const;
  /// Everything, as JSON text, for load_tokenizer.
  virtual std::string to_json() const = 0;
};

/// The tokenizer whose to_json this is. FileError, which calls the text `name`, where it is none.
HEARTH_API std::shared_ptr<Tokenizer> load_tokenizer(const std::string& json, const std::string& name = "tokenizer");

/// A character (a code point) is a token; those of the corpus, in code-point order.
class HEARTH_API CharTokenizer : public Tokenizer {
 public:
  explicit CharTokenizer(std::string_view corpus);
  explicit CharTokenizer(std::vector<std::string> characters);  ///< ValueError where one stands twice or is empty
  int64_t size() const override { return static_cast<int64_t>(tokens_.size()); }
  /// ValueError, with character and byte, for a character that the corpus did not have.
  std::vector<int64_t> encode(std::string_view text) const override;
  const std::string& token(int64_t id) const override;
  std::string to_json() const override;

 private:
  std::vector<std::string> tokens_;  // sorted
};

struct WordOptions {
  int64_t size = 10000;   ///< at most so many tokens, the most frequent ones
  int64_t min_count = 1;  ///< words that are rarer are unknown
};

/// A word is a token: letters, digits, or other signs, with one blank before them if there is one ("the" and " the" are
/// two tokens), or a run of white space. Token 0 stands for words that are not among the tokens, and decodes to "<?>";
/// of the others decode(encode(text)) is the text.
class HEARTH_API WordTokenizer : public Tokenizer {
 public:
  explicit WordTokenizer(std::string_view corpus, const WordOptions& options = {});
  explicit WordTokenizer(std::vector<std::string> words);  ///< without token 0
  ~WordTokenizer() override;
  int64_t size() const override { return static_cast<int64_t>(tokens_.size()); }
  std::vector<int64_t> encode(std::string_view text) const override;
  const std::string& token(int64_t id) const override;
  std::string to_json() const override;

 private:
  struct Index;
  std::vector<std::string> tokens_;
  std::unique_ptr<Index> index_;
};

struct BpeOptions {
  int64_t size = 1024;                ///< tokens to have, specials among them; at least 256 and the specials
  int64_t min_count = 2;              ///< pairs that are rarer are not merged; there may be fewer tokens then
  std::vector<std::string> specials;  ///< such as "<|end|>": never made by encode, see special()
};

/// Byte pairs merged, most frequent first (Sennrich et al., 2016, "Neural machine translation of rare words with
/// subword units", over bytes as in GPT-2). Tokens 0 to 255 are the bytes, so that any text can be encoded, and
/// decode(encode( text)) is the text. Merges stay within words as WordTokenizer cuts them, and within 64 bytes.
class HEARTH_API BpeTokenizer : public Tokenizer {
 public:
  explicit BpeTokenizer(std::string_view corpus, const BpeOptions& options = {});
  /// From pairs of ids: merge i makes token 256 + i.
  explicit BpeTokenizer(std::vector<std::pair<int64_t, int64_t>> merges, std::vector<std::string> specials = {});
  ~BpeTokenizer() override;
  int64_t size() const override { return static_cast<int64_t>(tokens_.size()); }
  std::vector<int64_t> encode(std::string_view text) const override;
  const std::string& token(int64_t id) const override;
  std::string to_json() const override;
  const std::vector<std::pair<int64_t, int64_t>>& merges() const { return merges_; }
  /// The id of a special token. ValueError where there is none of this name.
  int64_t special(const std::string& name) const;

 private:
  struct Ranks;
  void index();

  std::vector<std::pair<int64_t, int64_t>> merges_;
  std::vector<std::string> specials_;
  std::vector<std::string> tokens_;
  std::unique_ptr<Ranks> ranks_;
};

/// Cuts a text into words as WordTokenizer and BpeTokenizer do; together they are the text.
HEARTH_API std::vector<std::string_view> split_words(std::string_view text);

/// A file's bytes as text, at most max_bytes (FileError beyond).
HEARTH_API std::string read_text(const std::string& path, int64_t max_bytes = INT64_MAX);

namespace datasets {

struct TextWindowsOptions {
  int64_t length = 64;  ///< tokens of a sample
  int64_t stride = 0;   ///< from one sample's begin to the next one's; 0: the length
};

/// Pieces of a long text for a language model: data [T] are tokens, target [T] the ones that follow each.
class HEARTH_API TextWindows : public Dataset<TextWindows> {
 public:
  using Options = TextWindowsOptions;
  /// `tokens` is [N] of int64. ValueError where it is shorter than one window.
  explicit TextWindows(Tensor tokens, const Options& options = {});
  /// The first part of the tokens for training, the last `validation` of them (between 0 and 1) for measuring.
  static std::pair<TextWindows, TextWindows> split(const Tensor& tokens, double validation,
                                                   const Options& options = {});
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override { return static_cast<size_t>(count_); }
  const Tensor& tokens() const { return tokens_; }

 private:
  Tensor tokens_;
  int64_t length_, stride_, count_;
};

}  // namespace datasets
}  // namespace hearth::data
