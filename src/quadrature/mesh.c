/* mesh.c - see mesh.h. */
#include "mesh.h"

#include <math.h>
#include <string.h>

/* Trapezoidal integrals between neighbouring nodes. */
attrib__panel attrib__mesh_gap(const attrib__node *a, const attrib__node *b, double square, double change) {
  double width = b->alpha - a->alpha, slope = width * (a->slope + b->slope) / 2, rise = b->output - a->output;
  return (attrib__panel){.start = a->alpha,
                         .width = width,
                         .gaps = 1,
                         .parts = 1,
                         .vector = a->vector,
                         .square = square,
                         .change = change,
                         .slope = slope,
                         .norm = width * (a->norm + b->norm) / 2,
                         .slope_square = width * (a->slope * a->slope + b->slope * b->slope) / 2,
                         .rise = rise,
                         .missed = (rise - slope) * (rise - slope)};
}

void attrib__mesh_append(attrib__mesh *mesh, const attrib__node *node) {
  int64_t last = mesh->count - 1;
  mesh->nodes[mesh->count++] = *node;
  if (last >= 0) mesh->gaps[last] = attrib__mesh_gap(&mesh->nodes[last], node, 0, 0);
}

void attrib__mesh_split(double width, double left, double right, double across, double *square, double *share) {
  /* |error after|^2 is a third of |change of the integral|^2 for a path that is rough at every scale, less for a smooth
   * one; shared out by how steep each half is. */
  *square = width * width / 16 * fmax(left + right - 2 * across, 0) / 3;
  *share = left + right > 0 ? left / (left + right) : 0.5;
}

int64_t attrib__mesh_find(const attrib__mesh *mesh, double alpha) {
  int64_t low = 0, high = mesh->count - 1;
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    if (mesh->nodes[middle].alpha < alpha)
      low = middle;
    else
      high = middle;
  }
  return low;
}

void attrib__mesh_insert(attrib__mesh *mesh, int64_t gap, const attrib__node *node, double left, double right,
                         double across) {
  attrib__node *nodes = mesh->nodes;
  const attrib__panel parent = mesh->gaps[gap];
  int64_t behind = mesh->count - 1 - gap;
  memmove(&nodes[gap + 2], &nodes[gap + 1], (size_t)behind * sizeof *nodes);
  memmove(&mesh->gaps[gap + 1], &mesh->gaps[gap], (size_t)behind * sizeof *mesh->gaps);
  nodes[gap + 1] = *node;
  mesh->count++;
  double square, share;
  attrib__mesh_split(parent.width, left, right, across, &square, &share);
  square = fmax(square, parent.square / 16); /* a gap that was bad does not become good at one stroke */
  mesh->gaps[gap] = attrib__mesh_gap(&nodes[gap], node, square * share, left);
  mesh->gaps[gap + 1] = attrib__mesh_gap(node, &nodes[gap + 2], square * (1 - share), right);
}

int64_t attrib__mesh_choose(const attrib__mesh *mesh, const attrib__panels_state *state, int64_t wanted, double *alphas,
                            attrib__candidate *candidates) {
  int64_t count = mesh->count - 1, chosen = 0;
  for (int64_t k = 0; k < count; k++)
    candidates[k] = (attrib__candidate){mesh->nodes[k].alpha, mesh->nodes[k + 1].alpha,
                                        attrib__panels_priority(state, &mesh->gaps[k])};
  while (chosen < wanted) {
    attrib__candidate *best = candidates;
    for (int64_t k = 1; k < count; k++)
      if (candidates[k].priority > best->priority) best = &candidates[k];
    if (!(best->priority > 0)) break;
    double middle = (best->start + best->end) / 2;
    alphas[chosen++] = middle;
    best->priority /= 8; /* what a smooth path leaves */
    candidates[count++] = (attrib__candidate){middle, best->end, best->priority};
    best->end = middle;
  }
  return chosen;
}
