#pragma once

// The command itself, as a user runs it.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/faulty_files.h"

namespace hearth {

using hearth::testing::slurp;
using hearth::testing::spit;
using hearth::testing::TemporaryFolder;

struct Outcome {
  int status;
  std::string text;
};

class Command : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("HEARTH_COMMAND")) GTEST_SKIP() << "HEARTH_COMMAND is not set: this build has no command";
  }
  Outcome run(const std::string& arguments) const {
    FILE* pipe = popen((std::string(std::getenv("HEARTH_COMMAND")) + " " + arguments +
                        (arguments.find("2>&1") == std::string::npos ? " 2>&1" : ""))
                           .c_str(),
                       "r");
    Outcome out{0, ""};
    std::array<char, 4096> buffer;
    while (const size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) out.text.append(buffer.data(), n);
    const int status = pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
  }
  /// Exit code 2, or another, and one sentence on the error stream that holds `part`.
  void refuses(const std::string& arguments, const std::string& part, int status = 2) const {
    const Outcome out = run(arguments + " 2>&1 >/dev/null");
    EXPECT_EQ(out.status, status) << arguments << ": " << out.text;
    EXPECT_NE(out.text.find(part), std::string::npos) << arguments << ": " << out.text;
    EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), 1) << "one line: " << out.text;
  }
  TemporaryFolder folder_;
};

}  // namespace hearth
