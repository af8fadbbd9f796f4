#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

namespace hearth::testing {

namespace fs = std::filesystem;

inline std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void spit(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// A new empty folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "hearth-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// A disk that fails when told to: counts its operations and lets one of them fail with an error, or write short. Also
/// records what a crash could leave of the changes.
class FaultyFiles : public FileOps {
 public:
  /// One change to the folder, as the disk sees it.
  struct Change {
    enum Kind { create, truncate, write, sync, rename, unlink, sync_dir } kind;
    std::string name, to, data;
  };

  int fail_at = -1;       ///< which operation fails, counted from 0; -1: none
  int error = EIO;        ///< with what; 0: a write takes only half of its bytes
  size_t largest = 1000;  ///< bytes that one write takes at most, so that files need several
  std::vector<Change> changes;
  std::vector<std::string> log;

  int open(const char* path, int flags, mode_t mode) override {
    if (fails("open")) return -1;
    struct ::stat facts;
    const bool fresh = FileOps::stat(path, &facts) != 0;
    const int fd = FileOps::open(path, flags, mode);
    if (fd >= 0) names_[fd] = path;
    if (fd >= 0 && fresh) changes.push_back({Change::create, path, {}, {}});
    return fd;
  }
  ssize_t read(int fd, void* data, size_t size) override { return fails("read") ? -1 : FileOps::read(fd, data, size); }
  ssize_t write(int fd, const void* data, size_t size) override {
    const bool fault = fails("write");
    if (fault && error != 0) return -1;
    size = std::min(size, largest);
    if (fault) size = (size + 1) / 2;
    const ssize_t done = FileOps::write(fd, data, size);
    if (done > 0) {
      changes.push_back({Change::write, names_[fd], {}, {static_cast<const char*>(data), static_cast<size_t>(done)}});
    }
    return done;
  }
  int truncate(int fd, off_t size) override {
    if (fails("truncate")) return -1;
    changes.push_back({Change::truncate, names_[fd], {}, {}});
    return FileOps::truncate(fd, size);
  }
  int lock(int fd) override { return fails("lock") ? -1 : FileOps::lock(fd); }
  int fsync(int fd) override {
    if (fails("fsync")) return -1;
    changes.push_back({Change::sync, names_[fd], {}, {}});
    return FileOps::fsync(fd);
  }
  int rename(const char* from, const char* to) override {
    if (fails("rename")) return -1;
    changes.push_back({Change::rename, from, to, {}});
    return FileOps::rename(from, to);
  }
  int unlink(const char* path) override {
    if (fails("unlink")) return -1;
    changes.push_back({Change::unlink, path, {}, {}});
    return FileOps::unlink(path);
  }
  int fsync_dir(const char* path) override {
    if (fails("fsync_dir")) return -1;
    changes.push_back({Change::sync_dir, path, {}, {}});
    return FileOps::fsync_dir(path);
  }
  int fstat(int fd, struct ::stat* facts) override { return fails("fstat") ? -1 : FileOps::fstat(fd, facts); }
  void* map(int fd, size_t size) override { return fails("map") ? nullptr : FileOps::map(fd, size); }

 private:
  bool fails(const char* what) {
    log.emplace_back(what);
    if (static_cast<int>(log.size()) - 1 != fail_at) return false;
    errno = error;
    return error != 0 || log.back() == "write";
  }

  std::map<int, std::string> names_;
};

/// Calls visit(folder contents by path) for every state that a crash may leave, when `before` was on the disk and then
/// `changes` were made: after each change, the folder's entries may have reached the disk up to any point since the
/// folder's last sync, and a file that has not been synced since may hold its synced bytes, all, half, or zeros.
class CrashStates {
 public:
  using Contents = std::map<std::string, std::string>;

  static void visit(const Contents& before, const std::vector<FaultyFiles::Change>& changes,
                    const std::function<void(const Contents&)>& visit) {
    for (size_t made = 0; made <= changes.size(); ++made) CrashStates(before, changes, made).enumerate(visit);
  }

 private:
  using Change = FaultyFiles::Change;
  struct File {
    std::string synced, now;
  };
  using Names = std::map<std::string, size_t>;  // path to file

  CrashStates(const Contents& before, const std::vector<Change>& changes, size_t made) {
    for (const auto& [path, text] : before) {
      names_[path] = files_.size();
      files_.push_back({text, text});
    }
    versions_ = {names_};
    for (size_t i = 0; i < made; ++i) apply(changes[i]);
  }

  void apply(const Change& change) {
    switch (change.kind) {
      case Change::create:
        names_[change.name] = files_.size();
        files_.emplace_back();
        break;
      case Change::truncate: files_[names_.at(change.name)].now.clear(); return;
      case Change::write: files_[names_.at(change.name)].now += change.data; return;
      case Change::sync: {
        File& file = files_[names_.at(change.name)];
        file.synced = file.now;
        return;
      }
      case Change::rename:
        names_[change.to] = names_.at(change.name);
        names_.erase(change.name);
        break;
      case Change::unlink: names_.erase(change.name); break;
      case Change::sync_dir: versions_.clear(); break;
    }
    versions_.push_back(names_);
  }

  void enumerate(const std::function<void(const Contents&)>& visit) const {
    for (const Names& names : versions_) {
      for (int unsynced = 0; unsynced < 4; ++unsynced) {
        Contents contents;
        for (const auto& [path, index] : names) {
          const File& file = files_[index];
          const std::string& now = file.now;
          if (file.synced == now || unsynced == 1) {
            contents[path] = now;
          } else if (unsynced == 0) {
            contents[path] = file.synced;
          } else {
            contents[path] = unsynced == 2 ? now.substr(0, now.size() / 2) : std::string(now.size(), '\0');
          }
        }
        visit(contents);
      }
    }
  }

  std::vector<File> files_;
  Names names_;
  std::vector<Names> versions_;  // since the folder's last sync
};

}  // namespace hearth::testing
