#include "cli/signals.h"

#include <signal.h>
#include <unistd.h>

namespace hearth::cli {

namespace {

volatile sig_atomic_t g_received = 0;  // signals are the process's; nothing but a flag can hear them

extern "C" void hearth_note_signal(int number) {
  if (g_received != 0) _exit(128 + number);
  g_received = number;
}

void listen(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, nullptr);
}

}  // namespace

StopSignals::StopSignals() {
  g_received = 0;
  for (const int number : {SIGINT, SIGTERM}) listen(number, hearth_note_signal);
}
StopSignals::~StopSignals() {
  for (const int number : {SIGINT, SIGTERM}) listen(number, SIG_DFL);
}
int StopSignals::received() { return g_received; }

}  // namespace hearth::cli
