/* What a moment says about the time that has passed. */
#include "display/core/validation/moment.h"

int64_t moment_passed_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : moment->floor_ms;
}
