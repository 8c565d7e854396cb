# Each test with the stage that they share.
foreach(name memory callbacks cancel busy flat overflow draws)
  attrib_test(test_hardship_${name} hardship/test_${name}.c hardship/hardship.c hardship/sampled.c)
  set_tests_properties(test_hardship_${name} PROPERTIES TIMEOUT 120)
endforeach()

# The adaptive rule, on the methods of the unit tests.
foreach(name adaptive adaptive_ends adaptive_memory)
  attrib_test(test_hardship_${name} hardship/test_${name}.c)
  target_include_directories(test_hardship_${name} PRIVATE unit)
  set_tests_properties(test_hardship_${name} PROPERTIES TIMEOUT 120)
endforeach()

# Threads that do not start and memory that runs out where no allocator was given: see the top of the file.
if(UNIX AND NOT APPLE)
  target_link_options(test_hardship_memory PRIVATE -Wl,--wrap=pthread_create,--wrap=aligned_alloc)
else()
  set_tests_properties(test_hardship_memory PROPERTIES DISABLED ON)
endif()
