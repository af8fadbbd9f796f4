#include "hearth/train/summary_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <protozero/pbf_writer.hpp>

#include "base/fail.h"
#include "hearth/io/image.h"
#include "hearth/io/text_file.h"
#include "hearth/ops.h"
#include "hearth/warning.h"
#include "train/event_file.h"

// Field numbers are those of TensorFlow's event.proto, summary.proto and tensor.proto, and of TensorBoard's
// hparams/plugin.proto.
namespace hearth::train {

namespace {

using Pbf = protozero::pbf_writer;

enum Field : uint32_t {
  kEventWallTime = 1,
  kEventStep = 2,
  kEventFileVersion = 3,
  kEventSummary = 5,
  kEventSessionLog = 7,
  kSummaryValue = 1,
  kValueTag = 1,
  kValueSimple = 2,
  kValueImage = 4,
  kValueHistogram = 5,
  kValueTensor = 8,
  kValueMetadata = 9,
};

template <class F>
std::string message(F&& fill) {
  std::string out;
  Pbf writer(out);
  fill(writer);
  return out;
}

std::string event(int64_t step, uint32_t what, const std::string& content) {
  return message([&](Pbf& e) {
    e.add_double(kEventWallTime, wall_time());
    e.add_int64(kEventStep, step);
    e.add_message(what, content);
  });
}

/// SummaryMetadata of a plugin.
std::string metadata(const std::string& plugin, const std::string& content = {}) {
  return message([&](Pbf& m) {
    Pbf data(m, 1);
    data.add_string(1, plugin);
    if (!content.empty()) data.add_bytes(2, content);
  });
}

/// The limits of the buckets above zero, as Python's writer has them.
const std::vector<double>& bucket_limits() {
  static const std::vector<double> limits = [] {
    std::vector<double> out;
    for (double v = 1e-12; v < 1e20; v *= 1.1) out.push_back(v);
    return out;
  }();
  return limits;
}

struct Histogram {
  double min = 0, max = 0, count = 0, sum = 0, squares = 0;
  std::vector<double> limits, buckets;
};

/// Buckets from -1e20 to 1e20 with zero's own in the middle, cut to those between the first and the last with a value.
Histogram histogram(const Tensor& values, const std::string& tag) {
  const Tensor flat = values.detach().to(kDouble).reshape({-1}).contiguous();
  const double* data = flat.data_ptr<double>();
  const std::vector<double>& above = bucket_limits();
  const auto n = static_cast<int64_t>(above.size());
  std::vector<double> limits;  // -above reversed, 0, above
  for (int64_t i = n - 1; i >= 0; --i) limits.push_back(-above[static_cast<size_t>(i)]);
  limits.push_back(0);
  limits.insert(limits.end(), above.begin(), above.end());
  limits.push_back(std::numeric_limits<double>::max());
  std::vector<double> buckets(limits.size(), 0);
  Histogram h;
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const double v = data[i];
    if (!std::isfinite(v)) continue;
    h.min = h.count == 0 ? v : std::min(h.min, v);
    h.max = h.count == 0 ? v : std::max(h.max, v);
    h.count += 1;
    h.sum += v;
    h.squares += v * v;
    const auto at = std::upper_bound(limits.begin(), limits.end() - 1, v) - limits.begin();
    buckets[static_cast<size_t>(at)] += 1;
  }
  if (h.count == 0) fail("[SummaryWriter] the histogram \"{}\" has no finite value among {}", tag, flat.numel());
  size_t first = 0, last = buckets.size() - 1;
  while (buckets[first] == 0) ++first;
  while (buckets[last] == 0) --last;
  if (first > 0) --first;  // an empty bucket in front says where the first one begins
  h.limits.assign(limits.begin() + static_cast<int64_t>(first), limits.begin() + static_cast<int64_t>(last) + 1);
  h.buckets.assign(buckets.begin() + static_cast<int64_t>(first), buckets.begin() + static_cast<int64_t>(last) + 1);
  return h;
}

/// uint8 [C, H, W] of what the caller has.
Tensor as_picture(const Tensor& image, const std::string& tag) {
  Tensor x = image.detach();
  if (x.dim() == 2) x = x.unsqueeze(0);
  if (x.dim() != 3 || (x.size(0) != 1 && x.size(0) != 3 && x.size(0) != 4))
    fail<ShapeError>(
        "[SummaryWriter] the image \"{}\" has the shape {}; it must be [H, W], or [C, H, W] with C of 1, 3 "
        "or 4",
        tag, to_string(image.sizes()));
  if (x.scalar_type() != kByte) x = (x.to(kFloat).clamp(0, 1) * 255).round().to(kByte);
  return x.contiguous();
}

std::string text_tensor(const std::string& text) {
  return message([&](Pbf& t) {
    t.add_enum(1, 7);  // DT_STRING
    Pbf shape(t, 2);
    Pbf(shape, 2).add_int64(1, 1);
    shape.commit();
    t.add_bytes(8, text);
  });
}

/// protobuf.Value
std::string value_of(double v) {
  return message([&](Pbf& w) { w.add_double(2, v); });
}
std::string value_of(bool v) {
  return message([&](Pbf& w) { w.add_bool(4, v); });
}
std::string value_of(const std::string& v) {
  return message([&](Pbf& w) { w.add_string(3, v); });
}

}  // namespace

struct SummaryWriter::Impl {
  Impl(const std::string& folder, const Options& options)
      : file(folder, options.filename_suffix, options.flush_seconds) {}

  template <class F>
  void add_value(const std::string& tag, int64_t step, F&& fill) {
    file.add(event(step, kEventSummary, message([&](Pbf& summary) {
                     Pbf value(summary, kSummaryValue);
                     value.add_string(kValueTag, tag);
                     fill(value);
                   })));
  }
  /// A summary without a value of its own: one of the parts of the HPARAMS page.
  void add_hparams_part(const char* tag, uint32_t part, const std::string& content) {
    const std::string data = message([&](Pbf& d) { d.add_message(part, content); });
    add_value(tag, 0, [&](Pbf& value) { value.add_message(kValueMetadata, metadata("hparams", data)); });
  }

  EventFile file;
};

SummaryWriter::SummaryWriter(const std::string& log_dir) : SummaryWriter(log_dir, Options()) {}

SummaryWriter::SummaryWriter(const std::string& log_dir, Options options) {
  io::make_folders(log_dir);
  impl_ = std::make_unique<Impl>(log_dir, options);
  impl_->file.add(message([](Pbf& e) {
    e.add_double(kEventWallTime, wall_time());
    e.add_string(kEventFileVersion, "brain.Event:2");
  }));
  if (options.purge_step >= 0)  // SessionLog{status: START}
    impl_->file.add(event(options.purge_step, kEventSessionLog, message([](Pbf& log) { log.add_enum(1, 1); })));
}

SummaryWriter::SummaryWriter(SummaryWriter&&) noexcept = default;

SummaryWriter::~SummaryWriter() {
  if (!impl_) return;
  try {
    close();
  } catch (const std::exception& e) {
    warn(e.what());
  }
}

void SummaryWriter::add_scalar(const std::string& tag, double value, int64_t step) {
  impl_->add_value(tag, step, [&](Pbf& v) { v.add_float(kValueSimple, static_cast<float>(value)); });
}

void SummaryWriter::add_scalars(const std::string& main_tag, const std::vector<std::pair<std::string, double>>& values,
                                int64_t step) {
  for (const auto& [name, value] : values) add_scalar(main_tag + "/" + name, value, step);
}

void SummaryWriter::add_histogram(const std::string& tag, const Tensor& values, int64_t step) {
  const Histogram h = histogram(values, tag);
  impl_->add_value(tag, step, [&](Pbf& value) {
    Pbf histo(value, kValueHistogram);
    const double facts[] = {h.min, h.max, h.count, h.sum, h.squares};
    for (uint32_t i = 0; i < 5; ++i) histo.add_double(i + 1, facts[i]);
    histo.add_packed_double(6, h.limits.begin(), h.limits.end());
    histo.add_packed_double(7, h.buckets.begin(), h.buckets.end());
  });
}

void SummaryWriter::add_image(const std::string& tag, const Tensor& image, int64_t step) {
  const Tensor picture = as_picture(image, tag);
  impl_->add_value(tag, step, [&](Pbf& value) {
    Pbf out(value, kValueImage);
    out.add_int32(1, static_cast<int32_t>(picture.size(1)));
    out.add_int32(2, static_cast<int32_t>(picture.size(2)));
    out.add_int32(3, static_cast<int32_t>(picture.size(0)));
    out.add_bytes(4, io::to_png(picture));
  });
}

void SummaryWriter::add_images(const std::string& tag, const Tensor& images, int64_t step) {
  if (images.dim() != 4 || images.size(0) == 0)
    fail<ShapeError>(
        "[SummaryWriter] the images \"{}\" have the shape {}; it must be [N, C, H, W] with N of at least 1", tag,
        to_string(images.sizes()));
  const int64_t n = images.size(0), columns = std::min<int64_t>(n, 8), rows = (n + columns - 1) / columns;
  const int64_t h = images.size(2), w = images.size(3);
  const Tensor sheet = zeros({images.size(1), rows * h, columns * w}, images.options());
  for (int64_t i = 0; i < n; ++i) sheet.narrow(1, i / columns * h, h).narrow(2, i % columns * w, w).copy_(images[i]);
  add_image(tag, sheet, step);
}

void SummaryWriter::add_text(const std::string& tag, const std::string& text, int64_t step) {
  impl_->add_value(tag + "/text_summary", step, [&](Pbf& value) {
    value.add_message(kValueTensor, text_tensor(text));
    value.add_message(kValueMetadata, metadata("text"));
  });
}

void SummaryWriter::add_hparams(const HParams& hparams, const std::vector<std::pair<std::string, double>>& metrics) {
  enum : uint32_t { kString = 1, kBool = 2, kFloat64 = 3 };
  const auto each = [&](auto&& f) {
    for (const auto& [name, v] : hparams.numbers) f(name, value_of(v), kFloat64);
    for (const auto& [name, v] : hparams.flags) f(name, value_of(v), kBool);
    for (const auto& [name, v] : hparams.words) f(name, value_of(v), kString);
  };
  impl_->add_hparams_part("_hparams_/experiment", 2, message([&](Pbf& experiment) {
                            each([&](const std::string& name, const std::string&, uint32_t type) {
                              Pbf info(experiment, 4);
                              info.add_string(1, name);
                              info.add_enum(4, static_cast<int32_t>(type));
                            });
                            for (const auto& metric : metrics) {
                              Pbf info(experiment, 5);
                              Pbf(info, 1).add_string(2, metric.first);
                            }
                          }));
  impl_->add_hparams_part("_hparams_/session_start_info", 3, message([&](Pbf& start) {
                            each([&](const std::string& name, const std::string& value, uint32_t) {
                              Pbf entry(start, 1);
                              entry.add_string(1, name);
                              entry.add_message(2, value);
                            });
                            start.add_double(5, wall_time());
                          }));
  impl_->add_hparams_part("_hparams_/session_end_info", 4, message([](Pbf& end) {
                            end.add_enum(1, 1);  // success
                            end.add_double(2, wall_time());
                          }));
  for (const auto& [name, value] : metrics) add_scalar(name, value);
}

void SummaryWriter::flush() { impl_->file.flush(); }
void SummaryWriter::close() { impl_->file.close(); }
const std::string& SummaryWriter::path() const { return impl_->file.path(); }

}  // namespace hearth::train
