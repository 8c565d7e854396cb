#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"

/* What stands around the number of pictures in the first line; the settings follow. */
#define MAGIC "# baseline_study summary 1, of"
#define PICTURES "pictures, "
static const char columns[] = "test,map,at,pictures,mean,sd";

/* Welford's update; sd holds the sum of squares until the end. */
static void add(spread *s, double value) {
  if (isnan(value)) return;
  const double before = value - s->mean;
  s->n++;
  s->mean += before / (double)s->n;
  s->sd += before * (value - s->mean);
}

static void add_line(object_colour object, const measurement *line, void *user) {
  summary *of = user;
  add(&of->score[line->test][line->map], line->score);
  for (int i = 0; i < plan_test(line->test)->points; i++) add(&of->at[line->test][line->map][i], line->value[i]);
  if (line->test == TEST_MASS) add(&of->score[TEST_MASS_BLACK + (int)object][line->map], line->score);
}

static void finish(spread *s) {
  if (s->n > 0) s->sd = sqrt(s->sd / (double)s->n);
}

int summarise(const results *r, const study_pictures *p, const settings *s, summary *of, char *message) {
  memset(of, 0, sizeof *of);
  settings_text(s, of->settings, sizeof of->settings);
  of->right = p->right;
  if (results_read(r, p, s, add_line, of, message) != 0) return -1;
  for (int t = 0; t < TESTS; t++)
    for (int m = 0; m < MAPS; m++) {
      finish(&of->score[t][m]);
      for (int i = 0; i < MOST_POINTS; i++) finish(&of->at[t][m][i]);
    }
  return 0;
}

static void write_spread(atomic_file *file, const char *test, const char *map, const char *at, const spread *s) {
  if (s->n > 0)
    atomic_file_printf(file, "\"%s\",%s,%s,%lld,%.6g,%.6g\n", test, map, at, (long long)s->n, s->mean, s->sd);
}

int summary_write(const summary *of, const char *path, char *message) {
  atomic_file *file = atomic_file_begin(path, message, FILE_MESSAGE_CAPACITY);
  if (file == NULL) return -1;
  atomic_file_printf(file, MAGIC " %lld " PICTURES "%s\n%s\n", (long long)of->right, of->settings, columns);
  for (int t = 0; t < TESTS; t++)
    for (int m = 0; m < MAPS; m++) {
      const test_info *info = plan_test((study_test)t);
      const char *map = plan_map((study_map)m);
      write_spread(file, info->name, map, "score", &of->score[t][m]);
      for (int i = 0; i < info->points; i++) {
        char at[32];
        plan_at(info, i, at, sizeof at);
        write_spread(file, info->name, map, at, &of->at[t][m][i]);
      }
    }
  return atomic_file_commit(file, message, FILE_MESSAGE_CAPACITY);
}

/* The place of a line's number, NULL where there is no such test, map or point. */
static spread *find(summary *of, const char *test, const char *map, const char *at) {
  int t = 0, m = 0;
  while (t < TESTS && strcmp(plan_test((study_test)t)->name, test) != 0) t++;
  while (m < MAPS && strcmp(plan_map((study_map)m), map) != 0) m++;
  if (t == TESTS || m == MAPS) return NULL;
  if (strcmp(at, "score") == 0) return &of->score[t][m];
  for (int i = 0; i < plan_test((study_test)t)->points; i++) {
    char text[32];
    plan_at(plan_test((study_test)t), i, text, sizeof text);
    if (strcmp(text, at) == 0) return &of->at[t][m][i];
  }
  return NULL;
}

/* A number and the character behind it. */
static bool take_number(const char **text, char behind, double *value) {
  char *end;
  *value = strtod(*text, &end);
  if (end == *text || *end != behind || !isfinite(*value)) return false;
  *text = end + 1;
  return true;
}

static bool take_line(const char *text, summary *of) {
  char test[64], map[64], at[32];
  int used = 0;
  double n;
  spread s;
  if (sscanf(text, "\"%63[^\"]\",%63[^,],%31[^,],%n", test, map, at, &used) != 3 || used == 0) return false;
  text += used;
  if (!take_number(&text, ',', &n) || !take_number(&text, ',', &s.mean) || !take_number(&text, '\n', &s.sd))
    return false;
  spread *place = find(of, test, map, at);
  if (*text != '\0' || place == NULL || place->n != 0 || !(n >= 1 && n < 1e9) || s.sd < 0) return false;
  s.n = (int64_t)n;
  *place = s;
  return true;
}

/* The two lines before the numbers. */
static bool take_head(FILE *file, char *line, int capacity, summary *of) {
  double right;
  if (fgets(line, capacity, file) == NULL || strncmp(line, MAGIC, strlen(MAGIC)) != 0) return false;
  const char *text = line + strlen(MAGIC);
  if (!take_number(&text, ' ', &right) || !(right >= 1 && right < 1e9)) return false;
  if (strncmp(text, PICTURES, strlen(PICTURES)) != 0) return false;
  text += strlen(PICTURES);
  of->right = (int64_t)right;
  snprintf(of->settings, sizeof of->settings, "%.*s", (int)strcspn(text, "\n"), text);
  return fgets(line, capacity, file) != NULL && strncmp(line, columns, strlen(columns)) == 0;
}

int summary_read(const char *path, summary *of, char *message) {
  const file_report report = {path, message, FILE_MESSAGE_CAPACITY};
  memset(of, 0, sizeof *of);
  FILE *file = fopen(path, "r");
  if (file == NULL) return file_fail(&report, -1, "cannot be opened");
  char line[640];
  long long number = 2;
  bool ok = take_head(file, line, sizeof line, of);
  if (!ok) file_fail(&report, -1, "is not a summary of this study");
  while (ok && fgets(line, sizeof line, file) != NULL) {
    number++;
    ok = take_line(line, of);
    if (!ok) file_fail(&report, -1, "line %lld: not a line of a summary of this study", number);
  }
  if (ok && ferror(file) != 0) ok = file_fail(&report, 0, "cannot be read");
  fclose(file);
  return ok ? 0 : -1;
}

bool summary_has(const summary *of, study_test test, study_map map) {
  return of->score[test][map].n > 0 || of->at[test][map][plan_test(test)->points > 1].n > 0;
}

double spread_margin(const spread *s) {
  return s->n > 1 ? 1.96 * s->sd / sqrt((double)(s->n - 1)) : 0;
}

int summary_rank(const summary *of, study_test test, study_map *maps) {
  const bool lower = plan_test(test)->better[0] == 'l';
  int count = 0;
  for (int m = 0; m < MAPS; m++) {
    const spread *s = &of->score[test][m];
    if (!summary_has(of, test, (study_map)m)) continue;
    int place = count++;
    while (place > 0 && (lower ? of->score[test][maps[place - 1]].mean > s->mean
                               : of->score[test][maps[place - 1]].mean < s->mean)) {
      maps[place] = maps[place - 1];
      place--;
    }
    maps[place] = (study_map)m;
  }
  return count;
}
