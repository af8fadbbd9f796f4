#include "base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/faulty_files.h"
#include "hearth/error.h"

namespace hearth {
namespace {

using testing::CrashStates;
using testing::FaultyFiles;
using testing::slurp;
using testing::spit;
using testing::TemporaryFolder;

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }
const uint8_t* bytes_of(const std::string& text) { return reinterpret_cast<const uint8_t*>(text.data()); }

/// Runs f, which must throw a FileError, and gives it back.
template <class F>
FileError file_error(F&& f) {
  try {
    f();
  } catch (const FileError& error) {
    return error;
  }
  ADD_FAILURE() << "no FileError";
  return FileError("none");
}

TEST(ReadFile, WholeFilesAndEmptyOnes) {
  const TemporaryFolder folder;
  spit(folder / "a", std::string("ab\0c", 4));
  spit(folder / "empty", "");
  EXPECT_EQ(text_of(read_file(folder / "a")), std::string("ab\0c", 4));
  EXPECT_TRUE(read_file(folder / "empty").empty());
  EXPECT_EQ(read_file(folder / "a", 4).size(), 4U);
}

TEST(ReadFile, ErrorsSayWhat) {
  const TemporaryFolder folder;
  const std::string missing = folder / "none.bin";
  const FileError error = file_error([&] { read_file(missing, kNoLimit, "mnist"); });
  EXPECT_EQ(error.path, missing);
  EXPECT_EQ(error.system_errno, ENOENT);
  EXPECT_EQ(error.msg().rfind("[mnist] ", 0), 0U) << error.msg();
  EXPECT_NE(error.msg().find(missing), std::string::npos);
  EXPECT_EQ(file_error([&] { read_file(folder.path()); }).system_errno, EISDIR);
  spit(folder / "a", "12345");
  EXPECT_EQ(file_error([&] { read_file(folder / "a", 4); }).system_errno, EFBIG);
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  file_error([&] { read_file(folder / "pipe"); });  // and does not wait for a writer
}

/// A disk on which the file has another size than it says.
struct Shifting : FileOps {
  explicit Shifting(off_t by) : by_(by) {}
  int fstat(int fd, struct ::stat* facts) override {
    const int result = FileOps::fstat(fd, facts);
    facts->st_size += by_;
    return result;
  }
  off_t by_;
};

TEST(ReadFile, NoticesAChangingSizeAndFaults) {
  const TemporaryFolder folder;
  spit(folder / "a", "12345");
  for (const off_t by : {-1, 1}) {
    Shifting ops(by);
    const FileOpsGuard guard(ops);
    EXPECT_NE(file_error([&] { read_file(folder / "a"); }).msg().find("size changed"), std::string::npos);
  }
  for (int at = 0; at < 4; ++at) {  // open, fstat, read, read
    FaultyFiles ops;
    ops.fail_at = at;
    const FileOpsGuard guard(ops);
    EXPECT_EQ(file_error([&] { read_file(folder / "a"); }).system_errno, EIO);
  }
  FaultyFiles ops;
  ops.fail_at = 2;
  ops.error = EINTR;
  const FileOpsGuard guard(ops);
  EXPECT_EQ(text_of(read_file(folder / "a")), "12345");
}

TEST(MappedFile, ShowsTheBytes) {
  const TemporaryFolder folder;
  spit(folder / "a", "12345");
  spit(folder / "empty", "");
  MappedFile a(folder / "a");
  ASSERT_EQ(a.size(), 5U);
  EXPECT_EQ(std::string(a.data(), a.data() + 5), "12345");
  MappedFile b = std::move(a);
  EXPECT_EQ(b.data()[4], '5');
  EXPECT_EQ(a.data(), nullptr);
  b = MappedFile(folder / "empty");
  EXPECT_EQ(b.size(), 0U);
  EXPECT_EQ(file_error([&] { MappedFile(folder / "none"); }).system_errno, ENOENT);
  FaultyFiles ops;
  ops.fail_at = 2;
  ops.error = ENOMEM;
  const FileOpsGuard guard(ops);
  EXPECT_EQ(file_error([&] { MappedFile(folder / "a"); }).system_errno, ENOMEM);
}

/// The names in the folder.
std::set<std::string> names_in(const TemporaryFolder& folder) {
  std::set<std::string> names;
  for (const auto& entry : testing::fs::directory_iterator(folder.path())) names.insert(entry.path().filename());
  return names;
}

TEST(AtomicWriter, ReplacesAtCommitOnly) {
  const TemporaryFolder folder;
  spit(folder / "a", "old");
  {
    AtomicWriter writer(folder / "a");
    writer.write("new", 3);
    writer.write("", 0);
    writer.write(" text", 5);
    EXPECT_EQ(writer.written(), 8);
    EXPECT_EQ(slurp(folder / "a"), "old");
    writer.commit();
    EXPECT_EQ(slurp(folder / "a"), "new text");
    EXPECT_THROW(writer.write("x", 1), ValueError);
    EXPECT_THROW(writer.commit(), ValueError);
  }
  { AtomicWriter(folder / "a").write("never", 5); }
  EXPECT_EQ(slurp(folder / "a"), "new text");
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"a"}));
}

TEST(AtomicWriter, TakesOverWhatAKilledProcessLeft) {
  const TemporaryFolder folder;
  spit(folder / "a.tmp", "a long leftover of some earlier save");
  write_file(folder / "a", "new", 3);
  EXPECT_EQ(slurp(folder / "a"), "new");
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"a"}));
}

TEST(AtomicWriter, TwoAtOnceDoNotMix) {
  const TemporaryFolder folder;
  AtomicWriter first(folder / "a"), second(folder / "a");
  first.write("first", 5);
  second.write("second", 6);
  second.commit();
  EXPECT_EQ(slurp(folder / "a"), "second");
  first.commit();
  EXPECT_EQ(slurp(folder / "a"), "first");
  EXPECT_EQ(names_in(folder), (std::set<std::string>{"a"}));
}

/// Another writer renames the temporary over the target just before it is locked here, and a third may make a new one.
struct Overtaking : FileOps {
  Overtaking(std::string target, bool third) : target_(std::move(target)), third_(third) {}
  int lock(int fd) override {
    if (!std::exchange(done_, true)) {
      spit(target_ + ".tmp", "theirs");
      EXPECT_EQ(FileOps::rename((target_ + ".tmp").c_str(), target_.c_str()), 0);
      if (third_) spit(target_ + ".tmp", "third");
    }
    return FileOps::lock(fd);
  }
  std::string target_;
  bool third_, done_ = false;
};

TEST(AtomicWriter, NeverEmptiesAFileThatWasJustPutInPlace) {
  for (const bool third : {false, true}) {
    const TemporaryFolder folder;
    Overtaking ops(folder / "a", third);
    const FileOpsGuard guard(ops);
    AtomicWriter writer(folder / "a");
    EXPECT_EQ(slurp(folder / "a"), "theirs");
    writer.write("ours", 4);
    EXPECT_EQ(slurp(folder / "a"), "theirs");
    writer.commit();
    EXPECT_EQ(slurp(folder / "a"), "ours");
    EXPECT_EQ(names_in(folder), (third ? std::set<std::string>{"a", "a.tmp"} : std::set<std::string>{"a"}));
  }
}

TEST(AtomicWriter, GoesThroughLinksAndLeavesOtherThingsAlone) {
  const TemporaryFolder folder;
  spit(folder / "real", "old");
  testing::fs::create_symlink("real", folder / "link");
  write_file(folder / "link", "new", 3);
  EXPECT_TRUE(testing::fs::is_symlink(folder / "link"));
  EXPECT_EQ(slurp(folder / "real"), "new");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  file_error([&] { AtomicWriter writer(folder / "pipe"); });
  EXPECT_EQ(file_error([&] { AtomicWriter writer(folder.path()); }).system_errno, EISDIR);
  EXPECT_EQ(file_error([&] { AtomicWriter writer(folder / "none" / "a"); }).system_errno, ENOENT);
}

TEST(AtomicWriter, AnyFaultLeavesTheOldFileOrTheWholeNew) {
  const std::string next(2500, 'n');
  size_t operations = 0;
  {
    const TemporaryFolder folder;
    FaultyFiles ops;
    const FileOpsGuard guard(ops);
    write_file(folder / "a", next.data(), next.size());
    operations = ops.log.size();
    EXPECT_EQ(std::count(ops.log.begin(), ops.log.end(), "write"), 3);
    EXPECT_EQ(ops.log.back(), "fsync_dir");
  }
  for (const int error : {EIO, ENOSPC, EDQUOT, 0}) {
    for (size_t at = 0; at < operations; ++at) {
      const TemporaryFolder folder;
      const std::string path = folder / "a";
      spit(path, "old");
      FaultyFiles ops;
      ops.fail_at = static_cast<int>(at);
      ops.error = error;
      const FileOpsGuard guard(ops);
      bool thrown = false;
      try {
        write_file(path, next.data(), next.size());
      } catch (const FileError& failure) {
        thrown = true;
        EXPECT_EQ(failure.system_errno, error) << failure.msg();
        EXPECT_EQ(failure.path.rfind(path, 0), 0U);
        EXPECT_GE(failure.offset, 0);
        const bool in_place = ops.log[at] == "fsync_dir";
        EXPECT_EQ(slurp(path), in_place ? next : "old") << ops.log[at];
        EXPECT_NE(failure.msg().find(in_place ? "new file is in place" : "as it was before"), std::string::npos);
      }
      EXPECT_EQ(thrown, error != 0) << ops.log[at];  // a short write is no fault
      EXPECT_TRUE(thrown || slurp(path) == next);
      const bool remains = ops.log[at] == "fstat" || ops.log[at] == "lock";  // whose file it is was not known yet
      EXPECT_EQ(names_in(folder).size(), remains && thrown ? 2U : 1U) << ops.log[at];
    }
  }
}

TEST(AtomicWriter, AFailedWriterCanNotCommit) {
  const TemporaryFolder folder;
  FaultyFiles ops;
  const FileOpsGuard guard(ops);
  AtomicWriter writer(folder / "a");
  ops.fail_at = static_cast<int>(ops.log.size());
  file_error([&] { writer.write("12345", 5); });
  EXPECT_THROW(writer.commit(), ValueError);
  EXPECT_TRUE(names_in(folder).empty());
}

TEST(AtomicWriter, EveryCrashLeavesTheOldFileOrTheNew) {
  const std::string next(2500, 'n');
  for (const bool existed : {true, false}) {
    const TemporaryFolder folder;
    const std::string path = folder / "a";
    CrashStates::Contents before;
    if (existed) {
      spit(path, "old");
      before[path] = "old";
    }
    FaultyFiles ops;
    const FileOpsGuard guard(ops);
    write_file(path, next.data(), next.size());
    int states = 0, olds = 0, news = 0;
    CrashStates::visit(before, ops.changes, [&](const CrashStates::Contents& contents) {
      ++states;
      const auto found = contents.find(path);
      if (found == contents.end() || found->second == "old") {
        ++olds;
        EXPECT_TRUE(existed == (found != contents.end()));
      } else {
        ++news;
        EXPECT_EQ(found->second, next);
      }
    });
    EXPECT_GT(olds, 0);
    EXPECT_GT(news, 0);
    EXPECT_GT(states, 40);
  }
}

TEST(CrashStates, FindsAWriterThatForgetsToSync) {
  const std::string tmp = "f.tmp", path = "f";
  using Change = FaultyFiles::Change;
  const std::vector<Change> changes{{Change::create, tmp, {}, {}},
                                    {Change::write, tmp, {}, "new"},
                                    {Change::rename, tmp, path, {}},
                                    {Change::sync_dir, ".", {}, {}}};
  bool broken = false;
  CrashStates::visit({{path, "old"}}, changes, [&](const CrashStates::Contents& contents) {
    broken = broken || (contents.at(path) != "old" && contents.at(path) != "new");
  });
  EXPECT_TRUE(broken);
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(bytes_of(text));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string unpack(const std::string& packed, int64_t limit) {
  return text_of(gunzip(bytes_of(packed), packed.size(), "x.gz", limit));
}

TEST(Gunzip, GivesBackWhatWasPacked) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919 % 10007);
  for (const std::string& sample : {std::string(), std::string("a"), text, std::string(3'000'000, 'z')}) {
    const auto size = static_cast<int64_t>(sample.size());
    EXPECT_EQ(unpack(gzip(sample), size), sample);
    EXPECT_EQ(unpack(gzip(sample), size + 1), sample);
    EXPECT_EQ(unpack(gzip(sample) + gzip("tail"), size + 4), sample + "tail");
  }
}

TEST(Gunzip, RefusesAnythingDamaged) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += std::to_string(i * 7919 % 10007);
  const std::string packed = gzip(text);
  const auto limit = static_cast<int64_t>(text.size());
  for (size_t size = 0; size < packed.size(); ++size) {
    const FileError error = file_error([&] { unpack(packed.substr(0, size), limit); });
    EXPECT_EQ(error.path, "x.gz");
    EXPECT_GE(error.offset, 0);
    EXPECT_LE(error.offset, static_cast<int64_t>(size));
  }
  int unnoticed = 0;  // time, system, and the bits that fill the last byte up: nothing that the text depends on
  for (size_t at = 0; at < packed.size(); ++at) {
    std::string bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    try {
      EXPECT_EQ(unpack(bad, limit), text) << at;
      ++unnoticed;
    } catch (const FileError&) {
    }
  }
  EXPECT_LE(unnoticed, 8);
  file_error([&] { unpack(packed + "x", limit); });
  file_error([&] { unpack(packed + std::string(8, '\0'), limit); });
  file_error([&] { unpack("plain text", limit); });
}

TEST(Gunzip, StopsAtItsBound) {
  const std::string bomb = gzip(std::string(50'000'000, '\0'));
  EXPECT_NE(file_error([&] { unpack(bomb, 1000); }).msg().find("more than 1000 bytes"), std::string::npos);
  file_error([&] { unpack(gzip("12345"), 4); });
  file_error([&] { unpack(gzip("1"), 0); });
  EXPECT_EQ(unpack(gzip(""), 0), "");
}

}  // namespace
}  // namespace hearth
