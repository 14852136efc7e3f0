/* HTML within the texts of CAP files, as elements or escaped. Internal to
 * cap/. */
#ifndef GAOSHI_CAP_CAP_MARKUP_H
#define GAOSHI_CAP_CAP_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

enum cap_markup {
    CAP_MARKUP_INLINE, /* its text continues the line */
    CAP_MARKUP_BLOCK,  /* its text is a separate paragraph */
    CAP_MARKUP_CELL,   /* a blank separates its text from the next one */
    CAP_MARKUP_NONE,   /* not an element whose text may be used unchanged */
};

/* Finds an element by its name, in any case and not NUL-terminated. Struck-out
 * text is CAP_MARKUP_NONE, because without the stroke it would say the
 * opposite. */
enum cap_markup cap_markup_find(const char *name, size_t bytes);

/* Replaces escaped HTML tags and character names by their meaning, in place and
 * once: «&amp;lt;» becomes «<» and is then no tag. Unknown ones stay. True:
 * something was changed. */
bool cap_markup_unescape(char *text);

/* The separator of two blocks: an empty line, which is never taken for a line
 * broken at a fixed width. */
#define CAP_MARKUP_BREAK "\n\n"

#endif
