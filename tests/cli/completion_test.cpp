// What a shell offers at the tab key.
#include <sstream>

#include "cli/command.h"

namespace hearth {
namespace {

using Words = std::vector<std::string>;

class Completion : public Command {
 protected:
  void SetUp() override {
    Command::SetUp();
    if (IsSkipped()) return;
    script_ = (folder_ / "completion").string();
    ASSERT_EQ(run("completion bash > " + script_).status, 0);
  }
  /// What bash offers for a command line whose end is being typed.
  Words offers(const std::string& line) const {
    const std::string program = folder_ / "ask.sh";
    spit(program, "cd '" + folder_.path().string() + "'; source '" + script_ + "'\nCOMP_LINE='" + line +
                      "' COMP_POINT=" + std::to_string(line.size()) +
                      "\n_hearth 2>&1\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    FILE* pipe = popen(("bash '" + program + "' 2>&1").c_str(), "r");
    Words out;
    char text[512];
    while (std::fgets(text, sizeof text, pipe)) out.emplace_back(text, std::string(text).find('\n'));
    pclose(pipe);
    return out;
  }
  static bool has(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }
  std::string script_;
};

TEST_F(Completion, OfCommandsAndTheirCommands) {
  EXPECT_EQ(offers("hearth tra"), Words{"train"});
  EXPECT_TRUE(has(offers("hearth "), "completion"));
  EXPECT_EQ(offers("hearth weights co"), Words{"convert"});
  EXPECT_EQ(offers("hearth data fetch --ca"), Words{"--cache"});
  EXPECT_EQ(offers("hearth train --weig"), Words{""}) << "no option of another command";
}

TEST_F(Completion, KnowsEveryCommandAndOptionOfTheHelp) {
  std::istringstream help(run("--help").text.substr(run("--help").text.find("Subcommands:")));
  std::string line, name;
  std::getline(help, line);
  const Words commands = offers("hearth ");
  size_t count = 0;
  while (std::getline(help, line) && std::istringstream(line) >> name) {
    if (line.compare(0, 3, "   ") == 0) continue;  // a summary that goes on
    ++count;
    EXPECT_TRUE(has(commands, name)) << name;
    const std::string text = run(name + " --help").text;
    EXPECT_NE(text.find("Example"), std::string::npos) << name;
    std::istringstream options(text);
    const Words offered = offers("hearth " + name + " --");
    for (std::string word; options >> word;)
      if (word.compare(0, 2, "--") == 0 && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos) {
        EXPECT_TRUE(has(offered, word)) << name << " " << word;
      }
  }
  EXPECT_GT(count, 15U);
}

TEST_F(Completion, OfSettingsAndTheirValues) {
  EXPECT_EQ(offers("hearth train run.clip_n"), Words{"run.clip_norm="});
  EXPECT_EQ(offers("hearth train data.csv model.name=res"), Words{"resnet"});
  EXPECT_EQ(offers("hearth train --model res"), Words{"resnet"});
  EXPECT_EQ(offers("hearth train run.tensorboard=f"), Words{"false"});
  EXPECT_EQ(offers("hearth sweep --strategy ha"), Words{"halving"});
  EXPECT_EQ(offers("hearth train optimizer.name=adamw optimizer.weight_d"), (Words{"optimizer.weight_decay="}));
  EXPECT_EQ(offers("hearth completion z"), Words{""}) << "a word that is no option's is left to the user";
}

TEST_F(Completion, OfFiles) {
  spit(folder_ / "penguins.csv", "a\n");
  spit(folder_ / "run.yaml", "a\n");
  EXPECT_EQ(offers("hearth train --data pen"), Words{"penguins.csv"});
  EXPECT_EQ(offers("hearth train data.path=pen"), Words{"penguins.csv"});
  EXPECT_TRUE(has(offers("hearth train run.y"), "run.yaml"));
  EXPECT_EQ(offers("hearth eval pen"), Words{"penguins.csv"});
}

TEST_F(Completion, OfZshIsItsGrammar) {
  const Outcome zsh = run("completion zsh");
  EXPECT_EQ(zsh.status, 0);
  EXPECT_EQ(zsh.text.find("#compdef hearth\n"), 0U);
  spit(folder_ / "_hearth", zsh.text);
  if (std::system("command -v zsh > /dev/null") == 0) {
    EXPECT_EQ(std::system(("zsh -n " + (folder_ / "_hearth").string()).c_str()), 0);
  }
  refuses("completion fish", "not in {bash,zsh}");
}

}  // namespace
}  // namespace hearth
