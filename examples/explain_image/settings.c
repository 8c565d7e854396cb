#include "settings.h"

#include <string.h>

const char *source_file(const network_source *source) {
  if (source->torch.path != NULL) return source->torch.path;
  return source->weights != NULL ? source->weights : network_bundled_weights();
}

static int digest_all(const network_source *source, source_digests *digests, char *message) {
  *digests = (source_digests){.labels = ""};
  if (digest_file(source_file(source), digests->network, message) != 0) return -1;
  return source->labels == NULL ? 0 : digest_file(source->labels, digests->labels, message);
}

/* That the files still are what they were before they were read. */
static int check_unchanged(const network_source *source, const source_digests *digests, char *message) {
  source_digests now;
  if (digest_all(source, &now, message) != 0) return -1;
  const bool same = strcmp(now.network, digests->network) == 0;
  if (same && strcmp(now.labels, digests->labels) == 0) return 0;
  const file_report report = {same ? source->labels : source_file(source), message, FILE_MESSAGE_CAPACITY};
  return file_fail(&report, -1, "has changed while it was read");
}

static int open_files(const network_source *source, const common_options *common, network *net, char *message) {
  const int status = source->torch.path != NULL
                         ? network_open_torch(net, &source->torch, common->score, message)
                         : network_open_bundled(net, source->weights, common->score, common->workers, message);
  if (status != 0) return status;
  if (source->labels == NULL || network_read_labels(net, source->labels, message) == 0) return 0;
  network_close(net);
  return -1;
}

int source_open(const network_source *source, const common_options *common, network *net, source_digests *digests,
                char *message) {
  const bool built = source->torch.path == NULL || network_has_torch(); /* else that is what there is to say */
  *net = (network){.names = NULL};
  if (built && digest_all(source, digests, message) != 0) return -1;
  if (open_files(source, common, net, message) != 0) return -1;
  if (check_unchanged(source, digests, message) == 0) return 0;
  network_close(net);
  return -1;
}
