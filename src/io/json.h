#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::io {

/// Parses a file's JSON, at most `max_depth` levels deep. FileError, with the byte, where it is none; `format` opens
/// the message.
nlohmann::json parse_json(const char* format, std::string_view text, const std::string& name, int max_depth = 8);

[[noreturn]] void fail_json(const char* format, const std::string& name, const char* what);

/// Any bytes in JSON: a string where they are UTF-8, else a zero character and hexadecimal digits; and back.
nlohmann::json json_of_bytes(const std::string& bytes);
std::string bytes_of_json(const nlohmann::json& value);
nlohmann::json json_of_bytes(const std::vector<std::string>& list);
std::vector<std::string> list_of_json(const nlohmann::json& value);

/// Runs `read`, which takes a parsed value apart, and makes a FileError of what does not fit there.
template <class F>
auto read_json(const char* format, const std::string& name, F&& read) {
  try {
    return read();
  } catch (const nlohmann::json::exception& e) {
    fail_json(format, name, e.what());
  }
}

}  // namespace hearth::io
