# Installs, configures and builds small projects of its own, which is the same whatever the library is instrumented with.
find_program(BASH_PROGRAM bash)
if(BASH_PROGRAM AND UNIX AND ATTRIB_INSTALL AND NOT CMAKE_C_FLAGS MATCHES "-fsanitize")
  add_test(NAME consumer COMMAND
    ${BASH_PROGRAM} ${PROJECT_SOURCE_DIR}/tests/consumer/run.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  set_tests_properties(consumer PROPERTIES TIMEOUT 600)
endif()
