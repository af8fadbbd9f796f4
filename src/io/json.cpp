#include "io/json.h"

#include "base/utf8.h"
#include "io/bytes.h"

namespace hearth::io {

using nlohmann::json;

namespace {
constexpr size_t kMostValues = 200'000, kMostLists = 10'000;  // beyond what the text's size allows
}

json parse_json(const char* format, std::string_view text, const std::string& name, int max_depth) {
  // A value takes 16 bytes, a list many more, and "1," has two: what no file of ours holds is refused on the way.
  size_t values = 0, lists = 0;
  const auto watch = [&](int depth, json::parse_event_t event, json&) {
    values += event == json::parse_event_t::value;
    lists += event == json::parse_event_t::array_start || event == json::parse_event_t::object_start;
    if (values > kMostValues + text.size() / 8 || lists > kMostLists + text.size() / 64)
      damaged(format, name, 0, "its JSON has {} values and {} lists in {} bytes", values, lists, text.size());
    if (depth > max_depth) damaged(format, name, 0, "its JSON is nested deeper than {} levels", max_depth);
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& e) {
    damaged(format, name, e.byte, "{}", e.what());
  } catch (const json::exception& e) {  // a number beyond a double
    damaged(format, name, 0, "{}", e.what());
  }
}

void fail_json(const char* format, const std::string& name, const char* what) {
  damaged(format, name, 0, "it is not what was saved ({})", what);
}

json json_of_bytes(const std::string& bytes) {
  if (is_utf8(bytes) && !bytes.starts_with('\0')) return bytes;
  std::string out(1, '\0');
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<uint8_t>(c));
  return out;
}
std::string bytes_of_json(const json& value) {
  auto text = value.get<std::string>();
  if (!text.starts_with('\0')) return text;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return text;
    out += static_cast<char>(high * 16 + low);
  }
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
