/* Looks beside this program. */
#include "publisher/send/sibling.h"

#include <string.h>
#include <unistd.h>

void sibling_find_display(char out[SIBLING_BYTES])
{
    static const char name[] = SIBLING_DISPLAY;
    ssize_t length = readlink("/proc/self/exe", out,
                              SIBLING_BYTES - sizeof name);

    while (length > 0 && out[length - 1] != '/')
        length--;
    memcpy(out + (length > 0 ? length : 0), name, sizeof name);
    if (length <= 0 || access(out, X_OK) != 0)
        memcpy(out, name, sizeof name);
}
