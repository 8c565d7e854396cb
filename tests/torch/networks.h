/* networks.h - the networks of make_networks.py, opened, for tests of attrib_torch. Exit status 77 of a program that
 * finds none, with a line that says why: they are made by PyTorch for Python. */
#ifndef ATTRIB_TESTS_TORCH_NETWORKS_H
#define ATTRIB_TESTS_TORCH_NETWORKS_H

#include <attrib/attrib.h>
#include <attrib/torch.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 12, K = 3, CHANNELS = 2, SKIPPED = 77, CAPACITY = 600 };

static const int64_t picture_shape[] = {CHANNELS, 2, 3};

static inline const char *path_of(const char *name) {
  static char path[1024];
  snprintf(path, sizeof path, "%s/%s", ATTRIB_TORCH_NETWORKS, name);
  return path;
}

static inline void skip_without_networks(void) {
  FILE *file = fopen(path_of("quadratic.ts"), "rb");
  if (file == NULL) {
    printf("skipped: no networks to open, as PyTorch for Python is missing (package python3-torch)\n");
    exit(SKIPPED);
  }
  fclose(file);
}

static inline attrib_torch_options picture_options(void) {
  return (attrib_torch_options){.struct_size = sizeof(attrib_torch_options), .n_dimensions = 3, .shape = picture_shape};
}

static inline attrib_torch *open_network(const char *name, const attrib_torch_options *options) {
  char message[400];
  attrib_torch *network;
  attrib_status status = attrib_torch_open(path_of(name), options, &network, message, sizeof message);
  if (status != ATTRIB_OK) fail_msg("%s: %s: %s", name, attrib_status_name(status), message);
  assert_string_equal(message, "");
  assert_non_null(network);
  return network;
}

static inline attrib_model model_of(const attrib_torch *network) {
  attrib_model model = {.struct_size = sizeof model};
  assert_int_equal(attrib_torch_model(network, &model), ATTRIB_OK);
  return model;
}

/* A block of the exact size, for which a sanitizer sees every step beside it. */
static inline void *block_of(size_t size) {
  void *block = malloc(size);
  assert_non_null(block);
  return block;
}

/* The message is exactly `text` with the path for %s, or begins with it where it ends in '*'. */
static inline void refuses(const char *path, const attrib_torch_options *options, attrib_status expected,
                           const char *text) {
  char message[CAPACITY], wanted[CAPACITY];
  attrib_torch *network = (attrib_torch *)message;
  const attrib_status status = attrib_torch_open(path, options, &network, message, sizeof message);
  snprintf(wanted, sizeof wanted, text, path);
  const size_t length = strlen(wanted);
  const int open_end = length > 0 && wanted[length - 1] == '*';
  if (status != expected || (open_end ? strncmp(message, wanted, length - 1) : strcmp(message, wanted)) != 0)
    fail_msg("%s: '%s' instead of '%s'", attrib_status_name(status), message, wanted);
  assert_null(network);
  assert_null(strchr(message, '\n'));
}

#endif
