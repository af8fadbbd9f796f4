#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "hearth/export.h"

struct stat;

namespace hearth {

// What is marked HEARTH_API here is for hearth-cli, not for programs.

/// Everything that hearth does to files, so that a test can stand in for the disk. Returns what the system calls
/// return: negative on failure, with errno set.
class HEARTH_API FileOps {
 public:
  virtual ~FileOps() = default;
  virtual int open(const char* path, int flags, mode_t mode);
  virtual ssize_t read(int fd, void* data, size_t size);
  virtual ssize_t write(int fd, const void* data, size_t size);
  virtual int truncate(int fd, off_t size);
  virtual int lock(int fd);  ///< exclusively, or fails at once
  virtual int fsync(int fd);
  virtual int close(int fd);
  virtual int rename(const char* from, const char* to);
  virtual int unlink(const char* path);
  virtual int fsync_dir(const char* path);
  virtual int stat(const char* path, struct ::stat* facts);
  virtual int fstat(int fd, struct ::stat* facts);
  virtual void* map(int fd, size_t size);  ///< privately: writes stay in memory; null on failure
  virtual void unmap(void* data, size_t size);
};

/// What the calling thread's file functions use: the system, unless a guard says otherwise.
HEARTH_API FileOps& file_ops();

/// While one lives, the calling thread's file functions use `ops`.
class FileOpsGuard {
 public:
  explicit FileOpsGuard(FileOps& ops);
  ~FileOpsGuard();
  FileOpsGuard(const FileOpsGuard&) = delete;
  FileOpsGuard& operator=(const FileOpsGuard&) = delete;

 private:
  FileOps* before_;
};

/// An open file, closed at the end.
class HEARTH_API FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle() { close(); }
  int get() const { return fd_; }
  void close() noexcept;

 private:
  int fd_ = -1;
};

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

/// The whole of a regular file. FileError where it is missing, not a file, larger than `max_bytes`, or changes its size
/// while it is read. `op` opens the message.
HEARTH_API std::vector<uint8_t> read_file(const std::string& path, int64_t max_bytes = kNoLimit,
                                          const char* op = "read_file");

/// A regular file as memory; writes into it do not reach the file. Whoever cuts the file short meanwhile kills the
/// reader with SIGBUS, so this is for files that nothing else writes: AtomicWriter replaces files and never shortens
/// one.
class HEARTH_API MappedFile {
 public:
  MappedFile() = default;
  explicit MappedFile(const std::string& path, const char* op = "map_file");
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  const uint8_t* data() const { return data_; }  ///< null for an empty file
  size_t size() const { return size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

/// Replaces a file as a whole or not at all: everything goes to `path`.tmp, and commit() syncs it, renames it over
/// `path` and syncs the folder. A reader, or a machine that comes back after a crash, finds the old file or the new
/// one. A temporary that a killed process left is taken over by the next writer.
class AtomicWriter {
 public:
  /// FileError if the folder is missing or can't be written, or if `path` is something other than a regular file.
  explicit AtomicWriter(const std::string& path, const char* op = "save");
  ~AtomicWriter();  ///< without commit(): removes the temporary
  AtomicWriter(const AtomicWriter&) = delete;
  AtomicWriter& operator=(const AtomicWriter&) = delete;

  /// Appends. FileError with the byte reached; the file at `path` is then as it was, and the writer is done.
  void write(const void* data, size_t size);
  void commit();
  int64_t written() const { return written_; }

 private:
  void open_temporary();
  void drop() noexcept;  // removes the temporary
  [[noreturn]] void fail(const char* what, const char* intact);
  void check_open() const;

  std::string path_, temporary_;
  const char* op_;
  FileHandle file_;
  int64_t written_ = 0;
};

/// AtomicWriter in one call.
HEARTH_API void write_file(const std::string& path, const void* data, size_t size, const char* op = "save");

/// What gzip compressed (several members one after another too). FileError, with the byte, where the data is damaged,
/// cut short, followed by something else, or grows beyond `max_bytes`.
HEARTH_API std::vector<uint8_t> gunzip(const uint8_t* data, size_t size, const std::string& path, int64_t max_bytes);

/// Whether the bytes begin as gzip's do.
inline bool is_gzip(const uint8_t* data, size_t size) { return size >= 2 && data[0] == 0x1f && data[1] == 0x8b; }

}  // namespace hearth
