#pragma once

// Names of dimensions: `x.refine_names({Dimname::fromSymbol(Symbol::dimname("N")), Dimname::wildcard()})`.

#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>

#include "hearth/array_ref.h"

namespace hearth {

/// A word that is kept once for the whole program, so that two compare in one instruction.
class HEARTH_API Symbol {
 public:
  /// The word as the name of a dimension; "*" is the wildcard.
  static Symbol dimname(const std::string& word);
  /// "N", and with the space that it is from, "dimname::N".
  const char* toUnqualString() const { return word_->c_str(); }
  std::string toQualString() const { return "dimname::" + *word_; }
  const char* toDisplayString() const { return toUnqualString(); }
  bool is_dimname() const { return true; }
  friend bool operator==(Symbol a, Symbol b) { return a.word_ == b.word_; }
  friend bool operator!=(Symbol a, Symbol b) { return a.word_ != b.word_; }

 private:
  explicit Symbol(const std::string* word) : word_(word) {}
  const std::string* word_;
};

enum class NameType : uint8_t { BASIC, WILDCARD };

/// The name of a dimension, or the wildcard of one without a name.
class HEARTH_API Dimname {
 public:
  static Dimname fromSymbol(Symbol name);
  static Dimname wildcard();
  /// Letters, digits and underscores, of which a digit is not the first.
  static bool isValidName(const std::string& name);
  explicit Dimname(std::string_view name) : Dimname(fromSymbol(Symbol::dimname(std::string(name)))) {}

  Symbol symbol() const { return symbol_; }
  NameType type() const { return *this == wildcard() ? NameType::WILDCARD : NameType::BASIC; }
  bool isBasic() const { return type() == NameType::BASIC; }
  bool isWildcard() const { return type() == NameType::WILDCARD; }
  /// Equal, or one of them the wildcard.
  bool matches(Dimname other) const { return isWildcard() || other.isWildcard() || *this == other; }
  /// The more specific of the two, if they match.
  std::optional<Dimname> unify(Dimname other) const {
    if (!matches(other)) return std::nullopt;
    return isWildcard() ? other : *this;
  }
  friend bool operator==(const Dimname& a, const Dimname& b) { return a.symbol_ == b.symbol_; }
  friend bool operator!=(const Dimname& a, const Dimname& b) { return a.symbol_ != b.symbol_; }

 private:
  explicit Dimname(Symbol symbol) : symbol_(symbol) {}
  Symbol symbol_;
};

/// Names of a tensor's dimensions. Braces of numbers are never one, so that sum({0, 1}) means dimensions 0 and 1.
class DimnameList : public ArrayRef<Dimname> {
 public:
  DimnameList(ArrayRef<Dimname> names) : ArrayRef(names) {}            // NOLINT: implicit, as in LibTorch
  DimnameList(const std::vector<Dimname>& names) : ArrayRef(names) {}  // NOLINT
  DimnameList(const Dimname& one) : ArrayRef(one) {}                   // NOLINT
  template <class T, class = std::enable_if_t<std::is_same_v<T, Dimname>>>
  DimnameList(const std::initializer_list<T>& names) : ArrayRef(names) {}  // NOLINT
};

/// 'N', or None.
HEARTH_API std::ostream& operator<<(std::ostream& out, const Dimname& name);
/// ['N', None]
HEARTH_API std::ostream& operator<<(std::ostream& out, ArrayRef<Dimname> names);

}  // namespace hearth
