/* attrib/torch.h - a TorchScript file as an attrib_model: the optional library attrib_torch, over libtorch.
 *
 * Not included by attrib.h. Built with -DATTRIB_TORCH=ON; find_package(attrib COMPONENTS torch), attrib::torch;
 * pkg-config attrib_torch. C and C++11 for its callers; no C++ exception leaves it.
 *
 * Pixel space. The caller's rows, baselines and attributions are in the units of the caller's pixels ("black" is
 * black), and the network gets, for channel c,
 *
 *   z = ((x - low) / (high - low) - mean[c]) / deviation[c].
 *
 * Gradients come back in the caller's units: d f / d x = d f / d z / ((high - low) deviation[c]).
 *
 * The network is evaluated in evaluation mode, frozen (torch::jit::freeze: parameters are constants and get no
 * gradient), on the CPU, without the optimising executor of libtorch, which changes what it runs after the first calls.
 * A network that detaches or has torch.no_grad in forward is not frozen, only its parameters are: freezing forgets
 * detach and merges what is alike within and without no_grad, and with it the gradients that are meant.
 *
 * The same bits. What libtorch computes for a row can depend on how many rows it is given at once (another algorithm
 * for a single row, say), though for none of the networks tried on where in the batch the row is. So every evaluation
 * has exactly block_rows rows, the last one repeated where there are fewer, and results have the same bits whatever
 * max_rows, the number of workers and the order of batches, for a network whose rows do not depend on each other. They
 * do change with block_rows and with the number of threads, which is taken down when the network is opened. The price
 * are repeated rows: none while batches are multiples of block_rows, as attrib_torch_model asks for; at most
 * block_rows - 1 for the last batch of each round of a call. ATTRIB_TORCH_UNPADDED turns it off.
 * Dynamic quantisation takes its scales from all rows of an evaluation, so such a network is evaluated one row at a
 * time: block_rows is 1 then, whatever was asked for.
 *
 * What a network prints goes to stdout. Memory that runs out in an evaluation is a failure of the model
 * (ATTRIB_TORCH_FAILED, ATTRIB_E_CALLBACK), not ATTRIB_E_MEMORY.
 *
 * Thread rule: a network may be evaluated on any number of threads at once, by any number of contexts
 * (ATTRIB_MODEL_CONCURRENT is set); attrib_torch_model and attrib_torch_error may run at the same time, too. Opening
 * several networks at once is fine. Only attrib_torch_close wants to be alone with its network. A network that stores
 * to its attributes in forward (self.h = y, self.calls += 1) is refused: results would depend on earlier calls, and
 * threads would meet there. */
#ifndef ATTRIB_TORCH_H
#define ATTRIB_TORCH_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An open network. */
typedef struct attrib_torch attrib_torch;

/* attrib_torch_options.flags */
enum {
  ATTRIB_TORCH_UNPADDED = 1 /* batches as they come, block_rows at most: results may change in their last bits with
                               max_rows and workers */
};

/* attrib_torch_options.layout: how an element of a row is found. The network's own layout is that of `shape`, as
 * PyTorch has it: channels first. */
enum {
  ATTRIB_TORCH_CHANNELS_FIRST = 0, /* rows are as the network wants them: NCHW for pictures */
  ATTRIB_TORCH_CHANNELS_LAST = 1   /* the channel is the last index of a row: NHWC; rows are reordered both ways */
};

/* attrib_torch_options.score: what is explained. */
enum {
  ATTRIB_TORCH_RAW = 0,        /* the network's outputs as they are */
  ATTRIB_TORCH_SOFTMAX = 1,    /* probabilities, of outputs that are logits */
  ATTRIB_TORCH_LOG_SOFTMAX = 2 /* their logarithms */
};

/* What cannot be seen from the file. Zero is the default everywhere, but `shape` must be given. */
typedef struct attrib_torch_options {
  uint32_t struct_size, flags;
  uint32_t dtype;         /* ATTRIB_F32; ATTRIB_F64: the network is converted to double, but for casts that are written
                             into it; 0 = F32, to which a network with half or bfloat16 parameters, or with double ones
                             only, is converted */
  uint32_t layout, score; /* the enumerators above */
  uint32_t threads;     /* of libtorch, within an evaluation; 0 = as many as it would take by itself; at most 1024. Set
                           for the calling thread while it evaluates where libtorch runs on OpenMP, as Debian's
                           does; elsewhere by at::set_num_threads, a setting of the process */
  int64_t output;       /* of a tuple or list: which element, from 0. Must be 0 for a single tensor */
  int64_t block_rows;   /* rows of one evaluation; 0 = 16 with one thread and 8 with more; at most 65536 */
  int64_t n_dimensions; /* of shape, 1 to 8 */
  double low, high;     /* the range of the caller's values; both 0 = [0, 1]. Values outside are no error */
  const int64_t *shape; /* n_dimensions: of the network's input without the batch, channels first: {3, 224, 224} for
                           pictures, {30} for rows of a table */
  const double *mean;   /* shape[0]: of each channel; for rows of a table of each feature; NULL = 0 */
  const double *deviation; /* shape[0]: standard deviations, > 0; NULL = 1 */
  const char *output_name; /* of a dict: the key. NULL unless the network returns a dict */
} attrib_torch_options;

/* attrib_report.model_status where an evaluation failed; attrib_torch_error says why. */
#define ATTRIB_TORCH_FAILED (-7001)

/* Opens a file of torch.jit.save and evaluates it twice, with gradients and without, on block_rows rows of the middle
 * of the value range, to find the number of outputs and everything that will not work. One row of outputs is a vector
 * (a scalar for each row counts as one output, and so do further dimensions of length 1).
 *
 * path, options: not kept. message: where one line goes after a failure, cut to message_capacity bytes including the
 * final 0, "" after success; control characters in it are given as '?'; may be NULL with capacity 0. Errors of libtorch
 * are given by the line that says what was wrong, without stack traces. *network is NULL after a failure.
 *
 * Errors: ARGUMENT (a NULL, a file that is missing, no regular file, empty or no TorchScript; an option out of range; a
 * shape the network fails on; an output that is no vector per row, or has another number of rows than the input;
 * softmax of one output), STRUCT, UNSUPPORTED (unknown flags; traced in training mode: dropout or batch normalisation
 * with training on is in the file for good; a network that stores to its attributes, or that fails without gradients),
 * OVERFLOW (sizes), MEMORY. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_torch_open(const char *path, const attrib_torch_options *options,
                                                             attrib_torch **network, char *message,
                                                             int64_t message_capacity);

/* Fills *model, whose struct_size the caller has set, to be passed to any call: n_inputs is the product of the shape,
 * n_outputs what the network gave, so targets are checked; max_rows is block_rows, and a multiple of it is as good;
 * flags have CONCURRENT, TARGET_WEIGHTS and ALL_OUTPUTS, and NO_GRADIENTS where the outputs of the network have none
 * (quantised, computed in integers, detached). The network must stay open while calls or runs use the model.
 * Errors: ARGUMENT (a NULL), STRUCT. */
ATTRIB_API ATTRIB_MUST_CHECK attrib_status attrib_torch_model(const attrib_torch *network, attrib_model *model);

/* Copies why the last evaluation of this network that failed did so: one line, cut to capacity bytes including the
 * final 0; "" when none has failed. Returns the bytes that the whole line takes, the final 0 included, so that a second
 * call can have them all; 0 for NULL. message may be NULL with capacity 0. */
ATTRIB_API int64_t attrib_torch_error(const attrib_torch *network, char *message, int64_t capacity);

/* Closes it. NULL is fine. Not while a call or a run still uses its model. */
ATTRIB_API void attrib_torch_close(attrib_torch *network);

#ifdef __cplusplus
}
#endif
#endif
