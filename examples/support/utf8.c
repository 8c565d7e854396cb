#include "utf8.h"

size_t utf8_character(const char *bytes, size_t size, uint32_t *code) {
  static const uint32_t leasts[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length: below it the form is overlong */
  if (size == 0) return 0;
  const unsigned char first = (unsigned char)bytes[0];
  const size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > size) return 0;
  uint32_t number = length == 1 ? first : first & (0x7FU >> length);
  for (size_t i = 1; i < length; i++) {
    const unsigned char byte = (unsigned char)bytes[i];
    if (byte >> 6 != 2) return 0;
    number = number << 6 | (byte & 0x3FU);
  }
  if (number < leasts[length] || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) return 0;
  *code = number;
  return length;
}

bool is_utf8(const char *bytes, size_t size) {
  uint32_t code;
  for (size_t i = 0, length; i < size; i += length) {
    length = utf8_character(bytes + i, size - i, &code);
    if (length == 0) return false;
  }
  return true;
}
