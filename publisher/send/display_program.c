/* Looks in this program's folder. */
#include "publisher/send/display_program.h"

#include <string.h>
#include <unistd.h>

void display_program_find(char out[DISPLAY_PROGRAM_BYTES])
{
    static const char name[] = DISPLAY_PROGRAM;
    ssize_t length = readlink("/proc/self/exe", out,
                              DISPLAY_PROGRAM_BYTES - sizeof name);

    while (length > 0 && out[length - 1] != '/')
        length--;
    memcpy(out + (length > 0 ? length : 0), name, sizeof name);
    if (length <= 0 || access(out, X_OK) != 0)
        memcpy(out, name, sizeof name);
}
