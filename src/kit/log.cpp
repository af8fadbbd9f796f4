// The only file that includes spdlog.
#include "kit/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include "hearth/error.h"

namespace hearth::kit {

struct Log::Impl {
  std::shared_ptr<spdlog::logger> logger;
};

Log::Log(const std::string& path) : impl_(std::make_unique<Impl>()) {
  try {
    impl_->logger = std::make_shared<spdlog::logger>(
        "run", std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, /*truncate=*/false));
  } catch (const spdlog::spdlog_ex& e) {
    throw FileError("[log] " + path + " can't be written: " + e.what() + "; check the folder", path);
  }
  impl_->logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %-5l %v");
  impl_->logger->flush_on(spdlog::level::info);
}
Log::~Log() = default;
void Log::info(const std::string& text) { impl_->logger->info(text); }
void Log::warning(const std::string& text) { impl_->logger->warn(text); }
void Log::error(const std::string& text) { impl_->logger->error(text); }

}  // namespace hearth::kit
