// The command `hearth`.
#include "hearth/train/main.h"

int main(int argc, char** argv) { return hearth::train::main(argc, argv); }
