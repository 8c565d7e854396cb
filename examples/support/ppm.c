/* PPM and PGM from memory. The grammar is in image_io.h; every byte of the header is looked at. */
#include "image_io.h"

#include <string.h>

enum { TOKEN_SHOWN = 20 };

typedef struct pnm_reader {
  const uint8_t *start, *next, *end;
  const file_report *report;
} pnm_reader;

typedef struct pnm_header {
  int colours, plain; /* 1 or 3 samples a pixel; decimal or raw raster */
  uint32_t width, height, max_value;
} pnm_header;

static int is_space(uint8_t byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r'); /* TAB LF VT FF CR; isspace depends on the locale */
}

static int is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

/* Consumes a comment with its line end; next is at the '#'. */
static void skip_comment(pnm_reader *reader) {
  while (reader->next < reader->end && *reader->next != '\n' && *reader->next != '\r') reader->next++;
  if (reader->next < reader->end) reader->next++;
}

static void skip_blank(pnm_reader *reader) {
  while (reader->next < reader->end && (is_space(*reader->next) || *reader->next == '#')) {
    if (*reader->next == '#') {
      skip_comment(reader);
    } else {
      reader->next++;
    }
  }
}

static int bad_byte(const pnm_reader *reader, const char *what) {
  return file_fail(reader->report, IMAGE_E_FORMAT, "byte 0x%02x at offset %zu where %s was expected", *reader->next,
                   (size_t)(reader->next - reader->start), what);
}

/* Reads one number and the single delimiter behind it: whitespace, a comment, or the end of the data. Values
 * too large for uint32_t are told at once, since no number of the format may be that large. */
static int read_number(pnm_reader *reader, const char *what, uint32_t *value) {
  skip_blank(reader);
  if (reader->next == reader->end) {
    return file_fail(reader->report, IMAGE_E_TRUNCATED, "truncated: the file ends before %s", what);
  }
  if (!is_digit(*reader->next)) return bad_byte(reader, what);
  const uint8_t *token = reader->next;
  uint64_t number = 0;
  while (reader->next < reader->end && is_digit(*reader->next)) {
    if (number <= UINT32_MAX) number = number * 10 + (uint64_t)(*reader->next - '0');
    reader->next++;
  }
  if (number > UINT32_MAX) {
    size_t length = (size_t)(reader->next - token);
    return file_fail(reader->report, IMAGE_E_LIMIT, "%s is out of range: %.*s%s", what,
                     length > TOKEN_SHOWN ? TOKEN_SHOWN : (int)length, (const char *)token,
                     length > TOKEN_SHOWN ? "..." : "");
  }
  *value = (uint32_t)number;
  if (reader->next == reader->end) return IMAGE_OK;
  if (*reader->next == '#') {
    skip_comment(reader);
  } else if (is_space(*reader->next)) {
    reader->next++;
  } else {
    return bad_byte(reader, "a blank after a number");
  }
  return IMAGE_OK;
}

static int read_header(pnm_reader *reader, pnm_header *header) {
  size_t size = (size_t)(reader->end - reader->start);
  if (size < 2 || reader->start[0] != 'P' || strchr("2356", reader->start[1]) == NULL || reader->start[1] == '\0') {
    return file_fail(reader->report, IMAGE_E_FORMAT, "not a PPM or PGM file");
  }
  header->plain = reader->start[1] == '2' || reader->start[1] == '3';
  header->colours = reader->start[1] == '3' || reader->start[1] == '6' ? 3 : 1;
  reader->next = reader->start + 2;
  if (size > 2 && !is_space(*reader->next) && *reader->next != '#') {
    return bad_byte(reader, "a blank after the PNM kind");
  }
  int result = read_number(reader, "the width", &header->width);
  if (result == IMAGE_OK) result = read_number(reader, "the height", &header->height);
  if (result == IMAGE_OK) result = image_check_size(header->width, header->height, reader->report);
  if (result == IMAGE_OK) result = read_number(reader, "the maxval", &header->max_value);
  if (result != IMAGE_OK) return result;
  if (header->max_value == 0 || header->max_value > 65535) {
    return file_fail(reader->report, IMAGE_E_FORMAT, "maxval %u is not in 1..65535", (unsigned)header->max_value);
  }
  return IMAGE_OK;
}

/* Refuses a raster that cannot be whole before memory for it is asked: a plain sample takes a digit and,
 * except for the last, a blank. */
static int check_raster(const pnm_reader *reader, const pnm_header *header) {
  uint64_t samples = (uint64_t)header->width * header->height * (uint64_t)header->colours;
  uint64_t needed = header->plain ? 2 * samples - 1 : samples * (header->max_value > 255 ? 2 : 1);
  uint64_t found = (uint64_t)(reader->end - reader->next);
  if (found >= needed) return IMAGE_OK;
  return file_fail(reader->report, IMAGE_E_TRUNCATED,
                   "truncated: the raster of %u x %u pixels needs %s%llu bytes, found %llu", (unsigned)header->width,
                   (unsigned)header->height, header->plain ? "at least " : "", (unsigned long long)needed,
                   (unsigned long long)found);
}

/* One sample, checked against maxval; pixel is its position for the message. */
static int read_sample(pnm_reader *reader, const pnm_header *header, size_t pixel, uint32_t *value) {
  if (header->plain) {
    int result = read_number(reader, "the next sample", value);
    if (result != IMAGE_OK) return result;
  } else if (header->max_value > 255) {
    *value = (uint32_t)reader->next[0] << 8 | reader->next[1];
    reader->next += 2;
  } else {
    *value = *reader->next++;
  }
  if (*value <= header->max_value) return IMAGE_OK;
  return file_fail(reader->report, IMAGE_E_FORMAT, "sample %u at column %zu of row %zu is over maxval %u",
                   (unsigned)*value, pixel % header->width, pixel / header->width, (unsigned)header->max_value);
}

static int read_raster(pnm_reader *reader, const pnm_header *header, image_data *image) {
  const size_t count = (size_t)header->width * header->height, colours = (size_t)header->colours;
  const double scale = header->max_value;
  for (size_t i = 0; i < count; i++) {
    for (size_t c = 0; c < colours; c++) {
      uint32_t value = 0;
      int result = read_sample(reader, header, i, &value);
      if (result != IMAGE_OK) return result;
      image->pixels[c * count + i] = (float)(value / scale);
    }
    for (size_t c = colours; c < 3; c++) image->pixels[c * count + i] = image->pixels[i];
  }
  if (!header->plain) return IMAGE_OK; /* more pictures, or anything else, may follow a raw raster */
  skip_blank(reader);
  if (reader->next < reader->end) return bad_byte(reader, "the end of the file");
  return IMAGE_OK;
}

int image_decode_pnm(const uint8_t *bytes, size_t size, const file_report *report, image_data *image) {
  if (image == NULL) return file_fail(report, IMAGE_E_ARGUMENT, "no image to fill");
  *image = (image_data){0};
  if (bytes == NULL || size == 0) return file_fail(report, IMAGE_E_READ, "the file is empty");
  pnm_reader reader = {bytes, bytes, bytes + size, report};
  pnm_header header = {0};
  int result = read_header(&reader, &header);
  if (result == IMAGE_OK) result = check_raster(&reader, &header);
  if (result == IMAGE_OK) result = image_allocate((int32_t)header.width, (int32_t)header.height, report, image);
  if (result == IMAGE_OK) result = read_raster(&reader, &header, image);
  if (result != IMAGE_OK) {
    image_free(image);
    return result;
  }
  image->flags = header.colours == 1 ? IMAGE_GREY : 0;
  image->max_value = header.max_value;
  return IMAGE_OK;
}
