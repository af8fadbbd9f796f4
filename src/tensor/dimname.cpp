#include "hearth/dimname.h"

#include <mutex>
#include <ostream>
#include <set>

#include "base/fail.h"

namespace hearth {

Symbol Symbol::dimname(const std::string& word) {
  static std::mutex& mutex = *std::make_unique<std::mutex>().release();  // neither is ever destroyed
  static std::set<std::string>& words = *std::make_unique<std::set<std::string>>().release();
  const std::lock_guard<std::mutex> lock(mutex);
  return Symbol(&*words.insert(word).first);
}

Dimname Dimname::wildcard() {
  static const Symbol star = Symbol::dimname("*");
  return Dimname(star);
}

bool Dimname::isValidName(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || is_digit(c); });
}

Dimname Dimname::fromSymbol(Symbol name) {
  const Dimname star = wildcard();
  if (name == star.symbol()) return star;
  if (!isValidName(name.toUnqualString()))
    fail("[Dimname] a name has letters, digits and underscores, of which a digit is not the first; got '{}'",
         name.toUnqualString());
  return Dimname(name);
}

std::ostream& operator<<(std::ostream& out, const Dimname& name) {
  return name.isWildcard() ? out << "None" : out << '\'' << name.symbol().toUnqualString() << '\'';
}
std::ostream& operator<<(std::ostream& out, ArrayRef<Dimname> names) {
  out << '[';
  for (size_t i = 0; i < names.size(); ++i) out << (i > 0 ? ", " : "") << names[i];
  return out << ']';
}

}  // namespace hearth
