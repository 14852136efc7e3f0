/* Finds scripts that stand in columns, by ICU's codes. */
#include "display/core/validation/shaping.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

const char *shaping_script_of(const char *text, size_t bytes)
{
    int32_t at = 0, end = (int32_t)bytes;

    while (at < end) {
        UErrorCode status = U_ZERO_ERROR;
        UChar32 c;
        U8_NEXT(text, at, end, c);
        if (c < 0x1800) /* below the first such script */
            continue;
        UScriptCode script = uscript_getScript(c, &status);
        if (script == USCRIPT_MONGOLIAN || script == USCRIPT_PHAGS_PA)
            return uscript_getName(script);
    }
    return NULL;
}

/* Removes the paragraphs that cannot be displayed, and returns the script of
 * the first of them; NULL: there was none. */
static const char *shorten(char *text)
{
    const char *first = NULL;
    char *to = text;

    for (const char *from = text; *from;) {
        size_t bytes = strcspn(from, "\n");
        const char *script = shaping_script_of(from, bytes);
        bool last = from[bytes] == '\0';
        if (!script) {
            memmove(to, from, bytes);
            to += bytes;
            if (!last)
                *to++ = '\n';
        } else if (!first) {
            first = script;
        }
        from += last ? bytes : bytes + 1;
    }
    while (first && to > text && to[-1] == '\n')
        to--;
    *to = '\0';
    return first;
}

/* panel.texts.mn.title */
static bool is_of_language(const struct json_place *place)
{
    const struct json_place *language = place->parent;
    const struct json_place *texts = language ? language->parent : NULL;

    return texts && texts->name && strcmp(texts->name, "texts") == 0;
}

/* The texts belong to the message's own JSON tree, so they may be changed. */
static void look_at(void *context, const struct json_place *place,
                    const char *text)
{
    struct message *message = context;

    if (is_of_language(place) || !shaping_script_of(text, strlen(text)))
        return;
    const char *script = shorten((char *)(uintptr_t)text);
    json_pass_over(&message->left_out, place, NULL, script);
}

static void close_ranks(struct panel *panel)
{
    size_t lines = 0, items = 0;

    for (size_t i = 0; i < panel->line_count; i++) {
        if (panel->lines[i][0])
            panel->lines[lines++] = panel->lines[i];
    }
    for (size_t i = 0; i < panel->item_count; i++) {
        if (panel->items[i].text[0])
            panel->items[items++] = panel->items[i];
    }
    panel->line_count = lines;
    panel->item_count = items;
}

/* Numbers, senders and times mean nothing without their text. */
static bool says_something(const struct panel *panel)
{
    if (panel->title[0] || panel->subtitle[0] || panel->body[0] ||
        panel->line_count > 0 || panel->item_count > 0)
        return true;
    for (size_t i = 0; i < panel->figure_count; i++) {
        if (panel->figures[i].label[0])
            return true;
    }
    return panel->address[0] || panel->honour[0] || panel->caption[0] ||
           panel->level[0];
}

static void note_low(void *context, const struct json_place *place,
                     const char *text)
{
    struct message *message = context;
    const char *script = shaping_script_of(text, strlen(text));
    char note[64];

    if (!script || !is_of_language(place))
        return;
    snprintf(note, sizeof note, "%s, too low for columns", script);
    json_pass_over(&message->left_out, place, NULL, note);
}

void shaping_note_low(struct message *message)
{
    message_visit_texts(message, note_low, message);
}

bool shaping_leave_out(struct message *message, struct problem *problem)
{
    message_visit_texts(message, look_at, message);
    if (message->kind != MESSAGE_PANEL || message->left_out.count == 0)
        return true;
    close_ranks(&message->panel);
    return says_something(&message->panel) ||
           problem_set_field(problem, "panel",
                             "nothing is left without the texts that stand "
                             "in columns, which only the pages of 'texts' "
                             "have: %s",
                             message->left_out.paths);
}
