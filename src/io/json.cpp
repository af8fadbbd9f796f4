#include "io/json.h"

#include "base/utf8.h"
#include "io/bytes.h"

namespace hearth::io {

using nlohmann::json;

json parse_json(const char* format, std::string_view text, const std::string& name, int max_depth) {
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    if (depth > max_depth) damaged(format, name, 0, "its JSON is nested deeper than {} levels", max_depth);
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& e) {
    damaged(format, name, e.byte, "{}", e.what());
  }
}

void fail_json(const char* format, const std::string& name, const char* what) {
  damaged(format, name, 0, "it is not what was saved ({})", what);
}

json json_of_bytes(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  json list = json::array();
  for (const char c : bytes) list.push_back(static_cast<uint8_t>(c));
  return list;
}
std::string bytes_of_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string out;
  for (const json& byte : value) out += static_cast<char>(byte.get<uint8_t>());
  return out;
}
json json_of_bytes(const std::vector<std::string>& list) {
  json out = json::array();
  for (const std::string& s : list) out.push_back(json_of_bytes(s));
  return out;
}
std::vector<std::string> list_of_json(const json& value) {
  std::vector<std::string> out;
  for (const json& s : value) out.push_back(bytes_of_json(s));
  return out;
}

}  // namespace hearth::io
