/* method_table.h - every attribution method the picture examples can run, by its name on the command line. */
#ifndef EXAMPLES_METHOD_TABLE_H
#define EXAMPLES_METHOD_TABLE_H

#include "choose_baseline.h"
#include "common_options.h"
#include "subject.h"

/* picture_method.flags: what holds of the method. */
enum {
  METHOD_IDENTITY = 1,     /* sums to a difference of outputs: completeness says something */
  METHOD_BACKWARDS = 2,    /* its path begins at the picture */
  METHOD_RUNNING_MEAN = 4, /* a mean over draws whose sum has a target (running_mean.h) */
  METHOD_KEEPS = 8,        /* keeps a part of the weight of each feature: report.kept_weight */
  METHOD_RANKS = 16,       /* gives ranks, 0 to 1; the report is of what they were made from */
  METHOD_AT_MOST = 32,     /* may take fewer rows than `rows` */
  METHOD_OF_FEATURE = 64,  /* of one feature: sums to its attribution, f at the ends is not looked at */
  METHOD_LAYER = 128       /* of a layer's activations: variant is its form; the report has its attribution error */
};

/* picture_method.takes: the options that say something about it; a baseline has its own. */
enum {
  TAKES_RULE = 1,
  TAKES_POINTS = 2,
  TAKES_TOLERANCE = 4,
  TAKES_SAMPLES = 8,
  TAKES_SIGMA = 16,
  TAKES_SEED = 32,
  TAKES_PIXEL = 64, /* --pixel and --width */
  TAKES_ENDS = 128, /* with TAKES_RULE: of the rules trapezoid and left alone */
  TAKES_LAYER = 256,
  TAKES_GROUPS = 512
};

/* What attributions are in: only maps of one unit share a scale. */
typedef enum map_unit {
  UNIT_OUTPUT,
  UNIT_GRADIENT,
  UNIT_GRADIENT_SQUARED,
  UNIT_OUTPUT_TIMES_GRADIENT,
  UNIT_RANK,
  UNIT_ACTIVATION
} map_unit;
enum { MAP_UNITS = 6 };

typedef struct method_job method_job;

typedef struct picture_method {
  const char *name;     /* on the command line */
  const char *title;    /* in a sentence */
  const char *label;    /* over a map: 14 characters beside a baseline's picture, else 20 */
  const char *what;     /* one line */
  const char *baseline; /* its default one; NULL = it looks at none */
  const char *relation; /* to the baseline, a preposition; without one all there is to say, or "" */
  const char *axis;     /* what alpha 0 and 1 are on its path; NULL = it follows none */
  int64_t rows;         /* of the model, with and without gradient, that it takes with all defaults */
  uint32_t flags, takes;
  map_unit unit;
  uint32_t variant; /* for run: which of its family it is */
  attrib_status (*run)(const method_job *job, double *attributions, attrib_report *report);
} picture_method;

/* One run of a method on a subject. */
struct method_job {
  const picture_method *method;
  attrib_context *context;
  const attrib_model *model; /* the subject's, or one that looks over its shoulder */
  const subject *s;
  int64_t target;                /* ATTRIB_NO_TARGET where weights say it */
  const double *weights;         /* NULL, or one per class: their sum of scores is explained */
  const common_options *options; /* rule, points, tolerance, max_evaluations, seed */
  double sigma;                  /* 0 = the method's default, as in samples */
  int64_t samples;
  const attrib_baselines *baselines; /* NULL where the method looks at none */
  /* Of interactions. */
  const int64_t *pixel;  /* y * width + x, whose feature; NULL = any */
  int64_t *feature;      /* out: which one it is of; NULL = not wanted */
  double width;          /* 0 = the method's default */
  const int32_t *groups; /* of methods that take them: NULL, or one label per input, and then n_groups attributions */
  int64_t n_groups;
  const char *layer; /* of layer forms: its name; NULL = as layer_find has it */
};

/* In the order of --list; ends with a name of NULL. */
extern const picture_method picture_methods[];

/* The method of that name, or NULL after a line on stderr that names those that are near. */
const picture_method *method_find(const char *program, const char *name);

/* Whether it takes that rule; 0 is its own and every method takes it. */
bool method_takes_rule(const picture_method *method, uint32_t rule);

/* The table, or the methods with a curve of the output, and the baselines, a line each, to stdout. */
void method_list(bool curves);

/* Options that say nothing about the job's method are errors, as in the library: false after a line on stderr. Fills in
 * what the user left open in the request, and moves to the job what is the method's of sigma and samples. */
bool method_settle(const char *program, method_job *job, baseline_request *request);

/* Whether attributions that should sum to something are off by more than a tenth of it. */
bool method_is_off(const picture_method *method, const attrib_report *report);

/* The options that bring the method nearer to what it should sum to: "--points"; "" = none does. */
const char *method_remedy(const picture_method *method);

/* "against black", "under noise": where attributions are measured from. Returns text; "" = from nowhere. */
const char *method_relation(const picture_method *method, const char *baseline, char *text, size_t capacity);

/* The same of a job, with the layer before it that it is of: "at conv2 against black". */
const char *method_job_relation(const method_job *job, const char *baseline, char *text, size_t capacity);

/* "Logit of 'star', guided integrated gradients against black", as SVG or HTML text: what is markup in names is
 * escaped. target: what is explained, NULL = the job's class. Cut at the capacity, at the end of a character. Returns
 * text. */
const char *method_job_title(const method_job *job, const char *target, const char *baseline, char *text,
                             size_t capacity);

#endif
