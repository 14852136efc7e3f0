/* Titles in other languages become lines of the subtitle, bodies become
 * paragraphs of the body; each stands in its own direction. Those that stand in
 * columns are left to page_columns.h. */
#include "display/core/templates/page_languages.h"

#include "display/core/templates/page_columns.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    UTF8_MOST = 4,
    SUBTITLE_BYTES =
        (2 * LIMIT_LANGUAGES + 1) * (LIMIT_LINE_CHARACTERS * UTF8_MOST + 1) + 1,
    BODY_BYTES =
        (LIMIT_LANGUAGES + 1) * (LIMIT_BODY_CHARACTERS * UTF8_MOST + 1) + 1,
};

struct page_languages {
    struct message message;
    char subtitle[SUBTITLE_BYTES];
    char body[BODY_BYTES];
};

static void append(char *to, size_t size, size_t *used, const char *text)
{
    if (text[0] != '\0' && *used < size)
        *used += (size_t)snprintf(to + *used, size - *used, "%s%s",
                                  *used > 0 ? "\n" : "", text);
}

bool page_languages_join(const struct message *message,
                         struct page_languages **own,
                         const struct message **out)
{
    const struct panel *panel = &message->panel;
    size_t subtitle = 0, body = 0;

    *own = NULL;
    *out = message;
    if (message->kind != MESSAGE_PANEL || panel->text_count == 0)
        return true;
    struct page_languages *joined = calloc(1, sizeof *joined);
    if (joined == NULL)
        return false;
    joined->message = *message;
    append(joined->subtitle, SUBTITLE_BYTES, &subtitle, panel->subtitle);
    append(joined->body, BODY_BYTES, &body, panel->body);
    for (size_t i = 0; i < panel->text_count; i++) {
        if (page_columns_are_of(&panel->texts[i]))
            continue;
        append(joined->subtitle, SUBTITLE_BYTES, &subtitle,
               panel->texts[i].title);
        append(joined->subtitle, SUBTITLE_BYTES, &subtitle,
               panel->texts[i].subtitle);
        append(joined->body, BODY_BYTES, &body, panel->texts[i].body);
    }
    joined->message.panel.subtitle = joined->subtitle;
    joined->message.panel.body = joined->body;
    *own = joined;
    *out = &joined->message;
    return true;
}

void page_languages_destroy(struct page_languages *own)
{
    free(own);
}
