/* Reads the tables of holidays. */
#include "display/edge/config/calendar_files.h"

#include <stdlib.h>

#include "base/files.h"

enum { TABLE_BYTES = 256 * 1024 };

static bool add_table(const char *file, struct calendar *out,
                      struct problem *problem)
{
    size_t bytes = 0;
    char *text = file_read_any(file, TABLE_BYTES, &bytes, problem);
    bool good = text && holidays_add(&out->holidays, text, file, problem);

    free(text);
    return good;
}

bool calendar_load(const struct config *config, const struct data_path *data,
                   struct calendar *out, struct problem *problem)
{
    char file[DATA_PATH_BYTES];

    *out = (struct calendar){.zone = {0}};
    if (!config->zone[0] || !zone_read(config->zone, &out->zone))
        zone_set_offset(&out->zone, config->utc_offset_minutes);
    if (!data_path_join(data, "data/holidays.txt", file, sizeof file))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    if (!add_table(file, out, problem))
        return false;
    for (size_t i = 0; i < config->holidays.count; i++)
        if (!add_table(config->holidays.texts[i], out, problem))
            return false;
    return true;
}
