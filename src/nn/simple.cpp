// Modules whose work is one op.
#include <fmt/format.h>

#include <ostream>

#include "hearth/error.h"
#include "hearth/nn/activation.h"
#include "hearth/nn/dropout.h"

namespace hearth::nn {

void ReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ReLU(" << (options.inplace() ? "inplace=true" : "") << ")";
}

void detail::check_dropout(double p) {
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("[Dropout] dropout probability has to be between 0 and 1, but got {}", p));
}
void detail::print_dropout(std::ostream& stream, const char* name, const DropoutOptions& options) {
  stream << std::boolalpha << "torch::nn::" << name << "(p=" << options.p() << ", inplace=" << options.inplace() << ")";
}

}  // namespace hearth::nn
