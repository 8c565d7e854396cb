#include "settings.h"

const char *source_file(const network_source *source) {
  if (source->torch.path != NULL) return source->torch.path;
  return source->weights != NULL ? source->weights : network_bundled_weights();
}

int source_open(const network_source *source, const common_options *common, network *net, char *message) {
  const int status = source->torch.path != NULL
                         ? network_open_torch(net, &source->torch, common->score, message)
                         : network_open_bundled(net, source->weights, common->score, common->workers, message);
  if (status != 0) return status;
  if (source->labels == NULL || network_read_labels(net, source->labels, message) == 0) return 0;
  network_close(net);
  return -1;
}
