#include "utf8.h"

/* Bytes of the sequence that begins with this one, and the least its number may be; 0: none begins so. */
static size_t sequence(unsigned char first, unsigned long *number, unsigned long *least) {
  static const unsigned long leasts[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  *number = length == 1 ? first : first & (0x7fU >> length);
  *least = leasts[length];
  return length;
}

bool is_utf8(const char *bytes, size_t size) {
  unsigned long number, least;
  for (size_t i = 0, length; i < size; i += length) {
    length = sequence((unsigned char)bytes[i], &number, &least);
    if (length == 0 || length > size - i) return false;
    for (size_t k = 1; k < length; k++) {
      const unsigned char byte = (unsigned char)bytes[i + k];
      if (byte >> 6 != 2) return false;
      number = number << 6 | (byte & 0x3fU);
    }
    if (number < least || number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) return false;
  }
  return true;
}
