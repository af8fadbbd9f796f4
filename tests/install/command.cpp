// The whole command line, in a program that needs no libhearth-cli.so.
#include "hearth/train/main.h"

int main(int argc, char** argv) { return hearth::train::main(argc, argv); }
