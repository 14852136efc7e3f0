/* Walks over every text of a message and asks the fonts for each character. */
#include "display/edge/missing.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/escape.h"
#include "protocol/utf8.h"

enum { PATH_BYTES = 96 };

struct missing {
    struct fonts *fonts;
    const char *place;
    FILE *out;
    uint32_t told[MISSING_MAX];
    size_t count;
};

/* Which role a text is set in is the template's choice: all of them count. */
static bool every_role_has(struct fonts *fonts, uint32_t codepoint)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        if (!fonts_cover(fonts, (enum type_role)role, codepoint))
            return false;
    }
    return true;
}

static bool is_told(const struct missing *missing, uint32_t codepoint)
{
    for (size_t i = 0; i < missing->count; i++) {
        if (missing->told[i] == codepoint)
            return true;
    }
    return false;
}

static void tell(struct missing *missing, const char *path, uint32_t codepoint)
{
    char character[5] = "";
    char *line = NULL;

    if (missing->count == MISSING_MAX || is_told(missing, codepoint))
        return;
    missing->told[missing->count++] = codepoint;
    utf8_put(codepoint, character);
    if (asprintf(&line,
                 "%s: %s: no font has U+%04X '%s'; a box will stand there",
                 missing->place, path, (unsigned)codepoint, character) < 0)
        return;
    char *escaped = escape_copy(line);
    fprintf(missing->out, "%s\n", escaped ? escaped : "");
    free(escaped);
    free(line);
}

static void look_at_text(struct missing *missing, const char *path,
                         const char *text)
{
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        /* A line's end is no character that is drawn. */
        if (c != '\n' && !every_role_has(missing->fonts, c))
            tell(missing, path, c);
    }
}

/* Bounded by the reader's LIMIT_JSON_DEPTH. */
static void look_at(struct missing *missing, const char *path, json_t *value)
{
    char below[PATH_BYTES];
    const char *key;
    json_t *child;
    size_t index;

    if (json_is_string(value))
        look_at_text(missing, path, json_string_value(value));
    json_object_foreach(value, key, child)
    {
        snprintf(below, sizeof below, "%s%s%s", path, path[0] ? "." : "", key);
        look_at(missing, below, child);
    }
    json_array_foreach(value, index, child)
    {
        snprintf(below, sizeof below, "%s[%zu]", path, index);
        look_at(missing, below, child);
    }
}

size_t missing_print(struct fonts *fonts, const struct message *message,
                     const char *place, FILE *out)
{
    struct missing missing = {.fonts = fonts, .place = place, .out = out};

    look_at(&missing, "", message->root);
    return missing.count;
}
