# hearth::cli, the whole command line as a library (src/report, src/kit, src/cli), so that a program can give its own models and
# data the same commands; and the command `hearth`, a thin main() on top of it.
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CURL REQUIRED)  # hearth data fetch; slow to load, which is why libhearth has nothing of it
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

add_library(hearth_cli_dependencies INTERFACE)
target_link_libraries(hearth_cli_dependencies INTERFACE CLI11::CLI11 yaml-cpp spdlog::spdlog PkgConfig::httplib CURL::libcurl
                                                  OpenSSL::Crypto)

file(GLOB_RECURSE hearth_cli_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/kit/*.cpp"
     "${PROJECT_SOURCE_DIR}/src/report/*.cpp" "${PROJECT_SOURCE_DIR}/src/cli/*.cpp")
list(FILTER hearth_cli_sources EXCLUDE REGEX "/src/cli/main\\.cpp$")
include(HearthEmbed)
set(uplot "${PROJECT_SOURCE_DIR}/third_party/uplot")
set(assets "${PROJECT_SOURCE_DIR}/src/report/assets")
hearth_embed("${PROJECT_BINARY_DIR}/report_assets.cpp" report assets.h kUPlotScript "${uplot}/uPlot.iife.min.js" kUPlotStyle
             "${uplot}/uPlot.min.css" kReportScript "${assets}/report.js" kReportStyle "${assets}/report.css")
set(project "${PROJECT_SOURCE_DIR}/src/cli/project")
hearth_embed("${PROJECT_BINARY_DIR}/new_project.cpp" cli project.h kBuild "${project}/CMakeLists.txt.in" kMain
             "${project}/main.cpp.in" kModelHeader "${project}/model.h.in" kModel "${project}/model.cpp.in" kDataHeader
             "${project}/data.h.in" kData "${project}/data.cpp.in" kConfig "${project}/config.yaml.in" kReadMe
             "${project}/README.md.in")
add_library(hearth_cli_objects OBJECT ${hearth_cli_sources} "${PROJECT_BINARY_DIR}/report_assets.cpp"
                                      "${PROJECT_BINARY_DIR}/new_project.cpp")
hearth_own_target(hearth_cli_objects)
target_link_libraries(hearth_cli_objects PRIVATE hearth_dependencies hearth_cli_dependencies)
target_precompile_headers(hearth_cli_objects PRIVATE "${PROJECT_SOURCE_DIR}/src/pch.h")
target_compile_options(hearth_cli_objects PRIVATE $<$<CONFIG:Release>:-Os>)

add_library(hearth_cli SHARED $<TARGET_OBJECTS:hearth_cli_objects>)
add_library(hearth_cli_static STATIC $<TARGET_OBJECTS:hearth_cli_objects>)
add_library(hearth::cli ALIAS hearth_cli)
add_library(hearth::cli_static ALIAS hearth_cli_static)
set_target_properties(hearth_cli hearth_cli_static PROPERTIES OUTPUT_NAME hearth-cli LINKER_LANGUAGE CXX)
set_target_properties(hearth_cli PROPERTIES EXPORT_NAME cli INSTALL_RPATH "$ORIGIN" VERSION ${PROJECT_VERSION} SOVERSION
                                            ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_link_libraries(hearth_cli PUBLIC hearth PRIVATE hearth_dependencies hearth_cli_dependencies)
target_link_options(hearth_cli PRIVATE ${hearth_link_options})
if(NOT HEARTH_SANITIZE)  # what libhearth hides must not be needed here
  target_link_options(hearth_cli PRIVATE -Wl,-z,defs)
endif()
# Installed, it names what it needs by plain library names, as libhearth.a does.
set(hearth_cli_private_libraries yaml-cpp spdlog cpp-httplib curl crypto)
target_link_libraries(hearth_cli_static INTERFACE hearth_static $<BUILD_INTERFACE:$<LINK_ONLY:hearth_cli_dependencies>>
                                                  "$<INSTALL_INTERFACE:${hearth_cli_private_libraries}>")
set_target_properties(hearth_cli_static PROPERTIES EXPORT_NAME cli_static)

add_executable(hearth_command "${PROJECT_SOURCE_DIR}/src/cli/main.cpp")
hearth_own_target(hearth_command)
target_link_libraries(hearth_command PRIVATE hearth_cli)
target_link_options(hearth_command PRIVATE ${hearth_link_options})
file(RELATIVE_PATH to_lib "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
set_target_properties(hearth_command PROPERTIES OUTPUT_NAME hearth INSTALL_RPATH "$ORIGIN/${to_lib}")

# bench/trainer/overhead.cpp: what a training costs over a loop by hand; built when asked for.
add_executable(hearth_bench_trainer EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/bench/trainer/overhead.cpp")
hearth_own_target(hearth_bench_trainer)
target_link_libraries(hearth_bench_trainer PRIVATE hearth_cli_static hearth_dependencies)
# bench/files/safetensors.cpp: how fast large files are written and read; likewise.
add_executable(hearth_bench_safetensors EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/bench/files/safetensors.cpp")
hearth_own_target(hearth_bench_safetensors)
target_link_libraries(hearth_bench_safetensors PRIVATE hearth_static hearth_dependencies)
