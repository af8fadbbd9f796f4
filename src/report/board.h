#pragma once

#include <functional>
#include <memory>
#include <string>

namespace hearth::report {

/// Serves the runs of a folder as a page that follows them while they train, on the loopback interface alone. Reads
/// files when asked and writes none.
class Board {
 public:
  /// Takes the port, or a free one for 0. ValueError where it is taken, FileError where the folder is missing.
  Board(std::string runs, int port);
  ~Board();
  int port() const;
  std::string url() const;
  /// Answers until stop() is called, from whatever thread.
  void serve();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::report
