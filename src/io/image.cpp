#include "io/image.h"

#include <algorithm>

#include "base/files.h"
#include "hearth/ops.h"

namespace hearth::io {

namespace {

enum class Format : uint8_t { kJpeg, kPng, kBmp, kPnm };

Format format_of(const Bytes& b) {
  if (b.begins_with("\xff\xd8\xff")) return Format::kJpeg;
  if (b.begins_with("\x89PNG")) return Format::kPng;
  if (b.begins_with("BM")) return Format::kBmp;
  for (const char* magic : {"P2", "P3", "P5", "P6"})
    if (b.begins_with(magic)) return Format::kPnm;
  damaged("image", b.name, 0, "it begins like no JPEG, PNG, BMP, PGM or PPM{}",
          b.begins_with("GIF8") || b.begins_with("RIFF") || b.begins_with("II*") ? " (GIF, WebP and TIFF are not read)"
                                                                                 : "");
}

/// In the mode that is asked for; [H, W, C].
Tensor in_mode(const Tensor& pixels, ImageOptions::Mode mode) {
  using Mode = ImageOptions::Mode;
  const int64_t channels = pixels.size(2), wanted = mode == Mode::kGray ? 1 : mode == Mode::kRgb ? 3 : channels;
  if (wanted == channels) return pixels;
  Tensor out = empty({pixels.size(0), pixels.size(1), wanted}, kByte);
  const uint8_t* from = pixels.data_ptr<uint8_t>();
  uint8_t* to = out.data_ptr<uint8_t>();
  for (int64_t i = 0, n = out.size(0) * out.size(1); i < n; ++i, from += channels, to += wanted) {
    if (wanted == 3) {
      for (int64_t c = 0; c < 3; ++c) to[c] = from[channels < 3 ? 0 : c];
    } else {  // as Pillow does it
      to[0] = channels < 3 ? from[0]
                           : static_cast<uint8_t>((from[0] * 19595 + from[1] * 38470 + from[2] * 7471 + 0x8000) >> 16);
    }
  }
  return out;
}

/// [C, H, W] or [H, W] as [H, W, C], checked.
Tensor writable(const char* op, const Tensor& image, int64_t most) {
  const Tensor t = image.dim() == 2 ? image.unsqueeze(0) : image;
  if (t.scalar_type() != kByte)
    throw DtypeError(fmt::format("[{}] the image is {}; make it Byte, from 0 to 255", op, t.scalar_type()),
                     t.scalar_type(), kByte);
  const bool channels = t.dim() == 3 && t.size(0) >= 1 && t.size(0) <= most && t.size(0) != (most == 3 ? 2 : 0);
  if (!channels || t.size(1) < 1 || t.size(2) < 1 || t.size(1) > 65500 || t.size(2) > 65500)
    throw ShapeError(fmt::format("[{}] the image is {} where [C, H, W] with C of {} and sides up to 65500 is wanted",
                                 op, shape_text(image.sizes()), most == 3 ? "1 or 3" : "1 to 4"),
                     image.sizes().vec());
  return to_pixels(t);
}

}  // namespace

void check_size(const char* format, const Bytes& bytes, int64_t height, int64_t width, int64_t channels,
                const ImageOptions& options, int64_t most) {
  if (height < 1 || width < 1) damaged(format, bytes.name, 0, "a picture of {} x {} pixels", width, height);
  int64_t pixels = 0;  // sides are below 2^32
  if (__builtin_mul_overflow(height, width, &pixels) || pixels > options.max_pixels)
    damaged(format, bytes.name, 0, "{} x {} pixels are more than {} (ImageOptions::max_pixels)", width, height,
            options.max_pixels);
  const auto can = static_cast<int64_t>(std::min<uint64_t>(bytes.size, uint64_t{1} << 40)) * most;
  if (pixels * channels > can)
    damaged(format, bytes.name, bytes.size, "{} bytes can't hold {} x {} pixels; it is cut short", bytes.size, width,
            height);
}

Decoded decode_part(const EncodedImage& image, const ImageOptions& options, const ChooseCrop* choose) {
  const Bytes bytes(image.data, image.size, image.name);
  Decoded out;
  switch (format_of(bytes)) {
    case Format::kJpeg:
      out = decode_jpeg(bytes, options, choose);
      out.pixels = in_mode(out.pixels, options.mode);
      return out;
    case Format::kPng: out.pixels = decode_png(bytes, options); break;
    case Format::kBmp: out.pixels = decode_bmp(bytes, options); break;
    case Format::kPnm: out.pixels = decode_pnm(bytes, options); break;
  }
  out.pixels = in_mode(out.pixels, options.mode);
  if (choose != nullptr) {
    const Crop crop = (*choose)(out.pixels.size(0), out.pixels.size(1));
    out.x0 = static_cast<double>(crop.x);
    out.y0 = static_cast<double>(crop.y);
    out.x1 = static_cast<double>(crop.x + crop.width);
    out.y1 = static_cast<double>(crop.y + crop.height);
  }
  return out;
}

Tensor decode_image(const EncodedImage& image, const ImageOptions& options) {
  return to_planes(decode_part(image, options, nullptr).pixels);
}

Tensor read_image(const std::string& path, const ImageOptions& options) {
  const std::vector<uint8_t> bytes = read_file(path, kNoLimit, "read_image");
  return decode_image({bytes.data(), bytes.size(), path}, options);
}

ImageInfo image_info(const EncodedImage& image) {
  const Bytes bytes(image.data, image.size, image.name);
  switch (format_of(bytes)) {
    case Format::kJpeg: return jpeg_info(bytes);
    case Format::kPng: return png_info(bytes);
    case Format::kBmp: return bmp_info(bytes);
    case Format::kPnm: break;
  }
  return pnm_info(bytes);
}

bool has_image_ending(const std::string& path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string::npos || path.size() - dot > 5) return false;
  std::string ending = path.substr(dot);
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  constexpr const char* kEndings[] = {".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".pnm"};
  return std::find(std::begin(kEndings), std::end(kEndings), ending) != std::end(kEndings);
}

Tensor resize_image(const Tensor& image, int64_t height, int64_t width, Interpolation interpolation) {
  const ScalarType type = image.scalar_type();
  if (type != kByte && type != kFloat)
    throw DtypeError(fmt::format("[resize_image] the image is {}; make it Byte or Float", type), type, kByte);
  const int64_t dims = image.dim();
  if (dims < 3 || dims > 4 || image.numel() == 0)
    throw ShapeError(fmt::format("[resize_image] the image is {} where [C, H, W] or [N, C, H, W] with pixels is wanted",
                                 shape_text(image.sizes())),
                     image.sizes().vec());
  if (height < 1 || width < 1 || height > INT32_MAX / 64 || width > INT32_MAX / 64)
    fail("[resize_image] {} x {} is no size for a picture", height, width);
  if (dims == 4) {
    std::vector<Tensor> all;
    for (int64_t i = 0; i < image.size(0); ++i) all.push_back(resize_image(image[i], height, width, interpolation));
    return stack(all);
  }
  if (image.size(1) == height && image.size(2) == width) return image.clone();
  const auto resized = [&](const Tensor& part) {
    return to_planes(resample(to_pixels(part), 0, 0, static_cast<double>(image.size(2)),
                              static_cast<double>(image.size(1)), height, width, interpolation));
  };
  if (image.size(0) == 1 || image.size(0) == 3 || image.size(0) == 4) return resized(image);
  std::vector<Tensor> planes;
  for (int64_t c = 0; c < image.size(0); ++c) planes.push_back(resized(image.narrow(0, c, 1)));
  return cat(planes);
}

std::string to_png(const Tensor& image) { return encode_png(writable("write_png", image, 4)); }
std::string to_jpeg(const Tensor& image, int quality) {
  if (quality < 1 || quality > 100) fail("[write_jpeg] quality {} is not between 1 and 100", quality);
  return encode_jpeg(writable("write_jpeg", image, 3), quality);
}
void write_png(const Tensor& image, const std::string& path) {
  const std::string bytes = to_png(image);
  write_file(path, bytes.data(), bytes.size(), "write_png");
}
void write_jpeg(const Tensor& image, const std::string& path, int quality) {
  const std::string bytes = to_jpeg(image, quality);
  write_file(path, bytes.data(), bytes.size(), "write_jpeg");
}

}  // namespace hearth::io
