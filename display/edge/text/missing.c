/* Looks up every character of a message in the fonts. */
#include "display/edge/text/missing.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uscript.h>

#include "base/escape.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_cluster.h"
#include "display/core/typeset/typeset_shape.h"
#include "display/core/validation/shaping.h"

enum { PATH_BYTES = 96, LOOK_PX = 64, LOOK_WIDTH_PX = 1 << 20 };

struct missing {
    struct fonts *fonts;
    const char *place;
    FILE *out;
    uint32_t told[MISSING_MAX];
    size_t count;
    size_t left_out; /* paragraphs */
};

/* The template decides which role a text is set in, so all roles are checked.
 */
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

/* One line, escaped: path and text come from outside. */
__attribute__((format(printf, 2, 3))) static void
print(const struct missing *missing, const char *format, ...)
{
    char text[1024], line[ESCAPE_GROWTH * sizeof text];
    va_list list;

    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    escape_text(text, line, sizeof line);
    fprintf(missing->out, "%s\n", line);
}

static void tell(struct missing *missing, const char *path, uint32_t codepoint)
{
    char character[5] = "";

    if (missing->count == MISSING_MAX || is_told(missing, codepoint))
        return;
    missing->told[missing->count++] = codepoint;
    utf8_put(codepoint, character);
    print(missing, "%s: %s: no font has U+%04X '%s'; a box will stand there",
          missing->place, path, (unsigned)codepoint, character);
}

/* For a character with marks or of several parts: checks that all of it is
 * drawn. */
static void look_at_cluster(struct missing *missing, const char *path,
                            const uint32_t *points, size_t count)
{
    const char *what[] = {
        [TYPESET_CLUSTER_BASE] = N_("its first character alone"),
        [TYPESET_CLUSTER_BOX] = N_("a box")};
    struct typeset_cluster cluster;
    char sign[TYPESET_CLUSTER_POINTS * 4 + 1] = "";
    size_t used = 0;

    typeset_cluster_set(fonts_metrics(missing->fonts), TYPE_SANS, LOOK_PX,
                        points, count, &cluster);
    if (cluster.state == TYPESET_CLUSTER_WHOLE ||
        missing->count == MISSING_MAX || is_told(missing, points[0]))
        return;
    missing->told[missing->count++] = points[0];
    for (size_t i = 0; i < count && i < TYPESET_CLUSTER_POINTS; i++)
        used += utf8_put(points[i], sign + used);
    print(missing, "%s: %s: no font draws '%s' whole; %s will stand there",
          missing->place, path, sign, tr(what[cluster.state]));
}

/* As an emoji: the roles have none. */
static bool is_drawn(const struct missing *missing, uint32_t codepoint)
{
    struct typeset_cluster cluster;

    typeset_cluster_set(fonts_metrics(missing->fonts), TYPE_SANS, LOOK_PX,
                        &codepoint, 1, &cluster);
    return cluster.state == TYPESET_CLUSTER_WHOLE;
}

/* A letter that is shaped and has no font that joins it. */
static void tell_unset(struct missing *missing, const char *path,
                       uint32_t codepoint)
{
    UErrorCode status = U_ZERO_ERROR;
    char letter[5] = "";

    if (missing->count == MISSING_MAX || is_told(missing, codepoint))
        return;
    missing->told[missing->count++] = codepoint;
    utf8_put(codepoint, letter);
    print(missing,
          "%s: %s: no font sets U+%04X '%s' of the %s script; a box will "
          "stand there",
          missing->place, path, (unsigned)codepoint, letter,
          uscript_getName(uscript_getScript((UChar32)codepoint, &status)));
}

/* Sets a paragraph as a screen would, in every role. */
static void look_at_shaped(struct missing *missing, const char *path,
                           const char *text)
{
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        const struct typeset_style style = {.role = (enum type_role)role,
                                            .size_px = LOOK_PX};
        struct typeset_block *block = typeset_create(
            text, &style, LOOK_WIDTH_PX, fonts_metrics(missing->fonts));
        for (size_t i = 0; block && i < block->line_count; i++) {
            const struct typeset_line *line = &block->lines[i];
            for (size_t k = 0; k < line->glyph_count; k++) {
                const struct typeset_glyph *glyph = &line->glyphs[k];
                if (glyph->missing &&
                    typeset_script_is_shaped(glyph->codepoint))
                    tell_unset(missing, path, glyph->codepoint);
            }
        }
        typeset_destroy(block);
    }
}

static void look_at_signs(struct missing *missing, const char *path,
                          const char *text, const char *end)
{
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    const char *from = text;
    bool shaped = false;

    while (text < end) {
        size_t count = typeset_cluster_next(&text, points);
        /* A line end is not drawn. */
        if (typeset_script_is_shaped(points[0]))
            shaped = true;
        else if (count > 1 ||
                 (typeset_is_emoji(points, 1) && is_drawn(missing, points[0])))
            look_at_cluster(missing, path, points, count);
        else if (points[0] != '\n' &&
                 !every_role_has(missing->fonts, points[0]))
            tell(missing, path, points[0]);
    }
    char *paragraph = shaped ? strndup(from, (size_t)(end - from)) : NULL;
    if (paragraph)
        look_at_shaped(missing, path, paragraph);
    free(paragraph);
}

/* Languages have pages of columns. */
static bool has_columns(const char *path)
{
    return strstr(path, ".texts.") != NULL;
}

/* A paragraph that no screen can display is left out there. */
static void look_at_text(struct missing *missing, const char *path,
                         const char *text)
{
    const char *told = NULL;

    while (*text) {
        size_t bytes = strcspn(text, "\n");
        const char *script = has_columns(path) ? NULL
                                               : shaping_script_of(text, bytes);
        if (!script)
            look_at_signs(missing, path, text, text + bytes);
        else if (!told || strcmp(told, script) != 0)
            print(missing,
                  "%s: %s: %s script stands in columns, which only the pages "
                  "of 'texts' have; screens leave the line out",
                  missing->place, path, script);
        if (script)
            missing->left_out++;
        told = script ? script : told;
        text += text[bytes] ? bytes + 1 : bytes;
    }
}

/* The recursion is limited by LIMIT_JSON_DEPTH. */
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

size_t missing_print(struct fonts *fonts, struct message *message,
                     const char *place, FILE *out)
{
    struct missing missing = {.fonts = fonts, .place = place, .out = out};
    struct problem problem = {0};

    look_at(&missing, "", message->root);
    if (!shaping_leave_out(message, &problem)) {
        print(&missing,
              "%s: panel: nothing else makes sense alone; screens refuse it",
              place);
    }
    return missing.count + missing.left_out;
}
