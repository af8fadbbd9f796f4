#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>

#include "cli/commands.h"
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

namespace {
report::Board* volatile g_board = nullptr;  // for the signal handler alone
void stop_board(int) {
  if (report::Board* board = g_board) board->stop();
}
}  // namespace

void add_board(CLI::App& command, Context& context) {
  auto runs = std::make_shared<std::string>("runs");
  auto port = std::make_shared<int>(6100);
  command.add_option("runs", *runs, "folder of runs, or one run")->capture_default_str();
  command.add_option("--port", *port, "0: any that is free")->check(CLI::Range(0, 65535))->capture_default_str();
  command.callback([runs, port, &context] {
    report::Board board(*runs, *port);
    fmt::print("{} shows the runs in {} and follows them; Ctrl-C ends it\n", board.url(), *runs);
    std::fflush(stdout);
    g_board = &board;
    const auto interrupt = std::signal(SIGINT, stop_board);
    const auto terminate = std::signal(SIGTERM, stop_board);
    board.serve();
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, terminate);
    g_board = nullptr;
    context.status = 0;
  });
}

}  // namespace hearth::cli
