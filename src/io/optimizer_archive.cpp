// Optimizers, their options and their states to archives and back.
#include <fmt/format.h>

#include "hearth/serialize.h"
#include "io/tree.h"

namespace hearth::optim {

namespace {

using serialize::InputArchive;
using serialize::OutputArchive;

/// Writes each field under its own name.
class ToArchive : public Fields {
 public:
  explicit ToArchive(OutputArchive& archive) : archive_(archive) {}
  void operator()(const std::string& name, Tensor& value) override {
    if (value.defined()) archive_.write(name, IValue(value));
  }
  void operator()(const std::string& name, double& value) override { archive_.write(name, IValue(value)); }
  void operator()(const std::string& name, int64_t& value) override { archive_.write(name, IValue(value)); }
  void operator()(const std::string& name, bool& value) override { archive_.write(name, IValue(value)); }
  void operator()(const std::string& name, std::vector<Tensor>& value) override { archive_.write(name, IValue(value)); }
  void operator()(const std::string& name, std::vector<double>& value) override { archive_.write(name, IValue(value)); }
  void operator()(const std::string& name, std::tuple<double, double>& value) override {
    archive_.write(name, IValue(IValue::Tuple{{std::get<0>(value), std::get<1>(value)}}));
  }
  void operator()(const std::string& name, std::optional<std::string>& value) override {
    archive_.write(name, IValue(value));
  }

 private:
  OutputArchive& archive_;
};

/// Assigns to each field what the archive has under its name.
class FromArchive : public Fields {
 public:
  explicit FromArchive(InputArchive& archive) : archive_(archive) {}
  void operator()(const std::string& name, Tensor& value) override {
    IValue found;
    value = archive_.try_read(name, found) ? found.toTensor() : Tensor();
  }
  void operator()(const std::string& name, double& value) override { value = read(name).toScalar().toDouble(); }
  void operator()(const std::string& name, int64_t& value) override { value = read(name).toInt(); }
  void operator()(const std::string& name, bool& value) override { value = read(name).toBool(); }
  void operator()(const std::string& name, std::vector<Tensor>& value) override {
    const IValue found = read(name);
    value = found.isTensorList() ? found.toTensorVector() : std::vector<Tensor>();
    if (found.isTensorList()) return;
    for (const IValue& item : found.toListRef()) value.push_back(item.toTensor());
  }
  void operator()(const std::string& name, std::vector<double>& value) override { value = read(name).toDoubleVector(); }
  void operator()(const std::string& name, std::tuple<double, double>& value) override {
    const IValue found = read(name);
    const auto& items = found.toTupleRef();
    if (items.size() != 2)
      throw ValueError(fmt::format("[load] option \"{}\" has {} numbers instead of 2 in {}; is it another optimizer's?",
                                   name, items.size(), archive_.source()));
    value = {items[0].toScalar().toDouble(), items[1].toScalar().toDouble()};
  }
  void operator()(const std::string& name, std::optional<std::string>& value) override {
    const IValue found = read(name);
    value = found.isNone() ? std::nullopt : std::optional<std::string>(found.toStringRef());
  }

 private:
  IValue read(const std::string& name) {
    IValue value;
    archive_.read(name, value);
    return value;
  }
  InputArchive& archive_;
};

}  // namespace

void OptimizerParamState::serialize(OutputArchive& archive) const {
  ToArchive write(archive);
  clone()->visit(write);  // fields show only what may be assigned
}
void OptimizerParamState::serialize(InputArchive& archive) {
  const auto loaded = clone();  // where it throws, this stays
  FromArchive read(archive);
  loaded->visit(read);
  assign(std::move(*loaded));
}
void OptimizerOptions::serialize(OutputArchive& archive) const {
  ToArchive write(archive);
  double lr = get_lr();
  write("lr", lr);
  clone()->visit(write);
}
void OptimizerOptions::serialize(InputArchive& archive) {
  FromArchive check(archive), read(archive);
  clone()->visit(check);  // where it throws, this stays
  double lr = 0;
  read("lr", lr);
  visit(read);
  set_lr(lr);
}

void Optimizer::save(OutputArchive& archive) const { archive.write(io::python_state(*this)); }
void Optimizer::load(InputArchive& archive) { load_state_dict(io::optimizer_state(archive.root(), *this)); }

}  // namespace hearth::optim
