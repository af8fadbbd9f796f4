#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "cli/commands.h"
#include "cli/signals.h"
#include "report/board.h"
#include "report/report_page.h"

namespace hearth::cli {

void add_report(CLI::App& command, Context& context) {
  auto run = std::make_shared<std::string>();
  command.add_option("run", *run, "folder of a run")->required();
  command.callback([run, &context] {
    report::write_report(*run);
    fmt::print("report: {}/report.html\nplots: {}/plots\n", *run, *run);
    context.status = 0;
  });
}

void add_board(CLI::App& command, Context& context) {
  auto runs = std::make_shared<std::string>("runs");
  auto port = std::make_shared<int>(6100);
  command.add_option("runs", *runs, "folder of runs, or one run")->capture_default_str();
  command.add_option("--port", *port, "0: any that is free")->check(CLI::Range(0, 65535))->capture_default_str();
  command.callback([runs, port, &context] {
    report::Board board(*runs, *port);
    fmt::print("{} shows the runs in {} and follows them; Ctrl-C ends it\n", board.url(), *runs);
    std::fflush(stdout);
    const StopSignals signals;
    std::atomic<bool> ended{false};
    std::thread server([&] {
      board.serve();
      ended = true;
    });
    while (!ended) {
      if (StopSignals::received() != 0) board.stop();  // again, where it had not begun to serve
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    server.join();
    context.status = 0;
  });
}

}  // namespace hearth::cli
