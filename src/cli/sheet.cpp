#include "cli/sheet.h"

#include <algorithm>

#include "hearth/io/image.h"
#include "hearth/ops.h"
#include "report/canvas.h"

namespace hearth::cli {

namespace {

constexpr int64_t kGap = 4, kTitle = 16;  // pixels

}  // namespace

Tensor contact_sheet(const std::vector<SheetRow>& rows, int64_t side) {
  size_t columns = 1;
  int64_t wide = 0;
  for (const SheetRow& r : rows) {
    columns = std::max(columns, r.pictures.size());
    wide = std::max<int64_t>(wide, report::Canvas::text_width(r.title) + kGap);
  }
  wide = std::max(wide, static_cast<int64_t>(columns) * (side + kGap));
  const int64_t tall = static_cast<int64_t>(rows.size()) * (side + kGap + kTitle);
  report::Canvas canvas(static_cast<int>(wide + kGap), static_cast<int>(std::max<int64_t>(tall, 1) + kGap));
  const Tensor sheet = canvas.image();
  int64_t y = kGap;
  for (const SheetRow& r : rows) {
    canvas.text(kGap, static_cast<double>(y), r.title, {0, 0, 0});
    y += kTitle;
    int64_t x = kGap;
    for (const Tensor& picture : r.pictures) {  // as large as fits, in the middle of its square
      const int64_t longer = std::max(picture.size(1), picture.size(2));
      const int64_t height = std::max<int64_t>(picture.size(1) * side / longer, 1);
      const int64_t width = std::max<int64_t>(picture.size(2) * side / longer, 1);
      const Tensor small = io::resize_image(picture, height, width);
      sheet.narrow(1, y + (side - height) / 2, height).narrow(2, x + (side - width) / 2, width).copy_(small);
      x += side + kGap;
    }
    y += side + kGap;
  }
  return sheet;
}

}  // namespace hearth::cli
