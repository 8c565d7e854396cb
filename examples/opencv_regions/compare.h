/* compare.h - the same network by its own backward pass, in C: how far the attributions by differences are from that.
 */
#ifndef OPENCV_REGIONS_COMPARE_H
#define OPENCV_REGIONS_COMPARE_H

#include "explain.h"

/* OpenCV's network as it is, and beside each of its scores that of the C network: how far apart the two runtimes are,
 * at the very rows that were asked for. One batch at a time, as its network. */
class watched_model {
 public:
  watched_model(onnx_model *net, small_net *reference) : model_(net->model()), reference_(reference) {
  }
  watched_model(const watched_model &) = delete; /* attrib_model.user points here */
  watched_model &operator=(const watched_model &) = delete;

  attrib_model model();

  double root_mean_square() const; /* of the differences of f */
  double largest() const {
    return largest_;
  }

 private:
  static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user); /* an attrib_model_fn */

  attrib_model model_;
  small_net *reference_;
  double squares_ = 0, largest_ = 0;
  int64_t rows_ = 0;
};

/* Lengths (root of the sum of squares over regions), in units of the score. */
struct comparison {
  double length;     /* of the attributions by backward pass */
  double distance;   /* between the two */
  double largest;    /* of one region */
  double truncation; /* estimated by the library, as in the report: of the differences ... */
  double roundoff;   /* ... and of the runtime's arithmetic */
  double runtime;    /* what the measured differences of f between the two runtimes make */
  double f_rms, f_largest;

  double stated() const {
    return truncation + roundoff + runtime;
  }
  void print() const;
};

/* e: of `watched`, with --points. Throws std::runtime_error with one line. */
comparison compare(const watched_model &watched, small_net *reference, const question &q, const explanation &e);

#endif
