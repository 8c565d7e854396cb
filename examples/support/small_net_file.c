/* Reads the weights file. Its format, all numbers little-endian:
 *
 *   8 bytes   "SMALLNET"
 *   7 x u32   version (1), size of the file in bytes, channels, height, width, classes, number of layers
 *   classes   names of 16 bytes, padded with zeros
 *   layers    records of 28 bytes: u32 kind, u32 outputs, u32 kernel, name of 16 bytes
 *   f32 ...   per convolution or dense layer, in order: weights [out][in][row][column] or [out][in], then bias [out]
 *   u32       CRC-32 (that of zlib and PNG) of everything before it */
#include "small_net.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  VERSION = 1,
  HEADER_BYTES = 8 + 7 * 4,
  RECORD_BYTES = 3 * 4 + SMALL_NET_NAME_BYTES,
  CHECKSUM_BYTES = 4,
  MAX_CHANNELS = 4096,
  MAX_ACTIVATIONS = 1 << 22 /* floats of a lane, all layers together */
};

typedef struct reader {
  const uint8_t *bytes;
  size_t size, at;
  char *message;
  size_t message_size;
} reader;

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static int32_t
malformed(reader *in, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (in->message_size > 0) {
    (void)vsnprintf(in->message, in->message_size, format, arguments);
  }
  va_end(arguments);
  return SMALL_NET_E_FORMAT;
}

static uint32_t u32_at(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t next_u32(reader *in) {
  in->at += 4;
  return u32_at(in->bytes + in->at - 4);
}

uint32_t small_net_crc32(const void *data, size_t size) {
  const uint8_t *bytes = data;
  uint32_t table[16], crc = 0xffffffffu;
  for (uint32_t n = 0; n < 16; n++) {
    uint32_t entry = n;
    for (int k = 0; k < 4; k++) {
      entry = (entry & 1u) != 0 ? entry >> 1 ^ 0xedb88320u : entry >> 1;
    }
    table[n] = entry;
  }
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15u];
    crc = crc >> 4 ^ table[crc & 15u];
  }
  return ~crc;
}

static int32_t read_name(reader *in, char *name, const char *what, size_t index) {
  memcpy(name, in->bytes + in->at, SMALL_NET_NAME_BYTES);
  in->at += SMALL_NET_NAME_BYTES;
  if (name[0] == '\0' || memchr(name, '\0', SMALL_NET_NAME_BYTES) == NULL) {
    return malformed(in, "%s %zu has no proper name", what, index + 1);
  }
  return 0;
}

/* Header up to the layer records: everything that can be said before the shapes are known. */
static int32_t read_header(reader *in, size_t *count, char (*class_names)[SMALL_NET_NAME_BYTES]) {
  if (in->size < HEADER_BYTES + CHECKSUM_BYTES) {
    return malformed(in, "truncated: %zu bytes are less than a header", in->size);
  }
  if (memcmp(in->bytes, "SMALLNET", 8) != 0) {
    return malformed(in, "not a small_net file: wrong magic");
  }
  in->at = 8;
  uint32_t version = next_u32(in), size = next_u32(in);
  if (version != VERSION) {
    return malformed(in, "version %u, this reader knows %d", (unsigned)version, VERSION);
  }
  if (size != in->size) {
    return malformed(in, "%s: %zu bytes, the header says %u", in->size < size ? "truncated" : "too long", in->size,
                     (unsigned)size);
  }
  if (small_net_crc32(in->bytes, in->size - CHECKSUM_BYTES) != u32_at(in->bytes + in->size - CHECKSUM_BYTES)) {
    return malformed(in, "checksum does not match: the file is damaged");
  }
  in->size -= CHECKSUM_BYTES;
  uint32_t channels = next_u32(in), height = next_u32(in), width = next_u32(in), classes = next_u32(in);
  if (channels != SMALL_NET_CHANNELS || height != SMALL_NET_HEIGHT || width != SMALL_NET_WIDTH ||
      classes != SMALL_NET_CLASSES) {
    return malformed(in, "shape %u x %u x %u to %u, expected 3 x 64 x 64 to 10", (unsigned)channels, (unsigned)height,
                     (unsigned)width, (unsigned)classes);
  }
  *count = next_u32(in);
  if (*count < 1 || *count > SMALL_NET_MAX_LAYERS) {
    return malformed(in, "%zu layers, allowed are 1 to %d", *count, SMALL_NET_MAX_LAYERS);
  }
  if (in->size - in->at < (size_t)SMALL_NET_CLASSES * SMALL_NET_NAME_BYTES + *count * RECORD_BYTES) {
    return malformed(in, "too short for its names and %zu layers", *count);
  }
  int32_t status = 0;
  for (size_t k = 0; k < SMALL_NET_CLASSES && status == 0; k++) {
    status = read_name(in, class_names[k], "class", k);
  }
  return status;
}

/* What a layer makes of its input; outputs and kernel as the file gives them. */
static int32_t chain(reader *in, small_net_layer *layer, uint32_t outputs, uint32_t kernel) {
  const int is_map = layer->in.height > 0;
  const int has_outputs = layer->kind == SMALL_NET_CONVOLUTION || layer->kind == SMALL_NET_DENSE;
  const int is_pool = layer->kind == SMALL_NET_MAX_POOL || layer->kind == SMALL_NET_AVERAGE_POOL;
  const uint32_t expected_kernel = layer->kind == SMALL_NET_CONVOLUTION ? 3 : is_pool ? 2 : 0;
  if (layer->kind < SMALL_NET_CONVOLUTION || layer->kind > SMALL_NET_DENSE) {
    return malformed(in, "layer %s: unknown kind %u", layer->name, (unsigned)layer->kind);
  }
  if (kernel != expected_kernel) {
    return malformed(in, "layer %s: kernel %u, expected %u", layer->name, (unsigned)kernel, (unsigned)expected_kernel);
  }
  if (has_outputs ? outputs < 1 || outputs > MAX_CHANNELS : outputs != 0) {
    return malformed(in, "layer %s: %u outputs", layer->name, (unsigned)outputs);
  }
  if (layer->kind != SMALL_NET_RELU && is_map != (layer->kind != SMALL_NET_DENSE)) {
    return malformed(in, "layer %s does not chain: it gets a %s", layer->name, is_map ? "map" : "vector");
  }
  layer->out = layer->in;
  if (has_outputs) {
    layer->out.channels = (int32_t)outputs;
  }
  if (layer->kind == SMALL_NET_CONVOLUTION && layer->in.width % SMALL_NET_BLOCK != 0) {
    return malformed(in, "layer %s does not chain: width %d is not a multiple of %d", layer->name, (int)layer->in.width,
                     SMALL_NET_BLOCK);
  }
  if (is_pool) {
    if (layer->in.height % 2 != 0 || layer->in.width % 2 != 0) {
      return malformed(in, "layer %s does not chain: odd size", layer->name);
    }
    layer->out.height /= 2;
    layer->out.width /= 2;
  }
  if (layer->kind == SMALL_NET_FLATTEN) {
    layer->out.channels *= layer->in.height * layer->in.width; /* bounded by MAX_ACTIVATIONS */
    layer->out.height = layer->out.width = 0;
  }
  return 0;
}

/* Parameters of a layer: weights and bias. */
static uint64_t parameter_count(const small_net_layer *layer, uint64_t *weights) {
  const int is_convolution = layer->kind == SMALL_NET_CONVOLUTION;
  *weights = 0;
  if (is_convolution || layer->kind == SMALL_NET_DENSE) {
    *weights = (uint64_t)layer->in.channels * (uint64_t)layer->out.channels * (is_convolution ? 9 : 1);
  }
  return *weights == 0 ? 0 : *weights + (uint64_t)layer->out.channels;
}

static int32_t read_records(reader *in, small_net_layer *layers, size_t count) {
  small_net_shape shape = {SMALL_NET_CHANNELS, SMALL_NET_HEIGHT, SMALL_NET_WIDTH};
  uint64_t parameters = 0, weights, activations = 0;
  for (size_t k = 0; k < count; k++) {
    small_net_layer *layer = &layers[k];
    layer->in = shape;
    layer->kind = next_u32(in);
    uint32_t outputs = next_u32(in), kernel = next_u32(in);
    int32_t status = read_name(in, layer->name, "layer", k);
    if (status == 0) {
      status = chain(in, layer, outputs, kernel);
    }
    if (status != 0) {
      return status;
    }
    parameters += parameter_count(layer, &weights);
    activations += small_net_shape_floats(&layer->out);
    if (activations > MAX_ACTIVATIONS) {
      return malformed(in, "layer %s: the net is too large", layer->name);
    }
    shape = layer->out;
  }
  if (shape.height != 0 || shape.channels != SMALL_NET_CLASSES) {
    return malformed(in, "layers do not chain to a vector of %d", SMALL_NET_CLASSES);
  }
  if ((in->size - in->at) % 4 != 0 || (in->size - in->at) / 4 != parameters) {
    return malformed(in, "%zu bytes of parameters, the layers need %llu", in->size - in->at,
                     (unsigned long long)parameters * 4);
  }
  return 0;
}

static int32_t read_parameters(reader *in, small_net_layer *layer) {
  uint64_t weights;
  size_t count = (size_t)parameter_count(layer, &weights);
  if (count == 0) {
    return 0;
  }
  layer->weights = malloc(count * sizeof(float));
  if (layer->weights == NULL) {
    (void)malformed(in, "out of memory");
    return SMALL_NET_E_MEMORY;
  }
  layer->bias = layer->weights + weights;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = next_u32(in);
    memcpy(&layer->weights[i], &bits, sizeof bits);
    if (!isfinite(layer->weights[i])) {
      return malformed(in, "layer %s: a parameter is not finite", layer->name);
    }
  }
  int32_t status = small_net_layer_prepare(layer);
  if (status != 0) {
    (void)malformed(in, "out of memory");
  }
  return status;
}

int32_t small_net_read_layers(const void *bytes, size_t size, small_net_layer *layers, size_t *count,
                              char (*class_names)[SMALL_NET_NAME_BYTES], char *message, size_t message_size) {
  reader in = {bytes, size, 0, message, message == NULL ? 0 : message_size};
  memset(layers, 0, SMALL_NET_MAX_LAYERS * sizeof *layers);
  size_t announced = 0;
  *count = 0;
  int32_t status = read_header(&in, &announced, class_names);
  if (status == 0) {
    status = read_records(&in, layers, announced);
  }
  for (size_t k = 0; k < announced && status == 0; k++) {
    status = read_parameters(&in, &layers[k]);
  }
  if (status != 0) {
    for (size_t k = 0; k < SMALL_NET_MAX_LAYERS; k++) {
      small_net_layer_release(&layers[k]);
    }
    return status;
  }
  *count = announced;
  return 0;
}
