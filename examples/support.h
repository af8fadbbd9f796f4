// What several examples need: a folder that goes away again, pictures and text to learn from.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "hearth/data/digits.h"
#include "hearth/data/mnist.h"
#include "hearth/data/text.h"
#include "hearth/hearth.h"

namespace support {

/// A fresh folder for temporary files, removed at the end.
class ScratchFolder {
 public:
  ScratchFolder() : path_((std::filesystem::temp_directory_path() / "hearth_XXXXXX").string()) {
    if (!::mkdtemp(path_.data())) throw std::runtime_error("no folder can be made like " + path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// The number given on the command line, if any: of epochs or steps, for a longer run than the short default.
inline int64_t count_from(int argc, char** argv, int64_t otherwise) {
  return argc > 1 ? std::atoll(argv[1]) : otherwise;
}

/// Pictures of digits [N, 1, 28, 28] in [0, 1] and what they show [N].
struct Pictures {
  hearth::Tensor images, targets;
};

/// For training and for testing: MNIST's 10,000 where HEARTH_TEST_DATA has them, and drawn ones otherwise.
inline std::pair<Pictures, Pictures> digits(int64_t training, int64_t testing) {
  using namespace hearth::data::datasets;
  const char* folder = std::getenv("HEARTH_TEST_DATA");
  if (!folder) {
    const Digits known(static_cast<size_t>(training), /*seed=*/1), held_out(static_cast<size_t>(testing), 2);
    return {{known.images(), known.targets()}, {held_out.images(), held_out.targets()}};
  }
  const MNIST all(std::string(folder) + "/mnist-10k", MNIST::Mode::kTest);
  const auto part = [&](int64_t begin, int64_t count) {
    return Pictures{all.images().narrow(0, begin, count), all.targets().narrow(0, begin, count)};
  };
  return {part(0, training), part(10000 - testing, testing)};
}

/// A text to learn: Shakespeare where HEARTH_TEST_DATA has him, and sentences put together by chance otherwise.
inline std::string text() {
  if (const char* folder = std::getenv("HEARTH_TEST_DATA"))
    return hearth::data::read_text(std::string(folder) + "/text/tinyshakespeare.txt");
  const char* const who[] = {"the cat", "a dog", "the old smith", "my sister", "nobody"};
  const char* const does[] = {"sits by", "runs to", "looks for", "has seen", "sleeps near"};
  const char* const what[] = {"the warm hearth", "an open door", "the river", "a small boat", "the garden wall"};
  const hearth::Tensor draws = hearth::randint(0, 5, {4000, 3});
  const int64_t* draw = draws.data_ptr<int64_t>();
  std::string text;
  for (int i = 0; i < 4000; ++i, draw += 3)
    text += std::string(who[draw[0]]) + " " + does[draw[1]] + " " + what[draw[2]] + ".\n";
  return text;
}

}  // namespace support
