#pragma once

// Whole numbers of somebody's JSON.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace hearth {

/// A whole number; type_error for 1.5, which get<int64_t> would cut, and for 1e300, with which it would overflow.
template <class Json>
int64_t integer_of(const Json& value) {
  const bool fits =
      value.is_number_unsigned() ? value.template get<uint64_t>() <= uint64_t{INT64_MAX} : value.is_number_integer();
  if (!fits)
    throw nlohmann::json::type_error::create(302, "a whole number is wanted, but this is " + value.dump(), &value);
  return value.template get<int64_t>();
}
template <class Json>
std::vector<int64_t> integers_of(const Json& list) {
  if (!list.is_array())
    throw nlohmann::json::type_error::create(302, "a list is wanted, but this is " + list.dump(), &list);
  std::vector<int64_t> out;
  for (const Json& value : list) out.push_back(integer_of(value));
  return out;
}

}  // namespace hearth
