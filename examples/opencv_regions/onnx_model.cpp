#include "onnx_model.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <opencv2/core/utils/logger.hpp>

namespace {

/* The cause without the place in OpenCV's sources, as one line of ASCII: it may quote names out of a damaged file. */
std::string cause(const std::exception &e) {
  const auto *of_opencv = dynamic_cast<const cv::Exception *>(&e);
  std::string text = of_opencv != nullptr ? of_opencv->err : e.what();
  text = text.substr(0, text.find_first_of("\r\n"));
  if (of_opencv != nullptr && !of_opencv->func.empty()) text += " in " + of_opencv->func;
  for (char &c : text)
    if (c < ' ' || c > '~') c = '?';
  const size_t most = 200;
  if (text.size() > most) text = text.substr(0, most) + " ...";
  return text;
}

[[noreturn]] void refuse(const std::string &path, const std::string &text) {
  throw std::runtime_error(path + ": " + text);
}

std::vector<uchar> read_file(const std::string &path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) refuse(path, std::string("cannot be opened: ") + std::strerror(errno));
  std::vector<uchar> bytes;
  size_t got;
  do {
    const size_t block = 1 << 20, used = bytes.size();
    bytes.resize(used + block);
    got = std::fread(bytes.data() + used, 1, block, file.get());
    if (std::ferror(file.get()) != 0) refuse(path, std::string("cannot be read: ") + std::strerror(errno));
    bytes.resize(used + got);
  } while (got > 0);
  if (bytes.empty()) refuse(path, "is empty");
  return bytes;
}

std::string shape_text(const cv::Mat &values) {
  std::string text;
  for (int d = 0; d < values.dims; d++) text += (d == 0 ? "" : " x ") + std::to_string(values.size[d]);
  return text;
}

}  // namespace

onnx_model::onnx_model(const std::string &path, int channels, int height, int width)
    : channels_(channels), height_(height), width_(width) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT); /* what fails is thrown, and told once */
  const std::vector<uchar> bytes = read_file(path);
  try {
    net_ = cv::dnn::readNetFromONNX(bytes);
  } catch (const std::exception &e) {
    refuse(path, "is no ONNX file that OpenCV can read: " + cause(e));
  }
  if (net_.empty()) refuse(path, "holds no network");
  net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
  try_out(path);
}

/* Two rows, so that a network which was exported for one, or gives one vector for all rows, is found out here. */
void onnx_model::try_out(const std::string &path) {
  const int64_t rows = 2;
  const std::string picture =
      std::to_string(channels_) + " x " + std::to_string(height_) + " x " + std::to_string(width_);
  const size_t outputs = net_.getUnconnectedOutLayers().size();
  if (outputs != 1) refuse(path, "has " + std::to_string(outputs) + " outputs; one vector of scores is wanted");
  const std::vector<float> zeros(static_cast<size_t>(rows * inputs()), 0.0F);
  cv::Mat scores;
  try {
    scores = forward(zeros.data(), rows, inputs());
  } catch (const std::exception &e) {
    refuse(path, "does not take pictures of " + picture + " values: " + cause(e));
  }
  if (scores.depth() != CV_32F) refuse(path, "its output is not of type float");
  if (scores.dims != 2)
    refuse(path, "its output for " + std::to_string(rows) + " pictures is " + shape_text(scores) +
                     " values, not a vector of scores for each");
  if (scores.size[0] != rows)
    refuse(path, "gives " + std::to_string(scores.size[0]) + " vector of scores for " + std::to_string(rows) +
                     " pictures: its rows are no pictures of their own");
  outputs_ = scores.size[1];
}

cv::Mat onnx_model::forward(const float *rows, int64_t count, int64_t stride) {
  const size_t length = static_cast<size_t>(inputs());
  if (stride != inputs()) {
    blob_.resize(length * static_cast<size_t>(count));
    for (int64_t r = 0; r < count; r++) std::copy_n(rows + r * stride, length, blob_.data() + r * inputs());
    rows = blob_.data();
  }
  if (count > INT_MAX) throw std::runtime_error("more rows in a batch than OpenCV can number");
  const int shape[4] = {static_cast<int>(count), channels_, height_, width_};
  net_.setInput(cv::Mat(4, shape, CV_32F, const_cast<float *>(rows))); /* it copies, and writes nothing there */
  const cv::Mat scores = net_.forward();
  return scores.isContinuous() ? scores : scores.clone();
}

void onnx_model::fill(const attrib_batch *batch) {
  const cv::Mat scores = forward(static_cast<const float *>(batch->inputs), batch->rows, batch->input_stride);
  if (scores.dims != 2 || scores.size[0] != batch->rows || scores.size[1] != outputs_)
    throw std::runtime_error("scores of shape " + shape_text(scores) + " for " + std::to_string(batch->rows) + " rows");
  const bool all = (batch->flags & ATTRIB_BATCH_ALL_OUTPUTS) != 0;
  for (int64_t r = 0; r < batch->rows; r++) {
    const float *of_row = scores.ptr<float>(static_cast<int>(r));
    double *output = batch->outputs + r * batch->output_stride;
    if (all) {
      std::copy_n(of_row, outputs_, output);
    } else if (batch->target_weights == nullptr) {
      *output = of_row[batch->target];
    } else {
      *output = 0;
      for (int64_t k = 0; k < outputs_; k++) *output += batch->target_weights[k] * static_cast<double>(of_row[k]);
    }
  }
}

/* Called from C: no exception may leave. */
int32_t ATTRIB_CALL onnx_model::evaluate(const attrib_batch *batch, void *user) {
  auto *self = static_cast<onnx_model *>(user);
  try {
    self->fill(batch);
    return 0;
  } catch (const std::exception &e) {
    try {
      self->error_ = cause(e);
    } catch (...) {
      self->error_.clear();
    }
  } catch (...) {
    self->error_ = "unknown";
  }
  return -1;
}

attrib_model onnx_model::model() {
  attrib_model model{};
  model.struct_size = sizeof model;
  model.flags = ATTRIB_MODEL_NO_GRADIENTS | ATTRIB_MODEL_TARGET_WEIGHTS | ATTRIB_MODEL_ALL_OUTPUTS;
  model.dtype = ATTRIB_F32;
  model.n_inputs = inputs();
  model.n_outputs = outputs_;
  model.evaluate = evaluate;
  model.user = this;
  return model;
}
