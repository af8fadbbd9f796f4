#pragma once

#include <string>

#include "base/files.h"

namespace hearth::train {

/// A TensorBoard event file: records of a length, its checksum, the bytes, theirs. Docs:
/// tensorflow/core/lib/io/record_writer.h
class EventFile {
 public:
  /// A new file events.out.tfevents.<time>.<host>.<process>.<number><suffix> in the folder.
  EventFile(const std::string& folder, const std::string& suffix, double flush_seconds);
  EventFile(EventFile&&) = default;
  /// Appends an Event (its bytes as a protocol buffer).
  void add(const std::string& event);
  void flush();
  void close();
  const std::string& path() const { return path_; }

 private:
  void write_out();

  std::string path_, waiting_;
  FileHandle file_;
  double flush_seconds_, flushed_at_;
};

/// Seconds since 1970.
double wall_time();

/// The event file's form of one event, with both checksums.
std::string framed(const std::string& event);

}  // namespace hearth::train
