/* Reads one message from a file for the commands that need no broker. */
#include "display/edge/app/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/files.h"

bool draft_read(const char *file, struct message **out, struct problem *problem)
{
    char *text = NULL;
    size_t bytes = 0, skip = 0;

    text = file_read_any(file, LIMIT_MESSAGE_BYTES, &bytes, problem);
    if (!text)
        return false;
    if (strncmp(text, "gaoshi1 ", 8) == 0)
        skip = strcspn(text, "\n") + 1;
    if (skip > bytes)
        skip = bytes;
    bool read = message_parse(text + skip, bytes - skip, MESSAGE_DRAFT, file,
                              out, problem);
    free(text);
    return read;
}
