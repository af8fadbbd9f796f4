#pragma once

#include <string>

#include "hearth/tensor.h"

namespace hearth::io {

/// The bytes of an image file, and what messages call it. Whoever makes one keeps the memory.
struct EncodedImage {
  const uint8_t* data = nullptr;
  size_t size = 0;
  std::string name;
};

struct ImageOptions {
  /// Unchanged: 1 channel for grey, 2 with alpha, 3 for colour, 4 with alpha; palettes become colours. Otherwise as
  /// Pillow converts: alpha is dropped, grey is 0.299 R + 0.587 G + 0.114 B.
  enum class Mode : uint8_t { kUnchanged, kGray, kRgb } mode = Mode::kUnchanged;
  /// Turns the picture as its EXIF tag says (JPEG). torchvision and Pillow do not, unless told.
  bool exif_orientation = false;
  /// JPEG: may decode to 1/2, 1/4 or 1/8 of the size as long as both sides keep this many pixels; 0: full size. Much
  /// quicker, and what a picture that is scaled down anyhow needs.
  int64_t min_size = 0;
  int64_t max_pixels = int64_t{1} << 28;  ///< a larger picture is refused before memory is taken for it
};

/// A picture as [C, H, W] of uint8, 8 bits a channel (of 16 the upper half is kept). JPEG (baseline, progressive,
/// CMYK), PNG, BMP (uncompressed), PGM and PPM, told apart by content. Throws FileError, with the byte, where the file
/// is damaged, cut short, too large, or none of these.
HEARTH_API Tensor read_image(const std::string& path, const ImageOptions& options = {});
HEARTH_API Tensor decode_image(const EncodedImage& image, const ImageOptions& options = {});

/// What the file's header says.
struct ImageInfo {
  const char* format;  ///< "jpeg", "png", "bmp", "pnm"
  int64_t height, width, channels;
};
HEARTH_API ImageInfo image_info(const EncodedImage& image);
/// Whether the path's ending is one of .jpg .jpeg .png .bmp .ppm .pgm .pnm, in letters of any size.
HEARTH_API bool has_image_ending(const std::string& path);

/// How pixels between pixels are found.
enum class Interpolation : uint8_t { kNearest, kBilinear, kBicubic, kLanczos };

/// [C, H, W] or [N, C, H, W] of uint8 or float32 in another size. Where it shrinks, all pixels under an output pixel
/// count (antialiasing): the filters are Pillow's (src/libImaging/Resample.c), and so are the results for uint8, to
/// within one grey level.
HEARTH_API Tensor resize_image(const Tensor& image, int64_t height, int64_t width,
                               Interpolation interpolation = Interpolation::kBilinear);

/// Writes [C, H, W] or [H, W] of uint8: grey (C = 1), grey and alpha, RGB, RGBA. The file is replaced as a whole or not
/// at all.
HEARTH_API void write_png(const Tensor& image, const std::string& path);
HEARTH_API std::string to_png(const Tensor& image);
/// The same for C = 1 or 3, with loss; quality goes from 1 to 100.
HEARTH_API void write_jpeg(const Tensor& image, const std::string& path, int quality = 90);
HEARTH_API std::string to_jpeg(const Tensor& image, int quality = 90);

}  // namespace hearth::io
