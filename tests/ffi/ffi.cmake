# The library from Python by ctypes. Instrumented libraries need their run time loaded before Python: left out.
find_program(ATTRIB_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT ATTRIB_PYTHON)
  find_program(ATTRIB_PYTHON NAMES python3)
endif()
get_target_property(attrib_type attrib TYPE)
if(ATTRIB_PYTHON AND attrib_type STREQUAL "SHARED_LIBRARY" AND NOT CMAKE_C_FLAGS MATCHES "-fsanitize|--coverage")
  add_test(NAME test_ctypes COMMAND ${ATTRIB_PYTHON} ${PROJECT_SOURCE_DIR}/tests/ffi/test_ctypes.py $<TARGET_FILE:attrib>)
  set_tests_properties(test_ctypes PROPERTIES TIMEOUT 60)
  # 77: torch, numpy or the photographs are not there.
  add_test(NAME test_reference_maps COMMAND
    ${ATTRIB_PYTHON} ${PROJECT_SOURCE_DIR}/tests/ffi/test_reference_maps.py $<TARGET_FILE:attrib>)
  set_tests_properties(test_reference_maps PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 LABELS slow COST 1000)
endif()
