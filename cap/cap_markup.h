/* HTML within the texts of CAP files, as elements or escaped. Internal to
 * cap/. */
#ifndef GAOSHI_CAP_CAP_MARKUP_H
#define GAOSHI_CAP_CAP_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

enum cap_markup {
    CAP_MARKUP_INLINE, /* its text goes on in the line */
    CAP_MARKUP_BLOCK,  /* its text is a paragraph of its own */
    CAP_MARKUP_CELL,   /* a blank parts its text from the next one */
    CAP_MARKUP_NONE,   /* no element whose text may be taken as it stands */
};

/* name of any case, not ended by NUL. Struck-out text is CAP_MARKUP_NONE: it
 * would say the opposite. */
enum cap_markup cap_markup_find(const char *name, size_t bytes);

/* Tags and character names of HTML that were escaped become what they mean,
 * in place, once: «&amp;lt;» is «<» and no tag then. Unknown ones stay as they
 * are. True: something was changed. */
bool cap_markup_unescape(char *text);

/* What stands between two blocks: an empty line, which no one takes for a line
 * that was broken at some width. */
#define CAP_MARKUP_BREAK "\n\n"

#endif
