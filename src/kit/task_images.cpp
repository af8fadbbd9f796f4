// Pictures in class folders.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "base/json_numbers.h"
#include "hearth/data/image_folder.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/io/text_file.h"
#include "kit/nearest.h"
#include "kit/pictures.h"

namespace hearth::kit {

using data::datasets::ImageFolder;
using train::Config;

namespace {

constexpr int64_t kKeepBytes = int64_t{1} << 30;  // pictures that take more are decoded anew each time

/// Pictures out of files, decoded when they are asked for.
class PictureFiles : public data::datasets::Dataset<PictureFiles> {
 public:
  static constexpr bool is_thread_safe = true;
  /// With `own_target` a picture is its own target.
  PictureFiles(std::vector<ImageFolder::Sample> samples, std::vector<int64_t> sizes, PictureTransform transform,
               bool own_target)
      : samples_(std::move(samples)),
        sizes_(std::move(sizes)),
        transform_(std::move(transform)),
        own_target_(own_target) {}
  data::Example<> get(size_t index) override {
    const ImageFolder::Sample& s = samples_[index];
    const Tensor x = transform_(s.path, sizes_);
    return {x, own_target_ ? x : tensor(s.target)};
  }
  std::optional<size_t> size() const override { return samples_.size(); }

 private:
  std::vector<ImageFolder::Sample> samples_;
  std::vector<int64_t> sizes_;
  PictureTransform transform_;
  bool own_target_;
};

/// The middle one of some pictures' shorter sides.
int64_t common_side(const std::vector<ImageFolder::Sample>& samples) {
  std::vector<int64_t> sides;
  const size_t step = std::max<size_t>(1, samples.size() / 50);
  for (size_t i = 0; i < samples.size(); i += step) {
    const std::vector<uint8_t> bytes = read_file(samples[i].path, kNoLimit, "train");
    const io::ImageInfo info = io::image_info({bytes.data(), bytes.size(), samples[i].path});
    sides.push_back(std::min(info.height, info.width));
  }
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2), sides.end());
  return sides[sides.size() / 2];
}

/// How files become pictures of side x side, where `found` is common_side's.
void choose_geometry(Config& config, int64_t side, int64_t found) {
  const int64_t wider = (8 * side + 6) / 7;
  const bool larger = found >= wider, shifts = config.has("transforms.shift");
  config.choose("transforms.crop", larger && !shifts,
                larger && shifts ? "transforms.shift is given"
                : larger         ? "pictures are larger than the model's size"
                                 : "pictures are no larger than the model's size");
  const bool crop = config.flag("transforms.crop");
  config.choose("transforms.resize", crop ? wider : side,
                crop ? "parts show things larger than whole pictures do" : "data.image_size");
  if (config.integer("transforms.resize") < side)
    fail("[train] transforms.resize is {} and data.image_size {}; it must be at least that",
         config.integer("transforms.resize"), side);
  config.choose("transforms.shift", crop ? 0 : std::max<int64_t>(1, side / 16),
                crop ? "parts lie at random places already" : "pictures mean the same when moved");
  config.choose("transforms.flip", true, "most pictures mean the same in a mirror");
}

void choose(Config& config, int64_t samples, int64_t side) {
  const std::string why = fmt::format("{} pictures of {} x {}", samples, side, side);
  config.choose("model.name", side <= 32 ? "cnn" : "resnet", "suits " + why);
  if (config.text("model.name") == "resnet" && side > 64)
    config.choose("model.blocks",
                  IValue(std::vector<IValue>{int64_t{1}, int64_t{1}, int64_t{1}, int64_t{1}, int64_t{1}}),
                  "large pictures are halved more often");
  config.choose("loss.name", config.text("model.name") == "autoencoder" ? "mse" : "cross_entropy", "suits the target");
  config.choose("run.batch_size", int64_t{samples < 200 ? 8 : 32}, why);
  config.choose("run.epochs", fitting_epochs(samples, config.integer("run.batch_size"), 1500, 5, 60),
                "about 1500 steps");
  config.choose("optimizer.name", "adamw", "works untuned");
  config.choose("optimizer.lr", 2e-3, "suits the model");
  config.choose("scheduler.name", "cosine", "ends with small steps");
  config.choose("scheduler.warmup", int64_t{50}, "batch statistics settle first");
  config.choose("run.ema_decay", 0.99, "averaged weights do better on pictures");
}

using Samples = std::vector<ImageFolder::Sample>;

Samples rows(const Samples& all, const std::vector<int64_t>& which) {
  Samples out;
  for (const int64_t i : which) out.push_back(all[static_cast<size_t>(i)]);
  return out;
}

/// [N, C, H, W] and [N].
std::pair<Tensor, Tensor> read_all(const Samples& samples, const std::vector<int64_t>& sizes, int64_t resize) {
  Tensor x = empty({static_cast<int64_t>(samples.size()), sizes[0], sizes[1], sizes[2]});
  std::vector<int64_t> targets;
  for (size_t i = 0; i < samples.size(); ++i) {
    x[static_cast<int64_t>(i)].copy_(read_picture(samples[i].path, sizes, resize));
    targets.push_back(samples[i].target);
  }
  return {x, tensor(targets)};
}

}  // namespace

Tensor read_picture(const std::string& path, const std::vector<int64_t>& sizes, int64_t resize) {
  const int64_t high = sizes[1], wide = sizes[2];
  io::ImageOptions o;
  o.mode = sizes[0] == 1 ? io::ImageOptions::Mode::kGray : io::ImageOptions::Mode::kRgb;
  o.min_size = std::max({high, wide, resize});
  Tensor x = io::read_image(path, o);
  // The shorter side is brought to size, and the middle of the longer one kept.
  const double cover = std::max(static_cast<double>(high) / static_cast<double>(x.size(1)),
                                static_cast<double>(wide) / static_cast<double>(x.size(2)));
  const double scale =
      std::max(cover, static_cast<double>(resize) / static_cast<double>(std::min(x.size(1), x.size(2))));
  const auto side = [&](int64_t from, int64_t least) {
    return std::max<int64_t>(least, std::llround(static_cast<double>(from) * scale));
  };
  const int64_t h = side(x.size(1), high), w = side(x.size(2), wide);
  if (h != x.size(1) || w != x.size(2)) x = io::resize_image(x, h, w);
  return x.narrow(1, (h - high) / 2, high).narrow(2, (w - wide) / 2, wide).to(kFloat) / 255.0;
}

void save_pictures(const Loaded& loaded, const RunFolder& folder, Json& details) {
  io::make_folders(folder.file("samples"));
  int number = 0;
  for (Json& entry : details["worst"]) {
    const std::string name = fmt::format("samples/worst_{}.png", number++);
    const Tensor x = loaded.picture(integer_of(entry["index"]));
    if (x.size(0) != 1 && x.size(0) != 3) return;
    io::write_png((x * 255.0).round().clamp(0, 255).to(kByte), folder.file(name));
    entry["image"] = name;
  }
}

Loaded load_image_folder(Config& config, const Json* recipe) {
  data::datasets::ImageFolderOptions options;
  options.check = true;
  const ImageFolder folder(config.text("data.path"), options);
  Samples all = folder.samples();
  Loaded loaded;
  for (const ImageFolder::Bad& bad : folder.bad())
    loaded.data.notes.push_back(fmt::format("left out {}: {}", bad.path, bad.why));
  if (all.empty()) {
    if (folder.bad().empty())
      fail("[train] there is no picture in the folders of {}; add some", config.text("data.path"));
    fail("[train] none of the {} pictures of {} can be read ({}: {}); mend or replace them", folder.bad().size(),
         config.text("data.path"), folder.bad()[0].path, folder.bad()[0].why);
  }
  if (folder.classes().size() < 2)
    fail("[train] {} has pictures of one class alone (\"{}\"); there is nothing to tell apart",
         config.text("data.path"), folder.classes()[0]);
  if (!recipe) {
    const int64_t found = common_side(all);
    config.choose("data.image_size", std::clamp<int64_t>(found / 4 * 4, 16, 224),
                  "the middle of the pictures' shorter sides, at most 224");
    choose_geometry(config, config.integer("data.image_size"), found);
  }
  const int64_t side = recipe ? 0 : config.integer("data.image_size");
  const std::vector<int64_t> sizes = recipe ? integers_of(recipe->at("input")) : std::vector<int64_t>{3, side, side};
  const bool keep = static_cast<int64_t>(all.size()) * sizes[0] * sizes[1] * sizes[2] * 4 <= kKeepBytes;
  Split split;
  if (recipe) {
    for (size_t i = 0; i < all.size(); ++i) split.test.push_back(static_cast<int64_t>(i));
  } else {
    split = split_randomly(static_cast<int64_t>(all.size()), config.number("data.val"), config.number("data.test"),
                           static_cast<uint64_t>(config.integer("run.seed")), folder.targets());
    choose(config, static_cast<int64_t>(split.train.size()), side);
  }
  const Samples train = rows(all, split.train), val = rows(all, split.val), test = rows(all, split.test);
  PictureTransform transform;
  if (recipe) {
    transform = PictureTransform::from_json(recipe->at("transform"));
  } else {
    // Mean and deviation of a part are those of the whole, near enough.
    const Samples some(train.begin(), train.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(train.size(), 500)));
    transform = make_transform(config, read_all(some, sizes, config.integer("transforms.resize")).first);
  }
  const auto make = [&](const Samples& part, const PictureTransform& t,
                        const train::BatchOptions& o) -> std::shared_ptr<train::Batches> {
    if (part.empty()) return nullptr;
    const bool autoencoder = config.text("model.name") == "autoencoder";
    if (!keep || t.crop > 0) return train::batches(PictureFiles(part, sizes, t, autoencoder), o);
    const auto [x, y] = read_all(part, sizes, t.resize);
    return picture_batches(x, autoencoder ? Tensor() : y, t, o);
  };
  loaded.data.task = "images";
  loaded.data.train = make(train, transform, train_batches(config));
  loaded.data.val = make(val, transform.plain(), eval_batches(config));
  loaded.data.test = make(test, transform.plain(), eval_batches(config));
  loaded.data.classes = recipe ? recipe->at("classes").get<std::vector<std::string>>() : folder.classes();
  if (loaded.data.classes != folder.classes())
    fail("[eval] the folders of {} are {}, and the model knows {}", config.text("data.path"), one_of(folder.classes()),
         one_of(loaded.data.classes));
  loaded.data.shapes.input = sizes;
  loaded.data.shapes.outputs = static_cast<int64_t>(folder.classes().size());
  loaded.data.metrics = {"accuracy"};
  loaded.data.notes.push_back(
      fmt::format("{} pictures of {} classes, brought to {} x {}: {} train, {} validate, {} test", all.size(),
                  folder.classes().size(), sizes[1], sizes[2], train.size(), val.size(), test.size()));
  loaded.recipe = {
      {"task", "pictures"}, {"input", sizes}, {"classes", loaded.data.classes}, {"transform", transform.to_json()}};
  loaded.picture = [test, sizes, resize = transform.resize](int64_t i) {
    return read_picture(test[static_cast<size_t>(i)].path, sizes, resize);
  };
  return loaded;
}

}  // namespace hearth::kit
