/* adaptive_pilot.c - see adaptive.h: a few nodes on each of many lines. */
#include <math.h>
#include <string.h>

#include "adaptive_parts.h"

/* Gaps of one line: 16 or more over all lines, and 2 at least, which is what an error can be told from. Measured on
 * tables with 96 baselines: from 2 logits at 5 % take 241 rows where 4 take 385, probabilities 1,753 where 4 take
 * 1,033; with 15 baselines 4 are better for both. */
static int64_t nodes_for(int64_t lines) {
  if (lines < 4) return 8;
  return lines < 32 ? 4 : 2;
}

void attrib__pilot_plan(attrib__adaptive *a) {
  int64_t lines = attrib__lines_used(a->lines);
  attrib__pilot *pilot = &a->pilot;
  pilot->nodes = nodes_for(lines);
  pilot->shared = a->lines->kind == ATTRIB__LINES_BASELINES && !a->apart;
  pilot->first_slot = pilot->nodes + 1;
  pilot->line = -1;
  a->start = pilot->shared ? 1 + lines * pilot->nodes : lines * (pilot->nodes + 1);
}

void attrib__pilot_layout(attrib__adaptive *a, attrib__arena *arena) {
  int64_t panels = a->capacity - a->pilot.first_slot;
  int64_t gaps = attrib__lines_used(a->lines) * a->pilot.nodes;
  a->halvings.panels = attrib__carve(arena, panels, sizeof *a->halvings.panels);
  a->halvings.gaps = attrib__carve(arena, gaps, sizeof *a->halvings.gaps);
  a->pilot.levels = attrib__carve(arena, panels, sizeof *a->pilot.levels);
  if (a->pilot.shared)
    a->pilot.end_gradient = attrib__carve(arena, a->entries->n, attrib__element_size(a->entries->dtype));
}

static void next_line(attrib__adaptive *a) {
  do a->pilot.line++;
  while (attrib__lines_weight(a->lines, a->pilot.line) == 0);
}

void attrib__pilot_row(attrib__adaptive *a, int64_t at, attrib__row *row) {
  const attrib__pilot *pilot = &a->pilot;
  int64_t per_line = pilot->shared ? pilot->nodes : pilot->nodes + 1, k = pilot->shared ? at - 1 : at;
  if (at == 0 || (k > 0 && k % per_line == 0)) next_line(a);
  row->baseline = pilot->line;
  row->nth = k < 0 ? pilot->nodes : k % per_line;
  row->alpha = (double)row->nth / (double)pilot->nodes;
}

/* -- a row -------------------------------------------------------------------------------------------------------- */

static void take_pilot(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  (void)row, (void)r;
  attrib__adaptive *a = state;
  double weighted[ATTRIB__BLOCK];
  for (int64_t done = 0, m; done < n; done += m, v += m) {
    m = attrib__block_length(done, n);
    attrib__vector_scale(m, a->pilot.weight, v, weighted);
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, a->pilot.own), begin + done, m, weighted);
    attrib__sum_add(&a->sums->slope, attrib__vector_sum(m, weighted));
    attrib__sum_add(&a->sums->norm, attrib__vector_square(m, weighted));
  }
}

static attrib__fault take_row(attrib__adaptive *a, attrib__results *row, int64_t node, double output) {
  a->pilot.own = (int32_t)node;
  a->pilot.weight = attrib__lines_weight(a->lines, row->rows->baseline);
  *a->sums = (attrib__row_sums){0};
  attrib__fault fault = attrib__entries_take(a->entries, row, take_pilot, a);
  a->pilot.at[node] = (attrib__node){.alpha = (double)node / (double)a->pilot.nodes,
                                     .output = a->pilot.weight * output,
                                     .slope = attrib__sum_value(&a->sums->slope),
                                     .norm = attrib__sum_value(&a->sums->norm),
                                     .vector = a->pilot.own};
  return fault;
}

/* -- a line ------------------------------------------------------------------------------------------------------- */

static void load(const attrib__adaptive *a, int64_t node, int64_t at, int64_t m, double *values) {
  attrib__rows_load(a->dtype, attrib__adaptive_vector(a, node), at, m, values);
}

/* The errors of gaps k and k + 1, from the node between them; and what that node changes the integral by goes to
 * `midpoints`, which no halving needs yet: the sum of the changes over all lines. */
static void find_pair(attrib__adaptive *a, int64_t k, attrib__panel gaps[2]) {
  attrib__sum left = {0}, right = {0}, across = {0};
  const double width = 2 / (double)a->pilot.nodes;
  double start[ATTRIB__BLOCK], middle[ATTRIB__BLOCK], end[ATTRIB__BLOCK];
  double before[ATTRIB__BLOCK], after[ATTRIB__BLOCK], bend[ATTRIB__BLOCK];
  for (int64_t at = 0, m; at < a->entries->count; at += m) {
    m = attrib__block_length(at, a->entries->count);
    load(a, k, at, m, start);
    load(a, k + 1, at, m, middle);
    load(a, k + 2, at, m, end);
    attrib__vector_subtract(m, middle, start, before);
    attrib__vector_subtract(m, end, middle, after);
    attrib__vector_subtract(m, before, after, bend);
    attrib__vector_add(m, width / 4, bend, a->midpoints + at);
    attrib__sum_add(&left, attrib__vector_square(m, before));
    attrib__sum_add(&right, attrib__vector_square(m, after));
    attrib__sum_add(&across, attrib__vector_dot(m, before, after));
  }
  const attrib__node *nodes = a->pilot.at;
  double square, share, l = attrib__sum_value(&left), r = attrib__sum_value(&right);
  attrib__mesh_split(width, l, r, attrib__sum_value(&across), &square, &share);
  gaps[0] = attrib__mesh_gap(&nodes[k], &nodes[k + 1], square * share, l);
  gaps[1] = attrib__mesh_gap(&nodes[k + 1], &nodes[k + 2], square * (1 - share), r);
}

/* floor(2 log2 error), the same on every machine. */
static int32_t level_of(double error) {
  int exponent;
  if (!(error > 0)) return INT32_MIN;
  double fraction = frexp(error, &exponent); /* in [0.5, 1) */
  return 2 * exponent - (fraction * fraction < 0.5 ? 2 : 1);
}

static void add_numbers(attrib__panel *to, const attrib__panel *from) {
  to->gaps += from->gaps;
  to->parts += from->parts;
  to->square += from->square;
  to->slope += from->slope;
  to->norm += from->norm;
  to->slope_square += from->slope_square;
  to->rise += from->rise;
  to->missed += from->missed;
}

/* The two panels of least error become one; the place of the least is free. */
static int64_t merge_lowest(attrib__adaptive *a) {
  const int32_t *levels = a->pilot.levels;
  int64_t low = 0, next = -1;
  for (int64_t p = 1; p < a->halvings.count; p++)
    if (levels[p] < levels[low]) low = p;
  for (int64_t p = 0; p < a->halvings.count; p++)
    if (p != low && (next < 0 || levels[p] < levels[next])) next = p;
  attrib__panel *from = &a->halvings.panels[low], *to = &a->halvings.panels[next];
  double one[ATTRIB__BLOCK], other[ATTRIB__BLOCK];
  for (int64_t at = 0, m; at < a->entries->count; at += m) {
    m = attrib__block_length(at, a->entries->count);
    load(a, from->vector, at, m, one);
    load(a, to->vector, at, m, other);
    for (int64_t i = 0; i < m; i++) other[i] += one[i];
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, to->vector), at, m, other);
  }
  int64_t last = from->first;
  while (a->halvings.gaps[last].next >= 0) last = a->halvings.gaps[last].next;
  a->halvings.gaps[last].next = to->first;
  to->first = from->first;
  add_numbers(to, from);
  return low;
}

/* The panel for gaps of this level; a new one is empty. */
static int64_t panel_for(attrib__adaptive *a, int32_t level, double width) {
  attrib__halvings *h = &a->halvings;
  for (int64_t p = 0; p < h->count; p++)
    if (a->pilot.levels[p] == level) return p;
  int64_t place = h->count < a->capacity - a->pilot.first_slot ? h->count++ : merge_lowest(a);
  h->panels[place] = (attrib__panel){.width = width, .first = -1, .vector = (int32_t)(a->pilot.first_slot + place)};
  a->pilot.levels[place] = level;
  memset(attrib__adaptive_vector(a, h->panels[place].vector), 0,
         (size_t)a->entries->count * attrib__element_size(a->dtype));
  return place;
}

/* Gap k of the line joins a panel, the integral, and the squares of the standard errors. */
static void add_gap(attrib__adaptive *a, int64_t line, int64_t k, const attrib__panel *gap, int64_t number) {
  attrib__panels_state state = attrib__adaptive_look(a);
  double error = gap->square + state.kappa * state.kappa * gap->missed;
  attrib__panel *panel = &a->halvings.panels[panel_for(a, level_of(error), gap->width)];
  double part = gap->change > 0 ? gap->square / gap->change : 0;
  double start[ATTRIB__BLOCK], end[ATTRIB__BLOCK], total[ATTRIB__BLOCK];
  for (int64_t at = 0, m; at < a->entries->count; at += m) {
    m = attrib__block_length(at, a->entries->count);
    load(a, k, at, m, start);
    load(a, k + 1, at, m, end);
    load(a, panel->vector, at, m, total);
    for (int64_t i = 0; i < m; i++) {
      double integral = gap->width / 2 * (start[i] + end[i]), change = end[i] - start[i];
      total[i] += integral;
      a->integral[at + i] += integral;
      a->squares[at + i] += part * (change * change);
    }
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, panel->vector), at, m, total);
  }
  a->halvings.gaps[number] =
      (attrib__gap){.line = line, .start = gap->start, .next = panel->first, .rise = gap->rise, .slope = gap->slope};
  panel->first = number;
  add_numbers(panel, gap);
}

static void finish_line(attrib__adaptive *a, int64_t line) {
  int64_t nodes = a->pilot.nodes, number = 0;
  for (int64_t p = 0; p < a->halvings.count; p++) number += a->halvings.panels[p].gaps;
  for (int64_t k = 0; k < nodes; k += 2) {
    attrib__panel gaps[2];
    find_pair(a, k, gaps);
    add_gap(a, line, k, &gaps[0], number + k);
    add_gap(a, line, k + 1, &gaps[1], number + k + 1);
  }
}

/* The squares above take the errors of lines for independent. Lines that share an end err together there, and what they
 * change by, taken together, says so: the errors then grow to a third of |change|^2, those of entries in its shape. */
static void join_errors(attrib__adaptive *a) {
  const int64_t count = a->entries->count;
  attrib__sum change2 = {0};
  for (int64_t at = 0; at < count; at += ATTRIB__BLOCK) {
    int64_t m = attrib__block_length(at, count);
    attrib__sum_add(&change2, attrib__vector_square(m, a->midpoints + at));
  }
  double together = attrib__sum_value(&change2) / 3, apart = attrib__adaptive_look(a).squares;
  double part = together > apart ? (together - apart) / (3 * together) : 0;
  for (int64_t i = 0; i < count; i++) {
    a->squares[i] += part * (a->midpoints[i] * a->midpoints[i]);
    a->midpoints[i] = 0; /* for the first halving */
  }
  if (part == 0) return;
  for (int64_t p = 0; p < a->halvings.count; p++) {
    attrib__panel *panel = &a->halvings.panels[p];
    panel->square = apart > 0 ? panel->square * (together / apart) : together / (double)a->halvings.count;
  }
}

/* The shared end as that of the line whose first row is at hand. What is wrong with its gradient shows here, where the
 * displacement it is multiplied with is known, and is said of the row that it came from. */
static attrib__fault take_end(attrib__adaptive *a, attrib__results row) {
  const attrib__pilot *pilot = &a->pilot;
  row.gradients = pilot->end_gradient;
  row.traced = false; /* the slope is the first row's own */
  attrib__fault fault = take_row(a, &row, pilot->nodes, pilot->end_output);
  if (fault.status < 0) {
    row.rows->alpha = 1;
    row.rows->id = pilot->end_row;
  }
  return fault;
}

static attrib__fault take_one(attrib__adaptive *a, const attrib__results *results, int64_t r) {
  attrib__pilot *pilot = &a->pilot;
  attrib__results row = attrib__results_row(results, a->entries->dtype, r);
  size_t size = (size_t)a->entries->n * attrib__element_size(a->entries->dtype);
  attrib__fault fault = {.status = ATTRIB_OK};
  int64_t node = row.rows->nth;
  if (pilot->shared && node == pilot->nodes) {
    memcpy(pilot->end_gradient, row.gradients, size);
    pilot->end_output = row.outputs[0];
    pilot->end_row = row.rows->id;
    row.rows->slope.total = (double)NAN; /* it has one on every line */
  } else {
    if (node == 0 && pilot->shared) fault = take_end(a, row);
    if (fault.status == ATTRIB_OK) fault = take_row(a, &row, node, row.outputs[0]);
    bool last = node == (pilot->shared ? pilot->nodes - 1 : pilot->nodes);
    if (fault.status == ATTRIB_OK && last) finish_line(a, row.rows->baseline);
  }
  fault.row = r;
  if (fault.status < 0) return fault;
  if (++a->taken == a->start) {
    join_errors(a);
    a->panels = true; /* the planner looks at it: not before it has planned all of the start */
  }
  return fault;
}

attrib__fault attrib__pilot_take(attrib__adaptive *a, const attrib__results *results) {
  attrib__fault fault = {.status = ATTRIB_OK};
  for (int64_t r = 0; r < results->count && fault.status == ATTRIB_OK; r++) fault = take_one(a, results, r);
  return fault;
}
