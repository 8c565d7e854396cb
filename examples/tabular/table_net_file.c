/* Reads the weights file. Its format, all numbers little-endian, is described in examples/data/penguins/README.md. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "small_net.h" /* the checksum */
#include "table_net.h"
#include "whole_file.h"

enum { VERSION = 1, HEADER_BYTES = 8 + 5 * 4, CHECKSUM_BYTES = 4 };

/* What is left to read; `cut_off` is set by the first read past the end, which gives zeros. */
typedef struct reader {
  const uint8_t *at, *end;
  bool cut_off;
  const file_report *report;
} reader;

static const uint8_t *take(reader *in, size_t size) {
  static const uint8_t zeros[TABLE_NET_NAME];
  if ((size_t)(in->end - in->at) < size) {
    in->cut_off = true;
    return zeros;
  }
  in->at += size;
  return in->at - size;
}

static uint32_t take_u32(reader *in) {
  const uint8_t *p = take(in, 4);
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static double take_f64(reader *in) {
  uint64_t low = take_u32(in), bits = low | (uint64_t)take_u32(in) << 32;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* A name that differs from the `count` names of `others`. what: for the message. */
static int take_name(reader *in, char *name, const char *what, char (*others)[TABLE_NET_NAME], int32_t count) {
  memcpy(name, take(in, TABLE_NET_NAME), TABLE_NET_NAME);
  if (in->cut_off) return file_fail(in->report, -1, "ends within the name of a %s", what);
  bool proper = name[0] != '\0' && memchr(name, '\0', TABLE_NET_NAME) != NULL;
  for (const char *c = name; proper && *c != '\0'; c++) proper = (unsigned char)*c >= ' ' && *c != 127;
  if (!proper) return file_fail(in->report, -1, "%s %d has no proper name", what, (int)count + 1);
  for (int32_t k = 0; k < count; k++)
    if (strcmp(others[k], name) == 0) return file_fail(in->report, -1, "two times %s '%s'", what, name);
  return 0;
}

/* A number from least to most, else a line that names it. */
static int take_count(reader *in, const char *what, int32_t least, int32_t most, int32_t *count) {
  uint32_t value = take_u32(in);
  *count = (int32_t)value;
  if (in->cut_off) return file_fail(in->report, -1, "ends before the number of %s", what);
  if (value >= (uint32_t)least && value <= (uint32_t)most) return 0;
  return file_fail(in->report, -1, "%u %s, allowed are %d to %d", (unsigned)value, what, (int)least, (int)most);
}

static int take_header(reader *in, size_t size, const uint8_t *bytes, table_net *net) {
  if (size < HEADER_BYTES + CHECKSUM_BYTES)
    return file_fail(in->report, -1, "truncated: %zu bytes are less than a header", size);
  if (memcmp(take(in, 8), "TABLENET", 8) != 0)
    return file_fail(in->report, -1, "not a network for tables: wrong magic");
  uint32_t version = take_u32(in), stated = take_u32(in);
  if (version != VERSION)
    return file_fail(in->report, -1, "version %u, this reader knows %d", (unsigned)version, VERSION);
  if (stated != size)
    return file_fail(in->report, -1, "%s: %zu bytes, the header says %u", size < stated ? "truncated" : "too long",
                     size, (unsigned)stated);
  in->end = bytes + size - CHECKSUM_BYTES;
  reader tail = {in->end, bytes + size, false, in->report};
  if (small_net_crc32(bytes, size - CHECKSUM_BYTES) != take_u32(&tail))
    return file_fail(in->report, -1, "checksum does not match: the file is damaged");
  if (take_count(in, "classes", 2, TABLE_NET_MAX_CLASSES, &net->n_classes) != 0) return -1;
  if (take_count(in, "columns", 1, TABLE_NET_MAX_COLUMNS, &net->n_columns) != 0) return -1;
  return take_count(in, "layers", 1, TABLE_NET_MAX_LAYERS, &net->n_layers);
}

/* A column and its inputs: one for a number, one for each category. */
static int take_column(reader *in, table_net *net, int32_t column) {
  int32_t count, first = net->n_inputs;
  char *name = net->columns[column];
  if (take_name(in, name, "column", net->columns, column) != 0) return -1;
  if (strcmp(name, net->target) == 0) return file_fail(in->report, -1, "column '%s' is what it predicts", name);
  if (take_count(in, "categories", 0, TABLE_NET_MAX_WIDTH, &count) != 0) return -1;
  if (count == 1) return file_fail(in->report, -1, "column '%s' has a single category", name);
  net->first[column] = first;
  net->n_inputs += count == 0 ? 1 : count;
  net->first[column + 1] = net->n_inputs;
  if (net->n_inputs > TABLE_NET_MAX_WIDTH)
    return file_fail(in->report, -1, "over %d inputs at column '%s'", TABLE_NET_MAX_WIDTH, name);
  for (int32_t i = first; i < net->n_inputs; i++) net->groups[i] = column;
  int status = 0;
  for (int32_t k = 0; k < count && status == 0; k++)
    status = take_name(in, net->categories[first + k], "category", &net->categories[first], k);
  return status;
}

static int take_description(reader *in, table_net *net) {
  if (take_name(in, net->target, "target", NULL, 0) != 0) return -1;
  int status = 0;
  for (int32_t k = 0; k < net->n_classes && status == 0; k++)
    status = take_name(in, net->classes[k], "class", net->classes, k);
  for (int32_t c = 0; c < net->n_columns && status == 0; c++) status = take_column(in, net, c);
  net->widths[0] = net->n_inputs;
  for (int32_t k = 1; k <= net->n_layers && status == 0; k++)
    status = take_count(in, "outputs of a layer", 1, TABLE_NET_MAX_WIDTH, &net->widths[k]);
  if (status == 0 && net->widths[net->n_layers] != net->n_classes)
    return file_fail(in->report, -1, "the last layer makes %d outputs for %d classes", (int)net->widths[net->n_layers],
                     (int)net->n_classes);
  return status;
}

static int take_parameters(reader *in, table_net *net) {
  size_t count = (size_t)2 * (size_t)net->n_inputs;
  for (int32_t k = 0; k < net->n_layers; k++) count += (size_t)(net->widths[k] + 1) * (size_t)net->widths[k + 1];
  if (count == 0 || (size_t)(in->end - in->at) != count * sizeof(double))
    return file_fail(in->report, -1, "%zu bytes of parameters, the layers need %zu", (size_t)(in->end - in->at),
                     count * sizeof(double));
  net->parameters = malloc(count * sizeof *net->parameters);
  if (net->parameters == NULL) return file_fail(in->report, -1, "out of memory");
  for (size_t i = 0; i < count; i++) {
    net->parameters[i] = take_f64(in);
    if (!isfinite(net->parameters[i])) return file_fail(in->report, -1, "parameter %zu is not finite", i + 1);
  }
  for (int32_t i = 0; i < net->n_inputs; i++)
    if (!(net->parameters[net->n_inputs + i] > 0))
      return file_fail(in->report, -1, "the scale of input %d is not above 0", (int)i + 1);
  return 0;
}

int table_net_parse(const void *bytes, size_t size, const char *name, table_net *net, char *message) {
  const file_report report = {name, message, FILE_MESSAGE_CAPACITY};
  reader in = {bytes, (const uint8_t *)bytes + size, false, &report};
  *net = (table_net){0};
  message[0] = '\0';
  int status = take_header(&in, size, bytes, net);
  if (status == 0) status = take_description(&in, net);
  if (status == 0) status = take_parameters(&in, net);
  if (status != 0) table_net_free(net);
  return status;
}

int table_net_load(const char *path, table_net *net, char *message) {
  size_t size;
  *net = (table_net){0};
  char *bytes = whole_file_read(path, &size, message);
  if (bytes == NULL) return -1;
  int status = table_net_parse(bytes, size, path, net, message);
  free(bytes);
  return status;
}

void table_net_free(table_net *net) {
  free(net->parameters);
  *net = (table_net){0};
}
