#include "hearth/error.h"

#include <utility>

#include "base/fail.h"

namespace hearth {

Error::Error(std::string message) : message_(std::move(message)), whole_(message_) {}
Error::Error(const Error&) = default;
Error& Error::operator=(const Error&) = default;
Error::~Error() = default;

const char* Error::what() const noexcept { return whole_.c_str(); }

void Error::add_context(const std::string& outer) {
  if (outer.empty()) return;
  std::string context = context_.empty() ? outer : outer + "." + context_;
  std::string whole = message_ + " (in " + context + ")";
  context_ = std::move(context);  // both texts exist before either member changes
  whole_ = std::move(whole);
}

ShapeError::ShapeError(std::string message, std::vector<int64_t> got_shape, std::vector<int64_t> expected_shape)
    : Error(std::move(message)), got(std::move(got_shape)), expected(std::move(expected_shape)) {}

DtypeError::DtypeError(std::string message, ScalarType got_dtype, ScalarType expected_dtype)
    : Error(std::move(message)), got(got_dtype), expected(expected_dtype) {}

IndexError::IndexError(std::string message, int64_t got_index, int64_t valid_size)
    : Error(std::move(message)), index(got_index), size(valid_size) {}

FileError::FileError(std::string message, std::string file_path, int64_t byte_offset, int system_error)
    : Error(std::move(message)), path(std::move(file_path)), offset(byte_offset), system_errno(system_error) {}

OutOfMemoryError::OutOfMemoryError(std::string message, int64_t bytes_requested, int64_t bytes_limit)
    : Error(std::move(message)), requested(bytes_requested), limit(bytes_limit) {}

std::string shape_text(const int64_t* sizes, size_t n) {
  std::string text = "[";
  for (size_t i = 0; i < n; ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(sizes[i]);
  }
  return text += ']';
}

}  // namespace hearth
