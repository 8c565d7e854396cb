/* Image files for the example programs. The library itself does no file I/O and knows nothing of this.
 *
 * Read: PPM and PGM, plain and raw (P2 P3 P5 P6), maxval 1..65535, by our own strict reader; PNG (grey, RGB,
 * palette, with or without alpha, 1 to 16 bits) and JPEG (grey and colour, baseline and progressive) through
 * stb_image. The kind is decided by the content, never by the name. Written: PNG, PPM and PGM, 8 bits,
 * through atomic_file: whole or not at all.
 *
 * Values: v/255 for 8 bits, v/65535 for 16, v/maxval for PNM. No gamma is applied or removed anywhere: 0.5
 * here is what the file calls 127.5 of 255. Ignored: colour profiles, gAMA and sRGB chunks. A JPEG whose Exif block
 * says how the camera was held is turned upright, as viewers show it.
 *
 * Errors: every function returns 0, or a negative IMAGE_E_* code with one line in message that names the
 * path, the cause and the value. message may be NULL; FILE_MESSAGE_CAPACITY bytes hold any line. Nothing is
 * printed here. Functions keep no state: any number of threads may call them on different images. */
#ifndef ATTRIB_EXAMPLES_IMAGE_IO_H
#define ATTRIB_EXAMPLES_IMAGE_IO_H

#include <stddef.h>
#include <stdint.h>

#include "atomic_file.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IMAGE_OK = 0,
  IMAGE_E_READ = -1,      /* the file cannot be opened or read; a folder; empty */
  IMAGE_E_FORMAT = -2,    /* not an image we read, or a damaged one */
  IMAGE_E_TRUNCATED = -3, /* the file ends before its picture does */
  IMAGE_E_LIMIT = -4,     /* over one of the limits below */
  IMAGE_E_MEMORY = -5,
  IMAGE_E_ARGUMENT = -6, /* NULL, or a size or channel count that makes no sense */
  IMAGE_E_WRITE = -7     /* the file cannot be written; an older one is as it was */
};

/* Checked from the header, before anything of the size of the picture is allocated or decoded. */
#define IMAGE_MAX_SIDE 16384
#define IMAGE_MAX_PIXELS 67108864      /* 64 Mi, 16384 x 4096 */
#define IMAGE_MAX_FILE_BYTES 268435456 /* 256 MiB */

enum {
  IMAGE_GREY = 1,      /* the file has no colour: the three planes are equal (masks read plane 0) */
  IMAGE_HAD_ALPHA = 2, /* the file has an alpha channel or a transparent colour */
  IMAGE_BLENDED = 4,   /* at least one pixel was not opaque and got white mixed in */
  IMAGE_TURNED = 8     /* turned upright, or mirrored, as the file's Exif block has it */
};

/* A picture in memory: width x height RGB, stored as three planes (CHW): the value of channel c (0 red, 1
 * green, 2 blue) at column x of row y (row 0 on top) is pixels[(c * height + y) * width + x], in [0, 1]. So a
 * 64 x 64 picture is one row of a 3 x 64 x 64 network as it stands, and an attrib_image has x_stride 1,
 * y_stride width, channel_stride width * height. pixels belongs to the picture: release it with image_free.
 * {0} is a valid empty picture. */
typedef struct image_data {
  int32_t width, height;
  uint32_t flags;     /* IMAGE_GREY | IMAGE_HAD_ALPHA | IMAGE_BLENDED, about the file it came from */
  uint32_t max_value; /* what the file calls 1.0: 255, 65535, the maxval of PNM */
  float *pixels;      /* 3 * height * width */
} image_data;

/* Reads the file at path. What image held before is overwritten, not freed; on failure it is all zero. Alpha
 * is composited over white, (1 - a) + a * v, and then the success carries IMAGE_BLENDED and a line that says
 * so in message ("" else). Peak memory is about 12 bytes a pixel for the result plus the file, plus 2 to 16
 * bytes a pixel inside stb. */
int image_load(const char *path, image_data *image, char *message, size_t capacity);

/* Releases the pixels and zeroes the struct. NULL and an empty picture are allowed. */
void image_free(image_data *image);

/* Makes result a width x height version of source, which is left alone; result must be another struct and is
 * overwritten, not freed (zero on failure). Per axis: bilinear where it grows, area average where it shrinks
 * (box; exact for whole ratios), a copy when both sizes are equal; samples past the border repeat it. Plain
 * values are averaged, without gamma, as networks are trained; clamped to [0, 1] against rounding. Flags and
 * max_value are copied. */
int image_resize(const image_data *source, int32_t width, int32_t height, image_data *result, char *message,
                 size_t capacity);

/* Fills rgba, 4 * width * height bytes of the caller's, interleaved from the top left: round(255 v), alpha
 * 255. A picture from an 8-bit file gives back the bytes of the file. Values outside [0, 1] are clamped, NaN
 * becomes 0. IMAGE_E_ARGUMENT if a pointer is NULL or the picture is empty. */
int image_to_rgba8(const image_data *image, uint8_t *rgba);

/* Writes interleaved 8-bit pixels, height rows of width * channels bytes without gaps: channels 1 grey, 2
 * grey and alpha, 3 RGB, 4 RGBA. The limits above apply. */
int image_write_png(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    char *message, size_t capacity);

/* The same up to the commit, which is the caller's: *file holds the whole picture, or is NULL on failure. */
int image_begin_png(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    atomic_file **file, char *message, size_t capacity);

/* The same as raw PPM (channels 3 or 4) or PGM (1 or 2), maxval 255. These have no alpha: it is composited
 * over white, rounded to nearest; opaque pixels are written as they are. */
int image_write_ppm(const char *path, int32_t width, int32_t height, int32_t channels, const uint8_t *pixels,
                    char *message, size_t capacity);

/* ---- parts, also useful alone: the report names the file in messages and may be NULL; bytes are not kept
 * ---- */

/* The bytes of a regular file, for the caller to free; pipes and devices are refused. report->path must not be NULL.
 * IMAGE_OK, or a code with the message and nothing to free. */
int image_read_file(const file_report *report, uint8_t **bytes, size_t *size);

/* Any of the formats, from memory. image as for image_load. */
int image_decode(const uint8_t *bytes, size_t size, const file_report *report, image_data *image);

/* PPM and PGM. Header: whitespace, and comments from # to the end of the line, wherever whitespace may stand;
 * a comment counts as its line end (as in libnetpbm). Raw raster: begins after exactly one whitespace byte
 * behind maxval, two big-endian bytes a sample above maxval 255; bytes after the raster are tolerated (netpbm
 * allows several pictures in a file; the first is read). Plain raster: comments are allowed too, nothing else
 * may follow the last sample, and the last number may end with the file, so a plain file cut inside its very
 * last number cannot be told from a whole one. */
int image_decode_pnm(const uint8_t *bytes, size_t size, const file_report *report, image_data *image);

/* PNG and JPEG. The container is walked first: chunk lengths, checksums of the chunks that matter, IEND;
 * segment lengths, EOI. So a file that is cut anywhere is reported, which stb alone does not always do. A
 * JPEG whose coded data is damaged inside intact markers still decodes to a wrong picture. */
int image_decode_png(const uint8_t *bytes, size_t size, const file_report *report, image_data *image);
int image_decode_jpeg(const uint8_t *bytes, size_t size, const file_report *report, image_data *image);

/* 1 to 8, what an Exif block (of an APP1 segment) says of how the picture was taken; 1, upright, where it says nothing
 * that can be read. And the picture turned accordingly; on failure it is as it was. */
int image_exif_orientation(const uint8_t *block, size_t length);
int image_turn(image_data *image, int orientation, const file_report *report);

/* IMAGE_OK, or IMAGE_E_FORMAT (zero side) or IMAGE_E_LIMIT with the message. */
int image_check_size(uint64_t width, uint64_t height, const file_report *report);

/* Gives image its pixels (uninitialised) and size; the size must have been checked. */
int image_allocate(int32_t width, int32_t height, const file_report *report, image_data *image);

/* Decodes a PNG (wide 1: 16 bits a sample) or JPEG whose container and size have been checked; width and
 * height are what they must come out as. Returns the samples through *samples, to be released with free, and
 * their *channels (1 to 4). */
int image_decode_stb(const uint8_t *bytes, size_t size, int wide, uint32_t width, uint32_t height,
                     const file_report *report, void **samples, int *channels);

/* Fills image, already allocated, from interleaved samples of 8 (wide 0) or 16 bits (wide 1), channels 1 to 4
 * as for image_write_png. Sets flags and max_value and, where something was blended, the message. */
void image_from_samples(const void *samples, int wide, int channels, const file_report *report, image_data *image);

#ifdef __cplusplus
}
#endif
#endif
