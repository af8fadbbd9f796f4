# What hearth itself links; no header of these reaches a program that uses hearth.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)  # libjpeg-turbo
find_package(PNG REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)

# Neither SLEEF's nor every oneDNN's package has a CMake file, so both are looked for by name.
find_path(HEARTH_SLEEF_INCLUDE sleef.h REQUIRED)
find_library(HEARTH_SLEEF_LIBRARY sleef REQUIRED)
find_path(HEARTH_DNNL_INCLUDE oneapi/dnnl/dnnl.hpp REQUIRED)
find_library(HEARTH_DNNL_LIBRARY dnnl REQUIRED)

# oneDNN runs on OpenMP, and hearth tells that runtime to keep to one thread (src/backend/cpu/dnnl_*).
execute_process(COMMAND gcc -print-file-name=libgomp.so OUTPUT_VARIABLE gomp OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET)
get_filename_component(gomp_folder "${gomp}" DIRECTORY)
find_library(HEARTH_GOMP_LIBRARY NAMES gomp libgomp.so.1 HINTS "${gomp_folder}" REQUIRED)

add_library(hearth_dependencies INTERFACE)
target_include_directories(hearth_dependencies SYSTEM INTERFACE "${HEARTH_SLEEF_INCLUDE}" "${HEARTH_DNNL_INCLUDE}"
                           $<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>)
target_link_libraries(
  hearth_dependencies INTERFACE Threads::Threads fmt::fmt ZLIB::ZLIB JPEG::JPEG PNG::PNG nlohmann_json::nlohmann_json
                                "${HEARTH_SLEEF_LIBRARY}" "${HEARTH_DNNL_LIBRARY}" "${HEARTH_GOMP_LIBRARY}")
# The same for a linker's command line, for those who link an installed libhearth.a.
set(hearth_private_libraries dnnl sleef fmt jpeg png z gomp pthread)
