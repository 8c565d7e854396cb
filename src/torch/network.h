/* network.h - an open network; the only header of this folder that knows libtorch. */
#ifndef ATTRIB_SRC_TORCH_NETWORK_H
#define ATTRIB_SRC_TORCH_NETWORK_H

#include "settings.h"

#include <mutex>

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

struct attrib_torch {
  attrib__torch::settings set;
  torch::jit::Module module; /* loaded.used */
  int64_t n_outputs = 0;
  int threads = 0;           /* within an evaluation */
  bool copies_input = false; /* the network writes into its input, so it gets a copy that is no leaf */
  bool keeps_input = false;  /* it writes into nothing, so it may be given the caller's rows themselves */
  bool differentiable = false;
  mutable std::mutex lock; /* of error */
  std::string error;       /* of the last evaluation that failed */
};

namespace attrib__torch {

/* For the calling thread, until it goes out of scope: the number of threads within an operation, and gradients. */
class evaluation_scope {
 public:
  evaluation_scope(int threads, bool gradients);
  ~evaluation_scope();
  evaluation_scope(const evaluation_scope &) = delete;
  evaluation_scope &operator=(const evaluation_scope &) = delete;

 private:
  int threads_before_;
  bool gradients_before_, optimized_before_;
};

/* How many threads libtorch takes within an operation on this thread. */
int threads_of_libtorch();

/* What is read from a file. */
struct loaded {
  torch::jit::Module used;   /* what is evaluated; frozen, unless freezing would change its gradients */
  torch::jit::Module frozen; /* what is looked at: branches of training mode are gone */
};

/* Reads the file and freezes it. Throws failures. */
loaded load_frozen(const char *path, const settings &set);

/* Whether forward detaches anywhere, or turns gradients off for some of it (torch.no_grad). Freezing (libtorch 1.13)
 * drops detach and merges equal expressions within and without no_grad, and with both turns other gradients out: those
 * of straight-through estimators, say. */
bool cuts_gradients(const torch::jit::Module &module);

/* Whether anything is changed in place. */
bool writes_in_place(const torch::jit::Module &module);

/* Whether a scale of quantisation is taken from the values at hand, those of all rows of an evaluation. */
bool quantises_by_batch(const torch::jit::Module &module);

/* Tensors that are constants of the graph, of a file that was frozen or traced, become double. */
void widen_constants(const torch::jit::Module &module);

/* Throws a failure where dropout or batch normalisation are fixed in training mode. */
void refuse_training(const torch::jit::Module &module);

/* Throws a failure where forward stores to an attribute, or writes into one: results would depend on earlier calls, and
 * threads would meet in it. */
void refuse_state(const torch::jit::Module &module);

/* A fresh tensor for `rows` rows of the network's input. */
at::Tensor input_tensor(const attrib_torch &network, int64_t rows);

/* The same over rows that lie back to back in the network's layout; they must outlive it, and are only read. */
at::Tensor rows_as_tensor(const attrib_torch &network, const void *values, int64_t rows);

/* rows x outputs, contiguous, of the network's floating-point type; the output that was chosen. `input` is a leaf that
 * is to have gradients, or needs none. Throws failures, and what libtorch throws. */
at::Tensor forward(const attrib_torch &network, const at::Tensor &input);

/* One line for the exception being handled; *status: MEMORY, the failure's own or `otherwise`. */
std::string handled_exception(attrib_status otherwise, attrib_status *status);

/* The line of an exception's text that says what was wrong. */
std::string informative_line(const char *what);

/* attrib_model_fn; user: the attrib_torch. */
int32_t ATTRIB_CALL evaluate(const attrib_batch *batch, void *user);

}  // namespace attrib__torch
#endif
