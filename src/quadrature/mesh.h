/* mesh.h - nodes of an adaptive trapezoidal rule while every node's vector is kept: gaps are bisected one by one. The
 * gaps are panels of one part. Scalars only, as in panels.h. */
#ifndef ATTRIB_SRC_MESH_H
#define ATTRIB_SRC_MESH_H

#include "panels.h"

typedef struct attrib__node {
  double alpha, output, slope, norm; /* f, p and |v|^2 there */
  int32_t vector;                    /* where its vector is kept */
} attrib__node;

typedef struct attrib__mesh {
  int64_t line;
  int64_t count;       /* nodes, in order of alpha; gap k joins nodes k and k + 1 */
  attrib__node *nodes; /* room for as many as there are vectors */
  attrib__panel *gaps; /* one less */
} attrib__mesh;

/* The gap between two nodes. square, change: of panels.h. */
attrib__panel attrib__mesh_gap(const attrib__node *a, const attrib__node *b, double square, double change);

/* What a node in the middle of a gap of `width` says of the errors of its halves: *square of both together, of which
 * `*share` is the left one's. left, right, across: |v - v_left|^2, |v_right - v|^2, the dot product of the two. */
void attrib__mesh_split(double width, double left, double right, double across, double *square, double *share);

/* Appends a node behind the last. Its gap has no error yet. */
void attrib__mesh_append(attrib__mesh *mesh, const attrib__node *node);

/* The gap that holds alpha, which is no node's. */
int64_t attrib__mesh_find(const attrib__mesh *mesh, double alpha);

/* Cuts the gap at the node, which lies in its middle. left, right, across: |v - v_left|^2, |v_right - v|^2, and the dot
 * product of the two differences. */
void attrib__mesh_insert(attrib__mesh *mesh, int64_t gap, const attrib__node *node, double left, double right,
                         double across);

/* A gap that is about to be cut, for mesh_choose. */
typedef struct attrib__candidate {
  double start, end, priority;
} attrib__candidate;

/* The next `wanted` midpoints, best first; less where nothing can be cut any more. candidates: scratch for as many as
 * gaps and wanted together. Returns their number. */
int64_t attrib__mesh_choose(const attrib__mesh *mesh, const attrib__panels_state *state, int64_t wanted, double *alphas,
                            attrib__candidate *candidates);

#endif
