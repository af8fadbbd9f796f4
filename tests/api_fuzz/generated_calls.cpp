#include "api_fuzz/calls.h"

namespace hearth::api_fuzz {

namespace {

struct Generated : Calls {
  void add_all() {
#include "api_fuzz/generated/calls.inc"
  }
};

}  // namespace

void add_generated(Calls& calls) {
  Generated generated;
  generated.add_all();
  calls.entries.insert(calls.entries.end(), generated.entries.begin(), generated.entries.end());
}

}  // namespace hearth::api_fuzz
