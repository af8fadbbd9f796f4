# cmake --install: libraries, headers, the command, CMake package and pkg-config files. All of it may be moved.
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/hearth")
install(TARGETS hearth hearth_static hearth_torch hearth_torch_static EXPORT hearth-targets)
if(TARGET hearth_cli)
  install(TARGETS hearth_cli hearth_cli_static EXPORT hearth-targets)
  install(TARGETS hearth_command)
  if(NOT CMAKE_CROSSCOMPILING)
    foreach(to "bash|share/bash-completion/completions/hearth" "zsh|share/zsh/site-functions/_hearth")
      string(REPLACE "|" ";" to "${to}")
      list(GET to 0 shell)
      list(GET to 1 file)
      install(
        CODE "
set(file \"\${CMAKE_INSTALL_PREFIX}/${file}\")
message(STATUS \"Writing: \$ENV{DESTDIR}\${file}\")
get_filename_component(folder \"\$ENV{DESTDIR}\${file}\" DIRECTORY)
file(MAKE_DIRECTORY \"\${folder}\")
execute_process(COMMAND \"$<TARGET_FILE:hearth_command>\" completion ${shell}
                OUTPUT_FILE \"\$ENV{DESTDIR}\${file}\" COMMAND_ERROR_IS_FATAL ANY)
list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${file}\")")
    endforeach()
  endif()
endif()
install(DIRECTORY include/hearth DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY compat/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hearth-torch" FILES_MATCHING PATTERN "*.h")

install(EXPORT hearth-targets NAMESPACE hearth:: DESTINATION "${package_folder}")
write_basic_package_version_file(hearth-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/hearth-config.cmake "${CMAKE_CURRENT_BINARY_DIR}/hearth-config-version.cmake"
        DESTINATION "${package_folder}")

set(pc_folder "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_to_prefix "/${pc_folder}" "/")
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
list(TRANSFORM hearth_private_libraries PREPEND "-l" OUTPUT_VARIABLE pc_private)
list(JOIN pc_private " " pc_private)
foreach(name hearth hearth-torch)
  configure_file("cmake/${name}.pc.in" "${name}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${pc_folder}")
endforeach()
