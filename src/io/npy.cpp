// NumPy's .npy: a magic word, a Python dictionary, the array; and .npz, a zip of them.
#include "io/npy.h"

#include <algorithm>
#include <cctype>

#include "hearth/ops.h"
#include "io/zip.h"

namespace hearth::io {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr size_t kAlign = 64, kMostDims = 64;

struct DtypeName {
  const char* name;  // without the byte order
  ScalarType type;
};
constexpr DtypeName kDtypes[] = {{"f4", kFloat}, {"f8", kDouble}, {"f2", kHalf}, {"i8", kLong},   {"i4", kInt},
                                 {"i2", kShort}, {"i1", kChar},   {"u1", kByte}, {"u2", kUInt16}, {"b1", kBool}};

/// What the header says.
struct Header {
  ScalarType type = ScalarType::Undefined;
  bool swapped = false, fortran = false;
  std::vector<int64_t> shape;
};

/// Reads the dictionary, which is a Python literal of three entries.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& name, uint64_t begin)
      : text_(text), name_(name), begin_(begin) {}
  Header read();

 private:
  template <class... Args>
  [[noreturn]] void fail_here(fmt::format_string<Args...> what, Args&&... args) const {
    damaged("npy", name_, begin_ + at_, "{}", fmt::vformat(what, fmt::make_format_args(args...)));
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(std::string_view word) {
    skip_space();
    const bool there = text_.substr(at_, word.size()) == word;
    if (there) at_ += word.size();
    return there;
  }
  void expect(std::string_view word) {
    if (!accept(word)) fail_here("the header should have \"{}\" here", word);
  }
  std::string quoted();
  void read_type(Header& header);
  void read_shape(Header& header);

  std::string_view text_;
  const std::string& name_;
  uint64_t begin_;
  size_t at_ = 0;
};

std::string HeaderReader::quoted() {
  skip_space();
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  const size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
  if (end == std::string_view::npos)
    fail_here("a quoted word should stand here; structured arrays and objects are not read");
  std::string word(text_.substr(at_ + 1, end - at_ - 1));
  at_ = end + 1;
  return word;
}

void HeaderReader::read_type(Header& header) {
  const std::string word = quoted();
  for (const DtypeName& d : kDtypes)
    if (word.size() == 3 && word.substr(1) == d.name) header.type = d.type;
  const bool one_byte = header.type != ScalarType::Undefined && elementSize(header.type) == 1;
  if (header.type == ScalarType::Undefined || (word[0] != '<' && word[0] != '>' && !(one_byte && word[0] == '|')))
    fail_here("the array's dtype is \"{}\", which hearth does not have; save it with another, as by astype", word);
  header.swapped = word[0] == '>' && !one_byte;
}

void HeaderReader::read_shape(Header& header) {
  expect("(");
  while (!accept(")")) {
    skip_space();
    uint64_t size = 0;
    const size_t first = at_;
    for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0; ++at_) {
      size = size * 10 + static_cast<uint64_t>(text_[at_] - '0');
      if (size > (uint64_t{1} << 60)) fail_here("a size is larger than a file can hold");
    }
    if (at_ == first || header.shape.size() == kMostDims) fail_here("the array's shape is none");
    header.shape.push_back(static_cast<int64_t>(size));
    if (!accept(",")) {
      expect(")");
      break;
    }
  }
}

Header HeaderReader::read() {
  Header header;
  unsigned seen = 0;
  expect("{");
  while (!accept("}")) {
    const std::string key = quoted();
    const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
    if (bit == 0 || (seen & bit) != 0) fail_here("the header has an entry \"{}\" too many", key);
    seen |= bit;
    expect(":");
    if (bit == 1) {
      read_type(header);
    } else if (bit == 4) {
      read_shape(header);
    } else if (accept("True")) {
      header.fortran = true;
    } else {
      expect("False");
    }
    if (!accept(",")) {
      expect("}");
      break;
    }
  }
  skip_space();
  if (seen != 7 || at_ != text_.size()) fail_here("the header should be descr, fortran_order and shape alone");
  return header;
}

void swap_bytes(const Tensor& t) {
  auto* bytes = static_cast<uint8_t*>(t.data_ptr());
  const size_t wide = t.itemsize();
  for (size_t i = 0; i < t.nbytes(); i += wide) std::reverse(bytes + i, bytes + i + wide);
}

const char* name_of(ScalarType type) {
  for (const DtypeName& d : kDtypes)
    if (d.type == type) return d.name;
  fail<DtypeError>("[save_npy] NumPy has no {}; convert the tensor, as with to(kFloat)", type);
}

/// Whether the array lies in memory with its first dimension fastest, and its bytes can be written as they are.
bool is_fortran(const Tensor& t) {
  if (t.is_contiguous() || t.dim() < 2) return false;
  std::vector<int64_t> order(static_cast<size_t>(t.dim()));
  for (size_t i = 0; i < order.size(); ++i) order[i] = t.dim() - 1 - static_cast<int64_t>(i);
  return t.permute(order).is_contiguous();
}

/// Calls put(data, size) with the header, then the array.
void write_npy(const Tensor& value, const Sink& put) {
  if (!value.defined()) fail<TypeError>("[save_npy] an undefined tensor can't be saved");
  const char* type = name_of(value.scalar_type());
  const bool fortran = is_fortran(value);
  const Tensor t = fortran ? value.detach() : value.detach().contiguous();
  std::string shape;
  for (const int64_t n : t.sizes()) shape += fmt::format("{},{}", n, t.dim() > 1 ? " " : "");
  if (t.dim() > 1) shape.resize(shape.size() - 2);
  std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': {}, 'shape': ({}), }}",
                                   t.itemsize() == 1 ? '|' : '<', type, fortran ? "True" : "False", shape);
  header.append(kAlign - 1 - (kMagic.size() + 4 + header.size()) % kAlign, ' ');
  header += '\n';
  std::string start(kMagic);
  start += std::string_view("\x01\x00", 2);
  append_le(start, static_cast<uint16_t>(header.size()));
  start += header;
  put(start.data(), start.size());
  put(t.data_ptr(), t.nbytes());
}

nn::StateDict read_npz(const Bytes& bytes, const std::shared_ptr<MappedFile>& keep, int64_t max_bytes) {
  const ZipReader zip(bytes, "npz");
  nn::StateDict out;
  uint64_t left = static_cast<uint64_t>(std::max<int64_t>(max_bytes, 0));
  for (const ZipEntry& entry : zip.entries()) {
    if (!entry.name.ends_with(".npy"))
      damaged("npz", bytes.name, entry.begin, "member \"{}\" is no .npy array", entry.name);
    if (entry.deflated && entry.size > left)
      damaged("npz", bytes.name, entry.begin, "member \"{}\" unpacks to {} bytes, but at most {} are allowed",
              entry.name, entry.size, left);
    if (entry.deflated) left -= entry.size;
    std::string room;
    const std::string_view content = zip.read(entry, room);
    const Bytes part(reinterpret_cast<const uint8_t*>(content.data()), content.size(),
                     fmt::format("{} ({})", bytes.name, entry.name));
    out.insert(entry.name.substr(0, entry.name.size() - 4),
               read_npy(part, entry.deflated ? 0 : entry.begin, entry.deflated ? nullptr : keep));
  }
  return out;
}

void write_npz(const nn::StateDict& arrays, bool compressed, const Sink& sink) {
  ZipWriter zip(sink);
  for (const auto& item : arrays) {
    const std::string array = to_npy(item.value()), name = item.key() + ".npy";
    compressed ? zip.add_deflated(name, array) : zip.add(name, array.data(), array.size(), kAlign);
  }
  zip.finish();
}

}  // namespace

Tensor tensor_on(const uint8_t* data, IntArrayRef sizes, ScalarType dtype, const std::shared_ptr<MappedFile>& keep) {
  if (keep && reinterpret_cast<uintptr_t>(data) % elementSize(dtype) == 0)
    return from_blob(
        const_cast<uint8_t*>(data), sizes, [keep](void*) {}, dtype);  // the mapping is private: writable
  Tensor t = empty(sizes, dtype);
  if (t.nbytes() > 0) std::memcpy(t.data_ptr(), data, t.nbytes());
  return t;
}

Tensor read_npy(const Bytes& bytes, uint64_t begin, const std::shared_ptr<MappedFile>& keep) {
  if (!bytes.begins_with(kMagic) || bytes.size < 12)
    damaged("npy", bytes.name, begin, "it does not begin as a .npy file does");
  const uint8_t major = bytes.data[6];
  if (major < 1 || major > 3) damaged("npy", bytes.name, begin + 6, "its version is {}; 1 to 3 are read", major);
  const uint64_t start = major == 1 ? 10 : 12;
  const uint64_t length = major == 1 ? load_le<uint16_t>(bytes.data + 8) : load_le<uint32_t>(bytes.data + 8);
  if (length > bytes.size - start)
    damaged("npy", bytes.name, begin + 8, "its header should be {} bytes, but {} follow", length, bytes.size - start);
  const Header header =
      HeaderReader({reinterpret_cast<const char*>(bytes.data + start), length}, bytes.name, begin + start).read();
  uint64_t wanted = elementSize(header.type);
  bool fits = true;
  for (const int64_t n : header.shape)
    fits = !__builtin_mul_overflow(wanted, static_cast<uint64_t>(n), &wanted) && fits;
  const uint8_t* data = bytes.data + start + length;
  if (!fits || wanted != bytes.size - start - length)
    damaged("npy", bytes.name, begin + start + length,
            "an array of shape {} and dtype {} should follow, but {} bytes do", shape_text(header.shape), header.type,
            bytes.size - start - length);
  if (header.type == kBool)
    for (uint64_t i = 0; i < wanted; ++i)
      if (data[i] > 1)
        damaged("npy", bytes.name, begin + start + length + i, "the array holds a bool that is neither 0 nor 1");
  std::vector<int64_t> sizes = header.shape;
  if (header.fortran) std::reverse(sizes.begin(), sizes.end());
  Tensor t = tensor_on(data, sizes, header.type, header.swapped ? nullptr : keep);
  if (header.swapped) swap_bytes(t);
  if (!header.fortran || sizes.size() < 2) return t;
  std::vector<int64_t> order(sizes.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(order.size() - 1 - i);
  return t.permute(order).detach();
}

Tensor load_npy(const std::string& path, bool map) {
  const auto file = std::make_shared<MappedFile>(path, "load_npy");
  return read_npy({file->data(), file->size(), path}, 0, map ? file : nullptr);
}
Tensor from_npy(const std::string& bytes, const std::string& name) { return read_npy({bytes, name}, 0, nullptr); }

void save_npy(const Tensor& value, const std::string& path) {
  AtomicWriter file(path, "save_npy");
  write_npy(value, [&](const void* data, size_t size) { file.write(data, size); });
  file.commit();
}
std::string to_npy(const Tensor& value) {
  std::string out;
  write_npy(value, [&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  return out;
}

nn::StateDict load_npz(const std::string& path, bool map, int64_t max_bytes) {
  const auto file = std::make_shared<MappedFile>(path, "load_npz");
  return read_npz({file->data(), file->size(), path}, map ? file : nullptr, max_bytes);
}
nn::StateDict from_npz(const std::string& bytes, const std::string& name, int64_t max_bytes) {
  return read_npz({bytes, name}, nullptr, max_bytes);
}
void save_npz(const nn::StateDict& arrays, const std::string& path, bool compressed) {
  AtomicWriter file(path, "save_npz");
  write_npz(arrays, compressed, [&](const void* data, size_t size) { file.write(data, size); });
  file.commit();
}
std::string to_npz(const nn::StateDict& arrays, bool compressed) {
  std::string out;
  write_npz(arrays, compressed,
            [&](const void* data, size_t size) { out.append(static_cast<const char*>(data), size); });
  return out;
}

}  // namespace hearth::io
