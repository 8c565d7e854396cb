/* faithfulness.h - the slow tests of a map: sensitivity-n, infidelity, maximum sensitivity. As those of ablate.h. */
#ifndef BASELINE_STUDY_FAITHFULNESS_H
#define BASELINE_STUDY_FAITHFULNESS_H

#include "ablate.h"

attrib_status measure_sensitivity_n(measurer *m, measurement *line);
attrib_status measure_infidelity(measurer *m, measurement *line);
attrib_status measure_sensitivity_max(measurer *m, measurement *line);

#endif
