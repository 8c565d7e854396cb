/* Loading a net. */
#include "small_net_lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regular_file.h"

enum { MAX_FILE_BYTES = 1 << 20 };

int32_t small_net_parse(const void *bytes, size_t size, uint32_t lanes, small_net **net, char *message,
                        size_t message_size) {
  char unheard[1];
  if (message == NULL || message_size == 0) {
    message = unheard;
    message_size = sizeof unheard;
  }
  message[0] = '\0';
  if (net == NULL) {
    (void)snprintf(message, message_size, "net is NULL");
    return SMALL_NET_E_ARGUMENT;
  }
  *net = NULL;
  if (bytes == NULL || lanes < 1 || lanes > SMALL_NET_MAX_LANES) {
    (void)snprintf(message, message_size, bytes == NULL ? "bytes is NULL" : "lanes must be 1 to 256");
    return SMALL_NET_E_ARGUMENT;
  }
  small_net *made = calloc(1, sizeof *made);
  if (made == NULL) {
    (void)snprintf(message, message_size, "out of memory");
    return SMALL_NET_E_MEMORY;
  }
  made->lanes = lanes;
  int32_t status =
      small_net_read_layers(bytes, size, made->layers, &made->layer_count, made->class_names, message, message_size);
  if (status == 0) {
    status = small_net_allocate_lanes(made);
    if (status != 0) {
      (void)snprintf(message, message_size, "out of memory for %u lanes", (unsigned)lanes);
    }
  }
  if (status != 0) {
    small_net_free(made);
    return status;
  }
  *net = made;
  return 0;
}

/* Reads the whole file into a new block; without one on failure. */
static int32_t read_file(const char *path, uint8_t **bytes, size_t *size, char *message, size_t message_size) {
  const char *why;
  FILE *file = regular_file_open(path, &why);
  if (file == NULL) {
    (void)snprintf(message, message_size, "cannot be opened: %s", why);
    return SMALL_NET_E_FILE;
  }
  int32_t status = 0;
  uint8_t *block = malloc(MAX_FILE_BYTES + 1);
  if (block == NULL) {
    (void)snprintf(message, message_size, "out of memory");
    status = SMALL_NET_E_MEMORY;
  } else {
    *size = fread(block, 1, MAX_FILE_BYTES + 1, file);
    if (ferror(file) != 0) {
      (void)snprintf(message, message_size, "cannot be read: %s", strerror(errno));
      status = SMALL_NET_E_FILE;
    } else if (*size > MAX_FILE_BYTES) {
      (void)snprintf(message, message_size, "larger than %d bytes", MAX_FILE_BYTES);
      status = SMALL_NET_E_FORMAT;
    }
  }
  (void)fclose(file);
  if (status != 0) {
    free(block);
    block = NULL;
  }
  *bytes = block;
  return status;
}

int32_t small_net_load(const char *path, uint32_t lanes, small_net **net, char *message, size_t message_size) {
  if (message == NULL) {
    message_size = 0;
  }
  if (net != NULL) {
    *net = NULL;
  }
  if (path == NULL || net == NULL) {
    (void)snprintf(message, message_size, "%s is NULL", path == NULL ? "path" : "net");
    return SMALL_NET_E_ARGUMENT;
  }
  uint8_t *bytes = NULL;
  size_t size = 0;
  char cause[256];
  int32_t status = read_file(path, &bytes, &size, cause, sizeof cause);
  if (status == 0) {
    status = small_net_parse(bytes, size, lanes, net, cause, sizeof cause);
  }
  if (status == 0) {
    (void)snprintf(message, message_size, "%s", "");
  } else {
    (void)snprintf(message, message_size, "%.200s: %s", path, cause);
  }
  free(bytes);
  return status;
}

void small_net_free(small_net *net) {
  if (net == NULL) {
    return;
  }
  for (size_t k = 0; k < net->layer_count; k++) {
    small_net_layer_release(&net->layers[k]);
  }
  free(net->workspaces);
  free(net);
}

const char *small_net_class_name(const small_net *net, int64_t index) {
  return net != NULL && index >= 0 && index < SMALL_NET_CLASSES ? net->class_names[index] : NULL;
}
