#include "markup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

static const char *reference(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
  }
}

/* Bytes of the character that begins a whole UTF-8 text. */
static size_t character(const char *text) {
  size_t length = 1;
  while (((unsigned char)text[length] & 0xc0U) == 0x80) length++;
  return length;
}

char *markup_append(char *to, size_t capacity, const char *text) {
  const bool whole = is_utf8(text, strlen(text));
  size_t used = strlen(to);
  while (*text != '\0') {
    const size_t length = whole ? character(text) : 1;
    const unsigned char byte = (unsigned char)*text;
    const bool shown = byte >= ' ' && byte != 127 && (byte < 128 || whole);
    const char *piece = shown ? reference(*text) : "?";
    const size_t size = piece == NULL ? length : strlen(piece);
    if (used + size >= capacity) break;
    memcpy(to + used, piece == NULL ? text : piece, size);
    used += size;
    text += length;
  }
  to[used] = '\0';
  return to;
}
