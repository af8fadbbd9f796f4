#include "train/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/checksum.h"
#include "hearth/error.h"

namespace hearth::train {

namespace {

constexpr size_t kMostWaiting = size_t{1} << 18;

uint32_t masked_crc(const std::string& bytes) {
  const uint32_t crc = crc32c(bytes.data(), bytes.size());
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

template <class T>
void append(std::string& out, T value) {  // little-endian
  for (size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

std::string host_name() {
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 && name[0] ? name : "localhost";
}

[[noreturn]] void refuse(const std::string& path, const char* what) {
  const int error = errno;
  throw FileError(fmt::format("[SummaryWriter] {} can't be {}: {}", path, what, std::strerror(error)), path, -1, error);
}

}  // namespace

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string framed(const std::string& event) {
  std::string length, out;
  append(length, uint64_t{event.size()});
  out = length;
  append(out, masked_crc(length));
  out += event;
  append(out, masked_crc(event));
  return out;
}

EventFile::EventFile(const std::string& folder, const std::string& suffix, double flush_seconds)
    : flush_seconds_(flush_seconds), flushed_at_(wall_time()) {
  const std::string name = fmt::format("{}/events.out.tfevents.{:010}.{}.{}", folder, static_cast<int64_t>(wall_time()),
                                       host_name(), ::getpid());
  int fd = -1;
  for (int number = 0; fd < 0; ++number) {  // tells apart the files that one process opens within a second
    path_ = fmt::format("{}.{}{}", name, number, suffix);
    fd = file_ops().open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) refuse(path_, "made");
  }
  file_ = FileHandle(fd);
}

void EventFile::add(const std::string& event) {
  if (file_.get() < 0) throw ValueError("[SummaryWriter] the writer is closed; make a new one");
  waiting_ += framed(event);
  if (waiting_.size() > kMostWaiting || wall_time() - flushed_at_ > flush_seconds_) write_out();
}

void EventFile::write_out() {
  size_t done = 0;
  while (done < waiting_.size()) {
    const ssize_t n = file_ops().write(file_.get(), waiting_.data() + done, waiting_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      waiting_.erase(0, done);  // a later attempt goes on where this one stopped
      refuse(path_, "written to");
    }
    done += static_cast<size_t>(n);
  }
  waiting_.clear();
  flushed_at_ = wall_time();
}

void EventFile::flush() {
  if (file_.get() < 0) return;
  write_out();
  if (file_ops().fsync(file_.get()) != 0) refuse(path_, "synced");
}

void EventFile::close() {
  if (file_.get() < 0) return;
  flush();
  file_.close();
}

}  // namespace hearth::train
