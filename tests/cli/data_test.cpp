// hearth data: fetching from a server on loopback, and previews by the command itself.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>

#include "cli/command.h"
#include "cli/fetch.h"
#include "cli/sheet.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"

namespace hearth::cli {
namespace {

/// Serves files over HTTP, one connection at a time; may break connections off, and may not know ranges.
class Server {
 public:
  Server() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(socket_, 8);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(socket_, SHUT_RDWR);
    ::close(socket_);
    thread_.join();
  }
  std::string url;
  std::map<std::string, std::string> files;   // set before requests come
  std::atomic<size_t> break_after{SIZE_MAX};  // bytes of the next answer's body
  std::atomic<bool> ranges{true};
  std::vector<std::string> log;  // "name from byte"

 private:
  void serve() {
    for (int client; (client = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(client)) {
      std::string request;
      char buffer[2048];
      while (request.find("\r\n\r\n") == std::string::npos) {
        const ssize_t n = ::read(client, buffer, sizeof buffer);
        if (n <= 0) break;
        request.append(buffer, static_cast<size_t>(n));
      }
      const std::string name = request.substr(5, request.find(' ', 5) - 5);
      const size_t range = request.find("Range: bytes=");
      const size_t from = range == std::string::npos || !ranges ? 0 : std::stoul(request.substr(range + 13));
      log.push_back(name + " from " + std::to_string(from));
      send_all(client, answer(name, from));
    }
  }
  std::string answer(const std::string& name, size_t from) {
    const auto file = files.find(name);
    if (file == files.end()) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    const std::string& body = file->second;
    if (from > 0 && from >= body.size())
      return "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    std::string out = from > 0 ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                                     std::to_string(body.size() - 1) + "/" + std::to_string(body.size()) + "\r\n"
                               : "HTTP/1.1 200 OK\r\n";
    out += "Content-Length: " + std::to_string(body.size() - from) + "\r\nConnection: close\r\n\r\n";
    return out + body.substr(from, break_after.exchange(SIZE_MAX));
  }
  static void send_all(int client, const std::string& text) {
    for (size_t done = 0; done < text.size();) {
      const ssize_t n = ::send(client, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (n <= 0) return;
      done += static_cast<size_t>(n);
    }
  }
  int socket_;
  std::thread thread_;
};

struct Fetch : ::testing::Test {
  std::string get(const std::string& name) {
    said.clear();
    return fetch_set(
        name, {folder.path().string(), server.url, accept}, [&](auto&&...) { ++shown; },
        [&](const std::string& line) { said += line + "\n"; });
  }
  std::string refused(const std::string& name) {
    try {
      get(name);
    } catch (const Error& e) {
      return e.what();
    }
    return "nothing was thrown";
  }
  Server server;
  TemporaryFolder folder;
  std::string said;
  int shown = 0;
  bool accept = false;
};
constexpr const char* kTable = "a,b\n1,2\n3,4\n";

TEST_F(Fetch, GetsAFileOnceAndRemembersItsSum) {
  server.files["iris.csv"] = kTable;
  const std::string to = get("iris");
  EXPECT_EQ(slurp(to + "/iris.csv"), kTable);
  EXPECT_NE(said.find("12 bytes, SHA-256 "), std::string::npos) << said;
  EXPECT_NE(slurp(to + "/SHA256SUMS").find(sha256_of(to + "/iris.csv") + "  iris.csv\n"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(to + "/iris.csv.part"));
  get("iris");
  EXPECT_EQ(said.find("iris.csv: there already"), 0U) << said;
  EXPECT_EQ(server.log.size(), 1U);
  spit(to + "/iris.csv", "a,b\n1,2\n3,5\n");
  EXPECT_NE(refused("iris").find("remove it and fetch it again"), std::string::npos);
  std::filesystem::remove(to + "/iris.csv");
  server.files["iris.csv"] = "a,b\n1,2\n3,6\n";
  EXPECT_NE(refused("iris").find("SHA256SUMS names"), std::string::npos) << "another file under the same name";
  EXPECT_FALSE(std::filesystem::exists(to + "/iris.csv"));
}

TEST_F(Fetch, KnowsPublishedSums) {
  const char* const data = std::getenv("HEARTH_TEST_DATA");
  if (!data) GTEST_SKIP() << "HEARTH_TEST_DATA is not set";
  const std::string whole = slurp(std::string(data) + "/text/tinyshakespeare.txt");
  server.files["input.txt"] = whole;
  server.break_after = 300000;
  EXPECT_EQ(slurp(get("tinyshakespeare") + "/input.txt"), whole);
  EXPECT_NE(said.find("as expected"), std::string::npos) << said;
}

TEST_F(Fetch, RefusesWhatIsNotThePublishedFile) {
  const std::string changed = "First Citizen:\nBefore we proceed any further, hear me speak again.\n";
  server.files["input.txt"] = changed;
  const std::string published = known_set("tinyshakespeare")[0].sha256, to = (folder / "tinyshakespeare").string();
  const auto refusal = [&](const std::string& part) {
    try {
      get("tinyshakespeare");
      ADD_FAILURE() << "nothing was thrown";
    } catch (const ChecksumError& e) {
      EXPECT_EQ(e.expected, published);
      EXPECT_EQ(e.found, sha256_of(e.path));
      for (const std::string& text : {e.expected, e.found, std::string("--accept-changed"), part})
        EXPECT_NE(std::string(e.what()).find(text), std::string::npos) << e.what();
    }
  };
  refusal("kept as " + to + "/input.txt.unexpected");
  EXPECT_FALSE(std::filesystem::exists(to + "/input.txt"));
  EXPECT_FALSE(std::filesystem::exists(to + "/input.txt.part"));
  EXPECT_FALSE(std::filesystem::exists(to + "/SHA256SUMS"));
  refusal("kept as");  // it comes again: another may be there by now
  EXPECT_EQ(server.log.size(), 2U);
  accept = true;
  get("tinyshakespeare");
  EXPECT_EQ(server.log.size(), 2U) << "the one that was kept is taken";
  EXPECT_EQ(slurp(to + "/input.txt"), changed);
  EXPECT_NE(said.find("accepted in place of " + published), std::string::npos) << said;
  EXPECT_FALSE(std::filesystem::exists(to + "/input.txt.unexpected"));
  accept = false;
  get("tinyshakespeare");
  EXPECT_NE(said.find("there already"), std::string::npos) << "its sum was noted";
  std::filesystem::remove(to + "/SHA256SUMS");
  refusal("remove it and fetch it again");
  accept = true;
  get("tinyshakespeare");
  EXPECT_EQ(slurp(to + "/SHA256SUMS"), sha256_of(to + "/input.txt") + "  input.txt\n");
}

TEST_F(Fetch, AChangedFileReplacesTheNotedSum) {
  server.files["iris.csv"] = kTable;
  const std::string to = get("iris");
  spit(to + "/SHA256SUMS", std::string(64, '0') + "  other.csv\n" + slurp(to + "/SHA256SUMS"));
  std::filesystem::remove(to + "/iris.csv");
  server.files["iris.csv"] = "a,b\n1,2\n3,6\n";
  EXPECT_NE(refused("iris").find("SHA256SUMS names"), std::string::npos);
  accept = true;
  get("iris");
  EXPECT_EQ(slurp(to + "/SHA256SUMS"),
            std::string(64, '0') + "  other.csv\n" + sha256_of(to + "/iris.csv") + "  iris.csv\n");
}

TEST_F(Fetch, GoesOnWhereItBrokeOff) {
  std::string table = "a,b\n";
  for (int i = 0; i < 20000; ++i) table += std::to_string(i) + ",1\n";
  server.files["iris.csv"] = table;
  server.break_after = 50000;
  const std::string to = get("iris");
  EXPECT_EQ(slurp(to + "/iris.csv"), table);
  ASSERT_EQ(server.log.size(), 2U);
  EXPECT_EQ(server.log[1], "iris.csv from 50000");
  std::filesystem::remove_all(to);
  server.ranges = false;  // the whole file comes again
  server.break_after = 60000;
  EXPECT_EQ(slurp(get("iris") + "/iris.csv"), table);
  std::filesystem::remove_all(to);
  std::filesystem::create_directory(to);
  server.ranges = true;
  spit(to + "/iris.csv.part", std::string(table.size() + 5, 'x'));  // longer than the file itself
  EXPECT_EQ(slurp(get("iris") + "/iris.csv"), table);
}

TEST_F(Fetch, SaysWhatDidNotCome) {
  EXPECT_NE(refused("iris").find("404"), std::string::npos);
  EXPECT_NE(refused("nonsense").find("fashion-mnist"), std::string::npos);
  server.files["iris.csv"] = "a,b\n1\n";
  EXPECT_NE(refused("iris").find("1 cells where the first has 2"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder / "iris/iris.csv.part"));
  EXPECT_NE(refused("cifar10").find("cifar-10-binary.tar.gz"), std::string::npos);
  ::setenv("HEARTH_CACHE", "/some/cache", 1);
  EXPECT_EQ(cache_folder(""), "/some/cache");
  EXPECT_EQ(cache_folder("mine"), "mine");
  ::unsetenv("HEARTH_CACHE");
}

std::string tar_entry(const std::string& name, const std::string& content, char type = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  std::snprintf(header.data() + 124, 12, "%011zo", content.size());
  header[156] = type;
  std::fill(header.begin() + 148, header.begin() + 156, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(header.data() + 148, 8, "%06o", sum);
  return header + content + std::string((512 - content.size() % 512) % 512, '\0');
}
std::string gzipped(const std::string& text, const TemporaryFolder& folder) {
  const std::string path = (folder / "z.gz").string();
  gzFile z = gzopen(path.c_str(), "wb");
  gzwrite(z, text.data(), static_cast<unsigned>(text.size()));
  gzclose(z);
  return slurp(path);
}

TEST_F(Fetch, UnpacksArchives) {
  accept = true;
  server.files["cifar-10-binary.tar.gz"] =
      gzipped(tar_entry("cifar-10-batches-bin/", "", '5') + tar_entry("cifar-10-batches-bin/test_batch.bin", "hello") +
                  std::string(1024, '\0'),
              folder);
  EXPECT_EQ(slurp(get("cifar10") + "/cifar-10-batches-bin/test_batch.bin"), "hello");
  const std::string whole = tar_entry("a/b", std::string(600, 'x')) + std::string(1024, '\0');
  const auto unpack = [&](const std::string& tar) {
    unpack_tar({tar.begin(), tar.end()}, "a.tar", folder.path().string());
  };
  for (size_t n = 0; n < 1536 + 512; n += 64) EXPECT_THROW(unpack(whole.substr(0, n)), FileError) << n;
  for (const char* name : {"../out", "a/../../out", "/out"})
    EXPECT_THROW(unpack(tar_entry(name, "x") + std::string(1024, '\0')), FileError) << name;
  std::string wrong = whole;
  wrong[0] = 'z';
  EXPECT_THROW(unpack(wrong), FileError) << "the checksum";
}

TEST_F(Fetch, ChecksIdx) {
  const std::string good = gzipped(std::string("\0\0\10\1\0\0\0\2ab", 10), folder);
  for (const char* name : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz"})
    server.files[name] = good;
  server.files["t10k-labels-idx1-ubyte.gz"] = gzipped(std::string("\0\0\10\1\0\0\0\3ab", 10), folder);
  EXPECT_NE(refused("kmnist").find("cut short"), std::string::npos);
  server.files["t10k-labels-idx1-ubyte.gz"] = good;
  get("kmnist");
  EXPECT_EQ(server.log.back(), "t10k-labels-idx1-ubyte.gz from 0");
}

TEST(ContactSheet, HasARowForEachClass) {
  const Tensor picture = zeros({1, 10, 20}, kByte);
  const Tensor sheet = contact_sheet({{"cats (2)", {picture, picture}}, {"dogs", {picture}}}, 32);
  EXPECT_EQ(sheet.sizes(), (std::vector<int64_t>{3, 2 * (32 + 4 + 16) + 4, 2 * 36 + 4}));
  EXPECT_GT(sheet.narrow(1, 4, 10).eq(0).sum().item<int64_t>(), 100) << "a title";
  EXPECT_EQ(sheet[0].narrow(0, 28, 16).narrow(1, 4, 32).max().item<int64_t>(), 0) << "a picture in its middle";
}

struct Preview : Command {
  void shows(const std::string& arguments, const std::vector<std::string>& parts, int status = 0) {
    const Outcome out = run("data preview " + arguments);
    EXPECT_EQ(out.status, status) << out.text;
    for (const std::string& part : parts)
      EXPECT_NE(out.text.find(part), std::string::npos) << part << " in\n" << out.text;
    EXPECT_EQ(out.text.find('\r'), std::string::npos) << "quiet when piped";
  }
  TemporaryFolder& folder = folder_;
};

TEST_F(Preview, Tables) {
  spit(folder / "t.csv", "x,colour,day\n1,red,2024-01-01\n,blue,2024-01-02\n4,red,2024-01-03\n");
  shows((folder / "t.csv").string(), {"3 rows, 3 columns", "numeric", "1 missing", "min 1  mean 2.5  max 4",
                                      "red (2), blue (1)", "2024-01-01 to 2024-01-03"});
}

TEST_F(Preview, TextAndPictures) {
  spit(folder / "t.txt", "to be\nor not\n");
  shows((folder / "t.txt").string(), {"13 bytes, 2 lines", "to be"});
  io::write_png(full({3, 4, 6}, 7, kByte), (folder / "p.png").string());
  shows((folder / "p.png").string(), {"6 x 4 pixels, 3 channels", "mean 7.0"});
  const Outcome out = run("data preview /no/such/thing");
  EXPECT_NE(out.status, 0);
  EXPECT_NE(out.text.find("/no/such/thing"), std::string::npos);
}

TEST_F(Preview, FoldersOfPictures) {
  for (const char* name : {"cat/1.png", "cat/2.png", "dog/1.png"}) {
    std::filesystem::create_directories((folder / name).parent_path());
    io::write_png(full({3, 8, 6}, 51, kByte), (folder / name).string());
  }
  const std::string sheet = (folder / "sheet.png").string();
  shows(folder.path().string() + " --out " + sheet,
        {"3 pictures of 2 classes", "height 8, width 6", "red: mean 0.2000", "2  cat", "1  dog", "contact sheet"});
  EXPECT_EQ(io::read_image(sheet).size(0), 3);
  spit(folder / "dog/2.jpg", "no picture");
  shows(folder.path().string(), {"bad: ", "dog/2.jpg"}, 1);
}

}  // namespace
}  // namespace hearth::cli
