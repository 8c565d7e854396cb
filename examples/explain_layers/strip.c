#include "strip.h"

#include <stdio.h>
#include <string.h>

#include "percent.h"

/* Pixels. Every map is as large as the picture above them. */
enum {
  FACTOR = 2,
  MAP = FACTOR * SMALL_NET_WIDTH,
  GAP = 16,
  TEXT = 2, /* scale of all text */
  LINE = TEXT * CANVAS_LINE,
  LABELS = 144, /* width of the forms' names */
  LEFT = GAP + LABELS + GAP,
  STEP = MAP + GAP,
  TOP = GAP + LINE + MAP + GAP + LINE, /* where the layers' names begin */
  HEADS = 2 * LINE + 4,
  CELL = MAP + 6 + LINE + 6,
  NOTES = LEFT + MAP + GAP, /* where the text beside picture and baseline begins */
  LEAST_WIDTH = NOTES + 1000,
  KEY = 2 * MAP
};
static const uint32_t ink = 0x1a1a1a, pale_ink = 0x6b6b6b, frame = 0xc8c8c8;
static const heat_map_style unit = {.palette = ATTRIB_PALETTE_DIVERGING, .scale = 1};

/* Text that is cut, with dots, where it is wider than the room. */
static void draw_fitting(canvas *c, int32_t x, int32_t y, int32_t room, uint32_t colour, const char *text) {
  char cut[256];
  snprintf(cut, sizeof cut, "%s", text);
  for (size_t length = strlen(cut); length > 2 && canvas_text_width(TEXT, cut) > room; length--)
    memcpy(cut + length - 3, "..", 3);
  canvas_text(c, x, y, TEXT, colour, cut);
}

static void draw_bold(canvas *c, int32_t x, int32_t y, int32_t room, const char *text) {
  draw_fitting(c, x, y, room, ink, text);
  draw_fitting(c, x + 1, y, room, ink, text);
}

static int draw_photo(canvas *c, int32_t x, const float *pixels, const char *caption, char *message) {
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  float copy[SMALL_NET_INPUTS];
  memcpy(copy, pixels, sizeof copy);
  const image_data image = {.width = SMALL_NET_WIDTH, .height = SMALL_NET_HEIGHT, .pixels = copy};
  if (image_to_rgba8(&image, rgba) != IMAGE_OK) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the %s cannot be drawn", caption);
    return -1;
  }
  draw_fitting(c, x, GAP, MAP, pale_ink, caption);
  canvas_picture(c, x, GAP + LINE, rgba, SMALL_NET_WIDTH, SMALL_NET_HEIGHT, FACTOR);
  canvas_frame(c, x, GAP + LINE, MAP, MAP, frame);
  return 0;
}

/* The palette from one end to the other between what its ends mean. */
static int draw_key(canvas *c, int32_t x, int32_t y, char *message) {
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  double map[SMALL_NET_PIXELS] = {0};
  for (int i = 0; i < KEY; i++) map[i] = 2.0 * i / (KEY - 1) - 1;
  if (heat_map_colour(&unit, SMALL_NET_PIXELS, map, rgba, message) != 0) return -1;
  x = canvas_text(c, x, y, TEXT, pale_ink, "against ");
  for (int row = 0; row < 7 * TEXT; row++) canvas_picture(c, x, y + row, rgba, KEY, 1, 1);
  canvas_text(c, x + KEY, y, TEXT, pale_ink, " for; each map on its own scale, printed in the table");
  return 0;
}

static int draw_head(canvas *c, const layer_maps *maps, const subject *s, const strip_head *head, char *message) {
  const int32_t room = c->width - NOTES - GAP;
  char text[sizeof head->name + sizeof head->explained + sizeof head->baseline + 32];
  if (draw_photo(c, GAP, s->input.pixels, "picture", message) != 0) return -1;
  if (draw_photo(c, LEFT, maps->baseline.row, "baseline", message) != 0) return -1;
  int32_t y = GAP + LINE;
  snprintf(text, sizeof text, "%s: %s, against %s", head->name, head->explained, head->baseline);
  draw_bold(c, NOTES, y, room, text);
  snprintf(text, sizeof text, "The network sees %s", head->found);
  draw_fitting(c, NOTES, y + LINE, room, pale_ink, text);
  snprintf(text, sizeof text, "f(picture) %.4g, f(baseline) %.4g: the difference T = %.4g is to be attributed",
           head->output, head->baseline_output, head->output - head->baseline_output);
  draw_fitting(c, NOTES, y + 2 * LINE, room, ink, text);
  draw_fitting(c, NOTES, y + 3 * LINE, room, pale_ink,
               "Under each map its attribution error: how far the sum of attributions is from T, in % of T");
  return draw_key(c, NOTES, y + 4 * LINE, message);
}

static void draw_centred(canvas *c, int32_t x, int32_t y, uint32_t colour, const char *text) {
  const int32_t width = canvas_text_width(TEXT, text);
  draw_fitting(c, width < MAP ? x + (MAP - width) / 2 : x, y, MAP, colour, text);
}

static int draw_cell(canvas *c, int32_t x, int32_t y, const layer_cell *cell, char *message) {
  const heat_map_style style = {.palette = ATTRIB_PALETTE_DIVERGING, .scale = cell->scale};
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  double map[SMALL_NET_PIXELS];
  char text[32];
  memcpy(map, cell->map, sizeof map);
  if (heat_map_colour(&style, SMALL_NET_PIXELS, map, rgba, message) != 0) return -1;
  canvas_picture(c, x, y, rgba, SMALL_NET_WIDTH, SMALL_NET_HEIGHT, FACTOR);
  canvas_frame(c, x, y, MAP, MAP, frame);
  percent_text(cell->report.completeness_relative, text, sizeof text - 2);
  if (cell->remark[0] != '\0') memcpy(text + strlen(text), " !", 3);
  draw_centred(c, x, y + MAP + 6, ink, text);
  return 0;
}

static int draw_column(canvas *c, int32_t x, int forms, const layer_cut *cut, char *message) {
  char text[48];
  snprintf(text, sizeof text, "%dx%dx%d", (int)cut->shape.channels, (int)cut->shape.height, (int)cut->shape.width);
  draw_centred(c, x, TOP, ink, cut->name);
  draw_centred(c, x + 1, TOP, ink, cut->name); /* bold */
  draw_centred(c, x, TOP + LINE, pale_ink, text);
  int status = 0;
  for (int i = 0; i < forms && status == 0; i++)
    status = draw_cell(c, x, TOP + HEADS + i * CELL, &cut->cells[i], message);
  return status;
}

int strip_draw(const layer_maps *maps, const subject *s, const strip_head *head, canvas *c, char *message) {
  int columns = 0;
  for (int32_t k = 0; k < maps->count; k++) columns += maps->cuts[k].planes;
  const int32_t width = LEFT + columns * STEP;
  if (canvas_create(c, width > LEAST_WIDTH ? width : LEAST_WIDTH, TOP + HEADS + maps->forms * CELL, message) != 0)
    return -1;
  int status = draw_head(c, maps, s, head, message);
  for (int i = 0; i < maps->forms; i++) {
    const int32_t y = TOP + HEADS + i * CELL + MAP / 2 - LINE;
    draw_bold(c, GAP, y, LABELS, maps->form[i]->title[0]);
    draw_fitting(c, GAP, y + LINE, LABELS, ink, maps->form[i]->title[1]);
  }
  for (int32_t k = 0, x = LEFT; k < maps->count && status == 0; k++)
    if (maps->cuts[k].planes) {
      status = draw_column(c, x, maps->forms, &maps->cuts[k], message);
      x += STEP;
    }
  return status;
}
