// Loops over pixels.
#include "hearth/ops.h"
#include "io/image.h"

namespace hearth::io {

namespace {

template <class T>
void split(const T* from, int64_t n, int64_t channels, T* to) {
  if (channels == 3) {
    for (int64_t i = 0; i < n; ++i) {
      to[i] = from[3 * i];
      to[n + i] = from[3 * i + 1];
      to[2 * n + i] = from[3 * i + 2];
    }
    return;
  }
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < n; ++i) to[c * n + i] = from[channels * i + c];
}
template <class T>
void join(const T* from, int64_t n, int64_t channels, T* to) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < n; ++i) to[channels * i + c] = from[c * n + i];
}

}  // namespace

Tensor to_planes(const Tensor& pixels) {
  const int64_t n = pixels.size(0) * pixels.size(1), channels = pixels.size(2);
  Tensor out = empty({channels, pixels.size(0), pixels.size(1)}, pixels.scalar_type());
  if (pixels.scalar_type() == kByte)
    split(pixels.data_ptr<uint8_t>(), n, channels, out.data_ptr<uint8_t>());
  else
    split(pixels.data_ptr<float>(), n, channels, out.data_ptr<float>());
  return out;
}

Tensor to_pixels(const Tensor& planes) {
  const Tensor image = planes.contiguous();
  const int64_t channels = image.size(0), n = image.size(1) * image.size(2);
  Tensor out = empty({image.size(1), image.size(2), channels}, image.scalar_type());
  if (image.scalar_type() == kByte)
    join(image.data_ptr<uint8_t>(), n, channels, out.data_ptr<uint8_t>());
  else
    join(image.data_ptr<float>(), n, channels, out.data_ptr<float>());
  return out;
}

}  // namespace hearth::io
