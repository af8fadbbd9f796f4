# cmake --install: libraries, headers, the command, CMake package and pkg-config files. All of it may be moved.
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/hearth")
install(TARGETS hearth hearth_static hearth_torch hearth_torch_static EXPORT hearth-targets)
if(TARGET hearth_cli)
  install(TARGETS hearth_cli EXPORT hearth-targets)
  install(TARGETS hearth_command)
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
