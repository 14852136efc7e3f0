/* cap import FILE|-: the alert or cancel of a CAP file goes the way of every
 * alert. */
#include "publisher/cap_file.h"

enum publish_exit cap_import_run(const struct options *options, int count,
                                 char **operands)
{
    struct problem problem = {0};

    (void)count;
    return cap_file_send(options, operands[0], &problem);
}
