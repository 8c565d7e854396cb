# attrib_torch. Its networks are made by PyTorch for Python at test time; without it, or without libtorch, the tests are
# skipped and say so.
if(NOT ATTRIB_TORCH)
  add_test(NAME torch COMMAND ${CMAKE_COMMAND} -E echo
    "skipped: built without attrib_torch (-DATTRIB_TORCH=ON; needs the package libtorch-dev)")
  set_tests_properties(torch PROPERTIES SKIP_REGULAR_EXPRESSION "^skipped: ")
  return()
endif()

set(networks ${CMAKE_CURRENT_BINARY_DIR}/torch_networks)
find_program(ATTRIB_TORCH_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(ATTRIB_TORCH_PYTHON python3)
if(ATTRIB_TORCH_PYTHON)
  add_test(NAME torch_networks
    COMMAND ${ATTRIB_TORCH_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/make_networks.py ${networks})
else()
  add_test(NAME torch_networks COMMAND ${CMAKE_COMMAND} -E echo "skipped: no python3")
endif()
set_tests_properties(torch_networks PROPERTIES FIXTURES_SETUP torch_networks SKIP_RETURN_CODE 77
  SKIP_REGULAR_EXPRESSION "^skipped: " LABELS torch)

function(attrib_torch_test name)
  add_executable(${name} torch/${name}.c)
  target_link_libraries(${name} PRIVATE attrib::torch PkgConfig::cmocka Threads::Threads m)
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -ffp-contract=off)
  target_compile_definitions(${name} PRIVATE ATTRIB_TORCH_NETWORKS="${networks}"
    ATTRIB_DEFAULT_DATA="${PROJECT_SOURCE_DIR}/../shared/data")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 LABELS torch TIMEOUT 300)
endfunction()

foreach(name bits failures graphs refused values)
  attrib_torch_test(test_torch_${name})
  set_tests_properties(test_torch_${name} PROPERTIES FIXTURES_REQUIRED torch_networks)
endforeach()

add_custom_target(torch_tests DEPENDS test_torch_bits test_torch_failures test_torch_graphs test_torch_refused test_torch_values)

# The networks of the shared data: minutes.
if(ATTRIB_BUILD_EXAMPLES)
  attrib_torch_test(test_torch_data)
  target_link_libraries(test_torch_data PRIVATE example_support)
  add_dependencies(torch_tests test_torch_data first_torch)
  set_tests_properties(test_torch_data PROPERTIES LABELS "torch;heavy" TIMEOUT 900)
  add_test(NAME first_torch COMMAND ${CMAKE_CURRENT_LIST_DIR}/check_example.sh $<TARGET_FILE:first_torch>
    ${networks} ${PROJECT_SOURCE_DIR}/examples/data/pictures)
  set_tests_properties(first_torch PROPERTIES FIXTURES_REQUIRED torch_networks SKIP_RETURN_CODE 77 LABELS torch)
  # The benchmark also times the parts of attrib_torch that know nothing of libtorch.
  set(parts ${PROJECT_SOURCE_DIR}/src/torch)
  add_executable(bench_torch EXCLUDE_FROM_ALL bench/torch.cpp ${parts}/layout.cpp ${parts}/options.cpp ${parts}/scores.cpp)
  target_link_libraries(bench_torch PRIVATE attrib::torch example_support)
  target_include_directories(bench_torch PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(bench_torch PROPERTIES CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_compile_options(bench_torch PRIVATE -Wall -Wextra -Wpedantic -Wshadow -ffp-contract=off)
endif()

if(BASH_PROGRAM AND BUILD_SHARED_LIBS AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
  add_test(NAME check_symbols_torch COMMAND ${BASH_PROGRAM} ${PROJECT_SOURCE_DIR}/tests/abi/check_symbols.sh
    $<TARGET_FILE:attrib_torch> ${PROJECT_SOURCE_DIR} torch)
endif()

if(BASH_PROGRAM AND BUILD_SHARED_LIBS AND ATTRIB_INSTALL AND UNIX AND NOT CMAKE_C_FLAGS MATCHES "-fsanitize|--coverage")
  add_test(NAME torch_consumer COMMAND
    ${BASH_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/run_consumers.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR} ${networks})
  set_tests_properties(torch_consumer PROPERTIES FIXTURES_REQUIRED torch_networks SKIP_RETURN_CODE 77 LABELS torch
    TIMEOUT 600)
endif()
