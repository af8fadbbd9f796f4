#include "kit/schema.h"

namespace hearth::kit {

using train::Setting;
using Kind = train::Setting::Kind;

namespace {

Section data_keys() {
  return {
      "data",
      "What to train on, and how it is split.",
      {{"path", "digits",
        "\"digits\" (drawn by the program), a folder with MNIST's or CIFAR's files, a folder of images in class "
        "folders, a .csv or a .txt file"},
       {"task",
        "auto",
        "what the data is; auto: found from the path and the columns",
        {"auto", "digits", "mnist", "cifar", "images", "table", "text", "series", "custom"}},
       {"name", nullptr, "a data set of the program's own, by name; its settings stand beside it"},
       {"target", nullptr, "table, series: the column to predict"},
       {"kind", "auto", "table: whether the target is a class or a number", {"auto", "classification", "regression"}},
       {"ignore", Kind::texts, IValue(std::vector<IValue>()), "table: columns to leave out"},
       {"time", nullptr, "series: the column of the time (or two: year, month)"},
       {"horizon", Kind::integer, {}, "series: how many steps ahead to forecast", 1, 10000},
       {"lookback", Kind::integer, {}, "series: how many steps to look at", 1, 100000},
       {"season", Kind::integer, {}, "series: steps in a season, such as 12 for months", 1, 100000},
       {"split",
        "auto",
        "how samples are shared out; auto: by time for series and text, else at random",
        {"auto", "random", "chronological"}},
       {"val", 0.1, "share that validates", 0, 0.9},
       {"test", 0.1, "share that tests, where the data has no test part of its own", 0, 0.9},
       {"samples", Kind::integer, {}, "digits: how many to draw; others: use the first so many alone", 1},
       {"tokenizer", "auto", "text: what a token is; auto: a character", {"auto", "char", "byte", "word", "bpe"}},
       {"vocabulary", 1024, "text: tokens of bpe, most words of word", 2, 1000000},
       {"context", Kind::integer, {}, "text: tokens that the model sees", 2, 65536},
       {"image_size", Kind::integer, {}, "images: height and width that they are brought to", 8, 4096}}};
}

Section transform_keys() {
  return {"transforms",
          "What is done to pictures on their way.",
          {{"normalize", true, "subtract the mean and divide by the deviation of the training part, by channel"},
           {"crop",
            Kind::flag,
            {},
            "training: a random part of each picture, scaled to the model's size, instead of its middle; chosen for "
            "folders of pictures larger than that"},
           {"crop_scale", 0.5, "crop: the least share of a picture's area that a part may have", 0.01, 1},
           {"resize",
            Kind::integer,
            {},
            "images, but for crop's parts: the shorter side is brought to so many pixels, and the middle cut out; "
            "data.image_size, or 8/7 of it with crop, unless given",
            8,
            8192},
           {"shift", Kind::integer, {}, "training: move by up to so many pixels each way, at random", 0, 64},
           {"flip", Kind::flag, {}, "training: mirror half of them left to right"},
           {"erase", 0.0, "training: the chance that a random rectangle of a picture is made grey", 0, 1}}};
}

Section run_keys() {
  return {
      "run",
      "How long, how, and what is written down.",
      {{"name", nullptr, "part of the run folder's name; the data's unless given"},
       {"out", nullptr, "the run folder; runs/<time>_<name> unless given"},
       {"epochs", Kind::integer, {}, "passes over the training part", 1, 1000000},
       {"max_steps", 0, "ends after so many steps of the optimizer; 0: never", 0},
       {"max_seconds", 0.0, "ends after so many seconds; 0: never. Equal runs then differ", 0},
       {"batch_size", Kind::integer, {}, "samples a batch", 1, 1000000},
       {"eval_batch_size", 256, "samples a batch of validation and test", 1, 1000000},
       {"accumulate", 1, "batches whose gradients make one step", 1, 100000},
       {"seed", 0, "of weights, order, split and every other random number", 0},
       {"threads", 0, "threads that an operation may use; 0: all. Results do not depend on it", 0, 1024},
       {"workers", 0, "threads that make batches. Results do not depend on it", 0, 256},
       {"clip_norm", Kind::number, {}, "the largest norm of the gradient; 0: any", 0},
       {"clip_value", 0.0, "the largest element of the gradient; 0: any", 0},
       {"ema_decay", Kind::number, {}, "keeps an average of the weights that forgets so slowly; 0: none", 0, 0.999999},
       {"metrics",
        Kind::texts,
        {},
        "accuracy, top<k>, precision, recall, f1 (these also _micro, _binary), roc_auc, "
        "mse, mae, r2, perplexity"},
       {"validate_every", 0, "steps between validations; 0: at the end of each epoch", 0},
       {"sanity_batches", 2, "batches of validation before the first step", 0, 1000000},
       {"log_every", 50, "steps between lines of metrics.jsonl; 0: one an epoch alone", 0},
       {"log_gradients", true, "these lines hold the norm of each layer's gradient besides"},
       {"autocast", false, "products, convolutions, attention and recurrent layers in bfloat16"},
       {"tensorboard", true, "writes event files for TensorBoard into the run folder"},
       {"monitor", Kind::text, {}, "the score that says which weights are best: val/loss, val/accuracy, train/loss, …"},
       {"mode", "auto", "whether that score should be small or large", {"auto", "min", "max"}},
       {"patience", Kind::integer, {}, "stops after so many validations without a better score; 0: never", 0, 1000000},
       {"min_delta", 0.0, "by how much better is better", 0},
       {"restore_best", Kind::flag, {}, "ends with the best weights instead of the last"},
       {"checkpoint_steps", 0, "steps between checkpoints; 0: none by steps", 0},
       {"checkpoint_minutes", 10.0, "minutes between checkpoints; 0: none by time", 0},
       {"checkpoint_epochs", Kind::integer, {}, "epochs between checkpoints; 0: none by epochs", 0},
       {"keep_last", 2, "newest checkpoints to keep", 1, 100000},
       {"keep_best", 1, "best checkpoints to keep besides", 0, 100000},
       {"dry_run", false, "two steps and one batch of validation, and no files: does everything fit together?"},
       {"overfit", 0, "trains on the first so many batches alone: can the model learn at all? 0: all", 0},
       {"stop_on_nonfinite", true, "ends the run, naming the culprit, where a loss is infinite or NaN"}}};
}

}  // namespace

const std::vector<Section>& schema() {
  static const std::vector<Section> sections = {
      data_keys(),
      transform_keys(),
      {"model",
       "The network; its other settings hang on its name.",
       {{"name", Kind::text, {}, "see below; chosen to suit the data unless given"}}},
      {"loss", "What training makes small.", {{"name", Kind::text, {}, "see below; chosen to suit the data"}}},
      {"optimizer",
       "How weights follow their gradients; its other settings hang on its name.",
       {{"name", Kind::text, {}, "see below; chosen to suit the model unless given"},
        {"lr", Kind::number, {}, "the learning rate", 0}}},
      {"scheduler",
       "How the learning rate changes; its other settings hang on its name.",
       {{"name", Kind::text, {}, "see below; chosen to suit the model unless given"},
        {"warmup", Kind::integer, {}, "steps in which the rate rises from a hundredth", 0}}},
      run_keys(),
  };
  return sections;
}

}  // namespace hearth::kit
