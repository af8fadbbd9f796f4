// The machine: its stack, its marks, its memory of named values, and the opcodes.
#include "io/pickle.h"

namespace hearth::io {
namespace {

using Node = PickleNode;

constexpr uint32_t kNone = 0xffffffff;
constexpr uint64_t kMostMemo = 1 << 24;
constexpr size_t kConstants = 260;

}  // namespace

PickleReader::PickleReader(std::string_view pickle, std::string file, uint64_t offset, uint64_t budget)
    : pickle_(pickle), file_(std::move(file)), offset_(offset), budget_(budget), constants_(kConstants, kNone) {
  run();
}

void PickleReader::charge(uint64_t bytes) {
  if (bytes > budget_) fail_at(op_at_, "the pickle would need more memory than a file of this size should");
  budget_ -= bytes;
}

void PickleReader::run() {
  while (step(*take(1))) {
  }
  if (stack_.size() != 1 || !marks_.empty())
    fail_at(op_at_, "the pickle leaves {} values instead of one", stack_.size());
  if (at_ != pickle_.size()) fail_at(at_, "{} bytes follow the pickle", pickle_.size() - at_);
  root_ = stack_[0];
}

const uint8_t* PickleReader::take(uint64_t bytes) {
  if (pickle_.size() - at_ < bytes) fail_at(at_, "the pickle ends here, where {} bytes are expected", bytes);
  const auto* p = reinterpret_cast<const uint8_t*>(pickle_.data()) + at_;
  at_ += bytes;
  return p;
}

std::string_view PickleReader::take_line() {
  const size_t end = pickle_.find('\n', at_);
  if (end == std::string_view::npos) fail_at(at_, "the pickle ends within a name");
  const std::string_view line = pickle_.substr(at_, end - at_);
  at_ = end + 1;
  return line;
}

uint32_t PickleReader::add(Node::Kind kind) {
  charge(sizeof(Node));
  nodes_.emplace_back();
  nodes_.back().kind = kind;
  nodes_.back().at = op_at_;
  return static_cast<uint32_t>(nodes_.size() - 1);
}
void PickleReader::push(uint32_t node) {
  charge(2 * sizeof node);
  stack_.push_back(node);
}
uint32_t PickleReader::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail_at(op_at_, "the pickle takes a value where none is");
  const uint32_t node = stack_.back();
  stack_.pop_back();
  return node;
}
std::vector<uint32_t> PickleReader::pop_to_mark() {
  if (marks_.empty()) fail_at(op_at_, "the pickle goes back to a mark where none is");
  const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  charge(static_cast<uint64_t>(stack_.end() - from) * sizeof(uint32_t));
  std::vector<uint32_t> items(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return items;
}

void PickleReader::push_constant(size_t which, Node::Kind kind, int64_t number) {
  if (constants_[which] == kNone) {
    constants_[which] = add(kind);
    nodes_[constants_[which]].number = number;
  }
  push(constants_[which]);
}
void PickleReader::push_number(int64_t value) {
  if (value >= 0 && value < 256) return push_constant(static_cast<size_t>(value), Node::integer, value);
  const uint32_t n = add(Node::integer);
  nodes_[n].number = value;
  push(n);
}
void PickleReader::push_text(std::string_view chars) {
  const uint32_t n = add(Node::text);
  nodes_[n].chars = chars;
  push(n);
}
void PickleReader::push_tuple(std::vector<uint32_t> items) {
  const uint32_t n = add(Node::tuple);
  nodes_[n].items = std::move(items);
  push(n);
}
void PickleReader::push_long() {  // little-endian, two's complement
  const uint8_t size = *take(1);
  if (size > 8) fail_at(op_at_, "an integer of {} bytes does not fit into 64 bits", size);
  const uint8_t* p = take(size);
  uint64_t bits = size > 0 && p[size - 1] >= 0x80 ? ~uint64_t{0} : 0;
  std::memcpy(&bits, p, size);
  push_number(static_cast<int64_t>(bits));
}
void PickleReader::remember(uint32_t slot) {
  if (stack_.empty()) fail_at(op_at_, "the pickle names a value where none is");
  if (slot >= kMostMemo) fail_at(op_at_, "the pickle names value number {}, more than make sense", slot);
  if (slot >= memo_.size()) {
    if (slot > 2 * nodes_.size() + 256)
      fail_at(op_at_, "value number {} is named, but only {} are there", slot, nodes_.size());
    charge((slot + 1 - memo_.size()) * 2 * sizeof(uint32_t));
    memo_.resize(slot + 1, kNone);
  }
  memo_[slot] = stack_.back();
}
void PickleReader::recall(uint32_t slot) {
  if (slot >= memo_.size() || memo_[slot] == kNone)
    fail_at(op_at_, "the pickle recalls value {}, which it never named", slot);
  push(memo_[slot]);
}

bool PickleReader::step(uint8_t op) {
  op_at_ = at_ - 1;
  switch (op) {
    case 0x80:  // PROTO
      if (const uint8_t protocol = *take(1); protocol != 2)
        fail_at(op_at_, "the pickle has protocol {}; save it with PyTorch's default, 2", protocol);
      return true;
    case '.': return false;  // STOP
    case '(':                // MARK
      charge(2 * sizeof(uint32_t));
      marks_.push_back(static_cast<uint32_t>(stack_.size()));
      return true;
    case 'q': remember(*take(1)); return true;                    // BINPUT
    case 'r': remember(load_le<uint32_t>(take(4))); return true;  // LONG_BINPUT
    case 'h': recall(*take(1)); return true;                      // BINGET
    case 'j': recall(load_le<uint32_t>(take(4))); return true;    // LONG_BINGET
    case 'c': {                                                   // GLOBAL: module and name, a line each
      const uint64_t begin = at_;
      const size_t module = take_line().size(), name = take_line().size();
      const uint32_t n = add(Node::global);
      nodes_[n].chars = pickle_.substr(begin, module + 1 + name);
      push(n);
      return true;
    }
    case 'Q': persistent_id(); return true;
    case 'R': reduce(); return true;
    case 0x81: new_object(); return true;
    case 'b': build(); return true;
    default:
      return step_value(op) || step_container(op) ||
             (fail_at(op_at_, "the pickle has opcode 0x{:02x}, which no saved tensors need", op), false);
  }
}

bool PickleReader::step_value(uint8_t op) {
  switch (op) {
    case 'N': push_constant(256, Node::none, 0); return true;
    case 0x89: push_constant(257, Node::boolean, 0); return true;    // NEWFALSE
    case 0x88: push_constant(258, Node::boolean, 1); return true;    // NEWTRUE
    case 'J': push_number(load_le<int32_t>(take(4))); return true;   // BININT
    case 'K': push_number(*take(1)); return true;                    // BININT1
    case 'M': push_number(load_le<uint16_t>(take(2))); return true;  // BININT2
    case 0x8a: push_long(); return true;                             // LONG1
    case 'G': {                                                      // BINFLOAT, big-endian
      const uint64_t bits = __builtin_bswap64(load_le<uint64_t>(take(8)));
      const uint32_t n = add(Node::real);
      std::memcpy(&nodes_[n].value, &bits, sizeof bits);
      push(n);
      return true;
    }
    case 'X': {  // BINUNICODE
      const auto size = load_le<uint32_t>(take(4));
      push_text({reinterpret_cast<const char*>(take(size)), size});
      return true;
    }
    case 'U': {  // SHORT_BINSTRING
      const uint8_t size = *take(1);
      push_text({reinterpret_cast<const char*>(take(size)), size});
      return true;
    }
    default: return false;
  }
}

bool PickleReader::step_container(uint8_t op) {
  switch (op) {
    case ')': push_constant(259, Node::tuple, 0); return true;
    case ']':
    case 0x8f: push(add(Node::list)); return true;  // EMPTY_LIST, EMPTY_SET
    case '}': push(add(Node::dict)); return true;
    case 't': push_tuple(pop_to_mark()); return true;
    case 0x85:
    case 0x86:
    case 0x87: {  // TUPLE1 to TUPLE3
      std::vector<uint32_t> items(op - 0x84U);
      for (size_t i = items.size(); i-- > 0;) items[i] = pop();
      charge(items.size() * sizeof(uint32_t));
      push_tuple(std::move(items));
      return true;
    }
    case 'a':
    case 's': {  // APPEND, SETITEM
      std::vector<uint32_t> items(op == 'a' ? 1 : 2);
      for (size_t i = items.size(); i-- > 0;) items[i] = pop();
      const uint32_t target = pop();
      add_to(target, items);
      push(target);
      return true;
    }
    case 'e':
    case 0x90:
    case 'u': {  // APPENDS, ADDITEMS, SETITEMS
      const std::vector<uint32_t> items = pop_to_mark();
      const uint32_t target = pop();
      if ((nodes_[target].kind == Node::dict) != (op == 'u'))
        fail_at(op_at_, "{} can't take these items", kind_name(nodes_[target].kind));
      add_to(target, items);
      push(target);
      return true;
    }
    default: return false;
  }
}

void PickleReader::add_to(uint32_t target, const std::vector<uint32_t>& items) {
  Node& t = nodes_[target];
  if (t.kind != Node::list && t.kind != Node::dict) fail_at(op_at_, "{} can't take items", kind_name(t.kind));
  if (t.kind == Node::dict && items.size() % 2 != 0) fail_at(op_at_, "the last key of a dict has no value");
  if (t.kind == Node::dict)
    for (size_t i = 0; i < items.size(); i += 2)
      if (const Node::Kind key = nodes_[items[i]].kind; key != Node::text && key != Node::integer)
        fail_at(op_at_, "a dict has {} as a key; strings and integers are read here", kind_name(key));
  charge(2 * items.size() * sizeof(uint32_t));
  t.items.insert(t.items.end(), items.begin(), items.end());
}

}  // namespace hearth::io
