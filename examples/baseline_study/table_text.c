#include "table_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"

/* Text that grows; after a failed allocation text is NULL and stays so. */
typedef struct page_text {
  char *text;
  size_t used, room;
} page_text;

static void put(page_text *t, const char *format, ...) FILE_PRINTF_LIKE(2, 3);
static void put(page_text *t, const char *format, ...) {
  char line[1024];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (t->text == NULL || length < 0) return;
  const size_t size = (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
  if (t->used + size + 1 > t->room) {
    char *larger = realloc(t->text, 2 * t->room + size);
    if (larger == NULL) free(t->text);
    t->text = larger;
    if (larger == NULL) return;
    t->room = 2 * t->room + size;
  }
  memcpy(t->text + t->used, line, size + 1);
  t->used += size;
}

/* -- tables */

/* "0.123 ± 0.004", bold where it is the best of the explained maps; "" for nothing. */
static void put_cell(page_text *t, const spread *s, bool best) {
  if (s->n == 0) {
    put(t, " |");
    return;
  }
  put(t, best ? " **%.3g**" : " %.3g", s->mean);
  if (s->n > 1) put(t, " ± %.2g", spread_margin(s));
  put(t, " |");
}

static void put_head(page_text *t, const char *first, const study_test *tests, int count) {
  put(t, "\n| %s |", first);
  for (int i = 0; i < count; i++) put(t, " %s |", plan_test(tests[i])->name);
  put(t, "\n|---|");
  for (int i = 0; i < count; i++) put(t, "---|");
  put(t, "\n| |");
  for (int i = 0; i < count; i++) put(t, " *%s* |", plan_test(tests[i])->better);
  put(t, "\n");
}

/* A row for each map, a column for each test. */
static void put_table(page_text *t, const summary *of, const study_test *tests, int count) {
  put_head(t, "baseline", tests, count);
  for (int m = 0; m < MAPS; m++) {
    put(t, "| %s |", plan_map((study_map)m));
    for (int i = 0; i < count; i++) {
      study_map order[MAPS];
      const int ranked = summary_rank(of, tests[i], order);
      const int first = ranked > 1 && order[0] == MAP_RANDOM ? 1 : 0;
      put_cell(t, &of->score[tests[i]][m], ranked > first && order[first] == (study_map)m);
    }
    put(t, "\n");
  }
}

/* A row for each map of a sweep, a column for each point. */
static void put_sweep(page_text *t, const summary *of, study_test test, const char *points) {
  const test_info *info = plan_test(test);
  put(t, "\n| %s |", points);
  for (int i = 0; i < info->points; i++) put(t, " %g |", info->at[i]);
  put(t, "\n|---|");
  for (int i = 0; i < info->points; i++) put(t, "---|");
  put(t, "\n");
  for (int m = 0; m < MAPS; m++) {
    if (!summary_has(of, test, (study_map)m)) continue;
    put(t, "| %s, %s |", plan_map((study_map)m), strchr(info->name, ' ') + 1);
    for (int i = 0; i < info->points; i++) put_cell(t, &of->at[test][m][i], false);
    put(t, "\n");
  }
}

/* -- what the tables say, in sentences whose numbers are theirs */

static int rank_of(const summary *of, study_test test, study_map map) {
  study_map order[MAPS];
  const int count = summary_rank(of, test, order);
  for (int i = 0; i < count; i++)
    if (order[i] == map) return i + 1;
  return 0;
}

static void put_blindness(page_text *t, const summary *of) {
  const spread *black = of->score[TEST_MASS_BLACK], *white = of->score[TEST_MASS_WHITE];
  if (black[MAP_BLACK].n == 0 || white[MAP_WHITE].n == 0) return;
  put(t,
      "\nBlind to its own colour: of %lld pictures of black objects the map from the black baseline has %.1f %% of its "
      "mass "
      "inside the object, from white %.1f %%, from grey %.1f %%, over training pictures %.1f %%. Of %lld white objects "
      "the "
      "map from white has %.1f %%, from black %.1f %%, from grey %.1f %%, over training pictures %.1f %%.\n",
      (long long)black[MAP_BLACK].n, 100 * black[MAP_BLACK].mean, 100 * black[MAP_WHITE].mean,
      100 * black[MAP_GREY].mean, 100 * black[MAP_EXPECTED_TRAINING].mean, (long long)white[MAP_WHITE].n,
      100 * white[MAP_WHITE].mean, 100 * white[MAP_BLACK].mean, 100 * white[MAP_GREY].mean,
      100 * white[MAP_EXPECTED_TRAINING].mean);
}

static void put_matching(page_text *t, const summary *of) {
  static const study_map matched[] = {MAP_BLUR, MAP_UNIFORM, MAP_EXPECTED_UNIFORM};
  put(t, "\nMatching missingness: the place among all %d where pixels are replaced by", MAPS);
  put(t, " the mean colour, the blur, uniform noise:");
  for (size_t i = 0; i < sizeof matched / sizeof matched[0]; i++)
    put(t, "%s %s %d, %d, %d", i == 0 ? "" : ";", plan_map(matched[i]), rank_of(of, TEST_TOP_MEAN, matched[i]),
        rank_of(of, TEST_TOP_BLUR, matched[i]), rank_of(of, TEST_TOP_UNIFORM, matched[i]));
  put(t, ".\n");
}

/* The control: a test at which chance does as well as maps tells nothing of them. */
static void put_control(page_text *t, const summary *of, const study_test *list, int count) {
  put(t, "\nThe random ranking's place among all %d:", MAPS);
  for (int i = 0; i < count; i++)
    put(t, "%s %s %d", i == 0 ? "" : ";", plan_test(list[i])->name, rank_of(of, list[i], MAP_RANDOM));
  put(t, ".\n");
}

static void put_warnings(page_text *t, const warnings *w) {
  const decoy_result *d = &w->decoy;
  const randomisation_result *s = &w->scattered, *p = &w->plain;
  put(t,
      "\nDecoy network, trained on pictures whose corner says the class while the shape says nothing (accuracy %.1f "
      "%%): the "
      "corner, %.1f %% of the pixels, holds %.1f %% of integrated gradients, and the object, %.1f %% of the pixels, "
      "%.1f %%. An "
      "edge detector, which knows no network, has %.1f %% in the corner and %.1f %% on the object: it looks better and "
      "is "
      "wrong. Means over %lld pictures.\n",
      100 * d->accuracy, 100 * d->corner_area, 100 * d->corner_share, 100 * d->object_area, 100 * d->object_share,
      100 * d->edge_corner_share, 100 * d->edge_object_share, (long long)w->plan.test);
  put(t,
      "\nScattered noise whose brightness is the class: the trained network has %.1f %% accuracy, one of random "
      "weights "
      "%.1f %%, and yet their maps from black have a rank correlation of %.3f (their gradients %.3f). On plain shapes, "
      "trained "
      "%.1f %% and random %.1f %%, it is %.3f (%.3f). A check that calls for maps to change would reject a right map "
      "of the "
      "first.\n",
      100 * s->accuracy, 100 * s->random_accuracy, s->map_correlation, s->gradient_correlation, 100 * p->accuracy,
      100 * p->random_accuracy, p->map_correlation, p->gradient_correlation);
}

char *table_text(const summary *of, const warnings *w) {
  static const study_test ablation[] = {TEST_TOP_MEAN,    TEST_TOP_BLUR, TEST_TOP_UNIFORM, TEST_CENTRE_MEAN,
                                        TEST_CENTRE_BLUR, TEST_DELETION, TEST_INSERTION,   TEST_DIFF_ID};
  static const study_test place[] = {TEST_MASS,          TEST_MASS_BLACK, TEST_MASS_WHITE,
                                     TEST_MASS_COLOURED, TEST_OVERLAP,    TEST_POINTING};
  static const study_test slow[] = {TEST_SENSITIVITY_N, TEST_INFIDELITY, TEST_SENSITIVITY_MAX};
  page_text t = {malloc(4096), 0, 4096};
  put(&t,
      "Mean over pictures ± 95 %% interval of the mean; bold: the best explained map. %lld pictures that the network "
      "gets right",
      (long long)of->right);
  put(&t, "; settings: %s.\n", of->settings);
  put_table(&t, of, ablation, sizeof ablation / sizeof ablation[0]);
  put_control(&t, of, ablation, sizeof ablation / sizeof ablation[0]);
  put_matching(&t, of);
  put_table(&t, of, place, sizeof place / sizeof place[0]);
  put_blindness(&t, of);
  if (summary_has(of, TEST_INFIDELITY, MAP_BLACK)) {
    put(&t, "\nThe slow tests and the sweeps, on the first %lld of them:\n",
        (long long)of->score[TEST_INFIDELITY][MAP_BLACK].n);
    put_table(&t, of, slow, sizeof slow / sizeof slow[0]);
    put_sweep(&t, of, TEST_SIGMA_TOP, "sigma, pixels or tenths of the range");
    put_sweep(&t, of, TEST_SIGMA_MASS, "sigma, pixels or tenths of the range");
    put_sweep(&t, of, TEST_SAMPLES_TOP, "samples");
    put_sweep(&t, of, TEST_SAMPLES_MASS, "samples");
  }
  put_warnings(&t, w);
  return t.text;
}
