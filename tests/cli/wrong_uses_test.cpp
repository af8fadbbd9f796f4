// Everything that a person can do wrong gets its sentence and its exit status, and loses nothing.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/command.h"
#include "hearth/hearth.h"
#include "hearth/io/image.h"
#include "hearth/io/weights.h"

namespace hearth {
namespace {

class WrongUse : public Command {
 protected:
  void SetUp() override {
    Command::SetUp();
    path_ = folder_.path().string();
    std::string rows = "x,y,kind,empty,same\n";
    for (int i = 0; i < 60; ++i)
      rows += std::to_string(i % 7) + "." + std::to_string(i) + "," + std::to_string(i) + "," + (i % 2 ? "a" : "b") +
              ",,c\n";
    spit(folder_ / "table.csv", rows);
    table_ = "train --data " + path_ + "/table.csv --quiet --out " + path_ + "/t ";
    digits_ = "train --data digits data.samples=100 run.epochs=1 --quiet model.channels=[2] model.hidden=4 --out " +
              path_ + "/d ";
  }
  std::string file(const std::string& name, const std::string& text) const {
    spit(folder_ / name, text);
    return path_ + "/" + name;
  }
  std::string path_, table_, digits_;
};

TEST_F(WrongUse, OfTheCommandLine) {
  refuses("", "subcommand");
  refuses("tain", "did you mean \"train\"?");
  refuses("train --colour red", "--colour");
  refuses("train --epoch 3", "did you mean \"--epochs\"?");
  refuses("train --epochs", "--epochs");
  refuses(digits_ + "--json", "--quiet and --json");
  refuses("eval", "run");
  refuses("generate " + path_ + " --temperature -1", "temperature");
  refuses("predict " + path_, "files");
  refuses("verify-resume --data digits --steps 1", "--steps");
  refuses("weights", "subcommand");
  refuses("data fetch mnst", "no data set is known as \"mnst\"");
  refuses("new " + path_, "exists already");
  refuses("new 1st", "no name for a program");
  refuses("sweep --data digits", "nothing varies");
  refuses("sweep --data digits run.sed=1,2 --folder " + path_ + "/s", "did you mean \"run.seed\"?");
  refuses("sweep --data digits 'optimizer.lr=log(1,a)' --folder " + path_ + "/s", "is no range");
  refuses("sweep --data digits run.batch_size=0,8 --folder " + path_ + "/s", "run.batch_size is 0 (sweep)");
  EXPECT_FALSE(hearth::testing::fs::exists(folder_ / "s")) << "nothing is begun";
  refuses("lr-find --data digits --from 1 --to 0.1", "must be positive and rise");
  refuses("board /no/such/folder", "is not a folder");
  refuses("board " + path_ + " --port 70000", "not in range");
}

TEST_F(WrongUse, OfTheConfiguration) {
  refuses(digits_ + "run.epoch=3", "did you mean \"run.epochs\"?");
  refuses(digits_ + "--epochs 0", "run.epochs is 0 (command line); it must be an integer from 1");
  refuses(digits_ + "--epochs many", "run.epochs is many");
  refuses(digits_ + "--batch-size 0", "run.batch_size");
  refuses(digits_ + "--lr -1", "optimizer.lr");
  refuses(digits_ + "--lr nan", "optimizer.lr is nan (command line)");
  refuses(digits_ + "--epochs -1", "run.epochs is -1");
  refuses(digits_ + "optimizer.name=adm", "did you mean \"adam\"?");
  refuses(digits_ + "scheduler.name=cosin", "did you mean \"cosine\"?");
  refuses(digits_ + "loss.name=mse", "does not go with a target of classes; use cross_entropy");
  refuses(table_ + "--target x loss.name=cross_entropy", "does not go with a target of numbers; use mse");
  refuses(digits_ + file("c.yaml", "run:\n  seed: 1\n  seed: 2\n"), "c.yaml:3: \"run.seed\" is given again");
  EXPECT_FALSE(hearth::testing::fs::exists(folder_ / "d")) << "nothing is begun";
  refuses(digits_ + "three", "key=value");
  refuses(digits_ + file("a.yaml", "run:\n  seed: red\n"), "a.yaml:2");
  refuses(digits_ + file("b.yaml", "run: [\n"), "no YAML");
  refuses(digits_ + path_ + "/none.yaml", "none.yaml");
  refuses(digits_ + "--config " + path_ + "/none.yaml", "none.yaml");
  refuses(digits_ + "--config " + path_ + "/table.csv", "give a .yaml file");
  refuses(digits_ + "--model resnt", "did you mean \"resnet\"?");
  refuses(digits_ + "model.heads=3", "the model cnn has no setting \"heads\"");
  refuses(digits_ + "run.metrics=[acuracy]", "no metric \"acuracy\"");
  refuses(digits_ + "run.monitor=val/f1", "no score \"val/f1\"");
  refuses(digits_ + "scheduler.name=step scheduler.warmup=3", "scheduler.warmup");
  refuses(table_ + "--target kind data.val=0.6 data.test=0.6", "leaves nothing to train on");
}

TEST_F(WrongUse, OfTheData) {
  refuses("train --data /no/such/folder", "/no/such/folder");
  refuses("train --data " + path_ + "/d.bin", "d.bin");
  refuses("train --data " + file("data.bin", "x"), "data.task");
  refuses("train --data " + path_, "folders");
  refuses(table_, "--target; ");
  refuses(table_ + "--target kin", "did you mean \"kind\"?");
  refuses(table_ + "--target empty", "no row with a \"empty\"");
  refuses(table_ + "--target same", "same");
  refuses(table_ + "--target kind --model cnn", "wants pictures");
  refuses("train --data " + file("ragged.csv", "a,b\n1,2\n3\n") + " --target b", "ragged.csv");
  refuses("train --data " + file("header.csv", "a,b\n") + " --target b", "header.csv");
  refuses("train --data " + file("two.csv", "a,b\n1,x\n2,y\n") + " --target b", "too few");
  refuses("train --data " + file("empty.txt", ""), "is empty");
  refuses("train --data " + file("short.txt", "hello"), "too few for windows");
  refuses(table_ + "--target kind --time y", "kind");
  refuses(table_ + "--target x --time same", "same");
  refuses(table_ + "--target x --time y --horizon 500", "data.horizon");
  hearth::testing::fs::create_directories(folder_ / "one" / "cat");
  io::write_png(zeros({3, 16, 16}, kByte), folder_ / "one" / "cat" / "a.png");
  refuses("train --data " + path_ + "/one", "one class alone");
  file("t10k-images-idx3-ubyte", "short");
  file("t10k-labels-idx1-ubyte", "short");
  refuses("train --data " + path_, "t10k-images-idx3-ubyte is damaged at byte 0");
  file("t10k-images-idx3-ubyte", std::string("\0\0\x08\x03\0\0\0\x05\0\0\0\x1c\0\0\0\x1c", 16) + "cut");
  refuses("train --data " + path_, "it is cut short");
  const auto folder = [&](const char* name) { return hearth::testing::fs::create_directories(folder_ / name); };
  folder("cifar");
  for (const char* part :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"})
    file("cifar/" + std::string(part) + ".bin", std::string(5000, '\1'));
  refuses("train --data " + path_ + "/cifar", "data_batch_1.bin is damaged");
  folder("bare/a");
  folder("bare/b");
  refuses("train --data " + path_ + "/bare", "has no pictures");
  file("bare/a/1.jpg", "\xff\xd8\xff\xe0 and no more");
  file("bare/b/1.jpg", "\xff\xd8\xff\xe0 and no more");
  refuses("train --data " + path_ + "/bare", "none of the 2 pictures");
  refuses("train --data " + file("bytes.txt", std::string(3000, '\0')), "is no text: byte 0 is 0");
  refuses("train --data " + file("long.txt", std::string(2000, 'a')) + " data.context=60000", "too few for windows");
  std::string missing = "x,y,kind\n";
  for (int i = 0; i < 60; ++i) missing += "nan," + std::to_string(i) + (i % 2 ? ",a\n" : ",b\n");
  refuses("train --data " + file("nan.csv", missing) + " --target kind", "x: it is missing in every row");
  refuses(
      "train --data digits data.samples=100 --model layers 'model.layers=[flatten, {linear: 3}]' --out " + path_ + "/e",
      "end with {linear: outputs}");
}

TEST_F(WrongUse, OfTheDisk) {
  refuses("train --data digits data.samples=100 --out /proc/run", "can't be made");
  refuses("train --data digits data.samples=100 --out " + file("a_file", "") + "/run", "can't be made");
  ASSERT_EQ(run(digits_).status, 0);
  const std::string weights = slurp(path_ + "/d/model.safetensors");
  refuses(digits_, "holds a run already");
  EXPECT_EQ(slurp(path_ + "/d/model.safetensors"), weights) << "nothing is lost";
  // A disk that fills up: no file may grow beyond 4 KiB.
  const char* command = std::getenv("HEARTH_COMMAND");
  FILE* pipe =
      popen(("ulimit -f 4; " + std::string(command) +
             " train --data digits data.samples=100 --epochs 1 --quiet --out " + path_ + "/full 2>&1 >/dev/null")
                .c_str(),
            "r");
  char text[4096] = "";
  const size_t n = fread(text, 1, sizeof text - 1, pipe);
  const int status = pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1) << text;
  EXPECT_NE(std::string(text, n).find("File too large"), std::string::npos) << text;
  for (const auto& e : hearth::testing::fs::recursive_directory_iterator(path_))
    EXPECT_NE(e.path().extension(), ".tmp") << "nothing half-written remains: " << e.path();
}

TEST_F(WrongUse, OfARun) {
  refuses("eval /no/such/run", "/no/such/run");
  refuses("eval " + path_, "holds no run");
  refuses("train --resume /no/such/run", "/no/such/run");
  refuses("generate " + path_, "holds no run");
  ASSERT_EQ(run(digits_).status, 0);
  const std::string d = path_ + "/d";
  const Outcome finished = run("train --resume " + d);
  EXPECT_EQ(finished.status, 0) << finished.text;
  EXPECT_NE(finished.text.find("nothing is left to train after"), std::string::npos) << finished.text;
  refuses("generate " + d, "no language model");
  refuses("predict " + d + " /no/such.png", "/no/such.png");
  refuses("predict " + d + " " + path_ + "/table.csv", "table.csv");
  refuses("predict " + d + " " + file("cut.jpg", "\xff\xd8\xff\xe0"), "cut.jpg is damaged");
  refuses("eval " + d + " --data /no/such/folder", "/no/such/folder");
  refuses("eval " + d + " --data " + path_ + "/table.csv", "table.csv");
  refuses("summary --run " + d + " model.hidden=3", "leave the other settings out");
  refuses("compare " + d + " " + path_, "holds no run");
  refuses("report " + path_, "no records");
  refuses("weights ls " + path_ + "/table.csv", "no .pt, safetensors");
  refuses("weights convert " + d + " " + path_ + "/w.jpeg", "names no format");
  refuses("weights map " + d, "--like");
  refuses("weights map " + d + " --rule fc=x", "fits no tensor");
  EXPECT_EQ(run("weights ls " + d).status, 0) << "a run's folder stands for its weights";
  refuses("train --resume " + d + " --epochs 5", "run.epochs: 5 and 1");
  refuses("train --resume " + d + " model.hidden=8", "model.hidden");
  std::string checkpoint;
  for (const auto& e : hearth::testing::fs::directory_iterator(d + "/checkpoints")) checkpoint = e.path().string();
  std::string bytes = slurp(checkpoint);
  bytes[bytes.size() - 30] ^= 1;
  spit(checkpoint, bytes);
  refuses("train --resume " + d, "is damaged");
  bytes = slurp(d + "/model.safetensors");
  spit(d + "/model.safetensors", bytes.substr(0, bytes.size() / 2));
  refuses("eval " + d, "model.safetensors");
  spit(d + "/model.json", "{");
  refuses("eval " + d, "model.json is damaged");
  // A run that fails on the way says so, with status 1.
  refuses(
      "train --data digits data.samples=100 --epochs 3 --quiet --lr 1e30 run.clip_norm=0 optimizer.name=sgd --out " +
          path_ + "/wild",
      "learning rate", 1);
  EXPECT_NE(slurp(path_ + "/wild/summary.json").find("\"failed\""), std::string::npos);
}

TEST_F(WrongUse, OfATable) {
  ASSERT_EQ(run(table_ + "--target kind --epochs 1").status, 0);
  const std::string t = path_ + "/t";
  refuses("predict " + t + " " + file("columns.csv", "y\n1\n"), "has no column \"x\"");
  refuses("predict " + t + " " + file("word.csv", "x,y\nfoo,2\n"), "\"foo\" is no number");
  refuses("predict " + t + " " + file("none.csv", ""), "holds no rows");
  refuses("predict " + t + " " + path_ + "/table.csv --format xml", "not in {csv,json}");
  refuses("predict " + t + " " + path_ + "/table.csv --out /no/such/answers.csv", "/no/such/answers.csv");
  refuses("eval " + t + " --data digits", "digits");
  std::string places = "place,n,kind\n";
  for (int i = 0; i < 60; ++i)
    places += (i % 2 ? "garden," : "meadow,") + std::to_string(i % 13) + (i % 2 ? ",a\n" : ",b\n");
  ASSERT_EQ(
      run("train --data " + file("places.csv", places) + " --target kind --epochs 1 --out " + path_ + "/p").status, 0);
  const Outcome unknown = run("predict " + path_ + "/p " + file("moon.csv", "place,n\nmoon,3\ngarden,\n"));
  EXPECT_EQ(unknown.status, 0) << unknown.text;
  EXPECT_NE(unknown.text.find("1 categories that training had not, and 1 gaps (1 n, 1 place)"), std::string::npos)
      << unknown.text;
  refuses("eval " + path_ + "/p --data " + file("tulip.csv", "place,n,kind\ngarden,3,tulip\n"),
          "\"tulip\" is no class");
}

TEST_F(WrongUse, OfADamagedCheckpointAmongGoodOnes) {
  const std::string command =
      "train --data digits data.samples=100 --epochs 3 --quiet model.channels=[2] "
      "model.hidden=4 run.checkpoint_epochs=1 run.keep_last=3 --out ";
  ASSERT_EQ(run(command + path_ + "/d").status, 0);
  ASSERT_EQ(run(command + path_ + "/same").status, 0);
  std::vector<std::string> checkpoints;
  for (const auto& e : hearth::testing::fs::directory_iterator(path_ + "/d/checkpoints"))
    checkpoints.push_back(e.path().string());
  std::sort(checkpoints.begin(), checkpoints.end());
  ASSERT_GT(checkpoints.size(), 1U);
  spit(checkpoints.back(), slurp(checkpoints.back()).substr(0, 1000));
  hearth::testing::fs::remove(path_ + "/d/model.safetensors");
  const Outcome resumed = run("train --resume " + path_ + "/d");
  EXPECT_EQ(resumed.status, 0) << resumed.text;
  EXPECT_NE(resumed.text.find("passed over " + checkpoints.back()), std::string::npos) << resumed.text;
  EXPECT_EQ(slurp(path_ + "/d/model.safetensors"), slurp(path_ + "/same/model.safetensors"));
}

TEST_F(WrongUse, OfAPortThatIsTaken) {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  refuses("board " + path_ + " --port " + std::to_string(ntohs(address.sin_port)),
          "is taken; give another with --port");
  ::close(taken);
}

TEST_F(WrongUse, OfTheOutput) {
  for (const char* command : {"config --explain", "completion bash", "doctor --help"}) {
    const Outcome out = run(std::string(command) + " 2>&1 >/dev/full");
    EXPECT_EQ(out.status, 1) << command << ": " << out.text;
    EXPECT_NE(out.text.find("No space left on device"), std::string::npos) << out.text;
    EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), 1) << out.text;
  }
}

}  // namespace
}  // namespace hearth
