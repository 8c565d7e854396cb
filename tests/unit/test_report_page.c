/* What the report page refuses, and that it is written whole or not at all. How it looks and works is tested in a
 * browser (tests/browser). */
#include "report_files.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "failing_memory.h"
#include "report_page.h"

static int count_files(void) {
  int count = 0;
  DIR *all = opendir(folder);
  while (readdir(all) != NULL) count++;
  closedir(all);
  return count - 2;
}

enum { SIDE = 4, PIXELS = SIDE * SIDE };
static double values[3 * PIXELS];
static const float planes[3 * PIXELS];
static const report_pair pairs[] = {{"name", "value"}, {NULL, NULL}};
static alpha_point points[] = {{0.5, 1, 2, 1}};

typedef struct whole {
  alpha_curve curve;
  report_ablation ablation;
  report_map maps[2];
  report_picture picture;
  report_page page;
} whole;

static void make_whole(whole *w) {
  for (int i = 0; i < 3 * PIXELS; i++) values[i] = i - 20;
  w->curve = (alpha_curve){.end = 2, .sum = 2, .points = 1, .at = points};
  w->ablation = (report_ablation){.points = 2, .deletion = values, .insertion = values};
  w->maps[0] = (report_map){.channels = 3,
                            .attributions = values,
                            .curve = &w->curve,
                            .ablation = &w->ablation,
                            .settings = pairs,
                            .n_settings = 2};
  w->maps[1] = (report_map){.verdict = REPORT_FAILED};
  w->picture = (report_picture){
      .width = SIDE, .height = SIDE, .planes = planes, .facts = pairs, .n_facts = 2, .maps = w->maps, .n_maps = 2};
  w->page = (report_page){.pictures = &w->picture, .n_pictures = 1, .versions = pairs, .n_versions = 2};
}

static void test_least(void **state) {
  (void)state;
  whole w;
  make_whole(&w);
  assert_int_equal(report_page_write(&w.page, path, message), 0);
  assert_string_equal(message, "");
  char *text = read_page();
  assert_non_null(strstr(text, "<title>Attributions</title>"));
  assert_null(strstr(text, "(null)"));
  assert_null(strstr(text, "{{"));
  assert_string_equal(text + strlen(text) - 8, "</html>\n");
  free(text);
}

static void refused(const whole *w, const char *said) {
  unlink(path);
  assert_int_equal(report_page_write(&w->page, path, message), -1);
  assert_string_equal(message, said);
  assert_int_equal(count_files(), 0);
}

#define REFUSED(change, said)          \
  do {                                 \
    whole w;                           \
    make_whole(&w);                    \
    change;                            \
    refused(&w, "report page: " said); \
  } while (0)

static void test_refused(void **state) {
  (void)state;
  assert_int_equal(report_page_write(NULL, path, message), -1);
  assert_string_equal(message, "report page: page is NULL");
  REFUSED(w.page.pictures = NULL, "1 pictures at NULL: must be 1 to 10000");
  REFUSED(w.page.n_pictures = 0, "0 pictures: must be 1 to 10000");
  REFUSED(w.page.versions = NULL, "2 versions at NULL");
  REFUSED(w.picture.n_facts = -1, "picture 0: -1 facts: must be 0 to 10000");
  REFUSED(w.picture.maps = NULL, "picture 0: 2 maps at NULL");
  REFUSED(w.picture.width = 0, "picture 0 is 0 x 4: sides must be 1 to 4096");
  REFUSED(w.picture.height = 4097, "picture 0 is 4 x 4097: sides must be 1 to 4096");
  REFUSED(w.picture.aspect = NAN, "picture 0: aspect = nan: must be 0 to 4096");
  REFUSED(w.picture.aspect = -1, "picture 0: aspect = -1: must be 0 to 4096");
  REFUSED(w.picture.planes = NULL, "picture 0 has no pixels");
  REFUSED(w.maps[1].verdict = 3, "picture 0, map 1: verdict = 3: must be one of REPORT_*");
  REFUSED(w.maps[0].channels = 0, "picture 0, map 0: channels = 0: must be 1 to 4096");
  REFUSED(w.maps[0].n_settings = 10001, "picture 0, map 0: 10001 settings: must be 0 to 10000");
  REFUSED(w.curve.points = 0, "picture 0, map 0: a curve of 0 points");
  REFUSED(w.curve.at = NULL, "picture 0, map 0: a curve of 1 points at NULL");
  REFUSED(w.ablation.points = 1, "picture 0, map 0: ablation of 1 points: must be at least 2");
}

static void test_folder_is_missing(void **state) {
  (void)state;
  whole w;
  make_whole(&w);
  assert_int_equal(report_page_write(&w.page, "/nowhere/at/all.html", message), -1);
  assert_non_null(strstr(message, "/nowhere/at/all.html"));
}

static void expect_old_page(void) {
  assert_int_equal(count_files(), 1);
  char *text = read_page();
  assert_string_equal(text, "old");
  free(text);
}

static void write_old_page(void) {
  FILE *file = fopen(path, "w");
  assert_int_equal(fputs("old", file), 1);
  fclose(file);
}

static void test_full_disk(void **state) {
  (void)state;
  whole w;
  make_whole(&w);
  write_old_page();
  struct rlimit all, little;
  getrlimit(RLIMIT_FSIZE, &all);
  little = all;
  little.rlim_cur = 20000;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &little);
  const int status = report_page_write(&w.page, path, message);
  setrlimit(RLIMIT_FSIZE, &all);
  assert_int_equal(status, -1);
  assert_non_null(strstr(message, "File too large"));
  expect_old_page();
}

/* Every allocation in its turn fails, jansson's among them. */
static void test_short_memory(void **state) {
  (void)state;
  whole w;
  make_whole(&w);
  json_set_alloc_funcs(malloc, free);
  int64_t n = 0;
  for (;; n++) {
    write_old_page();
    allocations_left = n;
    const int status = report_page_write(&w.page, path, message);
    const int64_t left = allocations_left;
    allocations_left = -1;
    if (status == 0 && left > 0) break;
    if (status == 0) continue; /* done without it */
    assert_non_null(strstr(message, "emory"));
    expect_old_page();
  }
  assert_true(n > 40);
}

static void test_numbers_of_a_report(void **state) {
  (void)state;
  char text[] = "row 3";
  const attrib_report report = {.message = text,
                                .output = 1,
                                .baseline_output = 2,
                                .attribution_sum = 3,
                                .completeness_error = 4,
                                .completeness_relative = 5,
                                .error_estimate = 6,
                                .tolerance = 7,
                                .elapsed_seconds = 8,
                                .evaluations = 9,
                                .output_evaluations = 10,
                                .peak_bytes = 11};
  report_map map = {.method = "m", .channels = 3};
  report_map_numbers(&map, ATTRIB_OK, &report);
  assert_int_equal(map.verdict, REPORT_AS_ASKED);
  assert_string_equal(map.status, "OK");
  assert_ptr_equal(map.remarks, text);
  assert_string_equal(map.method, "m");
  const double found[] = {map.output,
                          map.baseline_output,
                          map.attribution_sum,
                          map.completeness_error,
                          map.completeness_relative,
                          map.error_estimate,
                          map.tolerance,
                          map.seconds,
                          (double)map.gradient_rows,
                          (double)map.output_rows,
                          (double)map.peak_bytes};
  for (int i = 0; i < 11; i++) assert_true(found[i] == i + 1);
  report_map_numbers(&map, ATTRIB_NOT_CONVERGED, &report);
  assert_int_equal(map.verdict, REPORT_DOUBTFUL);
  report_map_numbers(&map, ATTRIB_E_NONFINITE, &report);
  assert_int_equal(map.verdict, REPORT_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_least),     cmocka_unit_test(test_refused),      cmocka_unit_test(test_folder_is_missing),
      cmocka_unit_test(test_full_disk), cmocka_unit_test(test_short_memory), cmocka_unit_test(test_numbers_of_a_report),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
