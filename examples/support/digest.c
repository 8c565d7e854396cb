#include "digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <sha2.h>

#include "atomic_file.h"
#include "npy.h"
#include "regular_file.h"

static void finish(SHA2_CTX *state, char *text) {
  static const char digits[] = "0123456789abcdef";
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256Final(digest, state);
  for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
    text[2 * i] = digits[digest[i] >> 4];
    text[2 * i + 1] = digits[digest[i] & 15];
  }
  text[DIGEST_TEXT - 1] = '\0';
}

void digest_bytes(const void *bytes, size_t size, char *text) {
  SHA2_CTX state;
  SHA256Init(&state);
  SHA256Update(&state, bytes, size);
  finish(&state, text);
}

int digest_file(const char *path, char *text, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  const char *why;
  SHA2_CTX state;
  uint8_t block[65536];
  size_t size;
  FILE *file = regular_file_open(path, &why);
  if (file == NULL) return file_fail(&report, -1, "cannot be opened: %s", why);
  SHA256Init(&state);
  errno = 0;
  while ((size = fread(block, 1, sizeof block, file)) > 0) SHA256Update(&state, block, size);
  const int cause = ferror(file) ? (errno != 0 ? errno : EIO) : 0;
  (void)fclose(file);
  if (cause != 0) return file_fail(&report, -1, "cannot be read: %s", strerror(cause));
  finish(&state, text);
  return 0;
}

void digest_values(const double *values, int64_t count, char *text) {
  SHA2_CTX state;
  SHA256Init(&state);
  for (int64_t i = 0; i < count; i++) {
    uint8_t bytes[8];
    npy_value(values[i], bytes);
    SHA256Update(&state, bytes, sizeof bytes);
  }
  finish(&state, text);
}
