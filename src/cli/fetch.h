#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hearth::cli {

/// A file of a public data set.
struct KnownFile {
  std::string name, url;
};
/// The files of a set by its name; ValueError, which lists the names, where there is none.
const std::vector<KnownFile>& known_set(const std::string& name);

/// Called some times a second while a file comes.
using Arriving = std::function<void(const std::string& file, double done, double all, double per_second)>;

/// Gets a set's files into CACHE/NAME and returns that folder. A file that is there already is left; one that was
/// cut off goes on where it stopped. `from`: another URL to take the files from. What arrives is checked, by its
/// SHA-256 where that is known, and by its structure (gzip, IDX, tar, CSV), before it gets its name; archives are
/// unpacked. `say` gets a line for each file.
std::string fetch_set(const std::string& name, const std::string& cache, const std::string& from,
                      const Arriving& arriving, const std::function<void(const std::string&)>& say);

/// --cache, else $HEARTH_CACHE, else ~/.cache/hearth.
std::string cache_folder(const std::string& given);

std::string sha256_of(const std::string& path);
/// Unpacks a tar archive's files below a folder. FileError for damage, and for names that lead out of it.
void unpack_tar(const std::vector<uint8_t>& tar, const std::string& name, const std::string& folder);

}  // namespace hearth::cli
