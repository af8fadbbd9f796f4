#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hearth/error.h"

namespace hearth::cli {

/// A file of a public data set; its SHA-256 where lists of it are published, else "".
struct KnownFile {
  std::string name, url, sha256;
};
/// The files of a set by its name; ValueError, which lists the names, where there is none.
const std::vector<KnownFile>& known_set(const std::string& name);

/// A file is not the one that it should be.
class ChecksumError : public FileError {
 public:
  ChecksumError(std::string text, std::string file_path, std::string expected_sum, std::string found_sum);
  std::string expected, found;
};

/// Called some times a second while a file comes.
using Arriving = std::function<void(const std::string& file, double done, double all, double per_second)>;

/// Gets a set's files into CACHE/NAME and returns that folder. A file that is there already is left; one that was
/// cut off goes on where it stopped. What arrives is checked, by its SHA-256 where that is known (from the folder's
/// SHA256SUMS, else from published lists), and by its structure (gzip, IDX, tar, CSV), before it gets its name;
/// archives are unpacked. `say` gets a line for each file. ChecksumError where a file is another than expected: it is
/// kept as NAME.unexpected.
struct FetchOptions {
  std::string cache;
  std::string from;             ///< another URL to take the files from
  bool accept_changed = false;  ///< takes a file with another sum, one kept as .unexpected too, and notes its sum
};
std::string fetch_set(const std::string& name, const FetchOptions& options, const Arriving& arriving,
                      const std::function<void(const std::string&)>& say);

/// --cache, else $HEARTH_CACHE, else ~/.cache/hearth.
std::string cache_folder(const std::string& given);

std::string sha256_of(const std::string& path);
/// Unpacks a tar archive's files below a folder. FileError for damage, and for names that lead out of it.
void unpack_tar(const std::vector<uint8_t>& tar, const std::string& name, const std::string& folder);

}  // namespace hearth::cli
