# find_package(hearth): hearth::hearth, hearth::hearth_static, and the door for LibTorch programs on top of either,
# hearth::torch and hearth::torch_static; with the command line as a library, hearth::cli and hearth::cli_static.
include("${CMAKE_CURRENT_LIST_DIR}/hearth-targets.cmake")
