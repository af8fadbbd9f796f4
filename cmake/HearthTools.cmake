# The compiler's helpers (ccache, a quick linker) and the flags of hearth's own targets. Nothing here is global.
include(CheckCXXSourceCompiles)

find_program(HEARTH_CCACHE ccache)
set(hearth_launcher "${CMAKE_CXX_COMPILER_LAUNCHER}")  # a launcher that the user named comes before ours
if(HEARTH_CCACHE AND NOT hearth_launcher)
  # Two build folders of one checkout share their hits: sources are named by absolute path in both, and paths
  # inside the build folder are made relative to it.
  set(hearth_launcher
      ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_BINARY_DIR}
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${HEARTH_CCACHE})
endif()

set(hearth_link_options "")
foreach(linker mold lld)
  set(CMAKE_REQUIRED_LINK_OPTIONS -fuse-ld=${linker})
  check_cxx_source_compiles("int main() {}" HEARTH_HAS_${linker})
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  if(HEARTH_HAS_${linker})
    set(hearth_link_options -fuse-ld=${linker})
    break()
  endif()
endforeach()

set(hearth_warnings -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND hearth_warnings -Wno-restrict)  # wrong about std::string::insert in g++ 12
endif()
if(HEARTH_DEVELOPER)
  list(APPEND hearth_warnings -Werror)
endif()

set(hearth_instrument "")
set(hearth_test_seconds 600) # a test that takes longer hangs
if(HEARTH_SANITIZE OR HEARTH_COVERAGE)
  set(hearth_test_seconds 3600)
endif()
if(HEARTH_SANITIZE)
  set(hearth_instrument -fsanitize=${HEARTH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(HEARTH_COVERAGE)
  list(APPEND hearth_instrument --coverage -fprofile-update=atomic)
endif()
list(APPEND hearth_link_options ${hearth_instrument})
if(hearth_instrument AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND hearth_warnings -Wno-maybe-uninitialized)  # instrumented code misleads this one
endif()

# Sources of ours: C++20, hidden symbols, src/ on the include path.
function(hearth_own_target target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(
    ${target}
    PROPERTIES CXX_EXTENSIONS OFF
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               POSITION_INDEPENDENT_CODE ON
               CXX_COMPILER_LAUNCHER "${hearth_launcher}")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  # errno after sqrt and signalling NaNs interest nobody here, and giving them up changes no result.
  target_compile_options(${target} PRIVATE ${hearth_warnings} ${hearth_instrument} -fno-math-errno -fno-trapping-math
                                           -fno-semantic-interposition)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # g++ leaves it out of -Wconversion, as sizes and indices meet in every kernel. Public headers keep it.
    target_compile_options(${target} PRIVATE -Wno-sign-conversion)
  endif()
  # As a part of a tree that names no kind of build: hearth without optimisation is of no use to anybody.
  target_compile_options(${target} PRIVATE $<$<CONFIG:>:-O3> $<$<CONFIG:>:-DNDEBUG>)
  if(HEARTH_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# Programs such as users write: C++17, public headers only, the door open.
function(hearth_user_program target)
  set_target_properties(
    ${target}
    PROPERTIES CXX_STANDARD 17
               CXX_STANDARD_REQUIRED ON
               CXX_EXTENSIONS OFF
               CXX_COMPILER_LAUNCHER "${hearth_launcher}")
  target_link_libraries(${target} PRIVATE hearth_torch)
  target_compile_options(${target} PRIVATE ${hearth_warnings} ${hearth_instrument})
  target_link_options(${target} PRIVATE ${hearth_link_options})
endfunction()
