#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hearth/tensor.h"

namespace hearth::train {

/// Writes TensorBoard's event files, with the names of Python's torch.utils.tensorboard.SummaryWriter:
///
///     SummaryWriter writer("runs/first");
///     writer.add_scalar("train/loss", 0.5, step);
///
/// Records gather in memory and reach the file every `flush_seconds`, with flush(), and at the end. Not for several
/// threads at once. Throws FileError where the folder can't be made or the file can't be written.
class HEARTH_API SummaryWriter {
 public:
  struct Options {
    std::string filename_suffix;
    /// A run that goes on from this step: TensorBoard drops what an earlier file of the folder says of later ones. -1:
    /// a run of its own.
    int64_t purge_step = -1;
    double flush_seconds = 120;
  };
  /// Makes `log_dir` and the folders above it.
  explicit SummaryWriter(const std::string& log_dir);
  SummaryWriter(const std::string& log_dir, Options options);
  SummaryWriter(SummaryWriter&&) noexcept;
  ~SummaryWriter();  ///< closes; an error there is a warning

  void add_scalar(const std::string& tag, double value, int64_t step = 0);
  /// Several curves under one heading: "<main_tag>/<name>".
  void add_scalars(const std::string& main_tag, const std::vector<std::pair<std::string, double>>& values,
                   int64_t step = 0);
  /// Of all elements, in buckets that grow by a tenth from 1e-12 on. NaN and infinite ones are left out; ValueError
  /// where nothing remains.
  void add_histogram(const std::string& tag, const Tensor& values, int64_t step = 0);
  /// [C, H, W] or [H, W], uint8, or floats from 0 to 1; C is 1 (grey), 3 or 4.
  void add_image(const std::string& tag, const Tensor& image, int64_t step = 0);
  /// [N, C, H, W], side by side in rows of eight.
  void add_images(const std::string& tag, const Tensor& images, int64_t step = 0);
  /// Markdown.
  void add_text(const std::string& tag, const std::string& text, int64_t step = 0);

  /// What a run was made with, for the HPARAMS page: numbers, words, and the scores that it came to.
  struct HParams {
    std::vector<std::pair<std::string, double>> numbers;
    std::vector<std::pair<std::string, bool>> flags;
    std::vector<std::pair<std::string, std::string>> words;
  };
  void add_hparams(const HParams& hparams, const std::vector<std::pair<std::string, double>>& metrics);

  void flush();  ///< to the file, and the file to the disk
  void close();
  /// The event file.
  const std::string& path() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::train
