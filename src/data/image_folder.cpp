#include "hearth/data/image_folder.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/fail.h"
#include "base/files.h"
#include "base/threads.h"
#include "hearth/data/stats.h"
#include "hearth/ops.h"

namespace hearth::data::datasets {

namespace {

constexpr int kDeepest = 32;  // a link to a folder above makes no end

struct Entries {
  std::vector<std::string> folders, files;  // sorted
};
Entries list(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) {
    const int error = errno;
    throw FileError(
        fmt::format("[ImageFolder] can't read the folder '{}': {}", path, std::generic_category().message(error)), path,
        -1, error);
  }
  Entries out;
  while (const dirent* e = ::readdir(folder.get())) {
    const std::string name = e->d_name;
    if (name == "." || name == "..") continue;
    struct stat facts;
    if (::stat((path + "/" + name).c_str(), &facts) != 0) continue;  // a link to nowhere
    if (S_ISDIR(facts.st_mode)) out.folders.push_back(name);
    if (S_ISREG(facts.st_mode)) out.files.push_back(name);
  }
  std::sort(out.folders.begin(), out.folders.end());
  std::sort(out.files.begin(), out.files.end());
  return out;
}

/// Pictures below a folder, in the order of torchvision: folders by their whole path, then files by name.
void walk(const std::string& path, int depth, std::vector<std::pair<std::string, std::string>>& out) {
  if (depth > kDeepest)
    throw FileError(fmt::format("[ImageFolder] folders are nested deeper than {} at '{}'", kDeepest, path), path);
  const Entries entries = list(path);
  for (const std::string& name : entries.files)
    if (io::has_image_ending(name)) out.emplace_back(path, name);
  for (const std::string& name : entries.folders) walk(path + "/" + name, depth + 1, out);
}

Tensor decode_rgb(const io::EncodedImage& image) {
  io::ImageOptions options;
  options.mode = io::ImageOptions::Mode::kRgb;
  return io::decode_image(image, options);
}

/// What is wrong with a file; "" where nothing is.
template <class F>
std::string trouble_with(const std::string& path, F&& look) {
  try {
    const std::vector<uint8_t> bytes = read_file(path, kNoLimit, "ImageFolder");
    look(io::EncodedImage{bytes.data(), bytes.size(), path});
    return {};
  } catch (const Error& e) {
    return e.msg();
  }
}

}  // namespace

ImageFolder::ImageFolder(const std::string& root, Options options) : options_(std::move(options)) {
  std::string folder = root;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  classes_ = list(folder).folders;
  if (classes_.empty())
    throw FileError(
        fmt::format("[ImageFolder] '{}' has no folders; put each class's pictures in a folder of its name", folder),
        folder);
  for (size_t c = 0; c < classes_.size(); ++c) {
    std::vector<std::pair<std::string, std::string>> files;
    walk(folder + "/" + classes_[c], 0, files);
    std::sort(files.begin(), files.end());
    if (files.empty())
      throw FileError(
          fmt::format("[ImageFolder] '{}/{}' has no pictures (.jpg .png .bmp .ppm .pgm); add some, or remove "
                      "the folder",
                      folder, classes_[c]),
          folder + "/" + classes_[c]);
    for (const auto& [path, name] : files) {
      const std::string whole = path + "/" + name;
      std::string why = options_.check ? trouble_with(whole, io::image_info) : "";
      if (why.empty())
        samples_.push_back({whole, static_cast<int64_t>(c)});
      else
        bad_.push_back({whole, std::move(why)});
    }
  }
  if (!options_.decode) options_.decode = decode_rgb;
}

Example<> ImageFolder::get(size_t index) {
  if (index >= samples_.size())
    throw IndexError(fmt::format("[ImageFolder] sample {} of {}", index, samples_.size()), static_cast<int64_t>(index),
                     static_cast<int64_t>(samples_.size()));
  const Sample& s = samples_[index];
  std::vector<uint8_t> bytes;
  {
    const TimedStage reading("reading files");
    bytes = read_file(s.path, kNoLimit, "ImageFolder");
  }
  Tensor image;
  {
    const TimedStage decoding("decoding images");
    image = options_.decode({bytes.data(), bytes.size(), s.path});
  }
  if (options_.transform) {
    const TimedStage transforming("transforming images");
    image = options_.transform(std::move(image));
  }
  return {std::move(image), tensor(s.target)};
}

Tensor ImageFolder::targets() const {
  Tensor out = empty({static_cast<int64_t>(samples_.size())}, kLong);
  for (size_t i = 0; i < samples_.size(); ++i) out.data_ptr<int64_t>()[i] = samples_[i].target;
  return out;
}

std::vector<ImageFolder::Bad> ImageFolder::find_bad() const {
  std::vector<std::string> why(samples_.size());
  parallel_for(0, static_cast<int64_t>(why.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      why[static_cast<size_t>(i)] = trouble_with(samples_[static_cast<size_t>(i)].path, decode_rgb);
  });
  std::vector<Bad> out = bad_;
  for (size_t i = 0; i < why.size(); ++i)
    if (!why[i].empty()) out.push_back({samples_[i].path, why[i]});
  return out;
}

}  // namespace hearth::data::datasets
