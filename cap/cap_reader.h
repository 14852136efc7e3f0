/* A reading under way: the elements that are open, and what went wrong where.
 * Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_READER_H
#define GAOSHI_CAP_CAP_READER_H

#include "cap/cap_markup.h"
#include "cap/cap_rows.h"

#include <expat.h>

enum { CAP_NAME_BYTES = 32 };

/* An element that is open. */
struct cap_frame {
    enum cap_node node;
    const struct cap_row *row; /* NULL: the alert itself, or skipped */
    void *object; /* what its children fill; of a leaf its cap_text */
    char name[CAP_NAME_BYTES];
    size_t index; /* in its list */
    int line, column;
    enum cap_markup markup; /* of CAP_NODE_MARKUP */
};

struct cap_reader {
    XML_Parser parser;
    struct cap_alert *alert;
    struct problem *problem;
    unsigned dialects; /* that it may still be */
    struct cap_frame frames[CAP_LIMIT_DEPTH];
    size_t depth;
    size_t elements;
    struct cap_frame *leaf; /* the one that is open; NULL: none */
    char *text;             /* of the leaf */
    size_t text_bytes, text_room;
    bool text_too_long;           /* of a leaf that is not used */
    char foreign[CAP_NAME_BYTES]; /* element that the leaf may not hold */
    bool failed;
};

/* NULL: none is open. */
struct cap_frame *cap_reader_innermost(struct cap_reader *reader);

/* Opens an element at expat's position; the depth was checked before. */
struct cap_frame *cap_reader_push(struct cap_reader *reader, const char *name,
                                  enum cap_node node);

/* Stops the reading; the first problem is the one that is told. child: an
 * element within the innermost one, or NULL. */
void cap_reader_fail(struct cap_reader *reader, enum problem_code code,
                     int line, int column, const char *child,
                     const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void cap_reader_fail_here(struct cap_reader *reader, enum problem_code code,
                          const char *text);
void cap_reader_fail_memory(struct cap_reader *reader);

int cap_reader_line(const struct cap_reader *reader);
int cap_reader_column(const struct cap_reader *reader);

/* Text as expat tells it, in pieces. */
void cap_reader_take_text(void *reader, const XML_Char *text, int length);

/* Opens a leaf whose text goes to frame->object, and keeps it when it is
 * complete. */
void cap_reader_begin_leaf(struct cap_reader *reader, struct cap_frame *frame);
void cap_reader_end_leaf(struct cap_reader *reader);

/* An element within the leaf: markup of HTML, or a foreign one. */
void cap_reader_begin_markup(struct cap_reader *reader, const char *name,
                             bool is_html);
void cap_reader_end_markup(struct cap_reader *reader,
                           const struct cap_frame *frame);

/* Fails if an element lacks what its dialect must have; tells what it should
 * have. */
void cap_reader_check_required(struct cap_reader *reader,
                               const struct cap_frame *frame);

#endif
