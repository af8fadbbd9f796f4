#include "report/board.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "hearth/error.h"
#include "report/report_page.h"
#include "report/run_files.h"

namespace hearth::report {

struct Board::Impl {
  std::string runs;
  std::string page;
  struct Summary {
    std::filesystem::file_time_type written;
    uintmax_t size = 0;
    Json content;
  };
  std::mutex lock;  // requests come on several threads
  std::map<std::string, Summary> summaries;
  httplib::Server server;
  int port = 0;

  /// The folder of a run by its name; "" for any name that is not one of them.
  std::string folder_of(const std::string& name) const {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) return "";
    const std::string run = is_run(runs) ? runs : runs + "/" + name;
    return base_name(run) == name && is_run(run) ? run : "";
  }

  static void answer(httplib::Response& response, const Json& content) {
    response.set_header("Cache-Control", "no-store");
    response.set_content(content.dump(-1, ' ', false, Json::error_handler_t::replace), "application/json");
  }

  /// A run's summary without its large parts, read only where the file is another than the last time.
  Json summary_of(const std::string& run) {
    std::error_code error;
    const std::string path = run + "/summary.json";
    const auto written = std::filesystem::last_write_time(path, error);
    if (error) return {};
    const std::lock_guard guard(lock);
    Summary& s = summaries[run];
    const auto size = std::filesystem::file_size(path, error);
    if (s.written == written && s.size == size) return s.content;
    s = {written, size, read_json(run, "summary.json")};
    if (s.content.is_object())
      for (const char* large : {"confusion", "worst", "predictions"}) s.content.erase(large);
    return s.content;
  }

  void answer_records(const httplib::Request& request, httplib::Response& response) {
    const std::string run = folder_of(request.get_param_value("run"));
    if (run.empty()) {
      response.status = 404;
      return answer(response, {{"error", "there is no such run"}});
    }
    const std::string from = request.get_param_value("from");
    const Records records = read_records(run, std::strtoll(from.c_str(), nullptr, 10));
    answer(response, {{"records", records.lines},
                      {"next", records.next},
                      {"restart", records.restart},
                      {"summary", summary_of(run)}});
  }
};

Board::Board(std::string runs, int port) : impl_(std::make_unique<Impl>()) {
  std::error_code error;
  if (!std::filesystem::is_directory(runs, error))
    throw FileError(fmt::format("[board] {} is not a folder; give the folder that holds the runs", runs), runs);
  Impl& s = *impl_;
  s.runs = std::move(runs);
  s.page = board_page("Runs in " + s.runs);
  s.server.Get(
      "/", [&s](const httplib::Request&, httplib::Response& r) { r.set_content(s.page, "text/html; charset=utf-8"); });
  s.server.Get("/api/runs", [&s](const httplib::Request&, httplib::Response& r) {
    Json names = Json::array();
    for (const std::string& run : find_runs(s.runs)) names.push_back(base_name(run));
    Impl::answer(r, names);
  });
  s.server.Get("/api/records", [&s](const httplib::Request& q, httplib::Response& r) { s.answer_records(q, r); });
  s.port = port == 0 ? s.server.bind_to_any_port("127.0.0.1") : s.server.bind_to_port("127.0.0.1", port) ? port : -1;
  if (s.port <= 0)
    throw ValueError(fmt::format("[board] port {} is taken; give another with --port, or 0 for any", port));
}

Board::~Board() { stop(); }
int Board::port() const { return impl_->port; }
std::string Board::url() const { return fmt::format("http://127.0.0.1:{}/", impl_->port); }
void Board::serve() { impl_->server.listen_after_bind(); }
void Board::stop() { impl_->server.stop(); }

}  // namespace hearth::report
