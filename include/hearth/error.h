#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "hearth/dtype.h"
#include "hearth/export.h"

namespace hearth {

/// The base of everything that hearth throws (`c10::Error` in the door). A message opens with the op's name and says
/// both offending values, the argument, where, and the next step.
class HEARTH_API Error : public std::exception {
 public:
  explicit Error(std::string message);
  Error(const Error&);
  Error& operator=(const Error&);
  ~Error() override;

  const char* what() const noexcept override;
  /// The message alone; LibTorch's names for it.
  const std::string& msg() const noexcept { return message_; }
  const char* what_without_backtrace() const noexcept { return message_.c_str(); }

  /// Where it happened, outermost first: "encoder.fc1". Modules and the engine add to it on the way up.
  const std::string& context() const noexcept { return context_; }
  void add_context(const std::string& outer);

 private:
  std::string message_;
  std::string context_;
  std::string whole_;  // what() must not allocate
};

/// Sizes that do not fit.
class HEARTH_API ShapeError : public Error {
 public:
  explicit ShapeError(std::string message, std::vector<int64_t> got_shape = {},
                      std::vector<int64_t> expected_shape = {});
  std::vector<int64_t> got, expected;
};

/// A dtype that an op does not take.
class HEARTH_API DtypeError : public Error {
 public:
  explicit DtypeError(std::string message, ScalarType got_dtype = ScalarType::Undefined,
                      ScalarType expected_dtype = ScalarType::Undefined);
  ScalarType got, expected;
};

/// An index or dimension out of range.
class HEARTH_API IndexError : public Error {
 public:
  explicit IndexError(std::string message, int64_t got_index = 0, int64_t valid_size = 0);
  int64_t index, size;
};

/// An argument whose value is not allowed.
class HEARTH_API ValueError : public Error {
 public:
  using Error::Error;
};

/// A matrix for which a decomposition or a solution does not exist or was not found.
class HEARTH_API LinAlgError : public Error {
 public:
  using Error::Error;
};

/// An argument of the wrong kind (an undefined tensor, a module of another class).
class HEARTH_API TypeError : public Error {
 public:
  using Error::Error;
};

/// A use of autograd that would give a wrong gradient.
class HEARTH_API AutogradError : public Error {
 public:
  using Error::Error;
};

/// A file that is missing, damaged or can't be written.
class HEARTH_API FileError : public Error {
 public:
  explicit FileError(std::string message, std::string file_path = {}, int64_t byte_offset = -1, int system_error = 0);
  std::string path;
  int64_t offset;    ///< bytes from the start, -1 where there is none
  int system_errno;  ///< errno of the failed call, 0 where none failed
};

/// A request beyond the memory limit or what the system gives.
class HEARTH_API OutOfMemoryError : public Error {
 public:
  OutOfMemoryError(std::string message, int64_t bytes_requested, int64_t bytes_limit);
  int64_t requested, limit;
};

/// Out of hearth's scope: complex, sparse, quantized tensors, absent devices.
class HEARTH_API NotImplementedError : public Error {
 public:
  using Error::Error;
};

}  // namespace hearth
