/* What a message says in a script that stands in columns from top to bottom,
 * among its languages, has pages of its own behind the others. */
#ifndef GAOSHI_DISPLAY_PAGE_COLUMNS_H
#define GAOSHI_DISPLAY_PAGE_COLUMNS_H

#include "display/core/page/page_build.h"

/* False: the glass is so low that columns would hold few letters. */
bool page_columns_have_room(const struct geometry *geometry);

/* Whether one of its texts is in such a script. */
bool page_columns_are_of(const struct panel_text *text);

/* In one language; texts are borrowed and never NULL. */
struct page_column_words {
    const char *heading; /* event or headline, title */
    const char *second;  /* subtitle */
    const char *body;    /* what to do */
};

struct page_columns {
    struct page_column_words items[LIMIT_LANGUAGES];
    size_t count;
};

/* Takes those languages out of the message. */
void page_columns_take(struct message *message, struct page_columns *out);

/* Sets them; nothing where the glass is too low. */
void page_columns_say(struct page_build *build,
                      const struct page_columns *columns);

#endif
