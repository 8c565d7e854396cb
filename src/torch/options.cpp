/* options.cpp - attrib_torch_options, read and checked. */
#include <cinttypes>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "settings.h"

namespace attrib__torch {

std::string format(const char *text, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, text);
  vsnprintf(line, sizeof line, text, arguments);
  va_end(arguments);
  return line;
}

void copy_line(const std::string &line, char *message, int64_t capacity) {
  if (message == nullptr || capacity <= 0) return;
  size_t length = line.size();
  if (length > (size_t)capacity - 1) length = (size_t)capacity - 1;
  for (size_t i = 0; i < length; i++) {
    const unsigned char byte = (unsigned char)line[i];
    message[i] = byte < ' ' || byte == 0x7f ? '?' : line[i];
  }
  message[length] = 0;
}

std::string dimensions(const int64_t *sizes, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; i++) text += (i > 0 ? " x " : "") + std::to_string(sizes[i]);
  return text;
}

/* As the library reads every struct: shorter ones are older, longer ones newer and then zero past what is known. */
static attrib_torch_options read_struct(const attrib_torch_options *given) {
  if (given == nullptr)
    throw failure{ATTRIB_E_ARGUMENT, "options is NULL: the shape of the network's input must be given"};
  attrib_torch_options options;
  const size_t known = sizeof options, first = offsetof(attrib_torch_options, output_name) + sizeof(void *);
  memset(&options, 0, known);
  uint32_t size;
  memcpy(&size, given, sizeof size);
  if (size < first || size > 4096)
    throw failure{ATTRIB_E_STRUCT,
                  format("options->struct_size = %" PRIu32 ": must be sizeof the struct, %zu", size, known)};
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(given);
  for (size_t i = known; i < size; i++)
    if (bytes[i] != 0)
      throw failure{
          ATTRIB_E_UNSUPPORTED,
          format("options->struct_size = %" PRIu32
                 ": byte %zu belongs to a field of a newer version (this one knows %zu bytes) and is not zero",
                 size, i, known)};
  memcpy(&options, given, size < known ? size : known);
  return options;
}

static void at_most(const char *name, uint32_t value, uint32_t most) {
  if (value > most)
    throw failure{ATTRIB_E_ARGUMENT, format("options->%s = %" PRIu32 ": must be at most %" PRIu32, name, value, most)};
}

static void within(const char *name, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->%s = %" PRId64 ": must be %" PRId64 " to %" PRId64, name, value, low, high)};
}

static void read_shape(const attrib_torch_options &options, settings &s) {
  within("n_dimensions", options.n_dimensions, 1, 8);
  if (options.shape == nullptr) throw failure{ATTRIB_E_ARGUMENT, "options->shape is NULL"};
  s.shape.assign(options.shape, options.shape + options.n_dimensions);
  s.n_inputs = 1;
  for (size_t i = 0; i < s.shape.size(); i++) {
    if (s.shape[i] < 1)
      throw failure{ATTRIB_E_ARGUMENT, format("options->shape[%zu] = %" PRId64 ": must be at least 1", i, s.shape[i])};
    const int64_t most = PTRDIFF_MAX / 16 / (s.block_rows > 0 ? s.block_rows : 16) / s.n_inputs;
    if (s.shape[i] > most)
      throw failure{ATTRIB_E_OVERFLOW, format("options->shape = %s: does not fit the address space",
                                              dimensions(s.shape.data(), s.shape.size()).c_str())};
    s.n_inputs *= s.shape[i];
  }
  s.channels = s.shape[0];
  s.positions = s.n_inputs / s.channels;
}

static void read_range(const attrib_torch_options &options, settings &s) {
  double low = options.low, high = options.high;
  if (low == 0 && high == 0) high = 1;
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high) || !std::isfinite(high - low))
    throw failure{ATTRIB_E_ARGUMENT, format("options->low = %g, high = %g: must be finite, low below high", low, high)};
  s.middle = low + (high - low) / 2;
  s.scale.resize((size_t)s.channels);
  s.offset.resize((size_t)s.channels);
  s.plain = s.layout == ATTRIB_TORCH_CHANNELS_FIRST || s.channels == 1 || s.positions == 1;
  for (size_t c = 0; c < s.scale.size(); c++) {
    const double mean = options.mean != nullptr ? options.mean[c] : 0;
    const double deviation = options.deviation != nullptr ? options.deviation[c] : 1;
    if (!std::isfinite(mean))
      throw failure{ATTRIB_E_ARGUMENT, format("options->mean[%zu] = %g: must be finite", c, mean)};
    if (!std::isfinite(deviation) || !(deviation > 0))
      throw failure{ATTRIB_E_ARGUMENT,
                    format("options->deviation[%zu] = %g: must be finite and above 0", c, deviation)};
    s.scale[c] = 1 / ((high - low) * deviation);
    s.offset[c] = (-low / (high - low) - mean) / deviation;
    if (!std::isfinite(s.scale[c]) || !std::isfinite(s.offset[c]))
      throw failure{ATTRIB_E_OVERFLOW,
                    format("options->deviation[%zu] = %g: what the network gets overflows", c, deviation)};
    if (s.scale[c] != 1 || s.offset[c] != 0) s.plain = false;
  }
}

settings read_options(const attrib_torch_options *given) {
  const attrib_torch_options options = read_struct(given);
  settings s{};
  if ((options.flags & ~(uint32_t)ATTRIB_TORCH_UNPADDED) != 0)
    throw failure{ATTRIB_E_UNSUPPORTED, format("options->flags = 0x%" PRIx32 ": this version knows 0x%x", options.flags,
                                               (unsigned)ATTRIB_TORCH_UNPADDED)};
  s.flags = options.flags;
  if (options.dtype > ATTRIB_F64)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->dtype = %" PRIu32 ": must be ATTRIB_F32 (1) or ATTRIB_F64 (2)", options.dtype)};
  s.dtype = options.dtype == ATTRIB_F64 ? ATTRIB_F64 : ATTRIB_F32;
  at_most("layout", s.layout = options.layout, ATTRIB_TORCH_CHANNELS_LAST);
  at_most("score", s.score = options.score, ATTRIB_TORCH_LOG_SOFTMAX);
  at_most("threads", s.threads = options.threads, 1024);
  within("output", s.output = options.output, 0, INT32_MAX);
  within("block_rows", s.block_rows = options.block_rows, 0, 65536);
  s.named = options.output_name != nullptr;
  if (s.named) s.output_name = options.output_name;
  if (s.named && s.output != 0)
    throw failure{ATTRIB_E_ARGUMENT,
                  format("options->output = %" PRId64 ": must be 0 where output_name is given", s.output)};
  read_shape(options, s);
  read_range(options, s);
  return s;
}

}  // namespace attrib__torch
