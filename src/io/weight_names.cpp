// Other names for the same tensors.
#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "base/fail.h"
#include "hearth/io/weights.h"
#include "io/tree.h"

namespace hearth::io {

namespace {

/// The parts of a name between dots.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// By parts, numbers by their values.
bool comes_before(const std::string& a, const std::string& b) {
  const std::vector<std::string> x = parts_of(a), y = parts_of(b);
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (x[i] == y[i]) continue;
    if (is_number(x[i]) && is_number(y[i]) && x[i].size() != y[i].size()) return x[i].size() < y[i].size();
    return x[i] < y[i];
  }
  return x.size() < y.size();
}

struct Item {
  std::string name;
  std::vector<int64_t> shape;
};

/// In their order, which says something unless they are sorted as text.
std::vector<Item> items_of(const nn::StateDict& tensors) {
  std::vector<Item> items;
  for (const auto& item : tensors) items.push_back({item.key(), item.value().sizes().vec()});
  const bool sorted =
      std::is_sorted(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.name < b.name; });
  if (sorted)
    std::stable_sort(items.begin(), items.end(),
                     [](const Item& a, const Item& b) { return comes_before(a.name, b.name); });
  return items;
}

/// From 0 to 1: the share of parts that both names have.
double likeness(const std::string& a, const std::string& b) {
  const std::vector<std::string> x = parts_of(a), y = parts_of(b);
  std::multiset<std::string> left(y.begin(), y.end());
  double same = 0;
  for (const std::string& part : x)
    if (const auto at = left.find(part); at != left.end()) {
      same += 1;
      left.erase(at);
    }
  return same / static_cast<double>(std::max(x.size(), y.size()));
}

using Places = std::vector<size_t>;

/// Pairs of as many as there are on the shorter side, both in order, whose names are most alike in all.
std::vector<std::pair<size_t, size_t>> align(const std::vector<Item>& given, const Places& a,
                                             const std::vector<Item>& own, const Places& b) {
  std::vector<std::pair<size_t, size_t>> out;
  if (a.size() == b.size()) {
    for (size_t i = 0; i < a.size(); ++i) out.emplace_back(a[i], b[i]);
    return out;
  }
  const size_t wide = b.size() + 1;
  std::vector<double> best((a.size() + 1) * wide, 0.0), gain(a.size() * wide, 0.0);
  for (size_t i = a.size(); i-- > 0;)
    for (size_t j = b.size(); j-- > 0;) {
      gain[i * wide + j] =
          2 + likeness(given[a[i]].name, own[b[j]].name);  // a further pair is worth more than any likeness
      best[i * wide + j] = std::max(
          {best[(i + 1) * wide + j], best[i * wide + j + 1], best[(i + 1) * wide + j + 1] + gain[i * wide + j]});
    }
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double here = best[i * wide + j];
    if (here == best[(i + 1) * wide + j + 1] + gain[i * wide + j]) {
      out.emplace_back(a[i++], b[j++]);
    } else if (here == best[(i + 1) * wide + j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return out;
}

/// What is not paired yet, in groups of one key.
std::map<std::string, Places> groups(const std::vector<Item>& items, const std::vector<bool>& done,
                                     const std::function<std::string(const Item&)>& key) {
  std::map<std::string, Places> out;
  for (size_t i = 0; i < items.size(); ++i)
    if (!done[i]) out[shape_text(items[i].shape) + key(items[i])].push_back(i);
  return out;
}

/// A regular expression for a name in which each * stands for any text.
std::string pattern_of_stars(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (c != '*' && std::strchr("^$\\.+?()[]{}|", c)) pattern += '\\';
    pattern += c == '*' ? std::string("(.*)") : std::string(1, c);
  }
  return pattern;
}

class Rule {
 public:
  explicit Rule(const std::string& rule) : text(rule), regular_(rule.starts_with("/")) {
    const size_t middle = regular_ ? rule.rfind("/=") : rule.find('=');
    if (middle == std::string::npos || middle == 0)
      fail("[rename] \"{}\" is no rule; write old=new, or /pattern/=new", rule);
    const std::string from = rule.substr(regular_ ? 1 : 0, middle - (regular_ ? 1 : 0));
    to_ = rule.substr(middle + (regular_ ? 2 : 1));
    if (!regular_ && std::count(to_.begin(), to_.end(), '*') > std::count(from.begin(), from.end(), '*'))
      fail("[rename] the rule \"{}\" has more * on the right than on the left; each stands for one of those", rule);
    try {
      pattern_ = std::regex(regular_ ? from : pattern_of_stars(from));
    } catch (const std::regex_error& e) {
      fail("[rename] the rule \"{}\" has no regular expression between its slashes: {}", rule, e.what());
    }
  }
  /// The new name, "" to leave the tensor out; nothing where the rule does not fit.
  std::optional<std::string> apply(const std::string& name) const {
    std::smatch found;
    if (regular_) {
      if (!std::regex_search(name, found, pattern_)) return std::nullopt;
      return to_.empty() ? std::string() : std::regex_replace(name, pattern_, to_);
    }
    if (!std::regex_match(name, found, pattern_)) return std::nullopt;
    std::string out;
    size_t group = 0;
    for (const char c : to_) out += c == '*' ? found[++group].str() : std::string(1, c);
    return out;
  }

  std::string text;
  bool used = false;

 private:
  bool regular_;
  std::string to_;
  std::regex pattern_;
};

}  // namespace

NameMap propose_names(const nn::StateDict& given, const nn::StateDict& own) {
  const std::vector<Item> theirs = items_of(given), ours = items_of(own);
  std::vector<bool> taken(theirs.size()), filled(ours.size());
  std::map<std::string, std::string> found;  // ours to theirs
  const std::function<std::string(const Item&)> keys[] = {
      [](const Item& i) { return " " + i.name; },
      [](const Item& i) { return " " + parts_of(i.name).back(); },
      [](const Item&) { return std::string(); },
  };
  for (const auto& key : keys) {
    const auto a = groups(theirs, taken, key), b = groups(ours, filled, key);
    for (const auto& [group, places] : a) {
      const auto other = b.find(group);
      if (other == b.end()) continue;
      for (const auto& [i, j] : align(theirs, places, ours, other->second)) {
        taken[i] = filled[j] = true;
        found[ours[j].name] = theirs[i].name;
      }
    }
  }
  NameMap map;
  std::set<std::string> used;
  for (const auto& item : own) {
    const auto at = found.find(item.key());
    if (at == found.end()) {
      map.own_left.push_back(item.key());
    } else {
      map.pairs.emplace_back(at->second, item.key());
      used.insert(at->second);
    }
  }
  for (const auto& item : given)
    if (!used.contains(item.key())) map.given_left.push_back(item.key());
  return map;
}

nn::StateDict rename(const nn::StateDict& tensors, const std::vector<std::string>& rules) {
  std::vector<Rule> parsed(rules.begin(), rules.end());
  nn::StateDict out;
  std::map<std::string, std::string> origin;
  for (const auto& item : tensors) {
    std::string name = item.key();
    for (Rule& rule : parsed)
      if (const auto made = rule.apply(item.key())) {
        rule.used = true;
        name = *made;
        break;
      }
    if (name.empty()) continue;
    if (const auto [at, is_new] = origin.emplace(name, item.key()); !is_new)
      fail("[rename] {} and {} would both be {}; change the rules", at->second, item.key(), name);
    out.insert(name, item.value());
  }
  for (const Rule& rule : parsed)
    if (!rule.used) fail("[rename] the rule \"{}\" fits no tensor that the rules before it leave; mend it", rule.text);
  return out;
}

nn::StateDict match_by_shape(const nn::StateDict& given, const nn::StateDict& own) {
  const NameMap map = propose_names(given, own);
  std::string problems;
  for (const std::string& name : map.own_left)
    problems += fmt::format("\n  nothing of shape {} is left for {}", shape_text(own[name].sizes()), name);
  for (const std::string& name : map.given_left)
    problems += fmt::format("\n  {} of shape {} belongs to nothing", name, shape_text(given[name].sizes()));
  if (!problems.empty()) fail("[match_by_shape] the tensors do not fit one to one:{}\nmap the names by hand", problems);
  nn::StateDict out;
  for (const auto& [from, to] : map.pairs) out.insert(to, given[from]);
  return out;
}

}  // namespace hearth::io
