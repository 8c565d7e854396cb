/* attrib/attrib.h - path attribution for differentiable models: everything, in reading order. */
#ifndef ATTRIB_ATTRIB_H
#define ATTRIB_ATTRIB_H

#include "base.h"         /* status codes, version */
#include "model.h"        /* the callback that is explained */
#include "context.h"      /* memory, workers, progress, cancel, messages */
#include "baselines.h"    /* reference rows and their generators */
#include "path.h"         /* curves from a reference to the input */
#include "report.h"       /* what a call did and how far to trust it */
#include "methods.h"      /* the attribution calls */
#include "run.h"          /* the same, pulled */
#include "paths.h"        /* integrated gradients along other paths */
#include "recalibrate.h"  /* of several references, what agrees in sign */
#include "noising.h"      /* smoothed maps with the noise that suits the input */
#include "layers.h"       /* attributions of a layer */
#include "interactions.h" /* how features act together */
#include "searches.h"     /* baselines that take a model */
#include "image.h"        /* pictures of attributions */
#include "explain.h"      /* the callback by which metrics ask for a map */
#include "metrics.h"      /* metrics that judge attributions */
#include "agreement.h"    /* maps held against one another and against masks */
#include "sanity.h"       /* does a map depend on what the model has learnt */
#include "faithfulness.h" /* whether they say what the model does, and hold still */
#include "information.h"  /* how much of a picture the model must see */
#include "retraining.h"   /* the same by training again on ablated rows */
#include "check.h"        /* is the callback right */

#endif
