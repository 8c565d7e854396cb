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
  double left[ATTRIB__BLOCK], right[ATTRIB__BLOCK];
  const attrib__cutting cutting = {.before = attrib__adaptive_vector(a, cut->left),
                                   .after = attrib__adaptive_vector(a, cut->right),
                                   .own = attrib__adaptive_vector(a, cut->own),
                                   .weight = cut->weight,
                                   .integral = a->integral,
                                   .left = left,
                                   .right = right};
  attrib__rows_cut(a->dtype, &cutting, at, m, v);
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
    m = attrib__block_length(done, n);
    int64_t at = begin + done;
    if (cut->left < 0) {
      attrib__vector_add(m, cut->weight, v, a->integral + at);
      attrib__rows_store(a->dtype, attrib__adaptive_vector(a, cut->own), at, m, v);
    } else {
      take_cut(a, cut, sums, at, m, v);
    }
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

/* The shape of the standard errors: to squares goes each gap's error, shared out over the entries as the change of v
 * across the gap is. */
static double share_of(const attrib__panel *gap) {
  return gap->change > 0 ? gap->square / gap->change : 0;
}

void attrib__nodes_squares(const attrib__adaptive *a, double *squares) {
  const int64_t count = a->entries->count;
  double nodes[2][ATTRIB__BLOCK], change[ATTRIB__BLOCK];
  memset(squares, 0, (size_t)count * sizeof *squares);
  for (int64_t at = 0, m; at < count; at += m) {
    m = attrib__block_length(at, count);
    for (int64_t k = 0; k < a->mesh.count; k++) {
      attrib__rows_load(a->dtype, attrib__adaptive_vector(a, a->mesh.nodes[k].vector), at, m, nodes[k % 2]);
      if (k == 0) continue;
      attrib__vector_subtract(m, nodes[k % 2], nodes[(k - 1) % 2], change);
      attrib__vector_add_square(m, share_of(&a->mesh.gaps[k - 1]), change, squares + at);
    }
  }
}

/* Gap by gap the integral takes the place of the left node's vector, which nothing needs any more. */
static void join_nodes(attrib__adaptive *a) {
  const int64_t count = a->entries->count;
  memset(a->squares, 0, (size_t)count * sizeof *a->squares);
  for (int64_t at = 0, m; at < count; at += m) {
    m = attrib__block_length(at, count);
    for (int64_t k = 0; k + 1 < a->mesh.count; k++) {
      const attrib__panel *gap = &a->mesh.gaps[k];
      const attrib__node *end = &a->mesh.nodes[k + 1];
      if (k + 2 < a->mesh.count) attrib__rows_expect(a->dtype, attrib__adaptive_vector(a, end[1].vector), at, m);
      attrib__rows_join(a->dtype, attrib__adaptive_vector(a, gap->vector), attrib__adaptive_vector(a, end->vector), at,
                        m, gap->width, share_of(gap), a->squares + at);
    }
  }
}

static void make_panels(attrib__adaptive *a) {
  join_nodes(a);
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
