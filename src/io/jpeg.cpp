// JPEG by libjpeg-turbo.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// Each of these wants the one before it.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>

#include "hearth/ops.h"
#include "io/image.h"

namespace hearth::io {

namespace {

constexpr int kMostScans = 200;              // a progressive file may ask for any number of passes over all its pixels
constexpr int64_t kMostBytesPerByte = 2048;  // a block of 64 pixels takes at least a bit

/// libjpeg calls this instead of exit() and of printing. What lies between a throw and its catch has no destructors:
/// guarded() calls C functions alone.
struct Errors {
  jpeg_error_mgr manager{};
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX] = "";
};

extern "C" {
static void hearth_jpeg_error(j_common_ptr info) {
  auto* errors = reinterpret_cast<Errors*>(info->err);
  info->err->format_message(info, errors->text);
  std::longjmp(errors->back, 1);
}
static void hearth_jpeg_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {  // data that is not what was written
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: hearth_jpeg_error(info);
    default: return;  // stray bytes between markers, odd versions: everybody reads these
  }
}
static void hearth_jpeg_output(j_common_ptr) {}
static void hearth_jpeg_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) {
    auto* errors = reinterpret_cast<Errors*>(info->err);
    std::snprintf(errors->text, sizeof errors->text, "more than %d scans", kMostScans);
    std::longjmp(errors->back, 1);
  }
}
}

jpeg_error_mgr* quiet(Errors& errors) {
  jpeg_error_mgr* const manager = jpeg_std_error(&errors.manager);
  manager->error_exit = hearth_jpeg_error;
  manager->emit_message = hearth_jpeg_message;
  manager->output_message = hearth_jpeg_output;
  return manager;
}

/// Runs f, in which C functions may fail; false where one did. f must own nothing.
template <class F>
[[gnu::noinline]] bool guarded(std::jmp_buf& back, const F& f) {
  if (setjmp(back) != 0) return false;
  f();
  return true;
}

class Reader {
 public:
  explicit Reader(const Bytes& bytes) : bytes_(bytes) {
    info_.err = quiet(errors_);
    try {
      open();
    } catch (...) {  // no destructor runs for what was not made
      close();
      throw;
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { close(); }

  void open() {
    run([&] {
      jpeg_create_decompress(&info_);
      created_ = true;
      info_.progress = &progress_;
      progress_.progress_monitor = hearth_jpeg_progress;
      jpeg_mem_src(&info_, bytes_.data, bytes_.size);
      jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xffff);
      jpeg_read_header(&info_, TRUE);
    });
  }
  void close() noexcept {
    if (created_) jpeg_destroy_decompress(&info_);
  }

  int64_t height() const { return info_.image_height; }
  int64_t width() const { return info_.image_width; }
  int64_t channels() const { return info_.num_components == 1 ? 1 : 3; }
  /// 1 to 8 as EXIF counts; 1 where the file does not say.
  int orientation() const;

  void set_scale(int64_t divisor) {
    info_.scale_num = 1;
    info_.scale_denom = static_cast<unsigned>(divisor);
  }

  void start() {
    const bool inks = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    if (inks)
      info_.out_color_space = JCS_CMYK;
    else
      info_.out_color_space = channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    run([&] { jpeg_start_decompress(&info_); });
  }
  int64_t out_height() const { return info_.output_height; }
  int64_t out_width() const { return info_.output_width; }

  /// All rows.
  Tensor all() {
    Tensor out = empty({out_height(), out_width(), info_.output_components}, kByte);
    read_rows(out, 0);
    run([&] { jpeg_finish_decompress(&info_); });
    return finish(std::move(out));
  }

  /// The columns from x on, at least `width` of them, and the rows from y to y + height. x becomes where they begin.
  /// With a margin of one block on either side, pixels are those of the whole picture: what is interpolated at the
  /// edges is left out.
  Tensor part(int64_t& x, int64_t y, int64_t width, int64_t height) {
    const int64_t block = int64_t{info_.max_h_samp_factor} * info_.min_DCT_scaled_size;
    const int64_t begin = std::max<int64_t>(x - block, 0), end = std::min(x + width + block, out_width());
    auto at = static_cast<JDIMENSION>(begin), wide = static_cast<JDIMENSION>(end - begin);
    run([&] {
      if (wide < info_.output_width) jpeg_crop_scanline(&info_, &at, &wide);
      if (y > 0) jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(y));
    });
    Tensor out = empty({height, wide, info_.output_components}, kByte);
    read_rows(out, y);
    run([&] { jpeg_abort_decompress(&info_); });
    x = at;
    return finish(std::move(out));
  }

 private:
  template <class F>
  void run(const F& f) {
    if (guarded(errors_.back, f)) return;
    const size_t left = created_ && info_.src ? info_.src->bytes_in_buffer : bytes_.size;
    damaged("jpeg", bytes_.name, bytes_.size - std::min(left, bytes_.size), "{}", errors_.text);
  }
  void read_rows(Tensor& out, int64_t first) {
    uint8_t* const to = out.data_ptr<uint8_t>();
    const int64_t stride = out.size(1) * out.size(2), last = first + out.size(0);
    run([&] {
      while (info_.output_scanline < last) {
        JSAMPROW rows[8];
        const auto begin = static_cast<int64_t>(info_.output_scanline);
        const auto n = std::min<int64_t>(8, last - begin);
        for (int64_t i = 0; i < n; ++i) rows[i] = to + (begin - first + i) * stride;
        jpeg_read_scanlines(&info_, rows, static_cast<JDIMENSION>(n));
      }
    });
  }
  /// Inks as colours, the way Pillow does it.
  Tensor finish(Tensor pixels) const {
    if (info_.output_components != 4) return pixels;
    Tensor out = empty({pixels.size(0), pixels.size(1), 3}, kByte);
    const uint8_t* const from = pixels.data_ptr<uint8_t>();
    uint8_t* const to = out.data_ptr<uint8_t>();
    const auto ink = [&](int64_t i) { return info_.saw_Adobe_marker ? 255 - from[i] : int{from[i]}; };  // inverted
    for (int64_t i = 0, n = out.size(0) * out.size(1); i < n; ++i) {
      const int paper = 255 - ink(4 * i + 3);
      for (int64_t c = 0; c < 3; ++c) {
        const int product = ink(4 * i + c) * paper + 128;
        to[3 * i + c] = static_cast<uint8_t>(std::clamp(paper - (((product >> 8) + product) >> 8), 0, 255));
      }
    }
    return out;
  }

  const Bytes& bytes_;
  jpeg_decompress_struct info_{};
  jpeg_progress_mgr progress_{};
  Errors errors_;
  bool created_ = false;
};

/// The tag 0x0112 of the first directory in an EXIF marker. https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf
int Reader::orientation() const {
  for (const jpeg_marker_struct* m = info_.marker_list; m != nullptr; m = m->next) {
    if (m->marker != JPEG_APP0 + 1 || m->data_length < 14 || std::memcmp(m->data, "Exif\0\0", 6) != 0) continue;
    const uint8_t* const tiff = m->data + 6;
    const size_t size = m->data_length - 6;
    const bool big = tiff[0] == 'M';
    const auto number = [&](size_t at, size_t bytes) {
      size_t value = 0;
      for (size_t i = 0; i < bytes; ++i) value |= size_t{tiff[at + i]} << 8 * (big ? bytes - 1 - i : i);
      return value;
    };
    const size_t directory = number(4, 4);
    if (directory > size - 2) return 1;
    const size_t entries = number(directory, 2);
    for (size_t i = 0, at = directory + 2; i < entries && at + 12 <= size; ++i, at += 12)
      if (number(at, 2) == 0x0112) {
        const size_t value = number(at + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
      }
  }
  return 1;
}

Tensor turn(const Tensor& pixels, int orientation) {  // [H, W, C]
  Tensor t = pixels;
  if (orientation >= 5) t = t.transpose(0, 1);
  const bool across = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  if (across) t = t.flip({1});
  if (down) t = t.flip({0});
  return t.contiguous();
}

/// The largest of 8, 4, 2, 1 that leaves both sides at least these sizes.
int64_t divisor_for(int64_t height, int64_t width, int64_t least_height, int64_t least_width) {
  int64_t d = 8;
  while (d > 1 && (height / d < least_height || width / d < least_width)) d /= 2;
  return d;
}

}  // namespace

ImageInfo jpeg_info(const Bytes& bytes) {
  const Reader r(bytes);
  return {"jpeg", r.height(), r.width(), r.channels()};
}

Decoded decode_jpeg(const Bytes& bytes, const ImageOptions& options, const ChooseCrop* choose) {
  Reader r(bytes);
  check_size("jpeg", bytes, r.height(), r.width(), r.channels(), options, kMostBytesPerByte);
  if (choose != nullptr && !options.exif_orientation) {
    const Crop crop = (*choose)(r.height(), r.width());
    // With at least twice the pixels that are wanted, the resizing to come hides how the smaller picture was made.
    const int64_t d = divisor_for(crop.height, crop.width, 2 * crop.out_height, 2 * crop.out_width);
    r.set_scale(d);
    r.start();
    const double scale = 1 / static_cast<double>(d);  // the last row and column may stand for fewer pixels
    const double y0 = static_cast<double>(crop.y) * scale, y1 = static_cast<double>(crop.y + crop.height) * scale;
    const double x0 = static_cast<double>(crop.x) * scale, x1 = static_cast<double>(crop.x + crop.width) * scale;
    const auto top = static_cast<int64_t>(y0);
    const auto bottom = std::min(static_cast<int64_t>(std::ceil(y1)), r.out_height());
    auto left = static_cast<int64_t>(x0);
    const auto right = std::min(static_cast<int64_t>(std::ceil(x1)), r.out_width());
    Decoded out;
    out.pixels = r.part(left, top, right - left, bottom - top);
    out.x0 = x0 - static_cast<double>(left);
    out.x1 = x1 - static_cast<double>(left);
    out.y0 = y0 - static_cast<double>(top);
    out.y1 = y1 - static_cast<double>(top);
    return out;
  }
  if (options.min_size > 0) r.set_scale(divisor_for(r.height(), r.width(), options.min_size, options.min_size));
  r.start();
  const int orientation = options.exif_orientation ? r.orientation() : 1;
  Decoded out;
  out.pixels = r.all();
  if (orientation > 1) out.pixels = turn(out.pixels, orientation);
  if (choose == nullptr) return out;
  const Crop crop = (*choose)(out.pixels.size(0), out.pixels.size(1));
  out.x0 = static_cast<double>(crop.x);
  out.y0 = static_cast<double>(crop.y);
  out.x1 = static_cast<double>(crop.x + crop.width);
  out.y1 = static_cast<double>(crop.y + crop.height);
  return out;
}

std::string encode_jpeg(const Tensor& pixels, int quality) {  // [H, W, C]
  struct Writer {
    Errors errors;
    jpeg_compress_struct info{};
    unsigned char* data = nullptr;
    unsigned long size = 0;  // NOLINT: libjpeg's type
    ~Writer() {
      jpeg_destroy_compress(&info);
      std::free(data);
    }
  } w;
  w.info.err = quiet(w.errors);
  const auto channels = static_cast<int>(pixels.size(2));
  uint8_t* const from = pixels.data_ptr<uint8_t>();
  const int64_t stride = pixels.size(1) * pixels.size(2);
  const bool good = guarded(w.errors.back, [&] {
    jpeg_create_compress(&w.info);
    jpeg_mem_dest(&w.info, &w.data, &w.size);
    w.info.image_height = static_cast<JDIMENSION>(pixels.size(0));
    w.info.image_width = static_cast<JDIMENSION>(pixels.size(1));
    w.info.input_components = channels;
    w.info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&w.info);
    jpeg_set_quality(&w.info, quality, TRUE);
    jpeg_start_compress(&w.info, TRUE);
    while (w.info.next_scanline < w.info.image_height) {
      JSAMPROW row = from + static_cast<int64_t>(w.info.next_scanline) * stride;
      jpeg_write_scanlines(&w.info, &row, 1);
    }
    jpeg_finish_compress(&w.info);
  });
  if (!good) fail("[write_jpeg] {}", w.errors.text);
  return {reinterpret_cast<const char*>(w.data), w.size};
}

}  // namespace hearth::io
