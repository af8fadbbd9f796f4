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
void csv(const std::string& bytes);
void jpeg(const std::string& bytes);  // and the other formats of pictures: the first bytes tell
void png(const std::string& bytes);
void bmp(const std::string& bytes);
void pnm(const std::string& bytes);
void idx(const std::string& bytes);
void cifar(const std::string& bytes);
void tokenizer(const std::string& bytes);
void text(const std::string& bytes);
void encoder(const std::string& bytes);

}  // namespace hearth::fuzz
