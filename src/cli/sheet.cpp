#include "cli/sheet.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "hearth/io/image.h"
#include "hearth/ops.h"

namespace hearth::cli {

namespace {

constexpr int64_t kGap = 4, kTitle = 16, kDot = 2;  // pixels

/// Letters of 3 x 5 dots: five octal digits, one a row.
struct Glyph {
  char letter;
  std::array<char, 6> rows;
};
constexpr Glyph kFont[] = {{'A', {"25755"}}, {'B', {"65656"}}, {'C', {"34443"}}, {'D', {"65556"}}, {'E', {"74647"}},
                           {'F', {"74644"}}, {'G', {"34553"}}, {'H', {"55755"}}, {'I', {"72227"}}, {'J', {"11152"}},
                           {'K', {"55655"}}, {'L', {"44447"}}, {'M', {"57755"}}, {'N', {"65555"}}, {'O', {"25552"}},
                           {'P', {"65644"}}, {'Q', {"25563"}}, {'R', {"65655"}}, {'S', {"34216"}}, {'T', {"72222"}},
                           {'U', {"55557"}}, {'V', {"55552"}}, {'W', {"55775"}}, {'X', {"55255"}}, {'Y', {"55222"}},
                           {'Z', {"71247"}}, {'0', {"75557"}}, {'1', {"26227"}}, {'2', {"61247"}}, {'3', {"61216"}},
                           {'4', {"55711"}}, {'5', {"74616"}}, {'6', {"34757"}}, {'7', {"71122"}}, {'8', {"75757"}},
                           {'9', {"75716"}}, {'-', {"00700"}}, {'_', {"00007"}}, {'.', {"00002"}}, {'/', {"11244"}},
                           {'(', {"12221"}}, {')', {"42224"}}, {' ', {"00000"}}, {'?', {"61202"}}};

void write_text(const Tensor& sheet, int64_t x, int64_t y, const std::string& text) {
  uint8_t* const data = sheet.data_ptr<uint8_t>();
  const int64_t height = sheet.size(1), width = sheet.size(2);
  for (const char c : text) {
    const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto* glyph =
        std::find_if(std::begin(kFont), std::end(kFont), [&](const Glyph& g) { return g.letter == upper; });
    if (glyph == std::end(kFont)) --glyph;  // the question mark
    for (int64_t row = 0; row < 5 * kDot; ++row)
      for (int64_t column = 0; column < 3 * kDot; ++column) {
        const int bits = glyph->rows[static_cast<size_t>(row / kDot)] - '0';
        if ((bits >> (2 - column / kDot) & 1) == 0 || x + column >= width || y + row >= height) continue;
        for (int64_t plane = 0; plane < 3; ++plane) data[(plane * height + y + row) * width + x + column] = 0;
      }
    x += 4 * kDot;
  }
}

}  // namespace

Tensor contact_sheet(const std::vector<SheetRow>& rows, int64_t side) {
  size_t columns = 1, letters = 1;
  for (const SheetRow& r : rows) {
    columns = std::max(columns, r.pictures.size());
    letters = std::max(letters, r.title.size());
  }
  const int64_t wide =
      std::max(static_cast<int64_t>(columns) * (side + kGap), static_cast<int64_t>(letters) * 4 * kDot);
  const int64_t tall = static_cast<int64_t>(rows.size()) * (side + kGap + kTitle);
  Tensor sheet = full({3, std::max<int64_t>(tall, 1) + kGap, wide + kGap}, 255, kByte);
  int64_t y = kGap;
  for (const SheetRow& r : rows) {
    write_text(sheet, kGap, y, r.title);
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
