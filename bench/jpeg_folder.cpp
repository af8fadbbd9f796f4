// A folder of 500 x 375 JPEGs: random resized crop to 224, flip, normalize, batches of 32, two workers; against
// libjpeg-turbo's decoding of the same files in full on two threads, in turns with it. hearth alone: LibTorch reads no
// JPEGs. Needs -ljpeg.
#include "bench.h"
// libjpeg's header wants <cstdio>'s names before it.
#include <jpeglib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "hearth/data/image_folder.h"
#include "hearth/data/vision.h"

namespace {

constexpr int kFiles = 256;

namespace vision = hearth::data::vision;

std::vector<std::vector<uint8_t>> write_files(const std::string& folder) {
  std::vector<std::vector<uint8_t>> all;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = folder + (i % 2 ? "/a" : "/b");
    ::mkdir(name.c_str(), 0777);
    // Coarse shapes with some grain, at the quality and about the size of photographs.
    const auto coarse = bench::floats({3, 15, 20}, 10 + static_cast<uint64_t>(i), 0, 255);
    const auto grain = bench::floats({3, 188, 250}, 1000 + static_cast<uint64_t>(i), -22, 22);
    const auto picture = hearth::io::resize_image(coarse, 375, 500, hearth::io::Interpolation::kBicubic) +
                         hearth::io::resize_image(grain, 375, 500, hearth::io::Interpolation::kBicubic);
    const std::string bytes = hearth::io::to_jpeg(picture.clamp(0, 255).to(torch::kByte), 90);
    all.emplace_back(bytes.begin(), bytes.end());
    std::FILE* f = std::fopen((name + "/" + std::to_string(i) + ".jpg").c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), f);
    std::fclose(f);
  }
  return all;
}

/// All rows of one file; the sum of the last row keeps the compiler from skipping it.
int64_t decode(const std::vector<uint8_t>& bytes, std::vector<uint8_t>& room) {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes.data(), bytes.size());
  jpeg_read_header(&info, TRUE);
  jpeg_start_decompress(&info);
  const size_t stride = info.output_width * 3;
  room.resize(stride * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW rows[8];
    for (size_t i = 0; i < 8; ++i)
      rows[i] = room.data() + std::min<size_t>(info.output_scanline + i, info.output_height - 1) * stride;
    jpeg_read_scanlines(&info, rows, 8);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return room.back();
}

}  // namespace

int main() {
  bench::init();
  char folder[] = "/tmp/hearth-bench-XXXXXX";
  if (!::mkdtemp(folder)) return 1;
  const auto files = write_files(folder);

  bench::Part full, train;
  full.name = "libjpeg_full";
  full.metric = "seconds per 256 files, two threads";
  auto decode_all = [&] {
    std::atomic<size_t> next{0};
    std::atomic<int64_t> sum{0};
    auto work = [&] {
      std::vector<uint8_t> room;
      for (size_t i; (i = next++) < files.size();) sum += decode(files[i], room);
    };
    std::thread other(work);
    work();
    other.join();
    full.check = static_cast<double>(sum);
  };

  hearth::data::datasets::ImageFolderOptions options;
  options.decode = vision::RandomResizedCrop(224);
  options.transform = vision::Compose({vision::RandomHorizontalFlip(), vision::ToTensor(),
                                       vision::Normalize({0.485, 0.456, 0.406}, {0.229, 0.224, 0.225})});
  auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
      hearth::data::datasets::ImageFolder(folder, options).map(torch::data::transforms::Stack<>()),
      torch::data::DataLoaderOptions(32).workers(2));
  train.name = "random_resized_crop";
  train.metric = "seconds per 256 files, two workers";
  auto epoch = [&] {
    train.check = 0;
    for (auto& batch : *loader) train.check += static_cast<double>(batch.data.size(0));
  };
  // In turns, so that whatever else runs slows both.
  std::vector<double> ratios;
  for (int i = 0; i < 5; ++i) {
    bench::Part a = full, b = train;
    bench::measure(a, decode_all, 0.8, 1);
    bench::measure(b, epoch, 0.8, 1);
    ratios.push_back(a.value / b.value);
    if (full.value == 0 || a.value < full.value) full.value = a.value, full.min = a.min, full.reps = a.reps;
    if (train.value == 0 || b.value < train.value) train.value = b.value, train.min = b.min, train.reps = b.reps;
  }
  full.items = train.items = kFiles;
  std::sort(ratios.begin(), ratios.end());
  std::fprintf(stderr, "throughput against full decoding: %.2f (median of 5 turns; %.2f to %.2f), %.1f kB a file\n",
               ratios[2], ratios[0], ratios[4], static_cast<double>(files[0].size()) / 1000);
  bench::print("jpeg_folder", {full, train});
  const std::string remove = std::string("rm -r ") + folder;
  return std::system(remove.c_str());
}
