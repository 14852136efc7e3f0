/* Compares what the service manager says of standard error with what it is: a
 * program that redirected it inherits the variable all the same. */
#include "base/journal_stream.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_once_t looked = PTHREAD_ONCE_INIT;
static bool goes_to_journal;

static void look(void)
{
    const char *said = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;
    char behind;

    goes_to_journal =
        said && sscanf(said, "%llu:%llu%c", &device, &inode, &behind) == 2 &&
        fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
        status.st_ino == inode;
}

const char *journal_prefix(enum journal_priority priority)
{
    static const char *const prefixes[] = {
        [JOURNAL_ERROR] = "<3>",
        [JOURNAL_WARNING] = "<4>",
        [JOURNAL_INFO] = "<6>",
        [JOURNAL_DEBUG] = "<7>",
    };

    pthread_once(&looked, look);
    return goes_to_journal ? prefixes[priority] : "";
}
