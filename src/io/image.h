#pragma once

// What the decoders share. Pictures are [H, W, C] of uint8 in here.

#include <functional>
#include <optional>

#include "hearth/io/image.h"
#include "io/bytes.h"

namespace hearth::io {

/// A part of a picture in its pixels, and the size that it will be scaled to.
struct Crop {
  int64_t x = 0, y = 0, width = 0, height = 0;
  int64_t out_width = 0, out_height = 0;
};
using ChooseCrop = std::function<Crop(int64_t height, int64_t width)>;

/// What a decoder made: the whole picture, or of a crop some pixels that contain it, perhaps at 1/2, 1/4 or 1/8 of the
/// size. The box says where the crop is in them.
struct Decoded {
  Tensor pixels;  ///< [H, W, C]
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// Refuses a picture before memory is taken: no pixels, more than allowed, or more than `packed` bytes can hold at
/// `most` pixel bytes each.
void check_size(const char* format, const Bytes& bytes, int64_t height, int64_t width, int64_t channels,
                const ImageOptions& options, int64_t most);

ImageInfo jpeg_info(const Bytes& bytes);
ImageInfo png_info(const Bytes& bytes);
ImageInfo bmp_info(const Bytes& bytes);
ImageInfo pnm_info(const Bytes& bytes);
Decoded decode_jpeg(const Bytes& bytes, const ImageOptions& options, const ChooseCrop* choose);
Tensor decode_png(const Bytes& bytes, const ImageOptions& options);
Tensor decode_bmp(const Bytes& bytes, const ImageOptions& options);
Tensor decode_pnm(const Bytes& bytes, const ImageOptions& options);

/// [H, W, C] of 1 or 3 channels as a JPEG file.
std::string encode_jpeg(const Tensor& pixels, int quality);
/// [H, W, C] of 1 to 4 channels as a PNG file.
std::string encode_png(const Tensor& pixels);

/// Decodes what `choose` wants of the picture; other formats than JPEG decode the whole.
Decoded decode_part(const EncodedImage& image, const ImageOptions& options, const ChooseCrop* choose);

/// The box of [H, W, C] pixels (uint8 or float32) scaled to [height, width, C]. Pixels beyond the box don't count.
Tensor resample(const Tensor& pixels, double x0, double y0, double x1, double y1, int64_t height, int64_t width,
                Interpolation interpolation);

/// [H, W, C] as [C, H, W], and back.
Tensor to_planes(const Tensor& pixels);
Tensor to_pixels(const Tensor& planes);

}  // namespace hearth::io
