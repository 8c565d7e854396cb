/* bench.h - what the parts of the sampling benchmark share: how much is measured, medians, bounds. */
#ifndef ATTRIB_TESTS_BENCH_H
#define ATTRIB_TESTS_BENCH_H

#include "bounds.h"
#include "bundled.h"

enum { BASELINES = 96 };

typedef struct bench {
  bundled data;
  bool quick;
  int every;                                  /* picture, on logits */
  int64_t dense;                              /* points per baseline of a reference */
  int independent_seeds, seeds, smooth_seeds; /* runs behind an error */
  int64_t smooth_reference;                   /* samples of one */
  bounds bounds;
} bench;

/* A number for each picture measured. */
typedef struct series {
  double values[BUNDLED_PICTURES];
  int count;
} series;

void series_add(series *s, double value);
double series_median(const series *s);
double series_least(const series *s);
double series_most(const series *s);

/* The parts: print their tables, note their bounds. */
void bench_expected(bench *b);
void bench_smooth(bench *b);
void bench_memory(bench *b);

#endif
