attrib_test(test_sizes abi/test_sizes.c)

find_program(BASH_PROGRAM bash)
if(BASH_PROGRAM)
  add_test(NAME check_headers COMMAND
    ${BASH_PROGRAM} ${PROJECT_SOURCE_DIR}/tests/abi/check_headers.sh ${PROJECT_SOURCE_DIR})
endif()

get_target_property(attrib_type attrib TYPE)
if(BASH_PROGRAM AND attrib_type STREQUAL "SHARED_LIBRARY" AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
  add_test(NAME check_symbols COMMAND
    ${BASH_PROGRAM} ${PROJECT_SOURCE_DIR}/tests/abi/check_symbols.sh $<TARGET_FILE:attrib> ${PROJECT_SOURCE_DIR})
endif()
