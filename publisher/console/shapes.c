/* Reads NAME:WIDTHxHEIGHT:HEIGHT_MM:VIEWING_M. */
#include "publisher/console/shapes.h"

#include "protocol/scope.h"

#include <stdio.h>
#include <string.h>

static const char *const usual[] = {
    "landscape:1920x1080:680:8",
    "portrait:1080x1920:1200:5",
    "strip:1024x256:640:12",
};

static bool read_shape(const char *text, struct shape *out,
                       struct problem *problem)
{
    enum { SIDE_MIN = 32, SIDE_MAX = 8192, MM_MAX = 100000 };
    int end = 0;

    *out = (struct shape){.width_px = 0};
    if (sscanf(text, "%64[a-z0-9._-]:%5dx%5d:%6d:%15[0-9.]%n", out->name,
               &out->width_px, &out->height_px, &out->height_mm, out->viewing_m,
               &end) == 5 &&
        !text[end] && identifier_is_valid(out->name) &&
        out->width_px >= SIDE_MIN && out->width_px <= SIDE_MAX &&
        out->height_px >= SIDE_MIN && out->height_px <= SIDE_MAX &&
        out->height_mm > 0 && out->height_mm <= MM_MAX)
        return true;
    return problem_set(problem, PROBLEM_FIELD,
                       "--shape '%.80s': expected NAME:WIDTHxHEIGHT:MM:M, such "
                       "as %s",
                       text, usual[2]);
}

bool shapes_read(const struct options *options, struct shapes *out,
                 struct problem *problem)
{
    bool given = options->shapes.count > 0;
    const char *const *texts = given ? options->shapes.texts : usual;
    size_t count = given ? options->shapes.count
                         : sizeof usual / sizeof usual[0];

    *out = (struct shapes){.count = count};
    for (size_t i = 0; i < count; i++)
        if (!read_shape(texts[i], &out->items[i], problem))
            return false;
    return true;
}

json_t *shape_request(const struct shape *shape)
{
    char size[32], height[16];

    snprintf(size, sizeof size, "%dx%d", shape->width_px, shape->height_px);
    snprintf(height, sizeof height, "%d", shape->height_mm);
    return json_pack("{s:s, s:{s:s, s:s}}", "size", size, "options",
                     "glass.height_mm", height, "glass.viewing_distance_m",
                     shape->viewing_m);
}

json_t *shapes_json(const struct shapes *shapes)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < shapes->count; i++) {
        const struct shape *shape = &shapes->items[i];
        json_array_append_new(
            list, json_pack("{s:s, s:i, s:i}", "name", shape->name, "width",
                            shape->width_px, "height", shape->height_px));
    }
    return list;
}
