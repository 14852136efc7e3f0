/* What a moment says about the time that has passed. */
#include "display/core/validation/moment.h"

#include "base/timestamp.h"

int64_t moment_trusted_wall_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : TIMESTAMP_NONE;
}

int64_t moment_passed_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : moment->floor_ms;
}
