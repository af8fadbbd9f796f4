// hearth data fetch: files over HTTP.
#include "cli/fetch.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/fail.h"
#include "base/files.h"
#include "hearth/data/table.h"
#include "hearth/data/text.h"
#include "hearth/io/idx.h"
#include "hearth/io/text_file.h"
#include "hearth/tensor.h"

namespace hearth::cli {

namespace {

constexpr int64_t kMostBytes = int64_t{1} << 32;
constexpr int kTries = 3;

bool exists(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0;
}
int64_t size_of(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0 ? static_cast<int64_t>(facts.st_size) : 0;
}
[[noreturn]] void fail_system(const char* what, const std::string& path) {
  const int error = errno;
  throw FileError(fmt::format("[fetch] can't {} '{}': {}", what, path, std::strerror(error)), path, -1, error);
}

/// One transfer into an open file, which goes on at `begin`.
struct Transfer {
  CURL* curl = nullptr;
  int fd = -1;
  int64_t begin = 0, written = 0;
  const Arriving* arriving = nullptr;
  const std::string* name = nullptr;
  std::chrono::steady_clock::time_point started, shown;
};

// libcurl calls these: nothing may be thrown in them.
size_t take(char* data, size_t size, size_t count, void* user) {
  auto& t = *static_cast<Transfer*>(user);
  const size_t bytes = size * count;
  for (size_t done = 0; done < bytes;) {
    const ssize_t n = ::write(t.fd, data + done, bytes - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return 0;
    done += static_cast<size_t>(n);
  }
  t.written += static_cast<int64_t>(bytes);
  return t.begin + t.written > kMostBytes ? 0 : bytes;
}
int show(void* user, curl_off_t all, curl_off_t now, curl_off_t, curl_off_t) {
  auto& t = *static_cast<Transfer*>(user);
  const auto time = std::chrono::steady_clock::now();
  if (time - t.shown < std::chrono::milliseconds(100)) return 0;
  t.shown = time;
  const double seconds = std::chrono::duration<double>(time - t.started).count();
  try {
    (*t.arriving)(*t.name, static_cast<double>(t.begin + now), static_cast<double>(t.begin + all),
                  static_cast<double>(now) / std::max(seconds, 1e-3));
  } catch (...) {
    return 1;
  }
  return 0;
}

/// libcurl's code and the server's answer.
struct Answer {
  CURLcode code;
  long status;  // NOLINT: libcurl's type
  std::string why;
};

Answer transfer(const std::string& url, const std::string& name, const std::string& part, const Arriving& arriving) {
  const FileHandle file(::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) fail_system("write", part);
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw OutOfMemoryError("[fetch] libcurl does not start", 0, 0);
  Transfer t;
  t.curl = curl.get();
  t.fd = file.get();
  t.begin = static_cast<int64_t>(::lseek(file.get(), 0, SEEK_END));
  t.arriving = &arriving;
  t.name = &name;
  t.started = t.shown = std::chrono::steady_clock::now();
  char why[CURL_ERROR_SIZE] = "";
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 5L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, 20L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, 30L);
  set(CURLOPT_USERAGENT, "hearth");
  set(CURLOPT_ERRORBUFFER, why);
  set(CURLOPT_WRITEFUNCTION, take);
  set(CURLOPT_WRITEDATA, &t);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, show);
  set(CURLOPT_XFERINFODATA, &t);
  set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(t.begin));
  Answer answer{curl_easy_perform(curl.get()), 0, ""};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  answer.why = why[0] != '\0' ? why : curl_easy_strerror(answer.code);
  if (answer.code == CURLE_OK && ::fsync(file.get()) != 0) fail_system("sync", part);
  return answer;
}

/// Gets the file, taking up again what a broken connection left.
void download(const std::string& url, const std::string& name, const std::string& part, const Arriving& arriving) {
  for (int tries = 1;; ++tries) {
    const Answer answer = transfer(url, name, part, arriving);
    if (answer.code == CURLE_OK && answer.status != 416) return;
    if (answer.status == 416 || answer.code == CURLE_RANGE_ERROR) {
      // What is there is no beginning of this file, or the server sends whole files only: from the start.
      ::unlink(part.c_str());
      if (tries < kTries) continue;
    }
    if (answer.status >= 400 || answer.code == CURLE_RANGE_ERROR || answer.code == CURLE_WRITE_ERROR ||
        tries == kTries) {
      throw FileError(
          fmt::format("[fetch] {} did not come from {}: {}; {} bytes are kept, run the command again to go on", name,
                      url, answer.why, size_of(part)),
          part, size_of(part));
    }
  }
}

/// The sum of a file in a list such as sha256sum writes; "" where it is not there.
std::string kept_sum(const std::string& sums, const std::string& name) {
  if (!exists(sums)) return {};
  const std::string text = "\n" + data::read_text(sums, 1 << 20);
  const size_t at = text.find("  " + name + "\n");
  return at == std::string::npos || at < 64 ? std::string() : text.substr(at - 64, 64);
}

bool ends_with(const std::string& text, const char* end) { return std::string_view(text).ends_with(end); }

/// Looks into the file before it gets its name; unpacks archives beside it.
void check_content(const KnownFile& file, const std::string& path, const std::string& folder) {
  if (ends_with(file.name, ".csv")) {
    if (data::Table::read_csv(path).rows() == 0) throw FileError("[fetch] the table has no rows", path);
    return;
  }
  if (!ends_with(file.name, ".gz")) return;
  const std::vector<uint8_t> packed = read_file(path, kMostBytes, "fetch");
  const std::vector<uint8_t> bytes = gunzip(packed.data(), packed.size(), path, kMostBytes);
  if (ends_with(file.name, ".tar.gz"))
    unpack_tar(bytes, path, folder);
  else
    io::parse_idx(bytes.data(), bytes.size(), path);
}

}  // namespace

std::string cache_folder(const std::string& given) {
  if (!given.empty()) return given;
  if (const char* cache = std::getenv("HEARTH_CACHE"); cache != nullptr && *cache != '\0') return cache;
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    fail("[fetch] neither HEARTH_CACHE nor HOME is set; give a folder with --cache");
  return std::string(home) + "/.cache/hearth";
}

std::string sha256_of(const std::string& path) {
  const MappedFile file(path, "sha256");
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(file.data(), file.size(), digest, &size, EVP_sha256(), nullptr) != 1)
    fail("[sha256] OpenSSL has no SHA-256");
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

void unpack_tar(const std::vector<uint8_t>& tar, const std::string& name, const std::string& folder) {
  const auto damaged = [&](size_t at, const std::string& what) {
    throw FileError(fmt::format("[tar] {} is damaged at byte {}: {}", name, at, what), name, static_cast<int64_t>(at));
  };
  size_t at = 0, files = 0;
  for (;;) {
    if (tar.size() - at < 512) damaged(at, "it ends within a header");
    const uint8_t* const header = tar.data() + at;
    if (std::all_of(header, header + 512, [](uint8_t b) { return b == 0; })) break;
    const auto text = [&](size_t begin, size_t most) {
      const char* const p = reinterpret_cast<const char*>(header + begin);
      return std::string(p, ::strnlen(p, most));
    };
    const auto octal = [&](size_t begin, size_t most) {
      uint64_t value = 0;
      for (const char c : text(begin, most))
        if (c >= '0' && c <= '7')
          value = value * 8 + static_cast<uint64_t>(c - '0');
        else if (c != ' ')
          damaged(at + begin, "a number that is not octal");
      return value;
    };
    uint64_t sum = 0;
    for (size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : header[i];
    if (sum != octal(148, 8)) damaged(at, "a header's checksum is wrong");
    const uint64_t size = octal(124, 12);
    const char type = static_cast<char>(header[156]);
    std::string path = text(0, 100);
    if (text(257, 5) == "ustar" && header[345] != 0) path = text(345, 155) + "/" + path;
    at += 512;
    if (size > tar.size() - at) damaged(at, fmt::format("{} bytes of {} should follow", size, path));
    if (type == '0' || type == '\0') {
      const std::string inner = "/" + path + "/";
      if (path.empty() || path[0] == '/' || inner.find("/../") != std::string::npos || ends_with(path, "/"))
        damaged(at, fmt::format("the name \"{}\" leads out of the folder", path));
      const std::string to = folder + "/" + path;
      io::make_folders(to.substr(0, to.rfind('/')));
      write_file(to, tar.data() + at, size, "fetch");
      ++files;
    }
    at += std::min<size_t>((size + 511) / 512 * 512, tar.size() - at);
  }
  if (files == 0) damaged(0, "it holds no files");
}

ChecksumError::ChecksumError(std::string text, std::string file_path, std::string expected_sum, std::string found_sum)
    : FileError(std::move(text), std::move(file_path)),
      expected(std::move(expected_sum)),
      found(std::move(found_sum)) {}

namespace {

/// What is known of one file of a set, in its folder.
struct Wanted {
  Wanted(const KnownFile& f, const std::string& to)
      : file(f), folder(to), path(to + "/" + f.name), sums(to + "/SHA256SUMS"), kept(kept_sum(sums, f.name)) {}
  const std::string& expected() const { return kept.empty() ? file.sha256 : kept; }
  /// "SHA256SUMS names …", "… is published".
  std::string expectation() const {
    return kept.empty() ? file.sha256 + " is published" : fmt::format("{} names {}", sums, kept);
  }
  /// Notes the file's sum, in place of another.
  void note(const std::string& sum) const {
    if (sum == kept) return;
    std::string all = exists(sums) ? data::read_text(sums) : "";
    if (!kept.empty()) all.erase(all.find(kept + "  " + file.name + "\n"), kept.size() + file.name.size() + 3);
    all += sum + "  " + file.name + "\n";
    write_file(sums, all.data(), all.size(), "fetch");
  }
  const KnownFile& file;
  const std::string folder, path, sums, kept;
};

void rename_file(const std::string& from, const std::string& to) {
  if (file_ops().rename(from.c_str(), to.c_str()) != 0) fail_system("rename", from);
}

/// A file that is there already: the one that came, or the one that is published.
void check_present(const Wanted& wanted, bool accept) {
  const std::string sum = sha256_of(wanted.path), &expected = wanted.expected();
  if (expected.empty() || sum == expected) return;
  if (accept) return wanted.note(sum);
  throw ChecksumError(
      wanted.kept.empty()
          ? fmt::format("[fetch] {} has SHA-256 {} where {}; remove it and fetch it again, or keep it with "
                        "--accept-changed",
                        wanted.path, sum, wanted.expectation())
          : fmt::format("[fetch] {} has SHA-256 {} and had {} when it came; remove it and fetch it again, or keep it "
                        "with --accept-changed",
                        wanted.path, sum, expected),
      wanted.path, expected, sum);
}

/// Checks what came, gives it its name, and says which sum it has.
void take_in(const Wanted& wanted, const std::string& part, bool accept,
             const std::function<void(const std::string&)>& say) {
  const std::string sum = sha256_of(part), &expected = wanted.expected();
  const bool other = !expected.empty() && sum != expected;
  if (other && !accept) {
    const std::string aside = wanted.path + ".unexpected";
    rename_file(part, aside);
    throw ChecksumError(
        fmt::format(
            "[fetch] {} came with SHA-256 {} where {}; it is kept as {}. Fetch it again, or from elsewhere with "
            "--from, or take it as it is with --accept-changed",
            wanted.file.name, sum, wanted.expectation(), aside),
        aside, expected, sum);
  }
  try {
    check_content(wanted.file, part, wanted.folder);
  } catch (const Error& e) {
    ::unlink(part.c_str());
    throw FileError(e.msg() + "; it was removed, fetch it again", part);
  }
  rename_file(part, wanted.path);
  file_ops().fsync_dir(wanted.folder.c_str());
  wanted.note(sum);
  say(fmt::format("{}: {} bytes, SHA-256 {} {}", wanted.file.name, size_of(wanted.path), sum,
                  expected.empty() ? "(not known beforehand; the content is whole)"
                  : other          ? "(accepted in place of " + expected + ")"
                                   : "as expected"));
}

}  // namespace

std::string fetch_set(const std::string& name, const FetchOptions& options, const Arriving& arriving,
                      const std::function<void(const std::string&)>& say) {
  const std::vector<KnownFile>& files = known_set(name);
  const std::string folder = options.cache + "/" + name;
  io::make_folders(folder);
  for (const KnownFile& file : files) {
    const Wanted wanted(file, folder);
    const std::string part = wanted.path + ".part", aside = wanted.path + ".unexpected";
    if (exists(wanted.path)) {
      check_present(wanted, options.accept_changed);
      say(fmt::format("{}: there already", file.name));
      continue;
    }
    const std::string& base = options.from.empty() ? file.url : options.from;
    if (options.accept_changed && exists(aside))
      rename_file(aside, part);
    else
      download(base + (ends_with(base, "/") ? "" : "/") + file.name, file.name, part, arriving);
    take_in(wanted, part, options.accept_changed, say);
    ::unlink(aside.c_str());
  }
  return folder;
}

}  // namespace hearth::cli
