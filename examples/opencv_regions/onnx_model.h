/* onnx_model.h - an ONNX file as a model of the library, by way of OpenCV's DNN module.
 *
 * OpenCV runs a network forward and gives no gradients: so ATTRIB_MODEL_NO_GRADIENTS, and attributions are of groups of
 * inputs, by central differences. Everything of the library that asks for outputs alone works, too. */
#ifndef OPENCV_REGIONS_ONNX_MODEL_H
#define OPENCV_REGIONS_ONNX_MODEL_H

#include <attrib/model.h>

#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

/* Threads: one cv::dnn::Net, which keeps its activations, so one batch at a time: the flag CONCURRENT is not set, and
 * the library does not call twice at once. OpenCV uses threads of its own inside of a call.
 *
 * Batches: on the bundled network a row's scores have the same bits alone and in any batch (the tests see to that); of
 * other networks attrib_model_check can say. */
class onnx_model {
 public:
  /* Reads a network that takes one picture, rows x channels x height x width floats, and gives one vector of scores.
   * Its scores are tried on two rows. Throws std::runtime_error with one line that names the file and the cause. */
  onnx_model(const std::string &path, int channels, int height, int width);

  onnx_model(const onnx_model &) = delete; /* attrib_model.user points here */
  onnx_model &operator=(const onnx_model &) = delete;

  /* Flags NO_GRADIENTS, TARGET_WEIGHTS and ALL_OUTPUTS, dtype F32; this must outlive its use. */
  attrib_model model();

  int64_t inputs() const {
    return static_cast<int64_t>(channels_) * height_ * width_;
  }
  int64_t outputs() const {
    return outputs_;
  }

  /* After a call has failed with E_CALLBACK: what OpenCV said, one line. */
  const std::string &error() const {
    return error_;
  }

 private:
  static int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user); /* an attrib_model_fn */
  void fill(const attrib_batch *batch);
  cv::Mat forward(const float *rows, int64_t count, int64_t stride);
  void try_out(const std::string &path);

  cv::dnn::Net net_;
  int channels_, height_, width_;
  int64_t outputs_ = 0;
  std::vector<float> blob_; /* rows without gaps, where those of a batch have some */
  std::string error_;
};

#endif
