#include "markup.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

static bool may_be_shown(uint32_t code) {
  const bool control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0);
  const bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return !control && !turns && code != 0xFFFE && code != 0xFFFF; /* which XML cannot hold */
}

markup_piece markup_clean(const char *text) {
  static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
  uint32_t code = 0;
  const size_t length = utf8_character(text, 4, &code); /* reads nothing behind the end, which continues no character */
  if (length > 0 && may_be_shown(code)) return (markup_piece){text, length, length};
  return (markup_piece){replacement, sizeof replacement - 1, length > 0 ? length : 1};
}

markup_piece markup_escaped(const char *text) {
  static const struct {
    char of;
    const char *reference;
  } table[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (*text == table[i].of) return (markup_piece){table[i].reference, strlen(table[i].reference), 1};
  return markup_clean(text);
}

void markup_write(atomic_file *file, const char *text) {
  while (text != NULL && *text != '\0') {
    const markup_piece piece = markup_escaped(text);
    atomic_file_write(file, piece.shown, piece.size);
    text += piece.taken;
  }
}

char *markup_append(char *to, size_t capacity, const char *text) {
  size_t used = strlen(to);
  while (*text != '\0') {
    const markup_piece piece = markup_escaped(text);
    if (used + piece.size >= capacity) break;
    memcpy(to + used, piece.shown, piece.size);
    used += piece.size;
    text += piece.taken;
  }
  to[used] = '\0';
  return to;
}
