# src/backend/cpu/isa/*.cpp: the loops that are compiled once for each instruction set and chosen at start.
# No precompiled header: these objects may define no weak symbol (tests/isa_symbols_test.py says why).
file(GLOB hearth_isa_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/backend/cpu/isa/*.cpp")
set(hearth_isa_objects "")
set(hearth_isa_targets "")

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(hearth_isa_levels v2 v3 v4)
else()
  set(hearth_isa_levels base)
endif()
set(hearth_isa_flags_v2 -march=x86-64-v2)
set(hearth_isa_flags_v3 -march=x86-64-v3)
set(hearth_isa_flags_v4 -march=x86-64-v4 -mprefer-vector-width=512)
set(hearth_isa_flags_base "")

if(hearth_isa_sources)
  foreach(level ${hearth_isa_levels})
    add_library(hearth_isa_${level} OBJECT ${hearth_isa_sources})
    hearth_own_target(hearth_isa_${level})
    target_link_libraries(hearth_isa_${level} PRIVATE hearth_dependencies)
    target_compile_definitions(hearth_isa_${level} PRIVATE HEARTH_ISA=${level})
    # No contraction into fused multiply-adds that the source does not ask for: every level gives the same bits.
    target_compile_options(hearth_isa_${level} PRIVATE ${hearth_isa_flags_${level}} -ffp-contract=off)
    if(HEARTH_SANITIZE)
      target_compile_options(hearth_isa_${level} PRIVATE -Wno-pass-failed)  # clang: checked loops are not vectorized
    endif()
    list(APPEND hearth_isa_objects $<TARGET_OBJECTS:hearth_isa_${level}>)
    list(APPEND hearth_isa_targets hearth_isa_${level})
  endforeach()
endif()
