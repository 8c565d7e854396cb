# Makes OUT, a C source, from page.html, page.css and the scripts beside this file. cmake -DOUT=FILE -P embed.cmake
set(text "/* Made by embed.cmake from what lies beside it. */\n#include \"report_parts.h\"\n")

# The files one after the other, under a name.
function(embed name)
  set(bytes)
  set(joined)
  foreach(file ${ARGN})
    set(path ${CMAKE_CURRENT_LIST_DIR}/${file})
    file(READ ${path} content)
    # It stands inside <style> or <script>, which these would end or leave open.
    if(NOT file STREQUAL "page.html" AND content MATCHES "</[sS]|<!--")
      message(FATAL_ERROR "${file} holds ${CMAKE_MATCH_0}, which cannot stand in the page")
    endif()
    file(READ ${path} more HEX)
    string(APPEND bytes "${more}")
    string(APPEND joined "${content}")
  endforeach()
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(SHA256 hash "${joined}")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "(..)" "0x\\1," hash "${hash}")
  string(APPEND text "static const unsigned char bytes_of_${name}[] = {\n${bytes}};\n"
    "const page_source ${name} = {bytes_of_${name}, ${size}, {${hash}}};\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

embed(page_template page.html)
embed(page_style page.css)
embed(page_script values.js colours.js draw.js page.js)
file(WRITE ${OUT} "${text}")
