# Makes OUT, a C source, from page.html, page.css and page.js beside this file. cmake -DOUT=FILE -P embed.cmake
set(text "/* Made by embed.cmake from page.html, page.css and page.js. */\n#include \"report_parts.h\"\n")

function(embed name file)
  set(path ${CMAKE_CURRENT_LIST_DIR}/${file})
  file(READ ${path} content)
  # It stands inside <style> or <script>, which these would end or leave open.
  if(NOT file STREQUAL "page.html" AND content MATCHES "</[sS]|<!--")
    message(FATAL_ERROR "${file} holds ${CMAKE_MATCH_0}, which cannot stand in the page")
  endif()
  file(READ ${path} bytes HEX)
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  file(SHA256 ${path} hash)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "(..)" "0x\\1," hash "${hash}")
  string(APPEND text "static const unsigned char bytes_of_${name}[] = {\n${bytes}};\n"
    "const page_source ${name} = {bytes_of_${name}, ${size}, {${hash}}};\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

embed(page_template page.html)
embed(page_style page.css)
embed(page_script page.js)
file(WRITE ${OUT} "${text}")
