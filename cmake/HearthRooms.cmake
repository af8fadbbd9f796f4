# The library's sources in three groups, by what their speed is worth; together they must stay under 10 MB.
#   hearth_kernels  -O3  loops over elements: backend/cpu, and *_kernels.cpp in any room
#   hearth_core     -O2  what runs once an op, and kernels that few programs spend time in
#   hearth_shell    -Os  what runs once a step or a file: nn, optim, io, train, the generated forwarders
file(GLOB_RECURSE hearth_core_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp")
list(FILTER hearth_core_sources EXCLUDE REGEX "/src/(kit|report|cli)/|/src/backend/cpu/isa/")

set(hearth_kernels_sources ${hearth_core_sources})
list(FILTER hearth_kernels_sources INCLUDE REGEX "/src/backend/cpu/[a-z_]*[.]cpp$|_kernels[.]cpp$")
list(FILTER hearth_kernels_sources EXCLUDE REGEX
     "/(reduce|reduce_statistic|reduce_index|reference_conv|reference_matmul|pool_places|sort|searchsorted|linalg[a-z_]*|ldl)[.]cpp$")
list(REMOVE_ITEM hearth_core_sources ${hearth_kernels_sources})

set(hearth_shell_sources ${hearth_core_sources})
list(FILTER hearth_shell_sources INCLUDE REGEX "/src/(nn|optim|io|train|ops/generated)/")
list(REMOVE_ITEM hearth_core_sources ${hearth_shell_sources})

set(hearth_level_kernels -O3)
set(hearth_level_core -O2)
set(hearth_level_shell -Os)
set(hearth_room_objects "")
foreach(group kernels core shell)
  add_library(hearth_${group} OBJECT ${hearth_${group}_sources})
  hearth_own_target(hearth_${group})
  target_link_libraries(hearth_${group} PRIVATE hearth_dependencies)
  target_precompile_headers(hearth_${group} PRIVATE src/pch.h)
  target_compile_options(hearth_${group} PRIVATE $<$<CONFIG:Release>:${hearth_level_${group}}>)
  list(APPEND hearth_room_objects $<TARGET_OBJECTS:hearth_${group}>)
endforeach()
if(HEARTH_FUZZ) # what reads files counts its edges; counters in every kernel would cost libFuzzer half of its time
  set(counted ${hearth_core_sources} ${hearth_shell_sources})
  list(FILTER counted INCLUDE REGEX "/src/(base|io|data)/")
  set_source_files_properties(
    ${counted} PROPERTIES COMPILE_OPTIONS -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)
endif()
set_source_files_properties(src/base/version.cpp PROPERTIES COMPILE_DEFINITIONS "HEARTH_VERSION=\"${PROJECT_VERSION}\"")
