#include "hearth/io/weights.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/files.h"
#include "hearth/io/checkpoint.h"
#include "hearth/io/npy.h"
#include "hearth/io/safetensors.h"
#include "io/torch_file.h"
#include "io/tree.h"
#include "io/zip.h"

namespace hearth::io {

nn::StateDict load_weights(const std::string& path) {
  struct stat facts;
  if (file_ops().stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) {
    const std::string whole = path + "/model.safetensors";
    return file_ops().stat(whole.c_str(), &facts) == 0 ? load_safetensors(whole).tensors
                                                       : load_sharded_safetensors(path).tensors;
  }
  const MappedFile file(path, "load_weights");
  const Bytes bytes(file.data(), file.size(), path);
  if (bytes.begins_with("HEARTHCK")) return tensors_of(load_checkpoint(path));
  if (bytes.begins_with("\x93NUMPY")) return tensors_of(load_npy(path));
  if (bytes.size > 8 && bytes.data[8] == '{') return load_safetensors(path).tensors;
  if (bytes.begins_with("PK")) {
    const ZipReader zip(bytes, "zip");
    const auto& members = zip.entries();
    if (std::any_of(members.begin(), members.end(), [](const ZipEntry& e) { return e.name.ends_with(".npy"); }))
      return load_npz(path);
    return tensors_of(read_pt(bytes));
  }
  damaged("load_weights", path, 0, "it is no .pt, safetensors, .npy, .npz or checkpoint file");
}

void save_weights(const nn::StateDict& tensors, const std::string& path) {
  const auto ends = [&](const char* ending) { return path.ends_with(ending); };
  if (ends(".pt") || ends(".pth")) {
    save_pt(dict_of(tensors), path);
  } else if (ends(".safetensors")) {
    save_safetensors({tensors, {{"format", "pt"}}}, path);
  } else if (ends(".npz")) {
    save_npz(tensors, path);
  } else if (ends(".ckpt")) {
    save_checkpoint(dict_of(tensors), path);
  } else {
    fail("[save_weights] the ending of '{}' names no format; use .pt, .pth, .safetensors, .npz or .ckpt", path);
  }
}

}  // namespace hearth::io
