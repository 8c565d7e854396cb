#include "npy.h"

#include <stdio.h>
#include <string.h>

/* The data begins at a multiple of 64, by numpy's specification: magic, version and length take 10 bytes. */
enum { HEAD = 10, ALIGNMENT = 64, CAPACITY = 192 };

int64_t npy_count(const int64_t *shape) {
  int64_t count = 1;
  for (int i = 0; i < NPY_DIMENSIONS; i++) count *= shape[i];
  return count;
}

void npy_value(double value, unsigned char *bytes) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> 8 * i);
}

atomic_file *npy_begin(const char *path, const int64_t *shape, const double *values, char *message) {
  char head[CAPACITY];
  int used = snprintf(head, sizeof head, "{'descr': '<f8', 'fortran_order': False, 'shape': (%lld, %lld, %lld), }",
                      (long long)shape[0], (long long)shape[1], (long long)shape[2]);
  while ((HEAD + used + 1) % ALIGNMENT != 0) head[used++] = ' ';
  head[used++] = '\n';
  const unsigned char magic[HEAD] = {
      0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)(used % 256), (unsigned char)(used / 256)};
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return NULL;
  (void)atomic_file_write(file, magic, sizeof magic);
  (void)atomic_file_write(file, head, (size_t)used);
  for (int64_t i = 0, count = npy_count(shape); i < count; i++) {
    unsigned char bytes[8];
    npy_value(values[i], bytes);
    (void)atomic_file_write(file, bytes, sizeof bytes);
  }
  return file;
}
