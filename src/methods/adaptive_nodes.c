/* adaptive_nodes.c - see adaptive.h: one line, node by node. */
#include <string.h>

#include "adaptive_parts.h"

/* -- choosing ----------------------------------------------------------------------------------------------------- */

/* Every second node of the start in order, then those between, which tell the first errors. */
static int64_t choose_start(attrib__adaptive *a) {
  for (int64_t i = 0; i < a->start; i++) {
    double place = i < a->coarse ? 2 * (double)i : 2 * (double)(i - a->coarse) + 1;
    a->alphas[i] = place / (double)(a->start - 1);
  }
  return a->start;
}

/* Node `nth` of the round lies in the middle between two that are there before it: of the mesh, or of the round. */
static attrib__cut cut_at(const attrib__adaptive *a, int64_t nth) {
  const double alpha = a->alphas[nth];
  attrib__cut cut = {.left = -1, .right = -1, .own = (int32_t)(a->mesh.count + nth)};
  double before = -1, after = 2;
  for (int64_t k = 0; k < a->mesh.count + nth; k++) {
    const bool is_node = k < a->mesh.count;
    double other = is_node ? a->mesh.nodes[k].alpha : a->alphas[k - a->mesh.count];
    int32_t vector = is_node ? a->mesh.nodes[k].vector : (int32_t)k;
    if (other < alpha && other > before) {
      before = other;
      cut.left = vector;
    }
    if (other > alpha && other < after) {
      after = other;
      cut.right = vector;
    }
  }
  cut.weight = (after - before) / 4;
  return cut;
}

int64_t attrib__nodes_choose(attrib__adaptive *a, int64_t wanted) {
  const bool start = a->mesh.count == 0;
  if (start) {
    wanted = choose_start(a);
  } else {
    attrib__panels_state state = attrib__adaptive_look(a);
    wanted = attrib__mesh_choose(&a->mesh, &state, wanted, a->alphas, a->candidates);
  }
  for (int64_t i = 0; i < wanted; i++) {
    a->steps[i] = (attrib__step){.line = a->mesh.line, .alpha = a->alphas[i]};
    a->cuts[i] = cut_at(a, i);
    if (!start || i >= a->coarse) continue;
    double width = 1 / (double)(a->coarse - 1);
    a->cuts[i].left = -1;
    a->cuts[i].weight = i == 0 || i == a->coarse - 1 ? width / 2 : width;
  }
  return wanted;
}

/* -- taking ------------------------------------------------------------------------------------------------------- */

/* A node that cuts a gap: the integral changes by a quarter of the gap times how far v is from a straight line. */
static void take_cut(attrib__adaptive *a, const attrib__cut *cut, attrib__row_sums *sums, int64_t at, int64_t m,
                     const double *v) {
  double before[ATTRIB__BLOCK], after[ATTRIB__BLOCK];
  double left[ATTRIB__BLOCK], right[ATTRIB__BLOCK], bend[ATTRIB__BLOCK];
  attrib__rows_load(a->dtype, attrib__adaptive_vector(a, cut->left), at, m, before);
  attrib__rows_load(a->dtype, attrib__adaptive_vector(a, cut->right), at, m, after);
  attrib__vector_subtract(m, v, before, left);
  attrib__vector_subtract(m, after, v, right);
  attrib__vector_subtract(m, left, right, bend);
  attrib__vector_add(m, cut->weight, bend, a->integral + at);
  attrib__sum_add(&sums->left, attrib__vector_square(m, left));
  attrib__sum_add(&sums->right, attrib__vector_square(m, right));
  attrib__sum_add(&sums->across, attrib__vector_dot(m, left, right));
}

static void take_node(void *state, attrib__row *row, int64_t r, int64_t begin, int64_t n, const double *v) {
  (void)r;
  attrib__adaptive *a = state;
  const attrib__cut *cut = &a->cuts[row->nth];
  attrib__row_sums *sums = &a->sums[row->nth];
  for (int64_t done = 0, m; done < n; done += m, v += m) {
    m = n - done < ATTRIB__BLOCK ? n - done : ATTRIB__BLOCK;
    int64_t at = begin + done;
    if (cut->left < 0)
      attrib__vector_add(m, cut->weight, v, a->integral + at);
    else
      take_cut(a, cut, sums, at, m, v);
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, cut->own), at, m, v);
    attrib__sum_add(&sums->slope, attrib__vector_sum(m, v));
    attrib__sum_add(&sums->norm, attrib__vector_square(m, v));
  }
}

/* The node joins the mesh. */
static void add_node(attrib__adaptive *a, const attrib__row *row, double output) {
  const attrib__cut *cut = &a->cuts[row->nth];
  const attrib__row_sums *sums = &a->sums[row->nth];
  const attrib__node node = {.alpha = row->alpha,
                             .output = output,
                             .slope = attrib__sum_value(&sums->slope),
                             .norm = attrib__sum_value(&sums->norm),
                             .vector = cut->own};
  if (cut->left < 0)
    attrib__mesh_append(&a->mesh, &node);
  else
    attrib__mesh_insert(&a->mesh, attrib__mesh_find(&a->mesh, row->alpha), &node, attrib__sum_value(&sums->left),
                        attrib__sum_value(&sums->right), attrib__sum_value(&sums->across));
}

/* Elements [at, at + m), gap by gap: to squares goes each gap's error, shared out over the entries as the change of v
 * across the gap is. pools: the gap's integral takes the place of its left node's vector, which nothing needs any more.
 */
static void sweep_gaps(const attrib__adaptive *a, int64_t at, int64_t m, bool pools, double *squares) {
  double nodes[2][ATTRIB__BLOCK], change[ATTRIB__BLOCK], integral[ATTRIB__BLOCK];
  attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[0].vector), at, m, nodes[0]);
  memset(squares, 0, (size_t)m * sizeof *squares);
  for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
    const attrib__panel *gap = &a->mesh.gaps[k];
    const double *start = nodes[k % 2];
    if (k + 2 < a->mesh.count)
      attrib__rows_expect(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[k + 2].vector), at, m);
    double *end = nodes[(k + 1) % 2], part = gap->change > 0 ? gap->square / gap->change : 0;
    attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[k + 1].vector), at, m, end);
    attrib__vector_subtract(m, end, start, change);
    attrib__vector_add_square(m, part, change, squares);
    if (!pools) continue;
    attrib__vector_scale(m, gap->width / 2, start, integral);
    attrib__vector_add(m, gap->width / 2, end, integral);
    attrib__rows_store(a->dtype, attrib__adaptive_vector(a, gap->vector), at, m, integral);
  }
}

static void sweep(const attrib__adaptive *a, bool pools, double *squares) {
  const int64_t count = a->entries->count;
  for (int64_t at = 0; at < count; at += ATTRIB__BLOCK)
    sweep_gaps(a, at, count - at < ATTRIB__BLOCK ? count - at : ATTRIB__BLOCK, pools, squares + at);
}

void attrib__nodes_squares(const attrib__adaptive *a, double *squares) {
  sweep(a, false, squares);
}

static void make_panels(attrib__adaptive *a) {
  sweep(a, true, a->squares);
  for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
    attrib__panel *gap = &a->mesh.gaps[k];
    a->halvings.gaps[k] =
        (attrib__gap){.line = a->mesh.line, .start = gap->start, .next = -1, .rise = gap->rise, .slope = gap->slope};
    gap->first = k;
  }
  a->halvings.panels = a->mesh.gaps;
  a->halvings.count = a->mesh.count - 1;
  a->panels = true;
}

attrib__fault attrib__nodes_take(attrib__adaptive *a, const attrib__results *results) {
  attrib__results taken = *results;
  for (int64_t r = 0; r < taken.count; r++) a->sums[taken.rows[r].nth] = (attrib__row_sums){0};
  attrib__fault fault = attrib__entries_take(a->entries, &taken, take_node, a);
  if (fault.status < 0) return fault;
  for (int64_t r = 0; r < taken.count; r++) add_node(a, &taken.rows[r], taken.outputs[r * taken.output_columns]);
  a->taken += taken.count;
  if (a->mesh.count == a->capacity) make_panels(a);
  return fault;
}
