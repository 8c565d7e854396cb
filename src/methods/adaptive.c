/* adaptive.c - see adaptive.h: what the parts of the adaptive rule have in common. */
#include "adaptive.h"

#include <math.h>
#include <string.h>

#include <attrib/model.h>

#include "adaptive_parts.h"

/* One line: 17 nodes, or the most of 3, 5, 9 that the budget pays for. */
void attrib__adaptive_plan(attrib__adaptive *a, int64_t budget) {
  if (attrib__lines_used(a->lines) > 1) {
    attrib__pilot_plan(a);
    return;
  }
  a->start = ATTRIB__ADAPTIVE_START;
  while (a->start > budget && a->start > 3) a->start = (a->start - 1) / 2 + 1;
  a->coarse = (a->start + 1) / 2;
  a->mesh.line = attrib__lines_last(a->lines);
}

void attrib__adaptive_layout(attrib__adaptive *a, int64_t round_rows, attrib__arena *arena) {
  bool many = attrib__lines_used(a->lines) > 1;
  int64_t count = a->entries->count, gaps = a->capacity - 1, elements;
  int64_t steps = many || round_rows > a->start ? round_rows : a->start;
  if (!attrib__count_multiply(a->capacity, count, &elements)) {
    arena->overflow = true;
    return;
  }
  a->vectors = attrib__carve(arena, elements, attrib__element_size(a->dtype));
  a->integral = attrib__carve(arena, count, sizeof(double));
  a->squares = attrib__carve(arena, count, sizeof(double));
  a->midpoints = attrib__carve(arena, count, sizeof(double));
  a->halvings.queue = attrib__carve(arena, steps + 1, sizeof *a->halvings.queue);
  a->steps = attrib__carve(arena, steps, sizeof *a->steps);
  a->sums = attrib__carve(arena, steps, sizeof *a->sums);
  if (many) {
    attrib__pilot_layout(a, arena);
    return;
  }
  a->mesh.nodes = attrib__carve(arena, a->capacity, sizeof *a->mesh.nodes);
  a->mesh.gaps = attrib__carve(arena, gaps, sizeof *a->mesh.gaps);
  a->halvings.gaps = attrib__carve(arena, gaps, sizeof *a->halvings.gaps);
  a->candidates = attrib__carve(arena, gaps + steps, sizeof *a->candidates);
  a->alphas = attrib__carve(arena, steps, sizeof *a->alphas);
  a->cuts = attrib__carve(arena, steps, sizeof *a->cuts);
}

void attrib__adaptive_clear(attrib__adaptive *a) {
  memset(a->integral, 0, (size_t)a->entries->count * sizeof(double));
  memset(a->squares, 0, (size_t)a->entries->count * sizeof(double));
  memset(a->midpoints, 0, (size_t)a->entries->count * sizeof(double));
}

int64_t attrib__adaptive_next(const attrib__adaptive *a, int64_t round_rows) {
  if (a->taken == 0) return a->start;
  int64_t room = a->capacity - a->mesh.count;
  return a->panels || round_rows < room ? round_rows : room;
}

int64_t attrib__adaptive_choose(attrib__adaptive *a, int64_t wanted) {
  if (!a->panels) return a->pilot.nodes > 0 ? a->start : attrib__nodes_choose(a, wanted);
  attrib__panels_state state = attrib__adaptive_look(a);
  return attrib__halvings_choose(&a->halvings, &state, wanted, a->steps);
}

/* Of alpha, as of when the row was chosen. Coarse nodes weigh what they do before the others of the start are in. */
static double share_of(const attrib__adaptive *a, int64_t at, double alpha) {
  if (a->panels) return a->steps[at].half;
  if (a->pilot.nodes > 0) return (alpha == 0 || alpha == 1 ? 0.5 : 1) / (double)a->pilot.nodes;
  const attrib__cut *cut = &a->cuts[at];
  return cut->left < 0 ? cut->weight / 2 : 2 * cut->weight;
}

void attrib__adaptive_row(attrib__adaptive *a, int64_t at, attrib__row *row) {
  if (a->pilot.nodes > 0 && !a->panels) {
    attrib__pilot_row(a, at, row);
  } else {
    row->baseline = a->steps[at].line;
    row->alpha = a->steps[at].alpha;
    row->nth = at;
  }
  row->mass = share_of(a, at, row->alpha) * attrib__lines_weight(a->lines, row->baseline);
}

/* A batch is of one kind: the start and the nodes end with a round. */
attrib__fault attrib__adaptive_take(attrib__adaptive *a, attrib__results *results) {
  if (a->panels) return attrib__panels_take(a, results);
  return a->pilot.nodes > 0 ? attrib__pilot_take(a, results) : attrib__nodes_take(a, results);
}

/* Whether a square says something: of values neither too large nor too small for one, nor for a float where they are
 * kept in floats. */
static bool is_plain(const attrib__adaptive *a, double square) {
  return square > (a->dtype == ATTRIB_F32 ? 1e-68 : 1e-280) && square < 1e280;
}

attrib__error attrib__adaptive_error(const attrib__adaptive *a) {
  if (a->taken < a->start) return (attrib__error){(double)NAN, (double)NAN};
  const int64_t count = a->entries->count;
  attrib__panels_state state = attrib__adaptive_look(a);
  double error = attrib__panels_error(&state), square = attrib__sum_value(&a->square);
  if (is_plain(a, state.norm) && is_plain(a, square)) return (attrib__error){error, error / sqrt(square)};
  if (!is_plain(a, state.norm) && attrib__vector_largest(count, a->integral) > 0) error = (double)INFINITY;
  return attrib__error_of(count, a->integral, error);
}

/* The squares have the shape, the error estimate the size: the shares that panels which end in one round leave of each
 * other are near enough, and what the estimate knows of jumps that no square shows must be in the errors, too. Where
 * there is no shape, all are equal. */
void attrib__adaptive_errors(const attrib__adaptive *a, double *errors) {
  const int64_t count = a->entries->count;
  const double length = attrib__adaptive_error(a).absolute;
  attrib__sum total = {0};
  if (isnan(length))
    memset(errors, 0, (size_t)count * sizeof *errors);
  else if (a->pilot.nodes == 0 && !a->panels)
    attrib__nodes_squares(a, errors);
  else
    memcpy(errors, a->squares, (size_t)count * sizeof *errors);
  for (int64_t i = 0; i < count; i++) attrib__sum_add(&total, errors[i]);
  double sum = attrib__sum_value(&total);
  const bool shaped = sum > 0 && isfinite(length);
  for (int64_t i = 0; i < count; i++) errors[i] = length * (shaped ? sqrt(errors[i] / sum) : 1 / sqrt((double)count));
}

bool attrib__adaptive_worst(const attrib__adaptive *a, double *from, double *to) {
  if (a->pilot.nodes > 0 || a->taken < a->start) return false;
  attrib__panels_state state = attrib__adaptive_look(a);
  const attrib__panel *worst = attrib__panels_worst(&state, a->mesh.gaps, a->mesh.count - 1);
  *from = worst->start;
  *to = worst->start + worst->width;
  return true;
}
