#include "kit/nearest.h"

#include <algorithm>

namespace hearth::kit {

namespace {

/// Optimal string alignment distance: edits, and swaps of neighbours.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i)
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::string nearest(const std::string& typed, const std::vector<std::string>& candidates) {
  std::string best;
  size_t fewest = std::max<size_t>(2, typed.size() / 3) + 1;
  for (const std::string& c : candidates) {
    const size_t edits = distance(typed, c);
    if (edits >= fewest || edits >= std::max(typed.size(), c.size())) continue;
    fewest = edits;
    best = c;
  }
  if (!best.empty()) return best;
  for (const std::string& c : candidates)  // the last part of a dotted path alone: "lr" for "optimizer.lr"
    if (c.size() > typed.size() && c.ends_with("." + typed)) return c;
  return {};
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& candidates) {
  const std::string best = nearest(typed, candidates);
  return best.empty() ? "" : "; did you mean \"" + best + "\"?";
}

std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

}  // namespace hearth::kit
