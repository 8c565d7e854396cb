/* test_bar_chart.c - bars as SVG and CSV: what is written for texts and numbers of all kinds, and what for failures. */
#include "fixture.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic_file.h"
#include "bar_chart.h"

static char folder[] = "/tmp/bar_chart.XXXXXX", prefix[64], text[1 << 16], message[FILE_MESSAGE_CAPACITY];

static int make_folder(void **state) {
  (void)state;
  if (mkdtemp(folder) == NULL) return -1;
  (void)snprintf(prefix, sizeof prefix, "%s/x", folder);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  char path[128];
  (void)snprintf(path, sizeof path, "%s_bars.svg", prefix);
  (void)unlink(path);
  (void)snprintf(path, sizeof path, "%s_bars.csv", prefix);
  (void)unlink(path);
  return rmdir(folder);
}

/* What was written under the suffix, in `text`. */
static const char *written(const char *suffix) {
  char path[128];
  (void)snprintf(path, sizeof path, "%s_bars.%s", prefix, suffix);
  FILE *stream = fopen(path, "rb");
  assert_non_null(stream);
  size_t size = fread(text, 1, sizeof text - 1, stream);
  fclose(stream);
  text[size] = '\0';
  return text;
}

static bar_chart chart_of(const bar *bars, int32_t count) {
  return (bar_chart){.title = "a title",
                     .heads = {"one", "two"},
                     .positive = "for",
                     .negative = "against",
                     .notes = {"x", "y", "z"},
                     .bars = bars,
                     .count = count};
}

static int count_of(const char *in, const char *what) {
  int count = 0;
  for (; (in = strstr(in, what)) != NULL; in += strlen(what)) count++;
  return count;
}

static void test_bars(void **state) {
  (void)state;
  const bar bars[] = {{.name = "mass", .value = "3.5", .typical = "4 on average", .size = 2.5, .error = 0.25},
                      {.name = "island", .value = "Dream", .typical = "half", .size = -1.25, .error = 0.125},
                      {.name = "year", .value = "7", .size = 0, .error = NAN}};
  const bar_chart chart = chart_of(bars, 3);
  assert_int_equal(bar_chart_write(&chart, prefix, message), 0);
  assert_string_equal(
      written("csv"),
      "column,value,attribution,standard_error\nmass,3.5,2.5,0.25\nisland,Dream,-1.25,0.125\nyear,7,0,\n");
  const char *svg = written("svg");
  assert_int_equal(count_of(svg, "class='whisker' d="), 2); /* none where the error is not known */
  assert_int_equal(count_of(svg, "class='n'/>"), 2);        /* a bar and the legend */
  assert_int_equal(count_of(svg, "class='p'/>"), 3);
  assert_names(svg, "mass = 3.5<");
  assert_names(svg, "+2.50 \xc2\xb1 0.50<");
  assert_names(svg, "-1.25 \xc2\xb1 0.25<");
  assert_names(svg, "+0.00<");
  /* The axis goes by ones from -2 to 3, 72 pixels each: the zero line is at 344, the bar and its whisker beside it. */
  assert_names(svg, "M344.0 96V222' class='zero'");
  assert_names(svg, "<rect x='344.0' y='108.0' width='180.0' height='18' class='p'/>");
  assert_names(svg, "M488.0 112.0v10m0 -5H560.0m0 -5v10");
  assert_names(svg, "<rect x='254.0' y='150.0' width='90.0' height='18' class='n'/>");
  assert_string_equal(svg + strlen(svg) - 7, "</svg>\n");
}

#define U "\xef\xbf\xbd" /* U+FFFD */

/* Texts that are markup, no UTF-8, or what XML has no character for; CSV that needs quotes. */
static void test_texts(void **state) {
  (void)state;
  const bar bars[] = {{.name = "a<b>&'\"", .value = "x,\"y\"", .typical = "</text>", .size = 1, .error = 0}};
  bar_chart chart = chart_of(bars, 1);
  chart.title = "Ad\xc3\xa9lie \xf0\x9f\x90\xa7 \xe9 \xc0\xaf \xed\xa0\x80 \xef\xbf\xbe \xf4\x90\x80\x80 \xe2\x82";
  chart.heads[0] = "tab\tbell\a";
  assert_int_equal(bar_chart_write(&chart, prefix, message), 0);
  assert_names(written("csv"), "\"a<b>&'\"\"\",\"x,\"\"y\"\"\",1,0\n");
  const char *svg = written("svg");
  assert_names(svg, "<title>Ad\xc3\xa9lie \xf0\x9f\x90\xa7 " U " " U U " " U U U " " U " " U U U U " " U U "</title>");
  assert_names(svg, ">tab\tbell" U "<");
  assert_names(svg, "a&lt;b&gt;&amp;&#39;&quot; = x,&quot;y&quot;<");
  assert_names(svg, "&lt;/text&gt;");
}

static void test_sizes(void **state) {
  (void)state;
  static const double sizes[] = {0, 1e-300, -1e-300, 1e300, -1e-12, 123456, 5e-324};
  for (int64_t k = 0; k < COUNT(sizes); k++) {
    const bar bars[] = {{.name = "a", .value = "b", .size = sizes[k], .error = NAN},
                        {.name = "c", .value = "d", .size = sizes[k] / 2, .error = fabs(sizes[k]) / 8}};
    const bar_chart chart = chart_of(bars, 2);
    assert_int_equal(bar_chart_write(&chart, prefix, message), 0);
    const char *svg = written("svg");
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    assert_in_range(count_of(svg, "class='tick'"), 2, 10);
    assert_int_equal(count_of(svg, "class='zero'"), 1);
    if (sizes[k] == -1e-12) assert_names(svg, "-5.00e-13 \xc2\xb1 2e-13<");
    if (sizes[k] == 123456) assert_names(svg, "+61728 \xc2\xb1 30864<");
  }
}

static void test_failures(void **state) {
  (void)state;
  char path[5000];
  const bar bars[] = {{.name = "a", .value = "b", .size = 1, .error = 1}};
  const bar_chart chart = chart_of(bars, 1);
  (void)snprintf(path, sizeof path, "%s/missing/x", folder);
  assert_int_equal(bar_chart_write(&chart, path, message), -1);
  assert_names(message, "missing/x_bars.svg: cannot write: No such file");
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  assert_int_equal(bar_chart_write(&chart, path, message), -1);
  assert_names(message, "--out: the path is longer than 4095 bytes");
  /* The CSV cannot be written: no picture either. */
  char second[160];
  (void)snprintf(second, sizeof second, "%s/y_bars.csv", folder);
  assert_int_equal(mkdir(second, 0777), 0);
  (void)snprintf(path, sizeof path, "%s/y", folder);
  assert_int_equal(bar_chart_write(&chart, path, message), -1);
  assert_names(message, "y_bars.csv: cannot write: it is a directory");
  assert_int_equal(rmdir(second), 0);
  int files = 0;
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) files += entry->d_name[0] != 'x';
  (void)closedir(directory);
  assert_int_equal(files, 2); /* "." and ".." */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bars),
      cmocka_unit_test(test_texts),
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_failures),
  };
  return cmocka_run_group_tests_name("bar_chart", tests, make_folder, remove_folder);
}
