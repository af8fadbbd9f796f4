// PNG by libpng.
#include <png.h>

#include <csetjmp>
#include <cstring>

#include "hearth/ops.h"
#include "io/image.h"

namespace hearth::io {

namespace {

constexpr int64_t kMostBytesPerByte = 1032;  // of deflate

struct Source {
  const Bytes& bytes;
  size_t at = 0;
  std::jmp_buf back;
  char text[128] = "";
};

extern "C" {
[[noreturn]] static void hearth_png_error(png_structp png, png_const_charp text) {
  auto* source = static_cast<Source*>(png_get_error_ptr(png));
  std::strncpy(source->text, text, sizeof source->text - 1);
  std::longjmp(source->back, 1);
}
static void hearth_png_warning(png_structp, png_const_charp) {}
static void hearth_png_read(png_structp png, png_bytep to, size_t size) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (size > source->bytes.size - source->at) {
    source->at = source->bytes.size;
    png_error(png, "the file ends too early");
  }
  std::memcpy(to, source->bytes.data + source->at, size);
  source->at += size;
}
}

class Reader {
 public:
  explicit Reader(const Bytes& bytes) : source_{bytes, 0, {}, ""} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, hearth_png_error, hearth_png_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw OutOfMemoryError("[png] no memory for libpng", 1 << 16, 0);
    }
    try {
      run([&] {
        png_set_user_limits(png_, 0x7fffffff, 0x7fffffff);  // check_size has ours
        png_set_chunk_malloc_max(png_, 8 << 20);
        png_set_chunk_cache_max(png_, 128);
        png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
        png_set_read_fn(png_, &source_, hearth_png_read);
        png_read_info(png_, info_);
      });
    } catch (...) {
      png_destroy_read_struct(&png_, &info_, nullptr);
      throw;
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  int64_t height() const { return png_get_image_height(png_, info_); }
  int64_t width() const { return png_get_image_width(png_, info_); }
  int64_t channels() const {  // after palettes and transparent colours are resolved
    const int type = png_get_color_type(png_, info_);
    const bool colour = (type & PNG_COLOR_MASK_COLOR) != 0;
    const bool alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
    return (colour ? 3 : 1) + (alpha ? 1 : 0);
  }

  Tensor pixels() {
    int passes = 1;
    size_t row_bytes = 0;
    run([&] {
      png_set_expand(png_);    // palettes, few bits, transparent colours
      png_set_strip_16(png_);  // the upper half, as Pillow does for colours
      passes = png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
      row_bytes = png_get_rowbytes(png_, info_);
    });
    Tensor out = empty({height(), width(), channels()}, kByte);
    uint8_t* const to = out.data_ptr<uint8_t>();
    const auto stride = static_cast<size_t>(out.size(1) * out.size(2));
    if (row_bytes != stride)
      damaged("png", source_.bytes.name, source_.at, "rows of {} bytes where {} are expected", row_bytes, stride);
    const auto rows = static_cast<size_t>(out.size(0));
    if (passes > 1) std::memset(to, 0, rows * stride);
    run([&] {
      for (int p = 0; p < passes; ++p)
        for (size_t y = 0; y < rows; ++y) png_read_row(png_, to + y * stride, nullptr);
      png_read_end(png_, nullptr);
    });
    return out;
  }

 private:
  template <class F>
  void run(const F& f) {  // f must own nothing
    if (!guarded(f)) damaged("png", source_.bytes.name, source_.at, "{}", source_.text);
  }
  template <class F>
  [[gnu::noinline]] bool guarded(const F& f) {
    if (setjmp(source_.back) != 0) return false;
    f();
    return true;
  }

  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

ImageInfo png_info(const Bytes& bytes) {
  const Reader r(bytes);
  return {"png", r.height(), r.width(), r.channels()};
}

Tensor decode_png(const Bytes& bytes, const ImageOptions& options) {
  Reader r(bytes);
  check_size("png", bytes, r.height(), r.width(), r.channels(), options, kMostBytesPerByte * 8);  // from a bit a pixel
  return r.pixels();
}

std::string encode_png(const Tensor& pixels) {  // [H, W, C]
  static constexpr png_uint_32 kFormats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = static_cast<png_uint_32>(pixels.size(0));
  image.width = static_cast<png_uint_32>(pixels.size(1));
  image.format = kFormats[pixels.size(2) - 1];
  std::string out(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = out.size();
  if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.data_ptr<uint8_t>(), 0, nullptr) == 0)
    fail("[write_png] {}", image.message);
  out.resize(size);
  return out;
}

}  // namespace hearth::io
