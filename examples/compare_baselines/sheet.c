#include "sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "canvas.h"
#include "percent.h"

/* Pixels. A map is drawn four times as large, the cards of a baseline as they are. */
enum {
  MAP_FACTOR = 4,
  MAP = MAP_FACTOR * SMALL_NET_WIDTH,
  GAP = 16,
  TEXT = 2, /* scale of all text */
  LINE = TEXT * CANVAS_LINE,
  CARD = SMALL_NET_WIDTH,
  CARD_STEP = 6,
  HEAD = CARD + 2 * CARD_STEP,
  HEAD_TEXT = HEAD + 10, /* where titles begin */
  NUMBERS = 4,           /* lines under a map */
  CELL_HEIGHT = HEAD + 8 + MAP + 10 + NUMBERS * LINE
};
static const uint32_t ink = 0x1a1a1a, pale_ink = 0x6b6b6b, frame = 0xc8c8c8;

char *sheet_completeness(const cell *c, char *text, size_t capacity) {
  percent_text(c->report.completeness_relative, text, capacity);
  const size_t length = strlen(text);
  if (cell_is_off(c)) snprintf(text + length, capacity - length, " !");
  return text;
}

char *sheet_error(const attrib_report *report, char *text, size_t capacity) {
  percent_text(report->error_estimate, text, capacity);
  size_t length = strlen(text);
  if (report->stop_reason == ATTRIB_STOP_BUDGET) snprintf(text + length, capacity - length, " !");
  return text;
}

/* Text that is cut, with dots, where it is wider than the room. */
static void draw_fitting(canvas *c, int32_t x, int32_t y, int32_t room, uint32_t colour, const char *text) {
  char cut[96];
  snprintf(cut, sizeof cut, "%s", text);
  for (size_t length = strlen(cut); length > 2 && canvas_text_width(TEXT, cut) > room; length--)
    memcpy(cut + length - 3, "..", 3);
  canvas_text(c, x, y, TEXT, colour, cut);
  if (colour == ink) canvas_text(c, x + 1, y, TEXT, colour, cut); /* bold */
}

/* A label on the left, its value on the right. */
static void draw_number(canvas *c, int32_t x, int32_t y, int line, const char *label, const char *value) {
  canvas_text(c, x, y + line * LINE, TEXT, pale_ink, label);
  canvas_text(c, x + MAP - canvas_text_width(TEXT, value), y + line * LINE, TEXT, ink, value);
}

static void draw_titles(canvas *c, int32_t x, int32_t y, int32_t room, const char *first, const char *second,
                        const char *third) {
  const char *lines[TITLE_LINES] = {first, second, third};
  y += (HEAD - TITLE_LINES * LINE) / 2 + TEXT;
  for (int i = 0; i < TITLE_LINES; i++) draw_fitting(c, x, y + i * LINE, room, i == 1 ? ink : pale_ink, lines[i]);
}

/* The first rows of a baseline, like cards, the first one on top. */
static void draw_cards(canvas *c, int32_t x, int32_t y, const cell *of) {
  for (int i = of->cards - 1; i >= 0; i--) {
    canvas_fill(c, x + i * CARD_STEP - 2, y + i * CARD_STEP - 2, CARD + 4, CARD + 4, 0xffffff);
    canvas_picture(c, x + i * CARD_STEP, y + i * CARD_STEP, of->card[i], CARD, CARD, 1);
    canvas_frame(c, x + i * CARD_STEP, y + i * CARD_STEP, CARD, CARD, frame);
  }
}

static int draw_map(canvas *c, int32_t x, int32_t y, const cell *of, uint32_t palette, char *message) {
  const heat_map_style style = {.palette = palette, .scale = of->scale};
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  double map[SMALL_NET_PIXELS];
  char text[32];
  memcpy(map, of->map, sizeof map);
  if (heat_map_colour(&style, SMALL_NET_PIXELS, map, rgba, message) != 0) return -1;
  const int32_t indent = of->cards > 0 ? HEAD_TEXT : 0;
  draw_cards(c, x, y, of);
  draw_titles(c, x + indent, y, MAP + GAP - 4 - indent, of->title[0], of->title[1], of->title[2]);
  y += HEAD + 8;
  canvas_picture(c, x, y, rgba, SMALL_NET_WIDTH, SMALL_NET_HEIGHT, MAP_FACTOR);
  canvas_frame(c, x, y, MAP, MAP, frame);
  y += MAP + 10;
  const bool keeps = !isnan(of->kept);
  const bool layer = of->of != NULL && (of->of->flags & METHOD_LAYER) != 0;
  draw_number(c, x, y, 0,
              keeps   ? "kept of weight"
              : layer ? "attrib. error"
                      : "completeness",
              keeps ? percent_text(of->kept, text, sizeof text) : sheet_completeness(of, text, sizeof text));
  draw_number(c, x, y, 1, "error estimate", sheet_error(&of->report, text, sizeof text));
  snprintf(text, sizeof text, "%lld", (long long)cell_rows(of));
  draw_number(c, x, y, 2, "rows", text);
  snprintf(text, sizeof text, "%.3g", of->scale);
  draw_number(c, x, y, 3, "full colour", text);
  return 0;
}

/* The palette from one end to the other, and what its ends mean. */
static int draw_key(canvas *c, int32_t x, int32_t y, uint32_t palette, char *message) {
  const heat_map_style style = {.palette = palette, .scale = 1};
  const bool signs = palette == ATTRIB_PALETTE_DIVERGING;
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  double map[SMALL_NET_PIXELS] = {0};
  for (int i = 0; i < MAP; i++) map[i] = signs ? 2.0 * i / (MAP - 1) - 1 : (double)i / (MAP - 1);
  if (heat_map_colour(&style, SMALL_NET_PIXELS, map, rgba, message) != 0) return -1;
  for (int row = 0; row < LINE - 8; row++) canvas_picture(c, x, y + row, rgba, MAP, 1, 1);
  draw_number(c, x, y, 1, signs ? "against" : "nothing", signs ? "for" : "most");
  return 0;
}

static int draw_picture(canvas *c, int32_t x, int32_t y, const subject *s, const sheet_head *head, uint32_t palette,
                        char *message) {
  uint8_t rgba[4 * SMALL_NET_PIXELS];
  char text[32];
  if (image_to_rgba8(&s->input, rgba) != IMAGE_OK) {
    snprintf(message, FILE_MESSAGE_CAPACITY, "the picture cannot be drawn");
    return -1;
  }
  draw_titles(c, x, y, MAP, head->name, head->found, head->explained);
  y += HEAD + 8;
  canvas_picture(c, x, y, rgba, SMALL_NET_WIDTH, SMALL_NET_HEIGHT, MAP_FACTOR);
  canvas_frame(c, x, y, MAP, MAP, frame);
  y += MAP + 10;
  snprintf(text, sizeof text, "%.6g", head->output);
  draw_number(c, x, y, 0, head->score, text);
  return draw_key(c, x, y + 2 * LINE, palette, message);
}

int sheet_check(const char *path, char *message) {
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return -1;
  atomic_file_abort(file);
  return 0;
}

int sheet_write(const plan *p, const subject *s, const sheet_head *head, uint32_t palette, const char *path,
                char *message) {
  const int rows = (p->count + p->columns - 1) / p->columns;
  canvas c;
  int status = canvas_create(&c, GAP + p->columns * (MAP + GAP), GAP + rows * (CELL_HEIGHT + GAP), message);
  for (int i = 0; i < p->count && status == 0; i++) {
    const cell *of = &p->cells[i];
    int32_t x = GAP + i % p->columns * (MAP + GAP), y = GAP + i / p->columns * (CELL_HEIGHT + GAP);
    if (of->method == CELL_PICTURE)
      status = draw_picture(&c, x, y, s, head, palette, message);
    else if (of->method != CELL_BLANK)
      status = draw_map(&c, x, y, of, palette, message);
  }
  if (status == 0 && image_write_png(path, c.width, c.height, 3, c.rgb, message, FILE_MESSAGE_CAPACITY) != IMAGE_OK)
    status = -1;
  canvas_free(&c);
  return status;
}
