/* Fuzz target for the PNM reader of the examples. Any bytes must give either a complete picture or a zeroed
 * one and one line that says why.
 *
 *   clang -fsanitize=fuzzer,address,undefined -Iexamples/support tests/fuzz/fuzz_ppm.c -lm \
 *       examples/support/{atomic_file,image_io,image_io_stb,image_io_png,image_io_jpeg,image_io_write}.c \
 *       examples/support/{ppm,stb_impl}.c
 *
 * With -DATTRIB_FUZZ_STANDALONE and no fuzzer it is a plain program that runs the files named on the command
 * line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_io.h"

/* Not assert: the check must hold with NDEBUG too. */
#define REQUIRE(condition)                                                          \
  do {                                                                              \
    if (!(condition)) {                                                             \
      (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                      \
    }                                                                               \
  } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char message[FILE_MESSAGE_CAPACITY] = "";
  const file_report report = {"fuzz", message, sizeof message};
  image_data image;
  memset(&image, 0xa5, sizeof image);
  int result = image_decode_pnm(data, size, &report, &image);
  if (result == IMAGE_OK) {
    REQUIRE(image.width >= 1 && image.width <= IMAGE_MAX_SIDE && image.height >= 1 && image.height <= IMAGE_MAX_SIDE);
    REQUIRE(image.max_value >= 1 && image.max_value <= 65535 && message[0] == '\0');
    size_t count = 3 * (size_t)image.width * (size_t)image.height;
    REQUIRE(count <= 3 * size); /* a sample takes at least a byte: small files cannot make large pictures */
    for (size_t i = 0; i < count; i++) REQUIRE(image.pixels[i] >= 0.0f && image.pixels[i] <= 1.0f);
  } else {
    REQUIRE(result < 0 && image.pixels == NULL && image.width == 0 && image.height == 0);
    REQUIRE(strncmp(message, "fuzz: ", 6) == 0 && message[6] != '\0' && strchr(message, '\n') == NULL);
    REQUIRE(strlen(message) + 1 < sizeof message);
  }
  image_free(&image);
  return 0;
}

#ifdef ATTRIB_FUZZ_STANDALONE
int main(int count, char **paths) {
  for (int i = 1; i < count; i++) {
    FILE *file = fopen(paths[i], "rb");
    if (file == NULL) {
      perror(paths[i]);
      return 1;
    }
    static uint8_t block[1 << 20]; /* libFuzzer inputs are far smaller */
    size_t size = fread(block, 1, sizeof block, file);
    (void)fclose(file);
    uint8_t *exact = malloc(size > 0 ? size : 1); /* of the exact size, so that a sanitizer sees an over-read */
    if (exact == NULL) return 1;
    memcpy(exact, block, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
  }
  return 0;
}
#endif
