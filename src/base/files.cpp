#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/fail.h"

namespace hearth {
namespace {

thread_local constinit FileOps* thread_ops = nullptr;

[[noreturn]] void fail_file(const char* op, const std::string& path, int64_t offset, int error, const char* what,
                            const std::string& then) {
  const std::string reason = error != 0 ? ": " + std::generic_category().message(error) : std::string();
  throw FileError(fmt::format("[{}] {} '{}'{}; {}", op, what, path, reason, then), path, offset, error);
}

/// Opens a regular file for reading and tells its size.
FileHandle open_regular(const std::string& path, const char* op, int64_t& size) {
  FileOps& ops = file_ops();
  FileHandle file(ops.open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0));  // a pipe must not make it wait
  if (file.get() < 0) fail_file(op, path, -1, errno, "can't open", "check the path and its permissions");
  struct stat facts;
  if (ops.fstat(file.get(), &facts) != 0) fail_file(op, path, -1, errno, "can't look at", "check the disk");
  if (S_ISDIR(facts.st_mode)) fail_file(op, path, -1, EISDIR, "can't read", "give the path of a file in it");
  if (!S_ISREG(facts.st_mode)) fail_file(op, path, -1, 0, "not a regular file:", "copy its contents into one first");
  size = facts.st_size;
  return file;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The path that a link leads to, so that a save goes through links; the path itself where nothing is there yet.
std::string resolve(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

int FileOps::open(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }
ssize_t FileOps::read(int fd, void* data, size_t size) { return ::read(fd, data, size); }
ssize_t FileOps::write(int fd, const void* data, size_t size) { return ::write(fd, data, size); }
int FileOps::truncate(int fd, off_t size) { return ::ftruncate(fd, size); }
int FileOps::lock(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB); }
int FileOps::fsync(int fd) { return ::fsync(fd); }
int FileOps::close(int fd) { return ::close(fd); }
int FileOps::rename(const char* from, const char* to) { return ::rename(from, to); }
int FileOps::unlink(const char* path) { return ::unlink(path); }
int FileOps::stat(const char* path, struct ::stat* facts) { return ::stat(path, facts); }
int FileOps::fstat(int fd, struct ::stat* facts) { return ::fstat(fd, facts); }

int FileOps::fsync_dir(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = ::fsync(fd);
  const int error = errno;
  if (result != 0 && (error == EINVAL || error == ENOTSUP)) result = 0;  // file systems that have no such thing
  ::close(fd);
  errno = error;
  return result;
}

void* FileOps::map(int fd, size_t size) {
  void* const data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  return data == MAP_FAILED ? nullptr : data;
}
void FileOps::unmap(void* data, size_t size) { ::munmap(data, size); }

FileOps& file_ops() {
  static FileOps real;
  return thread_ops != nullptr ? *thread_ops : real;
}

FileOpsGuard::FileOpsGuard(FileOps& ops) : before_(thread_ops) { thread_ops = &ops; }
FileOpsGuard::~FileOpsGuard() { thread_ops = before_; }

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void FileHandle::close() noexcept {
  if (fd_ >= 0) file_ops().close(fd_);
  fd_ = -1;
}

std::vector<uint8_t> read_file(const std::string& path, int64_t max_bytes, const char* op) {
  int64_t size = 0;
  const FileHandle file = open_regular(path, op, size);
  if (size > max_bytes) {
    fail_file(op, path, -1, EFBIG, "can't read",
              fmt::format("it has {} bytes and at most {} make sense here", size, max_bytes));
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  int64_t done = 0;
  for (;;) {  // one read more than the size says, to notice a file that has grown
    uint8_t extra = 0;
    const bool full = done == size;
    const ssize_t got = file_ops().read(file.get(), full ? &extra : bytes.data() + done,
                                        full ? 1 : static_cast<size_t>(std::min<int64_t>(size - done, 1 << 30)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_file(op, path, done, errno, "can't read", fmt::format("{} of {} bytes came", done, size));
    if (got == 0 && full) return bytes;
    if (got == 0 || full) {
      fail_file(op, path, done, 0, "the size changed while reading",
                fmt::format("it had {} bytes at first; let its writer finish, then try again", size));
    }
    done += got;
  }
}

MappedFile::MappedFile(const std::string& path, const char* op) {
  int64_t size = 0;
  const FileHandle file = open_regular(path, op, size);
  if (size == 0) return;
  data_ = static_cast<uint8_t*>(file_ops().map(file.get(), static_cast<size_t>(size)));
  if (data_ == nullptr) fail_file(op, path, -1, errno, "can't map", fmt::format("it has {} bytes", size));
  size_ = static_cast<size_t>(size);
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) file_ops().unmap(data_, size_);
}

namespace {
constexpr const char* kAsBefore = "the file at that path is as it was before";
constexpr size_t kPiece = size_t{32} << 20;
}  // namespace

AtomicWriter::AtomicWriter(const std::string& path, const char* op) : path_(resolve(path)), op_(op) {
  struct stat facts;
  if (file_ops().stat(path_.c_str(), &facts) == 0) {
    if (S_ISDIR(facts.st_mode)) fail_file(op, path_, -1, EISDIR, "can't write", "give the path of a file in it");
    if (!S_ISREG(facts.st_mode))
      fail_file(op, path_, -1, 0, "not a regular file:", "give the path of one or a new one");
  }
  open_temporary();
}

/// The lock tells a temporary in use from one that a killed process left. Who gets the lock of a file that has
/// meanwhile been renamed over the target finds another file, or none, under the name and tries again.
void AtomicWriter::open_temporary() {
  FileOps& ops = file_ops();
  for (int attempt = 0; attempt < 100; ++attempt) {
    temporary_ = path_ + (attempt == 0 ? ".tmp" : fmt::format(".tmp{}", attempt));
    FileHandle file(ops.open(temporary_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file.get() < 0) fail_file(op_, temporary_, 0, errno, "can't create", std::string(kAsBefore));
    if (ops.lock(file.get()) != 0) {
      if (errno == EWOULDBLOCK) continue;  // another writer is at work
      if (errno != ENOTSUP && errno != ENOSYS && errno != EINVAL && errno != ENOLCK) {
        fail_file(op_, temporary_, 0, errno, "can't lock", std::string(kAsBefore));
      }
    }
    struct stat mine, named;
    if (ops.fstat(file.get(), &mine) != 0)
      fail_file(op_, temporary_, 0, errno, "can't look at", std::string(kAsBefore));
    if (ops.stat(temporary_.c_str(), &named) != 0 || mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)
      continue;
    file_ = std::move(file);  // from here on the destructor removes it
    if (ops.truncate(file_.get(), 0) != 0) {
      const int error = errno;
      ops.unlink(temporary_.c_str());
      fail_file(op_, temporary_, 0, error, "can't empty", std::string(kAsBefore));
    }
    return;
  }
  fail_file(op_, path_, 0, EBUSY, "too many writers at", std::string(kAsBefore));
}

void AtomicWriter::fail(const char* what, const char* intact) {
  const int error = errno;
  drop();
  fail_file(op_, path_, written_, error, fmt::format("{} after {} bytes of", what, written_).c_str(), intact);
}

void AtomicWriter::drop() noexcept {
  if (file_.get() < 0) return;
  file_ops().unlink(temporary_.c_str());  // while the lock is held
  file_.close();
}

void AtomicWriter::check_open() const {
  if (file_.get() < 0) hearth::fail("[{}] the writer of '{}' has committed or failed; make a new one", op_, path_);
}

void AtomicWriter::write(const void* data, size_t size) {
  check_open();
  const auto* bytes = static_cast<const uint8_t*>(data);
  while (size > 0) {
    const ssize_t done = file_ops().write(file_.get(), bytes, std::min(size, kPiece));
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO;
    if (done <= 0) fail("can't write", kAsBefore);
    // The disk begins on a large piece while the next one is being copied. Only a hint: commit() syncs.
    if (static_cast<size_t>(done) == kPiece) ::sync_file_range(file_.get(), written_, done, SYNC_FILE_RANGE_WRITE);
    bytes += done;
    size -= static_cast<size_t>(done);
    written_ += done;
  }
}

void AtomicWriter::commit() {
  check_open();
  FileOps& ops = file_ops();
  if (ops.fsync(file_.get()) != 0) fail("can't sync", kAsBefore);
  if (ops.rename(temporary_.c_str(), path_.c_str()) != 0) fail("can't rename the temporary", kAsBefore);
  file_.close();  // not earlier: the lock keeps others from the name that was just renamed
  if (ops.fsync_dir(folder_of(path_).c_str()) != 0) {
    fail("can't sync the folder",
         "the new file is in place and whole, but a power failure might bring the old one back");
  }
}

AtomicWriter::~AtomicWriter() { drop(); }

void write_file(const std::string& path, const void* data, size_t size, const char* op) {
  AtomicWriter writer(path, op);
  writer.write(data, size);
  writer.commit();
}

}  // namespace hearth
