#pragma once

// Fields to and from a state dict.

#include "hearth/optim/optimizer.h"

namespace hearth::optim {

/// Adds each field as `prefix` + its name; undefined tensors are left out. Numbers are 0-dim (float64 or int64), the
/// i-th of a list is NAME.i.
class WriteFields : public Fields {
 public:
  WriteFields(nn::StateDict& out, std::string prefix) : out_(out), prefix_(std::move(prefix)) {}
  using Fields::operator();
  void operator()(const std::string& name, Tensor& value) override;
  void operator()(const std::string& name, double& value) override;
  void operator()(const std::string& name, int64_t& value) override;
  void operator()(const std::string& name, std::vector<Tensor>& value) override;

 private:
  nn::StateDict& out_;
  const std::string prefix_;
};

/// Assigns to each field what the dict holds of it; what it lacks stays. Throws where a number is none.
class ReadFields : public Fields {
 public:
  /// What becomes of a tensor of the dict; may throw.
  using Admit = std::function<Tensor(const std::string& name, const Tensor& value)>;
  ReadFields(const nn::StateDict& from, std::string prefix, Admit admit = nullptr)
      : from_(from), prefix_(std::move(prefix)), admit_(std::move(admit)) {}
  using Fields::operator();
  void operator()(const std::string& name, Tensor& value) override;
  void operator()(const std::string& name, double& value) override;
  void operator()(const std::string& name, int64_t& value) override;
  void operator()(const std::string& name, std::vector<Tensor>& value) override;
  /// How many entries were taken.
  size_t taken() const { return taken_; }

 private:
  const Tensor* find(const std::string& name);
  const Tensor* find_number(const std::string& name);

  const nn::StateDict& from_;
  const std::string prefix_;
  const Admit admit_;
  size_t taken_ = 0;
};

}  // namespace hearth::optim
