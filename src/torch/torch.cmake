# attrib_torch: nothing of it reaches the core, which is built without C++.
enable_language(CXX)
find_package(Torch QUIET)
if(NOT Torch_FOUND)
  message(FATAL_ERROR "attrib_torch needs libtorch with its headers (package libtorch-dev, or the archive of pytorch.org "
    "in CMAKE_PREFIX_PATH). Configure with -DATTRIB_TORCH=OFF to build without it.")
endif()

add_library(attrib_torch
  src/torch/error.cpp
  src/torch/evaluate.cpp
  src/torch/forward.cpp
  src/torch/graph.cpp
  src/torch/layout.cpp
  src/torch/load.cpp
  src/torch/options.cpp
  src/torch/scores.cpp
  src/torch/state.cpp
  src/torch/torch.cpp)
add_library(attrib::torch ALIAS attrib_torch)
# Users get the core with it, and nothing of C++; itself it calls no function of the core.
target_link_libraries(attrib_torch INTERFACE attrib PRIVATE torch c10)
target_include_directories(attrib_torch PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_include_directories(attrib_torch SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
target_compile_definitions(attrib_torch PRIVATE ATTRIB_BUILDING)
target_compile_options(attrib_torch PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-ffp-contract=off>)
set_target_properties(attrib_torch PROPERTIES EXPORT_NAME torch VERSION ${PROJECT_VERSION} SOVERSION ${abi_version}
  CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
  POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(attrib_torch PRIVATE
    $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall -Wextra -Wpedantic -Wconversion -Wshadow>)
endif()
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*undefined") # asks for types that libtorch does not export
  target_compile_options(attrib_torch PRIVATE -fno-sanitize=vptr)
endif()
if(BUILD_SHARED_LIBS AND UNIX AND NOT APPLE)
  target_link_options(attrib_torch PRIVATE "-Wl,--version-script=${PROJECT_SOURCE_DIR}/src/attrib_torch.map"
    -Wl,--no-undefined -Wl,--as-needed)
  set_target_properties(attrib_torch PROPERTIES LINK_DEPENDS ${PROJECT_SOURCE_DIR}/src/attrib_torch.map)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_link_options(attrib_torch PRIVATE -Wl,-z,undefs)
  endif()
endif()
