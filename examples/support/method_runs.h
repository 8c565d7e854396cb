/* method_runs.h - the calls behind the table of methods, by family. Each is a picture_method.run. */
#ifndef EXAMPLES_METHOD_RUNS_H
#define EXAMPLES_METHOD_RUNS_H

#include "method_table.h"

/* On the straight path. variant: ATTRIB_MEAN_GRADIENT or 0; ATTRIB_TIMES_INPUT or 0. */
attrib_status run_integral(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_gradient(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_idgi(const method_job *job, double *attributions, attrib_report *report);

/* variant: ATTRIB_RECALIBRATE_*; or RECALIBRATE_SQUARES, all of the squares. */
enum { RECALIBRATE_SQUARES = 100 };
attrib_status run_recalibrated(const method_job *job, double *attributions, attrib_report *report);

/* On paths of their own. variant of AGI: 0, or what is kept of it, ATTRIB_RECALIBRATE_*. */
attrib_status run_guided(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_blur(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_agi(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_ig2(const method_job *job, double *attributions, attrib_report *report);

/* Interactions of one feature with every other: of those of job->pixel, or of all, the one with the largest attribution
 * by integrated gradients. The report's rows are of both. */
attrib_status run_interactions(const method_job *job, double *attributions, attrib_report *report);

/* Of a layer's activations, as the map of layer_maps.h in the first channel. variant: ATTRIB_LAYER_*. One baseline. The
 * trace of the path is that of one path, from 0 to 1. Rows of body and head count alike. A layer without planes has
 * zeros, and is refused where the form has no curve either. */
attrib_status run_layer(const method_job *job, double *map, attrib_report *report);

/* Ranks of regions, 0 to 1, in the first channel. */
attrib_status run_regions(const method_job *job, double *attributions, attrib_report *report);

/* Means over draws. variant: ATTRIB_SMOOTH_*. */
attrib_status run_expected(const method_job *job, double *attributions, attrib_report *report);
/* Between which noise the adaptive one is searched for. */
void noising_bracket(const subject *s, double *low, double *high);
attrib_status run_noising(const method_job *job, double *attributions, attrib_report *report);
attrib_status run_smoothgrad(const method_job *job, double *attributions, attrib_report *report);

#endif
