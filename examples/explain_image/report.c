#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ablations.h"
#include "command_line.h"
#include "map_words.h"
#include "names.h"
#include "picture_facts.h"
#include "record.h"
#include "report_page.h"
#include "resolved.h"

enum { TEXT = 160, TITLE = 512 };

/* What the page shows of a map; it points into itself, so it stays where it is. */
typedef struct kept_map {
  struct kept_map *next;
  report_map map;
  char baseline[TEXT], target[TITLE], response[TITLE + 32], remarks[2 * FILE_MESSAGE_CAPACITY];
  resolved resolved;
  report_pair settings[RESOLVED_MOST];
  double *attributions;
  alpha_curve curve;
  ablations ablations;
  report_ablation ablation;
  map_words words;
} kept_map;

typedef struct kept_picture {
  struct kept_picture *next;
  kept_map *maps, **end;
  char name[PATH_CAPACITY];
  picture_facts facts;
  image_data input; /* a copy of its pixels */
  int64_t count;
} kept_picture;

struct report_book {
  kept_picture *pictures, **end, *last;
  int64_t count, maps;
};

report_book *report_create(void) {
  report_book *r = calloc(1, sizeof *r);
  if (r != NULL) r->end = &r->pictures;
  return r;
}

static void free_map(kept_map *map) {
  free(map->attributions);
  alpha_curve_free(&map->curve);
  free(map);
}

void report_free(report_book *r) {
  for (kept_picture *p = r == NULL ? NULL : r->pictures, *next; p != NULL; p = next) {
    next = p->next;
    for (kept_map *m = p->maps, *after; m != NULL; m = after) {
      after = m->next;
      free_map(m);
    }
    image_free(&p->input);
    free(p);
  }
  free(r);
}

static int no_memory(char *message) {
  snprintf(message, FILE_MESSAGE_CAPACITY, "out of memory for the report");
  return -1;
}

int report_add_picture(report_book *r, const subject *s, const char *path, const char *digest, char *message) {
  const size_t bytes = (size_t)s->net->inputs * sizeof(float);
  kept_picture *p = calloc(1, sizeof *p);
  if (p == NULL) return no_memory(message);
  p->input = (image_data){.width = s->input.width, .height = s->input.height, .pixels = malloc(bytes)};
  if (p->input.pixels == NULL) {
    free(p);
    return no_memory(message);
  }
  memcpy(p->input.pixels, s->input.pixels, bytes);
  p->end = &p->maps;
  snprintf(p->name, sizeof p->name, "%s", file_name(path));
  picture_facts_find(s, path, digest, &p->facts);
  *r->end = r->last = p;
  r->end = &p->next;
  r->count++;
  return 0;
}

/* What the result was made with, as resolved. */
static void describe(const pair *p, const explanation *e, kept_map *to) {
  resolve(p, e, &to->resolved);
  for (int i = 0; i < to->resolved.count; i++)
    to->settings[i] = (report_pair){to->resolved.options[i].title, to->resolved.options[i].text};
  to->map.settings = to->settings;
  to->map.n_settings = to->resolved.count;
}

/* On a line of its own. */
static void add_remark(kept_map *to, const char *remark) {
  const size_t used = strlen(to->remarks);
  if (remark[0] != '\0') snprintf(to->remarks + used, sizeof to->remarks - used, "%s%s", used > 0 ? "\n" : "", remark);
}

/* Of interactions: whose they are, beside the baseline. */
static void name_whose(kept_map *to) {
  const size_t used = strlen(to->baseline);
  if (to->words.feature[0] != '\0')
    snprintf(to->baseline + used, sizeof to->baseline - used, "%s%s", used > 0 ? ", " : "", to->words.feature);
}

/* Copies the texts and numbers. */
static void fill(const pair *p, const target_choice *target, const explanation *e, kept_map *to) {
  const attrib_report *report = &e->report;
  char relation[TEXT];
  report_map *map = &to->map;
  report_map_numbers(map, e->status, report);
  map_words_find(p, e, &to->words);
  map_words_limit(p->method, map);
  method_job_relation(&e->job, e->baseline.text, relation, sizeof relation);
  snprintf(to->baseline, sizeof to->baseline, "%s",
           p->baseline[0] != '\0' && (p->method->flags & METHOD_LAYER) == 0 ? e->baseline.text : relation);
  name_whose(to);
  snprintf(to->target, sizeof to->target, "%s", e->target);
  snprintf(to->remarks, sizeof to->remarks, "%s", e->remark);
  if (method_is_off(p->method, report)) {
    static const char off[] = "the sum is off by more than 10 %";
    if (map->verdict != REPORT_AS_ASKED)
      add_remark(to, off);
    else
      map->status = off;
    if (map->verdict == REPORT_AS_ASKED) map->verdict = REPORT_DOUBTFUL;
  }
  add_remark(to, to->words.note);
  map->method = p->method->title;
  map->meaning = to->words.meaning;
  map->high = to->words.high;
  map->low = to->words.low;
  map->baseline = to->baseline;
  map->target = to->target;
  map->remarks = to->remarks;
  map->channels = e->shape[0] == 3 && p->grid == 0 ? 3 : 1;
  map->attributions = to->attributions;
  target_probability(e->job.s->net, target, to->response, sizeof to->response);
  to->ablation = (report_ablation){.response = to->response,
                                   .replacement = "the mean colour",
                                   .points = ABLATION_POINTS,
                                   .deletion = to->ablations.deletion,
                                   .insertion = to->ablations.insertion,
                                   .deletion_area = to->ablations.deletion_area,
                                   .insertion_area = to->ablations.insertion_area};
  map->ablation = &to->ablation;
  describe(p, e, to);
}

/* The map itself is finished, and its files are written: the page has it, too. */
static void leave_out_ablation(kept_map *to) {
  const size_t used = strlen(to->remarks);
  to->map.ablation = NULL;
  snprintf(to->remarks + used, sizeof to->remarks - used,
           "%sno curves of deletion and insertion: the run was interrupted before they were done",
           used > 0 ? "\n" : "");
}

int report_add_map(report_book *r, const pair *p, const target_choice *target, const explanation *e, progress *bar,
                   char *message) {
  const attrib_image *shape = &e->job.s->net->shape;
  const int64_t channels = e->shape[0] == 3 && p->grid == 0 ? 3 : 1;
  const size_t bytes = (size_t)(channels * shape->width * shape->height) * sizeof(double);
  kept_map *to = calloc(1, sizeof *to);
  if (to == NULL) return no_memory(message);
  to->attributions = malloc(bytes);
  int status = to->attributions == NULL ? no_memory(message) : 0;
  if (status == 0) memcpy(to->attributions, e->inputs, bytes);
  if (status == 0 && e->traced && p->method->axis != NULL) {
    if (alpha_curve_from_trace(&e->report, (p->method->flags & METHOD_BACKWARDS) != 0, &to->curve) != 0)
      status = no_memory(message);
    to->map.curve = &to->curve;
    to->map.axis = p->method->axis;
  }
  if (status == 0) status = ablations_find(e, target, bar, &to->ablations, message);
  if (status == EXPLAIN_FAILED) {
    free_map(to);
    return status;
  }
  fill(p, target, e, to);
  if (status == EXPLAIN_INTERRUPTED) leave_out_ablation(to);
  *r->last->end = to;
  r->last->end = &to->next;
  r->last->count++;
  r->maps++;
  return status;
}

/* Arrays of what the lists hold. */
static report_picture *make_pictures(const report_book *r, report_map *maps, report_picture *pictures) {
  report_picture *to = pictures;
  for (const kept_picture *p = r->pictures; p != NULL; p = p->next, to++) {
    *to = (report_picture){.name = p->name,
                           .width = p->input.width,
                           .height = p->input.height,
                           .planes = p->input.pixels,
                           .facts = p->facts.pairs,
                           .n_facts = FACTS,
                           .maps = maps,
                           .n_maps = p->count,
                           .aspect = p->facts.aspect};
    for (const kept_map *m = p->maps; m != NULL; m = m->next) *maps++ = m->map;
  }
  return pictures;
}

/* A word of pages that are slow to send and to open. */
static void note_size(const char *path) {
  enum { MUCH = 3000000 };
  struct stat about;
  if (stat(path, &about) == 0 && about.st_size > MUCH)
    printf("The report has %.1f MB: with fewer maps it would open faster, on phones above all.\n",
           (double)about.st_size / 1e6);
}

int report_write(report_book *r, const char *network_digest, const char *note, const char *path, char *message) {
  char summary[TEXT + FILE_MESSAGE_CAPACITY], version[TEXT];
  report_map *maps = calloc((size_t)r->maps + 1, sizeof *maps);
  report_picture *pictures = calloc((size_t)r->count + 1, sizeof *pictures);
  int status = maps == NULL || pictures == NULL ? no_memory(message) : 0;
  snprintf(summary, sizeof summary, "%lld map%s of %lld picture%s.%s%s", (long long)r->maps, r->maps == 1 ? "" : "s",
           (long long)r->count, r->count == 1 ? "" : "s", note[0] == '\0' ? "" : " ", note);
  snprintf(version, sizeof version, "%d", RECORD_VERSION);
  const report_pair versions[] = {{"attrib", attrib_version_string()},
                                  {"version of the record", version},
                                  {"SHA-256 of the network", network_digest}};
  const report_page page = {.title = "What the network sees",
                            .summary = summary,
                            .pictures = status == 0 ? make_pictures(r, maps, pictures) : NULL,
                            .n_pictures = r->count,
                            .versions = versions,
                            .n_versions = sizeof versions / sizeof versions[0]};
  if (status == 0) status = report_page_write(&page, path, message);
  if (status == 0) note_size(path);
  free(pictures);
  free(maps);
  return status;
}
