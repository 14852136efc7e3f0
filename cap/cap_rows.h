/* The table of elements, one row each: where they may occur and what they must
 * contain. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_ROWS_H
#define GAOSHI_CAP_CAP_ROWS_H

#include "cap/cap.h"

enum cap_node {
    CAP_NODE_ALERT,
    CAP_NODE_INFO,
    CAP_NODE_AREA,
    CAP_NODE_RESOURCE,
    CAP_NODE_CODE, /* of China: contains methods */
    CAP_NODE_METHOD,
    CAP_NODE_PAIR,   /* valueName, value */
    CAP_NODE_LEAF,   /* text */
    CAP_NODE_MARKUP, /* an element of HTML within a text */
    CAP_NODE_SKIP,   /* skipped with everything in it */
};

/* What a text is for. */
enum cap_use {
    CAP_USE_WORD,   /* it is compared or used as a name: it must be plain */
    CAP_USE_PROSE,  /* it is shown: HTML markup is interpreted */
    CAP_USE_TIME,   /* see cap_time.h */
    CAP_USE_UNUSED, /* not used; a bad text does not matter */
};

/* What happens when an element that may occur once occurs again. */
enum cap_again {
    CAP_AGAIN_REFUSE, /* unless it has the same text */
    CAP_AGAIN_FIRST,  /* the first one counts */
    CAP_AGAIN_JOIN,   /* the texts are joined */
};

enum { CAP_WHY_BYTES = 160 };

struct cap_row {
    const char *name;
    enum cap_node parent;
    enum cap_node node;
    unsigned dialects;  /* dialects that have it */
    unsigned required;  /* dialects that require it; refused if missing */
    unsigned wanted;    /* dialects that expect it; noted if missing */
    size_t offset;      /* in the parent's struct */
    size_t entry_bytes; /* of a list; 0: at most once */
    size_t most;        /* entries of a list */
    size_t text_bytes;  /* 0: CAP_LIMIT_TEXT_BYTES */
    enum cap_use use;
    enum cap_again again;
    bool spare; /* of a list: entries over the limit are ignored silently */
    /* Checks the text and gives the reason if it is bad. NULL: any text. */
    bool (*check)(const char *text, enum cap_dialect dialect,
                  char why[CAP_WHY_BYTES]);
};

extern const struct cap_row cap_rows[];
extern const size_t cap_row_count;

/* NULL: none of the dialects has such an element there. */
const struct cap_row *cap_row_find(enum cap_node parent, const char *name,
                                   unsigned dialects);

#endif
