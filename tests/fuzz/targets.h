#pragma once

// The readers of files under arbitrary bytes. Each target is one function; with libFuzzer it is a program of its own
// (preset "fuzz"), and replay.cpp runs all of them over mutated files as an ordinary test.

#include <cstddef>
#include <cstdint>
#include <string>

namespace hearth::fuzz {

/// Reads the bytes as one format. Nothing but a hearth::Error may come out.
void pt(const std::string& bytes);
void safetensors(const std::string& bytes);
void npy(const std::string& bytes);
void npz(const std::string& bytes);
void checkpoint(const std::string& bytes);

}  // namespace hearth::fuzz
